/*
 * The profile symbol on a trace of conversations: roles, what only answers have, and
 * the answer that follows from an opener's codes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "codec/codec.h"
#include "codec/shared/impl.h"

enum { TALKS = 500, ALONE = 150, SERIES = 2 * TALKS + ALONE, STEPS = 6 };
#define US INT64_C(1000)

/* Series 2i opens and 2i + 1 answers; those behind are alone. */
struct trace {
	struct series s[SERIES];
	struct packet packets[SERIES][STEPS];
	struct labels labels;
};

static const struct chunk_info window = {.count = 1,
    .t0_ns = INT64_C(1700000000000000000),
    .len_ns = INT64_C(60000000000)};

static struct tuple
make_key(struct rng *r, bool scans)
{
	static const uint16_t services[] = {443, 443, 53, 123};
	struct tuple k = {.proto = PROTO_TCP};

	/* who scans is never talked to */
	addr_from_v4(k.src_ip, (scans ? 0x0a0000c8u : 0x0a000000u) + rng_below(r, 9));
	addr_from_v4(k.dst_ip, 0xc0a80000u + rng_below(r, 5));
	k.dst_port = services[rng_below(r, 4)];
	k.src_port = k.dst_port == 123 ? 123 : (uint16_t)(32768 + rng_below(r, 28000));
	if (k.dst_port != 443)
		k.proto = PROTO_UDP;
	if (!scans && rng_below(r, 10) == 0) {
		k.proto = PROTO_ICMP;
		k.src_port = k.dst_port = 0;
	}
	return k;
}

static void
make_series(struct trace *t, int i, const struct tuple *k, int64_t at, uint32_t n)
{
	struct series *s = &t->s[i];
	struct packet *p;

	s->key = *k;
	s->starts = true;
	s->tags[0] = 1;
	s->n = n;
	s->packets = t->packets[i];
	for (p = s->packets; p < s->packets + n; p++) {
		*p = (struct packet){.t_ns = at, .key = *k, .ip_len = 60, .ttl = 64};
		p->icmp_type = k->proto == PROTO_ICMP ? 8 : 0;
		at += 10 * US;
	}
}

