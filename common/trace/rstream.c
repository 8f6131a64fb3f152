/* Reading packet, flow and series records: every value is checked here, once. */
#include "trace/rstream.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "trace/header.h"
#include "trace/layout.h"

void
trace_reader_init(struct trace_reader *t, struct nsr_reader *r, struct labels *l)
{
	memset(t, 0, sizeof *t);
	t->r = r;
	t->labels = l;
}

void
trace_reader_free(struct trace_reader *t)
{
	free(t->map);
	free(t->s.packets);
	free(t->s.flows);
}

static int
damaged(const struct trace_reader *t, const char *what, struct ns_err *e)
{
	return ns_fail(e, NS_ECORRUPT, "%s: record %llu: %s", nsr_name(t->r),
	    (unsigned long long)nsr_rows(t->r), what);
}

/* The schema of a series stream must be one of ours: what lies behind the steps depends
 * on it. */
static int
open_schema(const struct trace_reader *t, bool of_flows, bool units, struct ns_err *e)
{
	struct nsr_schema *want = xmalloc(sizeof *want);
	int same;

	series_schema(want, of_flows, units);
	same = nsr_schema_same(want, nsr_schema(t->r));
	free(want);
	return same
	    ? NS_OK
	    : ns_fail(e, NS_ECORRUPT, "%s: the schema is not that of series of %s",
		  nsr_name(t->r), of_flows ? "flows" : "packets");
}

/* The head of a series stream says how wide its tags are and what its steps are. */
static int
open_series(struct trace_reader *t, bool first, struct ns_err *e)
{
	bool units = nsr_schema(t->r)->version == SERIES_UNITS_VERSION;
	struct chunk_info c;

	if (chunk_info_get(&c, t->r, e) < 0)
		return e->code;
	if (open_schema(t, c.of_flows, units, e) < 0)
		return e->code;
	if (!first && c.of_flows != t->of_flows)
		return ns_fail(e, NS_EKIND, "%s: series of packets and of flows mixed",
		    nsr_name(t->r));
	if (!first && units != t->units)
		return ns_fail(e, NS_EKIND, "%s: series with and without units mixed",
		    nsr_name(t->r));
	t->units = units;
	t->of_flows = c.of_flows;
	t->chunk_count = c.count;
	return NS_OK;
}

/* The names of the kinds a tool takes: "packet or flow". */
static void
name_kinds(unsigned kinds, char *out, size_t cap)
{
	size_t n = 0;
	int k;

	out[0] = '\0';
	for (k = NSR_PACKET; k <= NSR_REPORT; k++) {
		if ((kinds & 1u << k) == 0 || n + 16 > cap)
			continue;
		if (n > 0)
			n += (size_t)snprintf(out + n, cap - n, " or ");
		n += (size_t)snprintf(out + n, cap - n, "%s", nsr_kind_name(k));
	}
}

static int
check_kind(const struct trace_reader *t, unsigned kinds, int kind, struct ns_err *e)
{
	char wanted[80];

	if (t->kind != 0 && t->kind != kind)
		return ns_fail(e, NS_EKIND, "%s: a %s stream after a %s stream",
		    nsr_name(t->r), nsr_kind_name(kind), nsr_kind_name(t->kind));
	if ((kinds & 1u << kind) != 0)
		return NS_OK;
	name_kinds(kinds, wanted, sizeof wanted);
	return ns_fail(e, NS_EKIND, "%s: a %s stream where a %s stream is needed",
	    nsr_name(t->r), nsr_kind_name(kind), wanted);
}

int
trace_stream(struct trace_reader *t, unsigned kinds, struct ns_err *e)
{
	int rc = nsr_stream(t->r, e);

	return rc <= 0 ? rc : trace_take(t, kinds, e);
}

