/* From codes to a series that is valid whatever the codes are. */
#include <math.h>
#include <string.h>

#include "base/le.h"
#include "codec/shared/tags.h"
#include "codec/symbol/impl.h"

/* The codes of a record, taken in order. */
struct in_codes {
	const struct codec *c;
	const uint8_t *p;
};

/* Octets as a value that the field can have. */
static struct value
take_octets(struct in_codes *in, int id)
{
	const struct sym_field *f = &in->c->sym->f[id];
	struct value v = {0, 0};
	int k;

	for (k = 0; k < f->octets; k++) {
		v.hi = v.hi << 8 | v.lo >> 56;
		v.lo = v.lo << 8 | *in->p++;
	}
	if (!sym_is_address(id))
		return v.lo <= sym_defs[id].limit
		    ? v
		    : (struct value){0, sym_defs[id].limit};
	if (f->octets == 4)
		v.lo |= UINT64_C(0xffff) << 32;
	return v;
}

static struct value
take_value(struct in_codes *in, int id)
{
	const struct sym_field *f = &in->c->sym->f[id];
	uint32_t symbol, index = 0;
	struct value v;

	if (f->how != SYM_VALUES)
		return f->value;
	symbol = *in->p++;
	if (f->groups.n > 0)
		index = *in->p++;
	v = take_octets(in, id);
	return f->open && symbol == 0 ? v : sym_known(f, symbol, index);
}

static uint64_t
take_number(struct in_codes *in, int id)
{
	const struct sym_field *f = &in->c->sym->f[id];
	uint32_t symbol;
	float pos = 0;

	if (f->how != SYM_NUMBER)
		return f->value.lo;
	symbol = *in->p++;
	if (number_has_bins(&f->number)) {
		pos = get_lef32(in->p);
		in->p += 4;
	}
	if (symbol < sym_offset(id)) /* "first" of a later step */
		return 0;
	return number_decode(&f->number, symbol - sym_offset(id), pos);
}

/* What is not read. */
static void
skip_number(struct in_codes *in, int id)
{
	const struct sym_field *f = &in->c->sym->f[id];

	if (f->how == SYM_NUMBER)
		in->p += number_has_bins(&f->number) ? 5 : 1;
}

static uint8_t
take_category(struct in_codes *in, int id)
{
	return in->c->sym->f[id].how == SYM_TEXT ? *in->p++ : 0;
}

static void
take_ports(struct tuple *k, uint64_t direction, uint64_t service, uint64_t client)
{
	k->src_port = (uint16_t)(direction ? service : client);
	k->dst_port = (uint16_t)(direction ? client : service);
}

static bool
take_starts(struct in_codes *in)
{
	return in->c->sym->f[S_STARTS].how != SYM_BITS || (*in->p++ & 0x80) != 0;
}

static void
take_tags(struct in_codes *in, struct series *s)
{
	const struct sym_field *f = &in->c->sym->f[S_CHUNKS];
	int chunks = in->c->chunks;

	memset(s->tags, 0, sizeof s->tags);
	if (f->how != SYM_BITS) {
		memcpy(s->tags, f->tags, tags_bytes(chunks));
		return;
	}
	tags_from_bits(s->tags, in->p, chunks);
	in->p += tags_bytes(chunks);
}

/* Categories of texts that belong to the series. */
struct series_texts {
	uint8_t label, type;
};

/* Everything of the series but its steps; returns its place in the window. */
static uint64_t
decode_attributes(struct in_codes *in, int own, struct series *s,
    struct series_texts *t, struct codec_mends *m)
{
	const struct codec *c = in->c;
	uint64_t direction, service, place;
	bool v4, starts;

	starts = take_starts(in);
	s->role = (uint8_t)take_value(in, S_ROLE).lo;
	t->label = t->type = 0;
	if (c->sym->f[S_LABEL].is_attr)
		t->label = take_category(in, S_LABEL);
	if (c->sym->f[S_TYPE].is_attr)
		t->type = take_category(in, S_TYPE);
	s->key.proto = (uint8_t)take_value(in, S_PROTO).lo;
	v4 = take_value(in, S_IP_VERSION).lo == 4;
	direction = take_value(in, S_DIRECTION).lo;
	service = take_value(in, S_SERVICE).lo;
	sym_address_bytes(s->key.src_ip, take_value(in, S_SRC_IP));
	sym_address_bytes(s->key.dst_ip, take_value(in, S_DST_IP));
	skip_number(in, S_OPENER_STEPS);
	take_tags(in, s);
	place = take_number(in, S_START);
	skip_number(in, S_DELAY);
	take_ports(&s->key, direction, service, take_value(in, S_CLIENT).lo);
	m->clamped += mend_tags(s, own, starts);
	m->clamped += mend_key(c, &s->key, v4);
	return place;
}