/* delays: how many different ones there are. */
static struct trace *
make_trace(uint32_t delays)
{
	struct trace *t = xcalloc(1, sizeof *t);
	struct tuple k, back;
	struct rng r;
	int64_t at;
	int i;

	rng_init(&r, 1, 0);
	labels_init(&t->labels);
	for (i = 0; i < 2 * TALKS; i += 2) {
		k = make_key(&r, false);
		back = tuple_reverse(&k);
		at = window.t0_ns + US * (int64_t)rng_below(&r, 50000000);
		make_series(t, i, &k, at, 1 + rng_below(&r, STEPS));
		t->s[i].role = ROLE_OPENER;
		t->s[i + 1].role = ROLE_ANSWER;
		t->s[i + 1].opener_steps = t->s[i].n;
		t->s[i + 1].delay_ns = US * (500 + 7 * (int64_t)rng_below(&r, delays));
		make_series(t, i + 1, &back, at + t->s[i + 1].delay_ns,
		    1 + rng_below(&r, STEPS));
	}
	for (; i < SERIES; i++) {
		k = make_key(&r, true);
		make_series(t, i, &k, window.t0_ns + US * (int64_t)rng_below(&r, 1000),
		    1);
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
fitted(const struct trace *t, bool paired)
{
	const struct codec_config f = {.profile = "symbol", .min_count = 2};
	struct ns_err e;
	struct codec *c = codec_new(&f, false, 1, &e);
	int i;

	assert_non_null(c);
	assert_true(codec_pairs(c));
	for (i = 0; i < SERIES; i++) {
		if (codec_fit_series(c, &t->s[i], &window, &t->labels, &e) < 0)
			fail_msg("%s", e.msg);
		if (paired && t->s[i].role == ROLE_ANSWER)
			codec_fit_answer(c, t->s[i].opener_steps, t->s[i].delay_ns);
	}
	assert_int_equal(codec_fit_end(c, NULL, &e), NS_OK);
	assert_int_equal(codec_pairs(c), paired);
	return c;
}

static void
encode(const struct codec *c, const struct trace *t, int i, struct buf *b)
{
	struct ns_err e;

	if (codec_encode(c, &t->s[i], &window, &t->labels, b, &e) < 0)
		fail_msg("series %d: %s", i, e.msg);
}

static int64_t
decoded_start(struct codec *c, const struct buf *b, struct labels *l)
{
	struct codec_mends m = {0};
	const struct series *s;
	struct ns_err e;

	if (codec_decode(c, b->p, b->len, &window, l, &s, &m, &e) < 0)
		fail_msg("%s", e.msg);
	return series_time(s, 0);
}

static size_t
offset_of(const struct codec *c, const char *name)
{
	const struct tensor_schema *s = codec_schema(c);
	int want = tensor_field_find(s, name), i;
	size_t at = 0;

	assert_true(want >= 0 && want < s->n_attr);
	for (i = 0; i < want; i++)
		at += s->attr[i].bytes;
	return at;
}

static uint32_t
codes_of(const struct codec *c, const char *name)
{
	const struct tensor_schema *s = codec_schema(c);

	return tensor_field_at(s, tensor_field_find(s, name))->shape;
}

/* In front, before the tags, behind the start. */
static void
test_fields(void **state)
{
	static const char *const want[] = {"role", "proto", "direction", "service",
	    "src_ip", "dst_ip", "opener_steps", "flow_start", "flow_start.pos",
	    "delay"};
	struct trace *t = make_trace(100000);
	struct codec *c = fitted(t, true);
	size_t i;

	(void)state;
	for (i = 0; i < LEN(want); i++)
		assert_string_equal(codec_schema(c)->attr[i].name, want[i]);
	codec_free(c);
	trace_free(t);
}

static void
test_roundtrip(void **state)
{
	struct trace *t = make_trace(100000);
	struct codec *c = fitted(t, true);
	size_t role = offset_of(c, "role"), steps = offset_of(c, "opener_steps"),
	       delay = offset_of(c, "delay");
	struct codec_mends m = {0};
	const struct series *s;
	struct buf b = {0};
	struct labels l;
	struct ns_err e;
	bool answers;
	int i;

	(void)state;
	labels_init(&l);
	for (i = 0; i < SERIES; i++) {
		answers = t->s[i].role == ROLE_ANSWER;
		encode(c, t, i, &b);
		assert_int_equal(b.p[role], t->s[i].role);
		/* steps from 1 on are symbols from 1 on */
		assert_int_equal(b.p[steps], answers ? t->s[i].opener_steps : 0);
		assert_int_equal(b.p[delay] != 0, answers);
		assert_int_equal(codec_decode(c, b.p, b.len, &window, &l, &s, &m, &e),
		    NS_OK);
		assert_int_equal(tuple_cmp(&s->key, &t->s[i].key), 0);
		assert_int_equal(s->role, t->s[i].role);
		assert_int_equal(s->n, t->s[i].n);
	}
	/* what goes together */
	encode(c, t, 0, &b);
	b.p[delay] = 1;
	assert_non_null(tensor_masks_broken(codec_masks(c), codec_schema(c), b.p, 0));
	encode(c, t, 1, &b);
	b.p[steps] = 0;
	assert_non_null(tensor_masks_broken(codec_masks(c), codec_schema(c), b.p, 0));
	labels_free(&l);
	buf_free(&b);
	codec_free(c);
	trace_free(t);
}

/* What is made of an opener's codes are those of the real answer. */
static void
test_answer(void **state)
{
	struct trace *t = make_trace(3);
	struct codec *c = fitted(t, true);
	size_t bytes = codec_schema(c)->attr_bytes, delay = offset_of(c, "delay"),
	       start = offset_of(c, "flow_start");
	uint8_t *made = xcalloc(bytes, 1);
	struct buf open = {0}, answer = {0};
	int64_t want, got;
	struct labels l;
	int i;

	(void)state;
	labels_init(&l);
	for (i = 0; i < 2 * TALKS; i += 2) {
		encode(c, t, i, &open);
		encode(c, t, i + 1, &answer);
		assert_true(codec_answer(c, open.p, t->s[i].n, made));
		made[delay] = answer.p[delay];
		memcpy(made + start, answer.p + start, 5);
		assert_memory_equal(made, answer.p, bytes);
		/* delays have symbols of their own */
		codec_answer_start(c, &window, open.p, (const double[]){.3, .6}, made);
		memcpy(answer.p, made, bytes);
		got = decoded_start(c, &answer, &l);
		want = decoded_start(c, &open, &l) + t->s[i + 1].delay_ns;
		assert_in_range(got - want + 2 * US, 0, 4 * US);
	}
	/* hosts that are never talked to */
	for (i = 2 * TALKS; i < SERIES; i++) {
		encode(c, t, i, &open);
		assert_false(codec_answer(c, open.p, 1, made));
	}
	labels_free(&l);
	free(made);
	buf_free(&open);
	buf_free(&answer);
	codec_free(c);
	trace_free(t);
}

/* Whatever the delay: not before the opener, not behind the window; and an opener may
 * be longer than any that was seen. */
static void
test_bounds(void **state)
{
	struct trace *t = make_trace(1000000);
	struct codec *c = fitted(t, true);
	size_t delay = offset_of(c, "delay"), pos = offset_of(c, "flow_start.pos"),
	       start = offset_of(c, "flow_start");
	struct buf open = {0}, answer = {0};
	uint32_t delays = codes_of(c, "delay"), starts = codes_of(c, "flow_start");
	int64_t opened, got, end = window.t0_ns + window.len_ns;
	struct labels l;
	struct rng r;
	double u[2];
	int i;

	(void)state;
	labels_init(&l);
	rng_init(&r, 5, 0);
	for (i = 0; i < 2 * TALKS; i += 2) {
		encode(c, t, i, &open);
		encode(c, t, i + 1, &answer);
		if (i % 4 == 0) /* as late as it can be */
			open.p[start] = (uint8_t)(starts - 1);
		memcpy(open.p + pos, (const uint8_t[]){0xff, 0xff, 0x7f, 0x3f}, 4);
		opened = decoded_start(c, &open, &l);
		assert_true(codec_answer(c, open.p, 1000, answer.p));
		answer.p[delay] = (uint8_t)(1 + rng_below(&r, delays - 1));
		u[0] = rng_uniform(&r);
		u[1] = rng_uniform(&r);
		codec_answer_start(c, &window, open.p, u, answer.p);
		got = decoded_start(c, &answer, &l);
		assert_true(got >= opened && got < end);
		assert_int_equal(answer.p[offset_of(c, "opener_steps")], 8);
	}
	labels_free(&l);
	buf_free(&open);
	buf_free(&answer);
	codec_free(c);
	trace_free(t);
}

/* The DICT's text to a codec; returns the status. */
static int
read_back(const char *text, struct codec **c, struct ns_err *e)
{
	*c = xcalloc(1, sizeof **c);
	tensor_schema_init(&(*c)->schema);
	tensor_masks_init(&(*c)->masks);
	rules_init(&(*c)->rules);
	return codec_text_get(*c, (const uint8_t *)text, strlen(text), e);
}

/* text without the line that begins with key, and as many lines behind it. */
static char *
without(const char *text, const char *key, int more)
{
	char *s = xstrdup(text), *at = strstr(s, key), *end = at;

	assert_non_null(at);
	for (; more >= 0; more--)
		end = strchr(end, '\n') + 1;
	memmove(at, end, strlen(end) + 1);
	return s;
}

static void
check_refused(const char *text, const char *key, int more, const char *why)
{
	char *s = without(text, key, more);
	struct codec *c;
	struct ns_err e;

	assert_int_equal(read_back(s, &c, &e), NS_ECORRUPT);
	if (strstr(e.msg, why) == NULL)
		fail_msg("'%s', not '%s'", e.msg, why);
	codec_free(c);
	free(s);
}

/* Without answers the text has no word of them, and so reads as one from before. */
static void
test_text(void **state)
{
	struct trace *t = make_trace(3);
	struct codec *paired = fitted(t, true), *plain = fitted(t, false), *c;
	struct buf a = {0}, b = {0};
	uint8_t made[64];
	struct ns_err e;
	char *s;

	(void)state;
	codec_text_put(plain, &a);
	buf_put(&a, "", 1);
	assert_null(strstr((char *)a.p, "role"));
	assert_null(strstr((char *)a.p, "delay"));
	assert_true(tensor_field_find(codec_schema(plain), "role") < 0);
	assert_int_equal(read_back((char *)a.p, &c, &e), NS_OK);
	codec_text_put(c, &b);
	buf_put(&b, "", 1);
	assert_string_equal((char *)a.p, (char *)b.p);
	assert_false(codec_answer(c, made, 1, made));
	codec_free(c);

	a.len = b.len = 0;
	codec_text_put(paired, &a);
	buf_put(&a, "", 1);
	assert_int_equal(read_back((char *)a.p, &c, &e), NS_OK);
	codec_text_put(c, &b);
	buf_put(&b, "", 1);
	assert_string_equal((char *)a.p, (char *)b.p);
	codec_free(c);
	check_refused((char *)a.p, "field role", 3, "answers without roles");
	check_refused((char *)a.p, "field tos", 0, "not the field that is due");
	s = xstrdup((char *)a.p);
	memcpy(strstr(s, "values 3"), "values 2", 8);
	check_refused(s, "value 2\n", 0, "roles that are not all there");
	free(s);
	buf_free(&a);
	buf_free(&b);
	codec_free(paired);
	codec_free(plain);
	trace_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_roundtrip),
	    cmocka_unit_test(test_answer),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("codec/answers", tests, NULL, NULL);
}