int
trace_take(struct trace_reader *t, unsigned kinds, struct ns_err *e)
{
	int kind = nsr_schema(t->r)->kind, version;
	bool first = t->kind == 0;

	if (check_kind(t, kinds, kind, e) < 0)
		return e->code;
	if (kind == NSR_TENSOR) {
		t->kind = kind;
		return 1;
	}
	assert(kind == NSR_PACKET || kind == NSR_FLOW || kind == NSR_SERIES);
	version = kind == NSR_PACKET ? PACKET_VERSION
	    : kind == NSR_FLOW       ? FLOW_VERSION
				     : SERIES_VERSION;
	if (kind == NSR_SERIES && nsr_schema(t->r)->version == SERIES_UNITS_VERSION)
		version = SERIES_UNITS_VERSION;
	if (nsr_expect(t->r, kind, version, e) < 0)
		return e->code;
	t->kind = kind;
	t->dict_seen = 0;
	t->n_map = 0;
	if (kind == NSR_SERIES && open_series(t, first, e) < 0)
		return e->code;
	return 1;
}

static int
map_label(struct trace_reader *t, const uint8_t *p, size_t n, struct ns_err *e)
{
	char text[LABEL_TEXT_MAX + 1];
	int i = -1;

	if (n <= LABEL_TEXT_MAX && memchr(p, '\0', n) == NULL) {
		memcpy(text, p, n);
		text[n] = '\0';
		i = labels_intern(t->labels, text);
	}
	if (i < 0)
		return ns_fail(e, NS_ECORRUPT,
		    "%s: label %zu is no text or one too many", nsr_name(t->r),
		    t->n_map);
	xgrow(&t->map, &t->cap_map, t->n_map + 1, sizeof *t->map);
	t->map[t->n_map++] = (uint16_t)i;
	return NS_OK;
}

/* Take up what the DICT "labels" has gained since it was last looked at. */
static int
more_labels(struct trace_reader *t, struct ns_err *e)
{
	struct nsr_dict d = nsr_dict(t->r, "labels");
	const uint8_t *p, *nl;

	if (t->n_map == 0 && map_label(t, (const uint8_t *)"", 0, e) < 0)
		return e->code;
	if (d.data == NULL)
		return NS_OK;
	while (t->dict_seen < d.len && t->n_map <= LABELS_MAX) {
		p = d.data + t->dict_seen;
		nl = memchr(p, '\n', d.len - t->dict_seen);
		if (nl == NULL)
			break;
		if (map_label(t, p, (size_t)(nl - p), e) < 0)
			return e->code;
		t->dict_seen += (size_t)(nl - p) + 1;
	}
	return NS_OK;
}

static int
get_label(struct trace_reader *t, const uint8_t *p, uint16_t *label, struct ns_err *e)
{
	uint16_t i = get_le16(p);

	if (i >= t->n_map) {
		if (more_labels(t, e) < 0)
			return e->code;
		if (i >= t->n_map)
			return damaged(t, "label without text", e);
	}
	*label = t->map[i];
	return NS_OK;
}

/* The checks are made on the bytes, so that they are the same for who takes a record as
 * bytes. */
static int
check_tuple(const struct trace_reader *t, const uint8_t *p, struct ns_err *e)
{
	if (addr_is_v4(p) != addr_is_v4(p + 16))
		return damaged(t, "addresses of two IP versions", e);
	if (get_le32(p + 32) != 0 && !proto_has_ports(p[36]))
		return damaged(t, "ports in a protocol without ports", e);
	return NS_OK;
}

static int
check_packet_rest(const struct trace_reader *t, const uint8_t *p, bool v4,
    struct ns_err *e)
{
	uint32_t ip_len = get_le32(p);

	if (ip_len < (v4 ? 20u : 40u) ||
	    ip_len > (v4 ? HEADER_LEN_MAX_V4 : HEADER_LEN_MAX_V6))
		return damaged(t, "ip_len out of range", e);
	if (v4 && get_le32(p + 4) > 0xffff)
		return damaged(t, "ip_id out of range", e);
	if (get_le16(p + 8) > 0x1fff || get_le16(p + 10) > 0x1ff || p[14] > 7)
		return damaged(t, "flag bits out of range", e);
	return NS_OK;
}

static int
check_flow(const struct trace_reader *t, const uint8_t *time, const uint8_t *rest,
    struct ns_err *e)
{
	int64_t start = (int64_t)get_le64(time), dur = (int64_t)get_le64(time + 8);