void
symbol_tuple(const struct codec *c, const uint8_t *attr, struct tuple *k)
{
	struct in_codes in = {c, attr};
	struct codec_mends none = {0};
	struct series_texts texts;
	struct series s = {.n = 0};

	decode_attributes(&in, 0, &s, &texts, &none);
	*k = s.key;
}

/* A packet or flow record as its codes have it, but for its times and texts. */
struct step {
	struct packet packet;
	struct flow flow;
	uint64_t gap;
	uint64_t icmp;
	unsigned icmp_kinds;
	uint8_t label, type;
};

static void
take_feature(struct in_codes *in, int id, struct step *t)
{
	switch (id) {
	case S_LABEL:
		t->label = take_category(in, id);
		break;
	case S_TYPE:
		t->type = take_category(in, id);
		break;
	case S_TCP_FLAGS:
		t->packet.tcp_flags = (uint16_t)take_value(in, id).lo;
		t->flow.tcp_flags = t->packet.tcp_flags;
		break;
	case S_IP_FLAGS:
		t->packet.ip_flags = (uint8_t)take_value(in, id).lo;
		break;
	case S_ICMP:
		t->icmp_kinds = sym_icmp_kinds(in->c, *in->p);
		t->icmp = take_value(in, id).lo;
		break;
	case S_FRAG_OFF:
		t->packet.frag_off = (uint16_t)take_value(in, id).lo;
		break;
	case S_TTL:
		t->packet.ttl = (uint8_t)take_value(in, id).lo;
		break;
	case S_TOS:
		t->packet.tos = (uint8_t)take_value(in, id).lo;
		break;
	case S_N_PKTS:
		t->flow.n_pkts = take_number(in, id);
		break;
	case S_IP_LEN:
		t->packet.ip_len = (uint32_t)take_number(in, id);
		break;
	case S_N_BYTES:
		t->flow.n_bytes = take_number(in, id);
		break;
	case S_DUR:
		t->flow.dur_ns = (int64_t)take_number(in, id);
		break;
	case S_IAT:
		t->gap = take_number(in, id);
		break;
	default: /* S_IP_ID */
		t->packet.ip_id = (uint32_t)take_value(in, id).lo;
		break;
	}
}

static int
put_label(struct codec *c, int id, uint8_t category, struct labels *l, uint16_t *out,
    struct ns_err *e)
{
	*out = 0;
	return !sym_in(c, id) ? NS_OK
			      : codec_label(c, id == S_LABEL, category,
				    c->sym->f[id].texts.text[category], l, out, e);
}

static int
put_packet(struct codec *c, struct step *t, uint32_t i, struct labels *l,
    struct codec_mends *m, struct ns_err *e)
{
	struct series *s = &c->s;
	struct packet *p = &s->packets[i];

	*p = t->packet;
	p->key = s->key;
	if (!c->sym->ids_plain && i > 0)
		p->ip_id = (p->ip_id + s->packets[i - 1].ip_id) & 0xffff;
	m->clamped += mend_icmp(c, p, t->icmp, t->icmp_kinds);
	return put_label(c, S_LABEL, t->label, l, &p->label, e);
}

static int
put_flow(struct codec *c, const struct step *t, uint32_t i, struct labels *l,
    struct codec_mends *m, struct ns_err *e)
{
	struct flow *f = &c->s.flows[i];
	int rc;

	*f = t->flow;
	f->key = c->s.key;
	rc = put_label(c, S_TYPE, t->type, l, &f->type, e);
	m->clamped += rules_mend_flow(&c->rules, f);
	return rc < 0 ? rc : put_label(c, S_LABEL, t->label, l, &f->label, e);
}

/* All steps, with the gap to each from the one before as its time. */
static int
decode_steps(struct codec *c, const uint8_t *codes, const struct series_texts *texts,
    struct labels *l, struct codec_mends *m, struct ns_err *e)
{
	struct in_codes in = {c, codes};
	struct step t;
	uint32_t i;
	int id, rc = NS_OK;

