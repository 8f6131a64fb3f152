/*
 * The profile symbol: which fields a trace has, what its codes say, masks, what the
 * codec keeps of rare values, and what can be given.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/le.h"
#include "base/mem.h"
#include "base/rng.h"
#include "codec/codec.h"
#include "codec/shared/impl.h"

#define SERIES 3000
#define STEPS 4
#define US 1000

/* A trace of one chunk, its series of one to STEPS steps. */
struct trace {
	bool of_flows;
	uint32_t n;
	struct series s[SERIES];
	struct packet packets[SERIES][STEPS];
	struct flow flows[SERIES][STEPS];
	struct labels labels;
};

static const struct chunk_info window = {.count = 1,
    .t0_ns = INT64_C(1700000000000000500),
    .len_ns = INT64_C(3600000000000)};

static uint32_t
address(struct rng *r)
{
	uint32_t host = rng_below(r, 300);

	return 0x0a000000u | (host < 200 ? host % 7 : host);
}

static void
set_key(struct tuple *k, struct rng *r)
{
	static const uint16_t services[] = {443, 443, 443, 53, 80, 8080};
	static const uint8_t protos[] = {6, 6, 6, 17, 1};
	uint16_t service = services[rng_below(r, 6)];
	uint16_t client = (uint16_t)(32768 + rng_below(r, 28000));
	bool answer = rng_below(r, 10) == 0;

	addr_from_v4(k->src_ip, address(r));
	addr_from_v4(k->dst_ip, 0xc0a80000u | address(r));
	k->proto = protos[rng_below(r, 5)];
	if (!proto_has_ports(k->proto))
		return;
	k->src_port = answer ? service : client;
	k->dst_port = answer ? client : service;
}

static void
set_packet(struct packet *p, struct rng *r, uint32_t i)
{
	p->ip_len = p->key.proto == PROTO_TCP ? 40 : 28;
	p->ip_len += rng_below(r, 3) ? 0 : rng_below(r, 1400);
	p->ip_id = i;
	p->ttl = (uint8_t)(rng_below(r, 50) ? 64 : 1 + rng_below(r, 250));
	p->ip_flags = p->key.proto == PROTO_TCP ? 2 : 0;
	p->tcp_flags = p->key.proto == PROTO_TCP ? 16 : 0;
	if (p->key.proto == PROTO_ICMP)
		p->icmp_type = rng_below(r, 4) ? 8 : 3;
	if (p->icmp_type == 3)
		p->ip_len += 28;
}

static void
set_flow(struct flow *f, struct rng *r)
{
	f->n_pkts = 1 + rng_below(r, 3) * rng_below(r, 400);
	f->n_bytes = f->n_pkts * (40 + rng_below(r, 1400));
	f->dur_ns = f->n_pkts == 1 ? 0 : US * (1 + (int64_t)exp(9 + 2 * rng_normal(r)));
	f->tcp_flags = f->key.proto == PROTO_TCP ? 27 : 0;
}

static struct trace *
make_trace(bool of_flows, uint64_t seed)
{
	struct trace *t = xcalloc(1, sizeof *t);
	struct series *s;
	struct rng r;
	uint32_t i, k;
	int64_t at;

	rng_init(&r, seed, 0);
	labels_init(&t->labels);
	t->of_flows = of_flows;
	t->n = SERIES;
	for (i = 0; i < t->n; i++) {
		s = &t->s[i];
		set_key(&s->key, &r);
		s->starts = true;
		s->tags[0] = 1;
		s->n = 1 + rng_below(&r, STEPS);
		if (of_flows)
			s->flows = t->flows[i];
		else
			s->packets = t->packets[i];
		/* the clock shows microseconds, and the window begins between two */
		at = window.t0_ns + 500 + US * (int64_t)rng_below(&r, 3590000) * 1000;
		for (k = 0; k < s->n; k++) {
			at += US * (int64_t)exp(7 + 2 * rng_normal(&r));
			t->flows[i][k] = (struct flow){.t_start_ns = at, .key = s->key};
			t->packets[i][k] = (struct packet){.t_ns = at, .key = s->key};
			set_packet(&t->packets[i][k], &r, i + k * k);
			set_flow(&t->flows[i][k], &r);
		}
	}
	return t;
}

static void
trace_free(struct trace *t)
{
	labels_free(&t->labels);
	free(t);
}

