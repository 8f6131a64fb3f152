/*
 * What codec_decode makes of codes no encoder wrote: any record that passes
 * tensor_check becomes a valid series, and what cannot be loaded is refused.
 */
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
#include "trace/header.h"

/* The codec under test. */
static struct codec_config config = {.min_count = 2};

static struct chunk_info
window(int index, int count)
{
	return (struct chunk_info){.index = index,
	    .count = count,
	    .t0_ns = 5000000000,
	    .len_ns = 1000000007};
}

static void
set_key(struct tuple *k, bool v4, uint8_t proto, uint32_t i)
{
	memset(k, 0, sizeof *k);
	if (v4) {
		addr_from_v4(k->src_ip, 0x0a000000u + i);
		addr_from_v4(k->dst_ip, 0x0b000000u + i);
	} else {
		k->src_ip[0] = k->dst_ip[0] = 0x20;
		k->src_ip[15] = (uint8_t)i;
		k->dst_ip[14] = (uint8_t)i;
	}
	k->proto = proto;
	if (proto_has_ports(proto)) {
		k->src_port = (uint16_t)(1000 + i);
		k->dst_port = 53;
	}
}

/* A small orderly trace of many protocols, with fragments. */
static struct codec *
packet_codec(int chunks, struct labels *l)
{
	static const uint8_t v4[] = {6, 17, 1, 47}, v6[] = {6, 17, 58};
	struct chunk_info k = window(0, chunks);
	struct packet p[3];
	struct series s;
	struct codec *c;
	struct ns_err e;
	uint32_t i, j;

	c = codec_new(&config, false, chunks, &e);
	for (i = 0; i < 70; i++) {
		bool is_v4 = i % 2 == 0;

		memset(&s, 0, sizeof s);
		memset(p, 0, sizeof p);
		set_key(&s.key, is_v4, is_v4 ? v4[i / 2 % 4] : v6[i / 2 % 3], i);
		s.starts = true;
		s.tags[0] = (uint8_t)(i % 3 == 0 && chunks > 1 ? 3 : 1);
		s.n = 1 + i % 3;
		s.packets = p;
		for (j = 0; j < s.n; j++) {
			p[j].key = s.key;
			p[j].t_ns = k.t0_ns + i * 1000 + j * 400000000;
			p[j].ip_len = 1500 - i;
			p[j].ttl = (uint8_t)(60 + j);
			p[j].tos = (uint8_t)(i % 2);
			p[j].ip_id = is_v4 ? i : 0;
			p[j].ip_flags = is_v4 && j == 0 ? 2 : 0;
			if (s.key.proto == PROTO_TCP)
				p[j].tcp_flags = 24;
			if (s.key.proto == PROTO_ICMP)
				p[j].icmp_type = (uint8_t)(i % 5 + 3);
			if (s.key.proto == PROTO_ICMP6)
				p[j].icmp_type = (uint8_t)(128 + i % 5);
		}
		if (s.key.proto == 47 || i == 1) { /* a fragment without ports */
			s.key.src_port = s.key.dst_port = 0;
			p[0].key = s.key;
			p[0].tcp_flags = 0;
			p[0].ip_flags = 1;
			p[0].frag_off = (uint16_t)(10 + i);
			p[0].ip_id = 77;
			p[0].ip_len = is_v4 ? 20 + 800 : 48 + 800;
			s.n = 1;
		}
		assert_int_equal(codec_fit_series(c, &s, &k, l, &e), NS_OK);
	}
	assert_int_equal(codec_fit_end(c, NULL, &e), NS_OK);
	return c;
}