	memset(&t, 0, sizeof t);
	for (i = 0; i < c->s.n && rc >= 0; i++) {
		t.label = texts->label;
		t.type = texts->type;
		for (id = 0; id < S_COUNT; id++)
			if (sym_in(c, id) && !c->sym->f[id].is_attr)
				take_feature(&in, id, &t);
		t.packet.t_ns = t.flow.t_start_ns = i == 0 ? 0 : (int64_t)t.gap;
		rc = c->of_flows ? put_flow(c, &t, i, l, m, e)
				 : put_packet(c, &t, i, l, m, e);
	}
	return rc;
}

/* The rules of packets look at the id, and later ids count from what it was: so all are
 * there before the first is mended. */
static void
mend_packets(struct codec *c, struct codec_mends *m)
{
	uint32_t i;

	for (i = 0; i < c->s.n && !c->of_flows; i++)
		m->clamped += mend_packet(c, &c->s.packets[i]);
}

int64_t
sym_start_time(const struct codec *c, const struct chunk_info *k, uint64_t place)
{
	int64_t grid = (int64_t)c->sym->grid, end = k->t0_ns + k->len_ns, t, over;
	double at = rint(sym_time(k, place));

	t = at >= (double)k->len_ns ? end - 1 : k->t0_ns + (int64_t)at;
	over = (int64_t)sym_phase(t, (uint64_t)grid) - (int64_t)c->sym->phase;
	over += over < 0 ? grid : 0;
	if (over > grid / 2 && grid - over < end - t)
		return t + (grid - over);
	return over <= t - k->t0_ns ? t - over : t;
}

static int64_t *
time_of(struct series *s, uint32_t i)
{
	return s->packets != NULL ? &s->packets[i].t_ns : &s->flows[i].t_start_ns;
}

static bool
gaps_fit(struct series *s, uint64_t longest, uint64_t left)
{
	uint64_t gap;
	uint32_t i;

	for (i = 0; i < s->n; i++) {
		gap = (uint64_t)*time_of(s, i);
		gap = gap < longest ? gap : longest;
		if (gap > left)
			return false;
		left -= gap;
	}
	return true;
}

/* The longest that gaps may be for all steps to lie in what is left.  A gap that is by
 * far too long is one draw; were all of them to shrink, a flow of thousands of packets
 * would lose its pace by it. */
static uint64_t
longest_gap(struct series *s, uint64_t left, uint64_t unit)
{
	uint64_t lo = 0, hi = left / unit, mid;

	while (lo < hi) {
		mid = hi - (hi - lo) / 2;
		if (gaps_fit(s, mid * unit, left))
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo * unit;
}

/* Gaps to times: in order, on the clock of the trace, before the window's end. */
static void
set_times(struct codec *c, const struct chunk_info *k, int64_t start,
    struct codec_mends *m)
{
	int64_t left = k->t0_ns + k->len_ns - 1 - start, since = 0, gap;
	const struct sym_field *f = &c->sym->f[S_IAT];
	uint64_t unit = f->how == SYM_NUMBER ? f->number.unit : 1, longest = INT64_MAX;
	double total = 0;
	uint32_t i;

	for (i = 0; i < c->s.n; i++)
		total += (double)*time_of(&c->s, i);
	if (mend_scale(total, (double)left, (double)k->len_ns, m) != 1)
		longest = longest_gap(&c->s, (uint64_t)left, unit);
	for (i = 0; i < c->s.n; i++) {
		gap = *time_of(&c->s, i);
		gap = (uint64_t)gap < longest ? gap : (int64_t)longest;
		since += gap < left - since ? gap : left - since;
		*time_of(&c->s, i) = start + since;
	}
}

int
symbol_decode(struct codec *c, const uint8_t *rec, const struct chunk_info *k,
    struct labels *l, struct codec_mends *m, struct ns_err *e)
{
	struct in_codes in = {c, rec};
	struct series_texts texts;
	uint64_t place;
	int rc;

	place = decode_attributes(&in, k->index, &c->s, &texts, m);
	if ((rc = decode_steps(c, in.p + 4, &texts, l, m, e)) < 0)
		return rc;
	mend_packets(c, m);
	set_times(c, k, sym_start_time(c, k, place), m);
	return NS_OK;
}
