/* From codes to a series that is valid whatever the codes are. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/impl.h"

/* A series that ends later than its window by less than this part of it does so because
 * place and gaps are floats, not because it does not fit. */
#define FIT_SLACK 0x1p-21

/* The codes of one group of fields, taken in order. */
struct codes {
	const struct codec *c;
	const uint8_t *p;
};

/* The code of the field and step over it; of a constant there is none. */
static const uint8_t *
take(struct codes *k, enum field_id id)
{
	uint32_t bytes = field_bytes(&k->c->f[id]);
	const uint8_t *p = k->p;

	k->p += bytes;
	return bytes > 0 ? p : NULL;
}

static uint64_t
take_value(struct codes *k, enum field_id id)
{
	return field_get(k->c, id, take(k, id));
}

static void
take_address(struct codes *k, enum field_id id, uint8_t a[16])
{
	const struct field *f = &k->c->f[id];
	const uint8_t *p = take(k, id);

	if (f->how == HOW_CONST)
		memcpy(a, f->bytes, 16);
	else if (f->shape == 32)
		addr_from_v4(a, get_be32(p));
	else
		memcpy(a, p, 16);
}

/* An address of the version the series is of. */
static unsigned
mend_address(uint8_t a[16], bool v4)
{
	if (addr_is_v4(a) == v4)
		return 0;
	if (v4)
		addr_from_v4(a, get_be32(a + 12));
	else
		a[0] |= 0x20; /* 2000::/3, global unicast: no longer a mapped one */
	return 1;
}

/* The flow is in its own chunk, and starts where its first tag is. */
static void
take_tags(struct codes *k, int own, struct series *s, struct codec_mends *m)
{
	const struct codec *c = k->c;
	bool first = true, starts = take_value(k, F_STARTS) != 0;
	const uint8_t *p = take(k, F_CHUNKS);
	int i;

	memset(s->tags, 0, sizeof s->tags);
	if (c->f[F_CHUNKS].how == HOW_CONST)
		memcpy(s->tags, c->f[F_CHUNKS].bytes, ((size_t)c->chunks + 7) / 8);
	else
		for (i = 0; i < c->chunks; i++)
			if (p[i / 8] >> (7 - i % 8) & 1)
				s->tags[i / 8] |= (uint8_t)(1u << i % 8);
	if (!series_in_chunk(s, own)) {
		s->tags[own / 8] |= (uint8_t)(1u << own % 8);
		m->clamped++;
	}
	for (i = 0; i < own; i++)
		first = first && !series_in_chunk(s, i);
	m->clamped += first != starts;
	s->starts = first;
}

static double
take_place(struct codes *k)
{
	const uint8_t *p = take(k, F_START);

	return p == NULL ? k->c->f[F_START].place : (double)get_lef32(p);
}

/* Everything of the series but its steps; returns its place in the window. */
static double
decode_attributes(struct codes *k, int own, struct series *s, struct codec_mends *m)
{
	const struct codec *c = k->c;
	bool v4;

	take_address(k, F_SRC_IP, s->key.src_ip);
	take_address(k, F_DST_IP, s->key.dst_ip);
	s->key.src_port = (uint16_t)take_value(k, F_SRC_PORT);
	s->key.dst_port = (uint16_t)take_value(k, F_DST_PORT);
	s->key.proto = (uint8_t)take_value(k, F_PROTO);
	v4 = take_value(k, F_IP_VERSION) == 4;
	take_tags(k, own, s, m);
	m->clamped += mend_address(s->key.src_ip, v4);
	m->clamped += mend_address(s->key.dst_ip, v4);
	m->clamped += rules_mend_key(&c->rules, &s->key);
	return take_place(k);
}

/* Type and code, which packets of ICMP have and no others. */
static unsigned
decode_icmp(struct codes *k, struct packet *p)
{
	const struct field *f = &k->c->f[F_ICMP];
	const uint8_t *code = take(k, F_ICMP);
	uint64_t v = field_get(k->c, F_ICMP, code), was;
	uint8_t type = (uint8_t)take_value(k, F_ICMP_TYPE);
	uint8_t icmp_code = (uint8_t)take_value(k, F_ICMP_CODE);
	int kind = icmp_kind(p->key.proto);

	if (f->how == HOW_ABSENT)
		v = kind < 0 && (type | icmp_code) == 0 ? ICMP_NONE
							: icmp_value(type, icmp_code);
	was = v;
	if (kind < 0)
		v = ICMP_NONE;
	else if (k->c->icmp_common[kind] != ICMP_NONE &&
	    (v == ICMP_NONE ||
		(f->how == HOW_CATEGORY && !(k->c->icmp_kinds[code[0]] >> kind & 1))))
		v = k->c->icmp_common[kind];
	p->icmp_type = (uint8_t)(v >> 8);
	p->icmp_code = (uint8_t)v;
	return v != was;
}

/* The label of a category in l; the table may be another one at each call. */
static int
text_index(struct codec *c, enum field_id id, uint64_t category, struct labels *l,
    uint16_t *out, struct ns_err *e)
{
	const struct field *f = &c->f[id];
	uint16_t *known;
	const char *text;
	int i;

	*out = 0;
	if (f->how == HOW_ABSENT)
		return NS_OK;
	text = f->texts[category];
	known = &c->text_index[id == F_LABEL][category];
	if (*known >= l->n || strcmp(labels_text(l, *known), text) != 0) {
		i = labels_intern(l, text);
		if (i < 0)
			return ns_fail(e, NS_ECORRUPT, "cannot take the label '%s'",
			    text);
		*known = (uint16_t)i;
	}
	*out = *known;
	return NS_OK;
}

static int
decode_packet(struct codec *c, struct codes *k, struct packet *p, struct labels *l,
    struct codec_mends *m, struct ns_err *e)
{
	int rc;