static struct codec *
flow_codec(int chunks, struct labels *l)
{
	static const uint8_t protos[] = {6, 17, 1};
	struct chunk_info k = window(0, chunks);
	struct flow f;
	struct series s;
	struct codec *c;
	struct ns_err e;
	uint32_t i;

	c = codec_new(&config, true, chunks, &e);
	for (i = 0; i < 60; i++) {
		memset(&s, 0, sizeof s);
		memset(&f, 0, sizeof f);
		set_key(&s.key, true, protos[i % 3], i);
		s.starts = true;
		s.tags[0] = 1;
		s.n = 1;
		s.flows = &f;
		f.key = s.key;
		f.t_start_ns = k.t0_ns + i;
		f.n_pkts = 1 + i / 2;
		f.n_bytes = f.n_pkts * (40 + i);
		f.dur_ns = f.n_pkts == 1 ? 0 : 1000 * (int64_t)(i + 1);
		f.tcp_flags = s.key.proto == PROTO_TCP ? 2 : 0;
		f.type = (uint16_t)labels_intern(l, i % 2 ? "odd" : "even");
		assert_int_equal(codec_fit_series(c, &s, &k, l, &e), NS_OK);
	}
	assert_int_equal(codec_fit_end(c, NULL, &e), NS_OK);
	return c;
}

/* Codes of every field at random, by way of tensor_harden. */
static void
random_codes(const struct tensor_field *f, int n, const struct tensor_schema *s,
    struct rng *r, uint8_t *code)
{
	float *x;
	int i, dims = 0;

	for (i = 0; i < n; i++)
		dims += (int)f[i].dims;
	x = xmalloc((size_t)(dims + 1) * sizeof *x);
	for (i = 0; i < dims; i++) {
		x[i] = (float)(rng_uniform(r) * 1.2 - .1);
		if (rng_below(r, 8) == 0)
			x[i] = rng_below(r, 2) ? 1 : 0;
	}
	tensor_harden(f, n, s->tables, x, code);
	free(x);
}

static void
random_record(const struct tensor_schema *s, struct rng *r, uint32_t steps,
    struct buf *b)
{
	uint32_t i;

	b->len = 0;
	random_codes(s->attr, s->n_attr, s, r, buf_room(b, s->attr_bytes));
	put_le32(buf_room(b, 4), steps);
	for (i = 0; i < steps; i++)
		random_codes(s->feat, s->n_feat, s, r, buf_room(b, s->feat_bytes));
}

static void
check_packet(const struct packet *p)
{
	bool v4 = tuple_is_v4(&p->key), fragment = p->frag_off > 0 || (p->ip_flags & 1);
	bool icmp = p->key.proto == PROTO_ICMP || p->key.proto == PROTO_ICMP6;

	assert_true(p->ip_len >= header_min_len(p));
	assert_true(p->ip_len <= header_max_len(p));
	if (p->key.proto != PROTO_TCP || p->frag_off > 0)
		assert_int_equal(p->tcp_flags, 0);
	if (!icmp || p->frag_off > 0)
		assert_int_equal(p->icmp_type | p->icmp_code, 0);
	else
		assert_true(p->icmp_type >= (p->key.proto == PROTO_ICMP ? 3 : 128));
	assert_int_equal(p->key.proto == PROTO_ICMP && !v4, 0);
	assert_int_equal(p->key.proto == PROTO_ICMP6 && v4, 0);
	if (!v4) {
		assert_int_equal(p->ip_flags & 6, 0);
		assert_true(fragment || p->ip_id == 0);
	}
	assert_true(v4 ? p->ip_id <= 65535 : true);
	assert_false(fragment && (p->ip_flags & 2));
	if (p->key.src_port != 0 || p->key.dst_port != 0)
		assert_int_equal(p->frag_off, 0);
	if (p->ip_flags & 1)
		assert_int_equal((p->ip_len - (v4 ? 20 : 48)) % 8, 0);
}