static struct codec *
fitted(const struct trace *t, uint64_t min_count)
{
	const struct codec_config f = {.profile = "symbol", .min_count = min_count};
	struct codec *c;
	struct ns_err e;
	uint32_t i;

	c = codec_new(&f, t->of_flows, 1, &e);
	assert_non_null(c);
	for (i = 0; i < t->n; i++)
		if (codec_fit_series(c, &t->s[i], &window, &t->labels, &e) < 0)
			fail_msg("%s", e.msg);
	assert_int_equal(codec_fit_end(c, NULL, &e), NS_OK);
	return c;
}

/* The record of a series. */
static void
encode(const struct codec *c, const struct trace *t, uint32_t i, struct buf *b)
{
	struct ns_err e;

	if (codec_encode(c, &t->s[i], &window, &t->labels, b, &e) < 0)
		fail_msg("series %u: %s", i, e.msg);
}

static const struct series *
decode(struct codec *c, const struct buf *b, struct labels *l)
{
	struct codec_mends m = {0};
	const struct series *s;
	struct ns_err e;

	if (codec_decode(c, b->p, b->len, &window, l, &s, &m, &e) < 0)
		fail_msg("%s", e.msg);
	assert_int_equal(m.clamped + m.fitted, 0);
	return s;
}

/* Where the code of a field lies in a record: in the attributes, or in step k. */
static size_t
offset_of(const struct tensor_schema *s, const char *name, uint32_t k)
{
	int want = tensor_field_find(s, name), i;
	size_t at = want < s->n_attr ? 0 : s->attr_bytes + 4 + k * s->feat_bytes;

	assert_true(want >= 0);
	for (i = want < s->n_attr ? 0 : s->n_attr; i < want; i++)
		at += tensor_field_at(s, i)->bytes;
	return at;
}

static uint8_t
code_of(const struct codec *c, const struct buf *b, const char *name, uint32_t k)
{
	return b->p[offset_of(codec_schema(c), name, k)];
}

static void
check_names(const struct codec *c, const char *want)
{
	const struct tensor_schema *s = codec_schema(c);
	struct buf b = {0};
	int i;

	for (i = 0; i < s->n_attr + s->n_feat; i++)
		buf_printf(&b, "%s%s",
		    i == 0               ? ""
			: i == s->n_attr ? "; "
					 : " ",
		    tensor_field_at(s, i)->name);
	buf_printf(&b, "%c", '\0');
	assert_string_equal((char *)b.p, want);
	buf_free(&b);
}

static void
test_fields(void **state)
{
	struct trace *t = make_trace(false, 1);
	struct codec *c = fitted(t, 5);

	(void)state;
	check_names(c,
	    "proto direction service src_ip src_ip.0 src_ip.1 src_ip.2 src_ip.3 "
	    "dst_ip dst_ip.0 dst_ip.1 dst_ip.2 dst_ip.3 flow_start flow_start.pos "
	    "client client.0 client.1; tcp_flags ip_flags icmp ttl ttl.0 ip_len "
	    "ip_len.pos iat iat.pos ip_id ip_id.0 ip_id.1");
	codec_free(c);
	trace_free(t);
	t = make_trace(true, 1);
	c = fitted(t, 1);
	check_names(c,
	    "proto direction service src_ip dst_ip flow_start flow_start.pos client "
	    "client.0 client.1; tcp_flags n_pkts n_pkts.pos n_bytes n_bytes.pos dur_ns "
	    "dur_ns.pos "
	    "iat iat.pos");
	codec_free(c);
	trace_free(t);
}

