/* From codes to a series that is valid whatever the codes are. */
#include <math.h>
#include <string.h>

#include "base/le.h"
#include "codec/netshare/impl.h"
#include "codec/shared/tags.h"

/* The codes of one group of fields, taken in order. */
struct codes {
	const struct codec *c;
	const uint8_t *p;
};

/* The code of the field and step over it; of a constant there is none. */
static const uint8_t *
take(struct codes *k, enum field_id id)
{
	uint32_t bytes = field_bytes(&k->c->ns->f[id]);
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
	const struct field *f = &k->c->ns->f[id];
	const uint8_t *p = take(k, id);

	if (f->how == HOW_CONST)
		memcpy(a, f->bytes, 16);
	else if (f->shape == 32)
		addr_from_v4(a, get_be32(p));
	else
		memcpy(a, p, 16);
}

static void
take_tags(struct codes *k, int own, struct series *s, struct codec_mends *m)
{
	const struct codec *c = k->c;
	bool starts = take_value(k, F_STARTS) != 0;
	const uint8_t *p = take(k, F_CHUNKS);

	memset(s->tags, 0, sizeof s->tags);
	if (p == NULL)
		memcpy(s->tags, c->ns->f[F_CHUNKS].bytes, tags_bytes(c->chunks));
	else
		tags_from_bits(s->tags, p, c->chunks);
	m->clamped += mend_tags(s, own, starts);
}

static double
take_place(struct codes *k)
{
	const uint8_t *p = take(k, F_START);

	return p == NULL ? k->c->ns->f[F_START].place : (double)get_lef32(p);
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
	m->clamped += mend_key(c, &s->key, v4);
	return take_place(k);
}

static unsigned
decode_icmp(struct codes *k, struct packet *p)
{
	const struct field *f = &k->c->ns->f[F_ICMP];
	const uint8_t *code = take(k, F_ICMP);
	uint64_t v = field_get(k->c, F_ICMP, code);
	uint8_t type = (uint8_t)take_value(k, F_ICMP_TYPE);
	uint8_t icmp_code = (uint8_t)take_value(k, F_ICMP_CODE);

	if (f->how == HOW_ABSENT)
		v = icmp_kind(p->key.proto) < 0 && (type | icmp_code) == 0
		    ? ICMP_NONE
		    : icmp_value(type, icmp_code);
	return mend_icmp(k->c, p, v,
	    f->how == HOW_CATEGORY ? k->c->icmp_kinds[code[0]] : 3);
}

/* The label of the field, which may not be there. */
static int
take_text(struct codec *c, struct codes *k, enum field_id id, struct labels *l,
    uint16_t *out, struct ns_err *e)
{
	const struct field *f = &c->ns->f[id];
	uint8_t category = (uint8_t)take_value(k, id);

	*out = 0;
	return f->how == HOW_ABSENT ? NS_OK
				    : codec_label(c, id == F_LABEL, category,
					  f->texts.text[category], l, out, e);
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
	rc = take_text(c, k, F_LABEL, l, &p->label, e);
	m->clamped += mend_packet(c, p);
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
	rc = take_text(c, k, F_TYPE, l, &f->type, e);
	if (rc >= 0)
		rc = take_text(c, k, F_LABEL, l, &f->label, e);
	m->clamped += rules_mend_flow(&c->rules, f);
	return rc;
}

/* One gap in nanoseconds.  Not rounded: times are, once each, so that errors do not
 * add up over a series. */
static double
take_gap(struct codes *k)
{
	const struct field *f = &k->c->ns->f[F_IAT];
	const uint8_t *p = take(k, F_IAT);

	return p == NULL ? (double)f->value : field_gap(f, get_lef32(p));
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
	return mend_scale(total, left, window, m);
}

/* Time of a step: since places before the window's end, never beyond it. */
static int64_t
step_time(const struct chunk_info *k, int64_t start, double since)
{
	int64_t left = k->len_ns - 1 - start;

	return k->t0_ns + start + (since >= (double)left ? left : (int64_t)rint(since));
}

static int
decode_steps(struct codec *c, const uint8_t *p, double place,
    const struct chunk_info *k, struct labels *l, struct codec_mends *m,
    struct ns_err *e)
{
	double at = rint(place * (double)k->len_ns), since = 0, gap, scale;
	int64_t start = at >= (double)(k->len_ns - 1) ? k->len_ns - 1 : (int64_t)at;
	struct series *s = &c->s;
	struct codes codes = {c, p};
	uint32_t i, n = s->n;
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
netshare_decode(struct codec *c, const uint8_t *rec, const struct chunk_info *k,
    struct labels *l, struct codec_mends *m, struct ns_err *e)
{
	struct codes codes = {c, rec};
	double place = decode_attributes(&codes, k->index, &c->s, m);

	return decode_steps(c, codes.p + 4, place, k, l, m, e);
}