static void
check_series_of(const struct series *s, const struct chunk_info *k, uint32_t n)
{
	uint32_t i;
	bool first = true;
	int c;

	assert_int_equal(s->n, n);
	assert_true(series_in_chunk(s, k->index));
	for (c = 0; c < k->index; c++)
		first = first && !series_in_chunk(s, c);
	assert_int_equal(s->starts, first);
	assert_int_equal(addr_is_v4(s->key.src_ip), addr_is_v4(s->key.dst_ip));
	if (!proto_has_ports(s->key.proto))
		assert_int_equal(s->key.src_port | s->key.dst_port, 0);
	for (i = 0; i < n; i++) {
		int64_t t = series_time(s, i);

		assert_true(t >= k->t0_ns && t < k->t0_ns + k->len_ns);
		assert_true(i == 0 || t >= series_time(s, i - 1));
	}
}

static void
test_packets_valid(void **state)
{
	struct codec_mends m = {0};
	struct chunk_info k = window(2, 5);
	const struct series *s;
	struct labels l;
	struct codec *c;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	uint32_t n, j;
	int i;

	(void)state;
	labels_init(&l);
	c = packet_codec(5, &l);
	rng_init(&r, 1, 0);
	for (i = 0; i < 8000; i++) {
		n = 1 + rng_below(&r, 6);
		random_record(codec_schema(c), &r, n, &b);
		if (codec_decode(c, b.p, b.len, &k, &l, &s, &m, &e) < 0)
			fail_msg("%s", e.msg);
		check_series_of(s, &k, n);
		for (j = 0; j < n; j++)
			check_packet(&s->packets[j]);
	}
	assert_true(m.clamped > 0 && m.fitted > 0);
	buf_free(&b);
	codec_free(c);
	labels_free(&l);
}

static void
test_flows_valid(void **state)
{
	struct codec_mends m = {0};
	struct chunk_info k = window(0, 2);
	const struct series *s;
	const struct flow *f;
	struct labels l, other;
	struct codec *c;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	uint64_t least;
	int i;

	(void)state;
	labels_init(&l);
	labels_init(&other);
	labels_intern(&other, "between");
	c = flow_codec(2, &l);
	rng_init(&r, 1, 0);
	for (i = 0; i < 8000; i++) {
		struct labels *to = i % 2 ? &l : &other;

		random_record(codec_schema(c), &r, 1, &b);
		assert_int_equal(codec_decode(c, b.p, b.len, &k, to, &s, &m, &e),
		    NS_OK);
		check_series_of(s, &k, 1);
		f = &s->flows[0];
		least = f->key.proto == PROTO_TCP ? 40 : 28;
		assert_true(f->n_pkts >= 1);
		assert_true(f->n_bytes >= least * f->n_pkts);
		assert_true(f->n_bytes <= 65535 * f->n_pkts);
		assert_int_equal(f->dur_ns == 0, f->n_pkts == 1);
		assert_true(f->key.proto == PROTO_TCP || f->tcp_flags == 0);
		assert_true(strcmp(labels_text(to, f->type), "odd") == 0 ||
		    strcmp(labels_text(to, f->type), "even") == 0);
	}
	assert_true(m.clamped > 0);
	buf_free(&b);
	codec_free(c);
	labels_free(&l);
	labels_free(&other);
}

/* Gaps that lead out of the window shrink; order and number of steps stay. */
static void
test_squeeze(void **state)
{
	struct codec_mends m = {0};
	struct chunk_info k = window(0, 1);
	const struct tensor_schema *t;
	const struct series *s;
	struct labels l;
	struct codec *c;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	uint32_t i;

	(void)state;
	labels_init(&l);
	c = packet_codec(1, &l);
	t = codec_schema(c);
	rng_init(&r, 2, 0);
	random_record(t, &r, 11, &b);
	assert_string_equal(t->attr[t->n_attr - 1].name, "flow_start");
	assert_string_equal(t->feat[0].name, "iat");
	put_lef32(b.p + t->attr_bytes - 4, .5f);
	for (i = 0; i < 11; i++)
		put_lef32(b.p + t->attr_bytes + 4 + i * t->feat_bytes, 1);
	assert_int_equal(codec_decode(c, b.p, b.len, &k, &l, &s, &m, &e), NS_OK);
	assert_int_equal(m.fitted, 1);
	for (i = 0; i < 11; i++) {
		int64_t want = k.t0_ns + k.len_ns / 2 + (int64_t)i * (k.len_ns / 20);

		assert_true(llabs(s->packets[i].t_ns - want) < 100);
	}
	buf_free(&b);
	codec_free(c);
	labels_free(&l);
}

