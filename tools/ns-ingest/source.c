#include "source.h"

#include <string.h>

#include "base/io.h"
#include "link.h"

/* What the first bytes are, when they are neither a capture nor text. */
static const struct {
	const char *magic;
	size_t n;
	const char *what;
} others[] = {{"\x1f\x8b", 2, "compressed by gzip: unpack it first"},
    {"\xfd"
     "7zXZ",
	5, "compressed by xz: unpack it first"},
    {"BZh", 3, "compressed by bzip2: unpack it first"},
    {"\x28\xb5\x2f\xfd", 4, "compressed by zstd: unpack it first"},
    {"\x8e"
     "NSR",
	4, "a record stream already"}};

static int
refuse_others(const struct source *s, const uint8_t *p, size_t n, struct ns_err *e)
{
	size_t i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		if (n >= others[i].n && memcmp(p, others[i].magic, others[i].n) == 0)
			return ns_fail(e, NS_EKIND, "%s: %s", s->in.name,
			    others[i].what);
	for (i = 0; i < n; i++)
		if (p[i] < 0x20 && p[i] != '\n' && p[i] != '\r' && p[i] != '\t')
			return ns_fail(e, NS_EKIND, "%s: neither a capture nor CSV",
			    s->in.name);
	return NS_OK;
}

/* Look at the beginning without taking it. */
static int
tell_format(struct source *s, const struct intake *k, struct ns_err *e)
{
	const uint8_t *p;
	size_t n;
	int rc = input_peek(&s->in, 64, &p, e);

	if (rc < 0)
		return rc;
	n = s->in.end - s->in.at;
	if (n == 0)
		return ns_fail(e, NS_ETRUNC, "%s: empty", s->in.name);
	s->is_csv = k->format == FORMAT_CSV;
	if (k->format != FORMAT_AUTO || (n >= 4 && capture_is(p)))
		return NS_OK;
	s->is_csv = true;
	return refuse_others(s, p, n < 64 ? n : 64, e);
}

static int
open_capture(struct source *s, const struct intake *k, struct ns_err *e)
{
	if (k->unit != UNIT_AUTO)
		return ns_fail(e, NS_EUSAGE,
		    "%s: a capture says its time unit itself: --time-unit is for CSV",
		    s->in.name);
	if (capture_open(&s->capture, &s->in, e) < 0)
		return e->code;
	if (!s->capture.ng && !link_known(s->capture.link))
		return ns_fail(e, NS_EKIND, "%s: link type %u (%s) is not modelled",
		    s->in.name, s->capture.link, link_name(s->capture.link));
	return NS_OK;
}

static int
open_csv(struct source *s, const struct intake *k, struct ns_err *e)
{
	if (k->filter != NULL)
		return ns_fail(e, NS_EUSAGE,
		    "%s: a filter is for captures, not for CSV", s->in.name);
	if (csv_open(&s->csv, &s->in, k->labels, k->unit, e) < 0)
		return e->code;
	s->of_flows = s->csv.of_flows;
	return NS_OK;
}

int
source_open(struct source *s, const struct intake *k, const char *path,
    struct ns_err *e)
{
	int rc, fd = in_open(path, e);

	memset(s, 0, sizeof *s);
	s->in.fd = -1;
	if (fd < 0)
		return fd;
	input_open(&s->in, fd, strcmp(path, "-") == 0 ? "standard input" : path);
	rc = tell_format(s, k, e);
	if (rc == NS_OK)
		rc = s->is_csv ? open_csv(s, k, e) : open_capture(s, k, e);
	if (rc < 0)
		source_close(s);
	return rc;
}

int
source_open_live(struct source *s, const char *iface, struct ns_err *e)
{
	memset(s, 0, sizeof *s);
	s->in.fd = -1;
	s->in.name = iface;
	s->live = live_open(iface, e);
	return s->live != NULL ? NS_OK : e->code;
}

void
source_close(struct source *s)
{
	capture_close(&s->capture);
	csv_close(&s->csv);
	live_close(s->live);
	s->live = NULL;
	input_close(&s->in);
}

static int
count_skip(struct source *s, struct intake *k, enum skip why, struct ns_err *e)
{
	k->tally.skipped[why]++;
	if (k->strict)
		return ns_fail(e, NS_ECORRUPT, "%s: %s %llu is not modelled: %s",
		    s->in.name, s->is_csv ? "row" : "packet", (unsigned long long)s->n,
		    skip_name(why));
	return NS_OK;
}

static int
next_frame(struct source *s, struct frame *f, struct ns_err *e)
{
	int rc = s->live != NULL ? live_next(s->live, f, e)
				 : capture_next(&s->capture, f, e);

	/* Packets of other link types are counted beside modelled ones; a file that has
	 * nothing else is of another kind. */
	if (rc == 0 && s->has_other_link && s->n_modelled_link == 0)
		return ns_fail(e, NS_EKIND, "%s: link type %u (%s) is not modelled",
		    s->in.name, s->other_link, link_name(s->other_link));
	return rc;
}

static enum skip
take_frame(struct source *s, const struct frame *f)
{
	if (!link_known(f->link)) {
		s->has_other_link = true;
		s->other_link = f->link;
		return SKIP_LINK_TYPE;
	}
	s->n_modelled_link++;
	if (f->why != SKIP_NONE)
		return f->why;
	s->packet.t_ns = f->t_ns;
	s->packet.label = 0;
	return link_packet(f->link, f->p, f->caplen, f->wire_len, &s->packet);
}

static int
next_packet(struct source *s, struct intake *k, struct ns_err *e)
{
	struct frame f;
	enum skip why;
	int rc;

	while ((rc = next_frame(s, &f, e)) > 0) {
		s->n++;
		k->tally.read++;
		if (k->filter != NULL && link_known(f.link)) {
			rc = filter_match(k->filter, &f, e);
			if (rc < 0)
				return rc;
			if (rc == 0) {
				s->n_modelled_link++;
				k->tally.filtered++;
				continue;
			}
		}
		why = take_frame(s, &f);
		if (why == SKIP_NONE)
			return 1;
		if (count_skip(s, k, why, e) < 0)
			return e->code;
	}
	return rc;
}

static int
next_row(struct source *s, struct intake *k, struct ns_err *e)
{
	enum skip why;
	bool no_ports;
	int rc;

	while ((rc = csv_next(&s->csv, &s->packet, &s->flow, &why, &no_ports, e)) > 0) {
		s->n++;
		k->tally.read++;
		if (why == SKIP_NONE) {
			k->tally.no_ports += no_ports;
			return 1;
		}
		if (count_skip(s, k, why, e) < 0)
			return e->code;
	}
	return rc;
}

int
source_next(struct source *s, struct intake *k, struct ns_err *e)
{
	return s->is_csv ? next_row(s, k, e) : next_packet(s, k, e);
}

const char *
source_format(const struct source *s)
{
	if (s->live != NULL)
		return "live";
	return s->is_csv ? "csv" : s->capture.ng ? "pcapng" : "pcap";
}

const char *
source_unit(const struct source *s)
{
	if (s->live != NULL)
		return "ns";
	if (!s->is_csv)
		return s->capture.nano ? "ns" : "us";
	return time_unit_name(s->csv.unit == UNIT_AUTO ? UNIT_US : s->csv.unit);
}

int64_t
source_time(const struct source *s)
{
	return s->of_flows ? s->flow.t_start_ns : s->packet.t_ns;
}