	p->ip_len = (uint32_t)take_value(k, F_IP_LEN);
	p->tos = (uint8_t)take_value(k, F_TOS);
	p->ip_id = (uint32_t)take_value(k, F_IP_ID);
	p->ip_flags = (uint8_t)take_value(k, F_IP_FLAGS);
	p->frag_off = (uint16_t)take_value(k, F_FRAG_OFF);
	p->ttl = (uint8_t)take_value(k, F_TTL);
	p->tcp_flags = (uint16_t)take_value(k, F_TCP_FLAGS);
	m->clamped += decode_icmp(k, p);
	rc = text_index(c, F_LABEL, take_value(k, F_LABEL), l, &p->label, e);
	if (tuple_is_v4(&p->key) && p->ip_id > 65535) {
		p->ip_id &= 65535;
		m->clamped++;
	}
	m->clamped += rules_mend_packet(&c->rules, p);
	return rc;
}

static int
decode_flow(struct codec *c, struct codes *k, struct flow *f, struct labels *l,
    struct codec_mends *m, struct ns_err *e)
{
	int rc;

	f->dur_ns = (int64_t)take_value(k, F_DUR);
	f->n_pkts = take_value(k, F_N_PKTS);
	f->n_bytes = take_value(k, F_N_BYTES);
	f->tcp_flags = (uint16_t)take_value(k, F_TCP_FLAGS);
	rc = text_index(c, F_TYPE, take_value(k, F_TYPE), l, &f->type, e);
	if (rc >= 0)
		rc = text_index(c, F_LABEL, take_value(k, F_LABEL), l, &f->label, e);
	m->clamped += rules_mend_flow(&c->rules, f);
	return rc;
}

/* One gap in nanoseconds.  Not rounded: times are, once each, so that errors do not
 * add up over a series. */
static double
take_gap(struct codes *k)
{
	const struct field *f = &k->c->f[F_IAT];
	const uint8_t *p = take(k, F_IAT);

	return p == NULL ? (double)f->value
			 : f->lo + (f->hi - f->lo) * (double)get_lef32(p);
}

/* By how much gaps shrink so that all steps lie in the window from place on. */
static double
squeeze(const struct codec *c, const uint8_t *steps, uint32_t n, double left,
    double window, struct codec_mends *m)
{
	double total = 0;
	uint32_t i;

	for (i = 1; i < n; i++) {
		struct codes k = {c, steps + (size_t)i * c->schema.feat_bytes};

		total += take_gap(&k);
	}
	if (total <= left + window * FIT_SLACK)
		return 1;
	m->fitted++;
	return left / total;
}

static void
make_room(struct codec *c, uint32_t n)
{
	if (n <= c->cap_steps)
		return;
	c->cap_steps = n;
	if (c->of_flows)
		c->s.flows = xrealloc(c->s.flows, size_mul(n, sizeof *c->s.flows));
	else
		c->s.packets =
		    xrealloc(c->s.packets, size_mul(n, sizeof *c->s.packets));
}

/* Time of a step: since places before the window's end, never beyond it. */
static int64_t
step_time(const struct chunk_info *k, int64_t start, double since)
{
	int64_t left = k->len_ns - 1 - start;

	return k->t0_ns + start + (since >= (double)left ? left : (int64_t)rint(since));
}

static int
decode_steps(struct codec *c, const uint8_t *p, uint32_t n, double place,
    const struct chunk_info *k, struct labels *l, struct codec_mends *m,
    struct ns_err *e)
{
	double at = rint(place * (double)k->len_ns), since = 0, gap, scale;
	int64_t start = at >= (double)(k->len_ns - 1) ? k->len_ns - 1 : (int64_t)at;
	struct series *s = &c->s;
	struct codes codes = {c, p};
	uint32_t i;
	int rc = NS_OK;

	scale = squeeze(c, p, n, (double)(k->len_ns - 1 - start), (double)k->len_ns, m);
	for (i = 0; i < n && rc >= 0; i++) {
		gap = take_gap(&codes);
		since += i > 0 ? gap * scale : 0;
		if (c->of_flows) {
			memset(&s->flows[i], 0, sizeof s->flows[i]);
			s->flows[i].key = s->key;
			s->flows[i].t_start_ns = step_time(k, start, since);
			rc = decode_flow(c, &codes, &s->flows[i], l, m, e);
		} else {
			memset(&s->packets[i], 0, sizeof s->packets[i]);
			s->packets[i].key = s->key;
			s->packets[i].t_ns = step_time(k, start, since);
			rc = decode_packet(c, &codes, &s->packets[i], l, m, e);
		}
	}
	return rc;
}

int
codec_decode(struct codec *c, const uint8_t *rec, size_t len,
    const struct chunk_info *k, struct labels *l, const struct series **s,
    struct codec_mends *m, struct ns_err *e)
{
	struct codes codes = {c, rec};
	uint32_t n;
	double place;
	int rc;

	assert(c->fit == NULL);
	if (k->count != c->chunks || k->index < 0 || k->index >= c->chunks ||
	    k->len_ns < 1 || k->t0_ns > INT64_MAX - k->len_ns)
		return ns_fail(e, NS_ECORRUPT,
		    "chunk %d of %d does not go with a codec of %d chunks", k->index,
		    k->count, c->chunks);
	rc = tensor_check(&c->schema, rec, len, &n, e);
	if (rc < 0)
		return rc;
	make_room(c, n);
	place = decode_attributes(&codes, k->index, &c->s, m);
	c->s.n = n;
	rc = decode_steps(c, codes.p + 4, n, place, k, l, m, e);
	if (rc < 0)
		return rc;
	*s = &c->s;
	return NS_OK;
}