static void
test_refused(void **state)
{
	struct codec_mends m = {0};
	struct chunk_info k = window(0, 5), other = window(0, 4);
	const struct series *s;
	struct labels l;
	struct codec *c;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	size_t n;

	(void)state;
	labels_init(&l);
	c = packet_codec(5, &l);
	rng_init(&r, 3, 0);
	random_record(codec_schema(c), &r, 2, &b);
	for (n = 0; n < b.len; n++)
		assert_true(codec_decode(c, b.p, n, &k, &l, &s, &m, &e) < 0);
	assert_true(codec_decode(c, b.p, b.len, &other, &l, &s, &m, &e) < 0);
	assert_null(
	    codec_new(&(struct codec_config){.profile = "other", .min_count = 5}, false,
		1, &e));
	assert_int_equal(e.code, NS_EUSAGE);
	assert_string_equal(e.msg, "no profile 'other'; there are netshare and symbol");
	buf_free(&b);
	codec_free(c);
	labels_free(&l);
}

/* A number that took few values comes back as one of those, the nearest. */
static void
test_few_values(void **state)
{
	struct codec_mends m = {0};
	struct chunk_info k = window(0, 1);
	const struct series *s;
	struct labels l;
	struct codec *c;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	uint32_t i, j, n;

	(void)state;
	labels_init(&l);
	c = packet_codec(1, &l);
	rng_init(&r, 4, 0);
	for (i = 0; i < 2000; i++) {
		n = 1 + rng_below(&r, 6);
		random_record(codec_schema(c), &r, n, &b);
		assert_int_equal(codec_decode(c, b.p, b.len, &k, &l, &s, &m, &e),
		    NS_OK);
		for (j = 0; j < n; j++) {
			assert_in_range(s->packets[j].ttl, 60, 62);
			assert_true(s->packets[j].tos <= 1);
		}
	}
	buf_free(&b);
	codec_free(c);
	labels_free(&l);
}

/* What the codec was not fitted to is named. */
static void
test_cannot_express(void **state)
{
	struct chunk_info k = window(0, 5);
	struct packet p = {0};
	struct series s = {.n = 1, .packets = &p, .starts = true, .tags = {1}};
	struct labels l;
	struct codec *c;
	struct buf b = {0};
	struct ns_err e;

	(void)state;
	labels_init(&l);
	c = packet_codec(5, &l);
	set_key(&s.key, true, PROTO_UDP, 2);
	p.t_ns = k.t0_ns;
	p.ip_len = 700;
	assert_int_equal(codec_encode(c, &s, &k, &l, &b, &e), NS_EKIND);
	assert_string_equal(e.msg, "the codec cannot express ip_len 700");
	p.ip_len = 1440;
	p.ttl = 77;
	assert_int_equal(codec_encode(c, &s, &k, &l, &b, &e), NS_EKIND);
	assert_string_equal(e.msg, "the codec cannot express ttl 77");
	p.ttl = 60;
	s.key.src_port = 9;
	assert_int_equal(codec_encode(c, &s, &k, &l, &b, &e), NS_EKIND);
	assert_string_equal(e.msg, "the codec cannot express src_port 9");
	s.key.src_port = 53;
	assert_int_equal(codec_encode(c, &s, &k, &l, &b, &e), NS_OK);
	p.label = (uint16_t)(labels_intern(&l, ""), labels_intern(&l, "bad"));
	assert_int_equal(codec_encode(c, &s, &k, &l, &b, &e), NS_EKIND);
	assert_string_equal(e.msg, "the codec knows no label 'bad'");
	p.label = 0;
	p.t_ns = k.t0_ns + k.len_ns;
	assert_int_equal(codec_encode(c, &s, &k, &l, &b, &e), NS_ECORRUPT);
	assert_string_equal(e.msg,
	    "step 0 of a series of chunk 0 is outside the chunk");
	buf_free(&b);
	codec_free(c);
	labels_free(&l);
}