	if (dur < 0)
		return damaged(t, "negative duration", e);
	if (start > 0 && dur > INT64_MAX - start)
		return damaged(t, "end of the flow out of range", e);
	if (get_le16(rest + 16) > 0x1ff)
		return damaged(t, "flag bits out of range", e);
	return NS_OK;
}

static void
get_tuple(const uint8_t *p, struct tuple *k)
{
	memcpy(k->src_ip, p, 16);
	memcpy(k->dst_ip, p + 16, 16);
	k->src_port = get_le16(p + 32);
	k->dst_port = get_le16(p + 34);
	k->proto = p[36];
}

static int
get_packet_rest(struct trace_reader *t, const uint8_t *p, bool v4, struct packet *k,
    struct ns_err *e)
{
	if (check_packet_rest(t, p, v4, e) < 0)
		return e->code;
	k->ip_len = get_le32(p);
	k->ip_id = get_le32(p + 4);
	k->frag_off = get_le16(p + 8);
	k->tcp_flags = get_le16(p + 10);
	k->ip_flags = p[14];
	k->tos = p[15];
	k->ttl = p[16];
	k->icmp_type = p[17];
	k->icmp_code = p[18];
	return get_label(t, p + PACKET_LABEL_AT, &k->label, e);
}

static int
get_flow(struct trace_reader *t, const uint8_t *time, const uint8_t *rest,
    struct flow *f, struct ns_err *e)
{
	if (check_flow(t, time, rest, e) < 0)
		return e->code;
	f->t_start_ns = (int64_t)get_le64(time);
	f->dur_ns = (int64_t)get_le64(time + 8);
	f->n_pkts = get_le64(rest);
	f->n_bytes = get_le64(rest + 8);
	f->tcp_flags = get_le16(rest + 16);
	if (get_label(t, rest + FLOW_TYPE_AT, &f->type, e) < 0)
		return e->code;
	return get_label(t, rest + FLOW_LABEL_AT, &f->label, e);
}

/* A record whose length and five-tuple are right. */
static int
next_record(struct trace_reader *t, const uint8_t **rec, struct ns_err *e)
{
	bool of_flows = t->kind == NSR_FLOW;
	size_t len;
	int rc = nsr_next(t->r, rec, &len, e);

	if (rc <= 0)
		return rc;
	if (len != record_bytes(of_flows))
		return damaged(t, "wrong length", e);
	rc = check_tuple(t, record_tuple(*rec, of_flows), e);
	return rc < 0 ? rc : 1;
}

int
trace_next_packet(struct trace_reader *t, struct packet *p, struct ns_err *e)
{
	const uint8_t *rec;
	int rc = next_record(t, &rec, e);

	if (rc <= 0)
		return rc;
	p->t_ns = record_time(rec);
	get_tuple(rec + 8, &p->key);
	rc = get_packet_rest(t, rec + 8 + TUPLE_BYTES, addr_is_v4(rec + 8), p, e);
	return rc < 0 ? rc : 1;
}

int
trace_next_flow(struct trace_reader *t, struct flow *f, struct ns_err *e)
{
	const uint8_t *rec;
	int rc = next_record(t, &rec, e);

	if (rc <= 0)
		return rc;
	get_tuple(rec + 16, &f->key);
	rc = get_flow(t, rec, rec + 16 + TUPLE_BYTES, f, e);
	return rc < 0 ? rc : 1;
}

/* The label at p, in the record as it was read, becomes ours. */
static int
move_label(struct trace_reader *t, uint8_t *p, struct ns_err *e)
{
	uint16_t label = 0;
	int rc = get_label(t, p, &label, e);

	put_le16(p, label);
	return rc;
}

int
trace_next_record(struct trace_reader *t, uint8_t rec[RECORD_MAX], struct ns_err *e)
{
	bool of_flows = t->kind == NSR_FLOW;
	uint8_t *rest = rec + (of_flows ? 16 : 8) + TUPLE_BYTES;
	const uint8_t *p;
	int rc = next_record(t, &p, e);

	if (rc <= 0)
		return rc;
	memcpy(rec, p, record_bytes(of_flows));
	if (of_flows) {
		if ((rc = check_flow(t, rec, rest, e)) < 0 ||
		    (rc = move_label(t, rest + FLOW_TYPE_AT, e)) < 0 ||
		    (rc = move_label(t, rest + FLOW_LABEL_AT, e)) < 0)
			return rc;
		return 1;
	}
	rc = check_packet_rest(t, rest, addr_is_v4(rec + 8), e);
	if (rc == NS_OK)
		rc = move_label(t, rest + PACKET_LABEL_AT, e);
	return rc < 0 ? rc : 1;
}