/* Every value comes back: those with octets and on the clock exactly. */
static void
test_roundtrip(void **state)
{
	struct trace *t = make_trace(false, 2);
	struct codec *c = fitted(t, 5);
	const struct series *a, *s;
	struct labels l;
	struct buf b = {0};
	uint32_t i, k;
	int64_t off;

	(void)state;
	labels_init(&l);
	for (i = 0; i < t->n; i++) {
		a = &t->s[i];
		encode(c, t, i, &b);
		s = decode(c, &b, &l);
		assert_int_equal(tuple_cmp(&a->key, &s->key), 0);
		for (k = 0; k < a->n; k++) {
			off = s->packets[k].t_ns - a->packets[k].t_ns;
			assert_int_equal(off % US, 0);
			if (llabs(off) > 20 * US)
				fail_msg("step %u is off by %lld", k, (long long)off);
			assert_int_equal(s->packets[k].ip_len, a->packets[k].ip_len);
			assert_int_equal(s->packets[k].ip_id, a->packets[k].ip_id);
			assert_int_equal(s->packets[k].ttl, a->packets[k].ttl);
		}
	}
	labels_free(&l);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

/* Generated places and gaps are times that the trace's clock can show. */
static void
test_clock(void **state)
{
	struct trace *t = make_trace(true, 3);
	struct codec *c = fitted(t, 5);
	const struct tensor_schema *y = codec_schema(c);
	const struct series *s;
	struct labels l;
	struct buf b = {0};
	struct rng r;
	uint32_t i, k;
	int64_t last;

	(void)state;
	labels_init(&l);
	rng_init(&r, 4, 0);
	for (i = 0; i < t->n; i++) {
		if (t->s[i].n < 3)
			continue;
		encode(c, t, i, &b);
		put_lef32(b.p + offset_of(y, "flow_start.pos", 0),
		    (float)rng_uniform(&r));
		for (k = 1; k < t->s[i].n; k++)
			put_lef32(b.p + offset_of(y, "iat.pos", k),
			    (float)rng_uniform(&r));
		s = decode(c, &b, &l);
		for (k = 0, last = window.t0_ns; k < s->n; k++) {
			assert_int_equal(s->flows[k].t_start_ns % US, 0);
			assert_true(s->flows[k].t_start_ns >= last);
			last = s->flows[k].t_start_ns;
			assert_int_equal(s->flows[k].dur_ns % US, 0);
		}
		assert_true(last < window.t0_ns + window.len_ns);
	}
	labels_free(&l);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

static int64_t
gap(const struct series *s, uint32_t i)
{
	return s->packets[i].t_ns - s->packets[i - 1].t_ns;
}

/* Which gap is far longer than the others together, or 0. */
static uint32_t
outlier(const struct series *s)
{
	int64_t all = s->packets[s->n - 1].t_ns - s->packets[0].t_ns;
	uint32_t i;

	for (i = 1; i < s->n; i++)
		if (gap(s, i) > all - all / 8)
			return i;
	return 0;
}

/* A window in which half of that gap is too much: it becomes as much shorter, and the
 * others stay. */
static void
test_outlier(void **state)
{
	struct trace *t = make_trace(false, 3);
	struct codec *c = fitted(t, 5);
	struct chunk_info k = window;
	struct codec_mends m;
	const struct series *s;
	struct labels l;
	struct buf b = {0};
	struct ns_err e;
	int64_t all, left, was[STEPS];
	uint32_t i, j, at, seen = 0;
	double place;

	(void)state;
	labels_init(&l);
	for (i = 0; i < t->n; i++) {
		if (t->s[i].n != STEPS || (at = outlier(&t->s[i])) == 0)
			continue;
		encode(c, t, i, &b);
		s = decode(c, &b, &l); /* as drawn: the same within a bin */
		all = s->packets[STEPS - 1].t_ns - s->packets[0].t_ns;
		left = all - gap(s, at) / 2;
		place =
		    (double)(s->packets[0].t_ns - window.t0_ns) / (double)window.len_ns;
		k.len_ns = (int64_t)((double)left / (1 - place));
		for (j = 1; j < STEPS; j++)
			was[j] = gap(s, j);
		memset(&m, 0, sizeof m);
		assert_int_equal(codec_decode(c, b.p, b.len, &k, &l, &s, &m, &e),
		    NS_OK);
		assert_int_equal(m.fitted, 1);
		for (j = 1; j < STEPS; j++)
			if (j != at)
				assert_int_equal(gap(s, j), was[j]);
		assert_in_range(gap(s, at), was[at] / 2 - 3 * US, was[at] / 2 + US);
		seen++;
	}
	assert_true(seen > 10);
	labels_free(&l);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

static void
test_direction(void **state)
{
	struct trace *t = make_trace(true, 5);
	struct codec *c = fitted(t, 5);
	const struct tuple *k;
	struct buf b = {0};
	uint32_t i, answers = 0;
	uint8_t code;

	(void)state;
	for (i = 0; i < t->n; i++) {
		k = &t->s[i].key;
		encode(c, t, i, &b);
		code = code_of(c, &b, "direction", 0);
		assert_int_equal(code, k->src_port != 0 && k->src_port < 32768);
		answers += code;
		if (k->proto == PROTO_ICMP)
			assert_int_equal(code_of(c, &b, "service", 0), 0);
		if (k->dst_port == 443 || k->src_port == 443) /* 0, 53, 80, 443 */
			assert_int_equal(code_of(c, &b, "service", 0), 3);
	}
	assert_in_range(answers, 150, 350);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

/* Ids are steps from packet to packet, unless one is of 32 bits. */
static void
test_ids(void **state)
{
	struct trace *t = make_trace(false, 6);
	struct codec *c;
	struct labels l;
	struct buf b = {0};
	uint32_t i, k;

	(void)state;
	labels_init(&l);
	for (i = 0; i < t->n; i++) /* wraps around in every seventh series */
		for (k = 0; k < t->s[i].n; k++)
			t->packets[i][k].ip_id =
			    ((i % 7 == 0 ? 65535 : 100 + i % 50) + k) & 0xffff;
	c = fitted(t, 5);
	for (i = 0; i < t->n; i++) {
		encode(c, t, i, &b);
		for (k = 1; k < t->s[i].n; k++)
			assert_int_equal(code_of(c, &b, "ip_id", k), 0);
		assert_int_equal(decode(c, &b, &l)->packets[t->s[i].n - 1].ip_id,
		    t->packets[i][t->s[i].n - 1].ip_id);
	}
	codec_free(c);
	/* IPv6 has longer ones, in fragments */
	memset(t->s[0].key.src_ip, 0x20, 16);
	memset(t->s[0].key.dst_ip, 0x20, 16);
	t->s[0].n = 1;
	t->packets[0][0].ip_id = 0x12345678;
	t->packets[0][0].ip_flags = 1;
	t->packets[0][0].ip_len = 48 + 80;
	c = fitted(t, 5);
	assert_true(tensor_field_find(codec_schema(c), "ip_id.3") >= 0);
	assert_true(tensor_field_find(codec_schema(c), "src_ip.15") >= 0);
	for (i = 0; i < t->n; i++) {
		encode(c, t, i, &b);
		assert_int_equal(decode(c, &b, &l)->packets[0].ip_id,
		    t->packets[i][0].ip_id);
	}
	labels_free(&l);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

/* A label is one of the series where no series has two. */
static void
test_labels(void **state)
{
	struct trace *t = make_trace(true, 7);
	struct ns_err e;
	struct codec *c;
	struct buf b = {0};
	uint32_t i, k;

	(void)state;
	for (i = 0; i < t->n; i++)
		for (k = 0; k < t->s[i].n; k++) {
			t->flows[i][k].label = (uint16_t)labels_intern(&t->labels,
			    i % 3 ? "benign" : "botnet");
			t->flows[i][k].type = (uint16_t)labels_intern(&t->labels,
			    (i + k) % 2 ? "odd" : "even");
		}
	c = fitted(t, 5);
	assert_string_equal(codec_schema(c)->attr[0].name, "label");
	assert_string_equal(codec_schema(c)->feat[0].name, "type");
	for (i = 0; i < t->n; i++) {
		encode(c, t, i, &b);
		assert_int_equal(code_of(c, &b, "label", 0), i % 3 == 0);
		assert_int_equal(code_of(c, &b, "type", 0), i % 2);
	}
	/* another trace may have what this one had not */
	for (i = 0; t->s[i].n < 2; i++)
		;
	t->flows[i][1].label = (uint16_t)labels_intern(&t->labels, "else");
	assert_int_equal(codec_encode(c, &t->s[i], &window, &t->labels, &b, &e),
	    NS_EKIND);
	assert_string_equal(e.msg,
	    "the codec cannot express a flow of more than one label");
	t->s[i].n = 1;
	t->flows[i][0].label = t->flows[i][1].label;
	assert_int_equal(codec_encode(c, &t->s[i], &window, &t->labels, &b, &e),
	    NS_EKIND);
	assert_string_equal(e.msg, "the codec knows no label 'else'");
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

/* No record that was fitted to breaks a mask (encode refuses those), and masks say what
 * goes together. */
static uint32_t
allowed(const struct codec *c, const struct buf *b, const char *of, bool later,
    uint8_t allow[MASK_BYTES])
{
	const struct tensor_schema *s = codec_schema(c);
	uint8_t code[NSR_MAX_FIELDS];
	const uint8_t *p = b->p;
	int i;

	for (i = 0; i < s->n_attr + s->n_feat; i++) {
		if (i == s->n_attr)
			p += 4;
		code[i] = *p;
		p += tensor_field_at(s, i)->bytes;
	}
	assert_true(tensor_masks_allow(codec_masks(c), tensor_field_find(s, of), later,
	    code, allow));
	return mask_count(allow);
}

static bool
may_be(const struct codec *c, const struct buf *b, const char *of, bool later,
    uint32_t code)
{
	uint8_t allow[MASK_BYTES];

	allowed(c, b, of, later, allow);
	return mask_has(allow, code);
}

/* The field may be one of n codes, of which want is one. */
static void
check_allowed(const struct codec *c, const struct buf *b, const char *of, bool later,
    uint32_t want, uint32_t n)
{
	uint8_t allow[MASK_BYTES];
	uint32_t got = allowed(c, b, of, later, allow);

	if (got != n)
		fail_msg("%s may be %u codes, not %u", of, got, n);
	assert_true(mask_has(allow, want));
}

static void
test_masks(void **state)
{
	struct trace *t = make_trace(false, 8);
	struct codec *c = fitted(t, 5);
	struct buf b = {0};
	uint32_t i, icmp = 0;
	size_t at;

	(void)state;
	for (i = 0; i < t->n; i++)
		encode(c, t, i, &b);
	for (i = 0; t->s[i].key.proto != PROTO_ICMP; i++)
		;
	encode(c, t, i, &b);
	check_allowed(c, &b, "service", false, 0, 1);
	check_allowed(c, &b, "client", false, code_of(c, &b, "client", 0), 1);
	check_allowed(c, &b, "direction", false, 0, 1);
	check_allowed(c, &b, "tcp_flags", false, 0, 1);
	check_allowed(c, &b, "icmp", false, code_of(c, &b, "icmp", 0), 2);
	/* octets are those of what has no symbol */
	check_allowed(c, &b, "src_ip.0", false, 0, 1);
	b.p[offset_of(codec_schema(c), "src_ip", 0)] = 0;
	check_allowed(c, &b, "src_ip.0", false, 10, 1);
	check_allowed(c, &b, "src_ip.1", false, 0, 1);
	check_allowed(c, &b, "iat", false, 0, 1);
	check_allowed(c, &b, "iat", true, 1,
	    tensor_field_at(codec_schema(c), tensor_field_find(codec_schema(c), "iat"))
		    ->shape -
		1);
	/* unreachable takes 28 bytes more than echo, whose least length is the first of
	 * the alphabet */
	for (at = offset_of(codec_schema(c), "icmp", 0); icmp < 2; icmp++) {
		b.p[at] = (uint8_t)(1 + icmp); /* 3, then 8; 0 is "none" */
		assert_int_equal(may_be(c, &b, "ip_len", false, 0), icmp == 1);
		assert_true(may_be(c, &b, "ip_len", false, 100));
	}
	for (i = 0; t->s[i].key.proto != PROTO_TCP; i++)
		;
	encode(c, t, i, &b);
	check_allowed(c, &b, "icmp", false, 0, 1);
	assert_false(may_be(c, &b, "ip_len", false, 0));
	assert_true(may_be(c, &b, "ip_len", false, 100));
	/* a broken one is told */
	assert_null(
	    tensor_masks_broken(codec_masks(c), codec_schema(c), b.p, t->s[i].n));
	b.p[offset_of(codec_schema(c), "iat", 0)] = 1;
	assert_int_equal(tensor_masks_broken(codec_masks(c), codec_schema(c), b.p,
			     t->s[i].n)
			     ->given,
	    MASK_STEP);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

static void
test_flow_masks(void **state)
{
	struct trace *t = make_trace(true, 9);
	struct codec *c = fitted(t, 5);
	uint32_t shape, k;
	struct buf b = {0};
	uint32_t i;

	(void)state;
	shape = tensor_field_at(codec_schema(c),
	    tensor_field_find(codec_schema(c), "dur_ns"))
		    ->shape;
	for (i = 0; i < t->n; i++) {
		encode(c, t, i, &b);
		k = 0; /* what is looked at is the first step */
		if (t->flows[i][k].n_pkts == 1)
			check_allowed(c, &b, "dur_ns", false, 0, 1);
		else
			check_allowed(c, &b, "dur_ns", false,
			    code_of(c, &b, "dur_ns", 0), shape - 1);
	}
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

/* Another trace may break a mask: then it cannot be expressed. */
static void
test_other_trace(void **state)
{
	struct trace *t = make_trace(false, 10);
	struct codec *c = fitted(t, 5);
	struct ns_err e;
	struct buf b = {0};
	uint32_t i;

	(void)state;
	for (i = 0; t->s[i].key.proto != PROTO_ICMP; i++)
		;
	t->s[i].key.dst_port = 443;
	assert_int_equal(codec_encode(c, &t->s[i], &window, &t->labels, &b, &e),
	    NS_EKIND);
	assert_string_equal(e.msg,
	    "the codec cannot express this value of service with that of proto: the "
	    "trace it was fitted to had none such");
	t->s[i].key.dst_port = 0;
	t->packets[i][0].t_ns += 1;
	assert_int_equal(codec_encode(c, &t->s[i], &window, &t->labels, &b, &e),
	    NS_EKIND);
	assert_non_null(strstr(e.msg, "the codec's times are in steps of 1000 ns"));
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

static bool
text_has(const struct codec *c, const char *what)
{
	struct buf b = {0};
	bool has;

	codec_text_put(c, &b);
	buf_printf(&b, "%c", '\0');
	has = strstr((char *)b.p, what) != NULL;
	buf_free(&b);
	return has;
}

/* The first n series have values that no other has. */
static void
mark(struct trace *t, uint32_t n)
{
	struct flow *f;
	uint32_t i;

	for (i = 0; i < n; i++) {
		f = &t->flows[i][0];
		t->s[i].n = 1;
		t->s[i].key.proto = PROTO_UDP;
		addr_from_v4(t->s[i].key.dst_ip, 0xc0a8630d);
		t->s[i].key.src_port = 60606;
		t->s[i].key.dst_port = 60607;
		f->n_pkts = 1370271;
		f->n_bytes = 7771777000;
		f->dur_ns = INT64_C(123123123000);
		f->tcp_flags = 199;
		f->key = t->s[i].key;
	}
}

/* A value that occurs less often than min_count is not in the codec. */
static void
test_min_count(void **state)
{
	static const char *const marks[] = {"c0a8630d", "60606", "60607", "value 199",
	    "1370271", "7771777", "123123123"};
	struct trace *t = make_trace(true, 11);
	struct codec *c;
	size_t k;

	(void)state;
	mark(t, 49);
	c = fitted(t, 50);
	for (k = 0; k < LEN(marks); k++)
		if (text_has(c, marks[k]))
			fail_msg("'%s' is in the codec", marks[k]);
	codec_free(c);
	c = fitted(t, 49);
	for (k = 0; k < LEN(marks); k++)
		if (!text_has(c, marks[k]))
			fail_msg("'%s' is not in the codec", marks[k]);
	codec_free(c);
	trace_free(t);
}

/* Damaged text that is taken all the same makes a codec that can be used. */
static void
test_damaged_text(void **state)
{
	struct trace *t = make_trace(false, 12);
	struct codec *c = fitted(t, 5), *d;
	struct codec_mends m = {0};
	const struct series *s;
	struct buf b = {0}, rec = {0};
	struct labels l;
	struct ns_err e;
	struct rng r;
	uint32_t i, taken = 0;

	(void)state;
	labels_init(&l);
	codec_text_put(c, &b);
	encode(c, t, 0, &rec);
	rng_init(&r, 4, 0);
	for (i = 0; i < 3000; i++) {
		size_t at = rng_below(&r, (uint32_t)b.len);
		uint8_t was = b.p[at];

		b.p[at] = (uint8_t)('0' + rng_below(&r, 10));
		d = xcalloc(1, sizeof *d);
		if (codec_text_get(d, b.p, b.len, &e) >= 0 &&
		    d->profile->load(d, NULL, NULL, &e) >= 0) {
			taken++;
			codec_decode(d, rec.p, rec.len, &window, &l, &s, &m, &e);
			codec_encode(d, &t->s[0], &window, &t->labels, &rec, &e);
			encode(c, t, 0, &rec);
		}
		codec_free(d);
		b.p[at] = was;
	}
	assert_true(taken > 100);
	labels_free(&l);
	buf_free(&b);
	buf_free(&rec);
	codec_free(c);
	trace_free(t);
}

/* ---- What can be given ---- */

/* How many codes of a field the masks of the value allow; 0 = the field has none. */
static uint32_t
given(const struct codec *c, const char *field, const char *value, const char *of)
{
	uint8_t code[NSR_MAX_FIELDS] = {0}, allow[MASK_BYTES];
	struct tensor_masks m;
	struct ns_err e;
	uint32_t n = 0;

	tensor_masks_init(&m);
	if (codec_given(c, field, value, &m, &e) < 0)
		fail_msg("%s", e.msg);
	if (tensor_masks_allow(&m, tensor_field_find(codec_schema(c), of), false, code,
		allow))
		n = mask_count(allow);
	tensor_masks_free(&m);
	return n;
}

static void
not_given(const struct codec *c, const char *field, const char *value, int code,
    const char *msg)
{
	struct tensor_masks m;
	struct ns_err e;

	tensor_masks_init(&m);
	assert_int_equal(codec_given(c, field, value, &m, &e), code);
	if (strstr(e.msg, msg) == NULL)
		fail_msg("'%s' does not say '%s'", e.msg, msg);
	assert_int_equal(m.n, 0);
	tensor_masks_free(&m);
}

static void
test_given(void **state)
{
	struct trace *t = make_trace(true, 13);
	struct codec *c;
	uint32_t i, k;

	(void)state;
	for (i = 0; i < t->n; i++)
		for (k = 0; k < t->s[i].n; k++)
			t->flows[i][k].label = (uint16_t)labels_intern(&t->labels,
			    i % 3 ? "benign" : "botnet");
	c = fitted(t, 5);
	assert_int_equal(given(c, "proto", "udp", "proto"), 1);
	assert_int_equal(given(c, "proto", "6", "proto"), 1);
	assert_int_equal(given(c, "label", "botnet", "label"), 1);
	assert_int_equal(given(c, "dst_port", "443", "direction"), 1);
	assert_int_equal(given(c, "dst_port", "443", "service"), 1);
	assert_int_equal(given(c, "dst_port", "443", "client"), 0);
	assert_int_equal(given(c, "src_port", "443", "direction"), 1);
	assert_int_equal(given(c, "src_port", "40000", "client.0"), 1);
	assert_int_equal(given(c, "src_ip", "10.0.0.3", "src_ip"), 1);
	assert_int_equal(given(c, "src_ip", "10.0.0.3", "src_ip.3"), 0);
	assert_int_equal(given(c, "src_ip", "10.0.0.77", "src_ip.3"), 1);
	assert_int_equal(given(c, "src_ip", "10.0.0.0/8", "src_ip"), 0);
	assert_int_equal(given(c, "src_ip", "10.0.0.0/29", "src_ip.3"), 8);
	assert_int_equal(given(c, "src_ip", "10.0.0.0/30", "src_ip"), 5);
	assert_int_equal(given(c, "dst_ip", "0.0.0.0/0", "dst_ip"), 0);
	not_given(c, "ttl", "64", NS_EUSAGE, "'ttl' cannot be given; these can: proto");
	not_given(c, "proto", "tpc", NS_EUSAGE, "'tpc' is no protocol");
	not_given(c, "proto", "132", NS_EKIND, "the codec knows no proto '132'");
	not_given(c, "label", "x", NS_EKIND, "the codec knows no label 'x'");
	not_given(c, "dst_port", "70000", NS_EUSAGE, "'70000' is no port");
	not_given(c, "dst_port", "4e", NS_EUSAGE, "'4e' is no port");
	not_given(c, "src_ip", "10.0.0", NS_EUSAGE, "'10.0.0' is no address");
	not_given(c, "src_ip", "10.0.0.0/33", NS_EUSAGE, "'10.0.0.0/33' is no prefix");
	not_given(c, "src_ip", "2001:db8::1", NS_EKIND, "the codec knows no src_ip");
	codec_free(c);
	trace_free(t);
}

static void
test_given_netshare(void **state)
{
	const struct codec_config f = {.profile = "netshare"};
	struct codec_starts s;
	struct ns_err e;
	struct codec *c = codec_new(&f, true, 1, &e);

	(void)state;
	not_given(c, "proto", "6", NS_EUSAGE,
	    "in the profile netshare nothing can be given");
	assert_int_equal(codec_starts(c, &window, 0, INT64_MAX, &s, &e), NS_EUSAGE);
	codec_free(c);
}

/* Positions at and beside the edges of what they are said to be. */
static void
check_edges(struct codec *c, const struct codec_starts *s, int64_t from, int64_t to,
    uint32_t code, struct buf *b, struct labels *l)
{
	const int64_t at[] = {(int64_t)s->first[code] - 1, s->first[code],
	    (int64_t)s->first[code] + s->n[code] - 1,
	    (int64_t)s->first[code] + s->n[code], 0, START_PLACES - 1};
	const struct tensor_schema *y = codec_schema(c);
	bool inside;
	size_t i;
	int64_t t;

	b->p[offset_of(y, "flow_start", 0)] = (uint8_t)code;
	for (i = 0; i < LEN(at); i++) {
		if (at[i] < 0 || at[i] >= START_PLACES)
			continue;
		put_lef32(b->p + offset_of(y, "flow_start.pos", 0),
		    (float)at[i] * (1.f / START_PLACES));
		t = decode(c, b, l)->packets[0].t_ns;
		inside = at[i] >= s->first[code] && at[i] < s->first[code] + s->n[code];
		assert_int_equal(inside, t >= from && t < to);
	}
}

static void
check_window(struct codec *c, int64_t from, int64_t to, struct buf *b, struct labels *l)
{
	const struct tensor_schema *y = codec_schema(c);
	struct codec_starts s;
	uint64_t sum = 0;
	struct ns_err e;
	uint32_t i, n;

	assert_int_equal(codec_starts(c, &window, from, to, &s, &e), NS_OK);
	assert_int_equal(s.field, tensor_field_find(y, "flow_start"));
	assert_int_equal(s.pos, tensor_field_find(y, "flow_start.pos"));
	n = tensor_field_at(y, s.field)->shape;
	for (i = 0; i < n; i++) {
		check_edges(c, &s, from, to, i, b, l);
		sum += s.n[i];
	}
	if (from <= window.t0_ns && to >= window.t0_ns + window.len_ns)
		assert_true(sum == (uint64_t)n * START_PLACES);
	if (to <= window.t0_ns || from >= window.t0_ns + window.len_ns)
		assert_true(sum == 0);
	for (; i < 256; i++)
		assert_int_equal(s.n[i], 0);
}

static void
test_starts(void **state)
{
	const int64_t end = window.t0_ns + window.len_ns, mid = window.t0_ns + 500500;
	const int64_t edge[] = {INT64_MIN, window.t0_ns - 1, window.t0_ns,
	    window.t0_ns + 1, mid - 1, mid, mid + 1, mid + 777777777, end - 1000,
	    end - 1, end, INT64_MAX};
	struct trace *t = make_trace(false, 14);
	struct codec *c = fitted(t, 5);
	const struct chunk_info other = {.index = 1, .count = 2, .len_ns = 1};
	struct codec_starts s;
	struct buf b = {0};
	struct labels l;
	struct ns_err e;
	size_t i, j;

	(void)state;
	labels_init(&l);
	for (i = 0; t->s[i].n > 1; i++)
		;
	encode(c, t, (uint32_t)i, &b);
	for (i = 0; i < LEN(edge); i++)
		for (j = i + 1; j < LEN(edge); j++)
			check_window(c, edge[i], edge[j], &b, &l);
	assert_int_equal(codec_starts(c, &other, 0, 1, &s, &e), NS_ECORRUPT);
	labels_free(&l);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

/* All series start at one place, all or none of which is in a window. */
static void
test_one_start(void **state)
{
	struct trace *t = make_trace(false, 15);
	const int64_t at = window.t0_ns + 500 + 5 * US;
	struct codec_starts s;
	struct codec *c;
	struct ns_err e;
	uint32_t i, k;

	(void)state;
	for (i = 0; i < t->n; i++)
		for (k = 0; k < t->s[i].n; k++)
			t->packets[i][k].t_ns = at + k * US;
	c = fitted(t, 5);
	assert_int_equal(codec_starts(c, &window, at, at + 1, &s, &e), NS_OK);
	assert_true(s.field == -1 && s.pos == -1);
	assert_true(s.first[0] == 0 && s.n[0] == START_PLACES);
	assert_int_equal(codec_starts(c, &window, at + 1, INT64_MAX, &s, &e), NS_OK);
	assert_int_equal(s.n[0], 0);
	assert_int_equal(codec_starts(c, &window, INT64_MIN, at, &s, &e), NS_OK);
	assert_int_equal(s.n[0], 0);
	codec_free(c);
	trace_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_roundtrip),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_outlier),
	    cmocka_unit_test(test_direction),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_labels),
	    cmocka_unit_test(test_masks),
	    cmocka_unit_test(test_flow_masks),
	    cmocka_unit_test(test_other_trace),
	    cmocka_unit_test(test_min_count),
	    cmocka_unit_test(test_damaged_text),
	    cmocka_unit_test(test_given),
	    cmocka_unit_test(test_given_netshare),
	    cmocka_unit_test(test_starts),
	    cmocka_unit_test(test_one_start),
	};

	return cmocka_run_group_tests_name("codec/symbol", tests, NULL, NULL);
}