static void
test_texts_many(void **state)
{
	struct chunk_info k = window(0, 1);
	struct flow f = {.n_pkts = 1, .n_bytes = 40};
	struct series s = {.n = 1, .flows = &f, .starts = true, .tags = {1}};
	char text[16];
	struct labels l;
	struct codec *c;
	struct ns_err e;
	int i, rc = NS_OK;

	(void)state;
	labels_init(&l);
	c = codec_new(&config, true, 1, &e);
	set_key(&s.key, true, PROTO_UDP, 4);
	f.t_start_ns = k.t0_ns;
	for (i = 0; i < 257; i++) {
		assert_int_equal(rc, NS_OK);
		snprintf(text, sizeof text, "type %d", i);
		f.type = (uint16_t)labels_intern(&l, text);
		rc = codec_fit_series(c, &s, &k, &l, &e);
	}
	assert_int_equal(rc, NS_EKIND);
	assert_string_equal(e.msg, "more than 256 different texts in the field 'type'");
	codec_free(c);
	labels_free(&l);
}

/* The text of a codec: no prefix of it is taken, and no changed byte makes the reader
 * do more than refuse or take. */
static void
test_text_damage(void **state)
{
	struct labels l;
	struct codec *c, *d;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	size_t i;

	(void)state;
	labels_init(&l);
	c = packet_codec(5, &l);
	codec_text_put(c, &b);
	d = xcalloc(1, sizeof *d);
	assert_int_equal(codec_text_get(d, b.p, b.len, &e), NS_OK);
	codec_free(d);
	for (i = 0; i < b.len; i++) {
		d = xcalloc(1, sizeof *d);
		assert_true(codec_text_get(d, b.p, i, &e) < 0);
		codec_free(d);
	}
	rng_init(&r, 4, 0);
	for (i = 0; i < 8000; i++) {
		size_t at = rng_below(&r, (uint32_t)b.len);
		uint8_t was = b.p[at];

		b.p[at] = (uint8_t)(rng_below(&r, 2) ? '0' + rng_below(&r, 10)
						     : rng_below(&r, 256));
		d = xcalloc(1, sizeof *d);
		if (codec_text_get(d, b.p, b.len, &e) < 0)
			assert_true(e.code == NS_ECORRUPT || e.code == NS_EVERSION);
		codec_free(d);
		b.p[at] = was;
	}
	buf_free(&b);
	codec_free(c);
	labels_free(&l);
}

static int
netshare(void **state)
{
	(void)state;
	config.profile = "netshare";
	return 0;
}

static int
symbol(void **state)
{
	(void)state;
	config.profile = "symbol";
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_packets_valid, netshare),
	    cmocka_unit_test_setup(test_flows_valid, netshare),
	    cmocka_unit_test_setup(test_squeeze, netshare),
	    cmocka_unit_test_setup(test_refused, netshare),
	    cmocka_unit_test_setup(test_few_values, netshare),
	    cmocka_unit_test_setup(test_cannot_express, netshare),
	    cmocka_unit_test_setup(test_texts_many, netshare),
	    cmocka_unit_test_setup(test_text_damage, netshare),
	    {"symbol_packets_valid", test_packets_valid, symbol, NULL, NULL},
	    {"symbol_flows_valid", test_flows_valid, symbol, NULL, NULL},
	    {"symbol_refused", test_refused, symbol, NULL, NULL},
	    {"symbol_few_values", test_few_values, symbol, NULL, NULL},
	    {"symbol_texts_many", test_texts_many, symbol, NULL, NULL},
	    {"symbol_text_damage", test_text_damage, symbol, NULL, NULL},
	};

	return cmocka_run_group_tests_name("codec/generated", tests, NULL, NULL);
}