static int
get_step(struct trace_reader *t, const uint8_t *p, uint32_t i, struct ns_err *e)
{
	struct series *s = &t->s;

	if (t->of_flows) {
		s->flows[i].key = s->key;
		if (get_flow(t, p, p + 16, &s->flows[i], e) < 0)
			return e->code;
	} else {
		s->packets[i].key = s->key;
		s->packets[i].t_ns = (int64_t)get_le64(p);
		if (get_packet_rest(t, p + 8, addr_is_v4(s->key.src_ip), &s->packets[i],
			e) < 0)
			return e->code;
	}
	if (i > 0 && series_time(s, i) < series_time(s, i - 1))
		return damaged(t, "steps out of order", e);
	return NS_OK;
}

static int
get_unit(struct trace_reader *t, const uint8_t *p, struct ns_err *e)
{
	t->s.unit = t->units ? get_le64(p) : 0;
	return t->s.unit < UNIT_END ? NS_OK : damaged(t, "unit out of range", e);
}

static int
get_tags(struct trace_reader *t, const uint8_t *p, size_t n, struct ns_err *e)
{
	bool any = false;
	size_t i;
	int c;

	memset(t->s.tags, 0, sizeof t->s.tags);
	memcpy(t->s.tags, p, n);
	for (i = 0; i < n; i++)
		any = any || p[i] != 0;
	if (!any)
		return damaged(t, "series in no chunk", e);
	for (c = t->chunk_count; c < (int)n * 8; c++)
		if (series_in_chunk(&t->s, c))
			return damaged(t, "series in a chunk that does not exist", e);
	return NS_OK;
}

/* Room for n steps; xgrow would leave the two arrays to share one capacity. */
static void
steps_room(struct trace_reader *t, uint32_t n)
{
	if (n > t->cap_steps ||
	    (t->of_flows ? t->s.flows == NULL : t->s.packets == NULL)) {
		t->cap_steps = n < 64 ? 64 : n + n / 2;
		if (t->of_flows)
			t->s.flows = xrealloc(t->s.flows,
			    size_mul(t->cap_steps, sizeof *t->s.flows));
		else
			t->s.packets = xrealloc(t->s.packets,
			    size_mul(t->cap_steps, sizeof *t->s.packets));
	}
}

int
trace_next_series(struct trace_reader *t, const struct series **s, struct ns_err *e)
{
	size_t len, step = t->of_flows ? FLOW_STEP : PACKET_STEP;
	size_t tags = ((size_t)t->chunk_count + 7) / 8;
	size_t tail = tags + (t->units ? UNIT_BYTES : 0);
	const uint8_t *rec;
	uint32_t i, n;
	int rc = nsr_next(t->r, &rec, &len, e);

	if (rc <= 0)
		return rc;
	if (len < SERIES_HEAD + tail)
		return damaged(t, "too short for a series", e);
	n = get_le32(rec + TUPLE_BYTES + 1);
	len -= SERIES_HEAD + tail;
	if (n == 0 || len % step != 0 || n != len / step)
		return damaged(t, "steps and length do not agree", e);
	if (rec[TUPLE_BYTES] > 1)
		return damaged(t, "flow_starts is neither 0 nor 1", e);
	t->s.starts = rec[TUPLE_BYTES];
	t->s.n = n;
	if (check_tuple(t, rec, e) < 0)
		return e->code;
	get_tuple(rec, &t->s.key);
	steps_room(t, n);
	rec += SERIES_HEAD;
	for (i = 0; i < n; i++)
		if (get_step(t, rec + i * step, i, e) < 0)
			return e->code;
	rec += n * step;
	if (get_unit(t, rec, e) < 0 || get_tags(t, rec + tail - tags, tags, e) < 0)
		return e->code;
	*s = &t->s;
	return 1;
}
