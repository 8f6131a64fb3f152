/*
 * Codes: expand and harden are inverse, the nearest row is the one a plain search in
 * double finds, and whatever is not a record is refused.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/le.h"
#include "base/mem.h"
#include "base/rng.h"
#include "tensor/tensor.h"

static void
unit_rows(float *v, uint32_t n, uint32_t dim, struct rng *r)
{
	uint32_t i, d;
	double sum;

	for (i = 0; i < n; i++) {
		float *row = v + (size_t)i * dim;

		for (sum = 0, d = 0; d < dim; d++) {
			row[d] = (float)rng_normal(r);
			sum += (double)row[d] * (double)row[d];
		}
		for (d = 0; d < dim; d++)
			row[d] = (float)((double)row[d] / sqrt(sum));
	}
}

/* Every type, shapes that fill bytes and shapes that do not. */
static void
make_schema(struct tensor_schema *s, uint32_t words, struct rng *r)
{
	float *v = xmalloc(words * 10 * sizeof *v);

	unit_rows(v, words, 10, r);
	tensor_schema_init(s);
	tensor_schema_table(s, "port", words, 10, v);
	free(v);
	tensor_schema_add(s, NSR_ATTRIBUTE, "ip", NSR_BIT, 32, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_WORD, 10, "port");
	tensor_schema_add(s, NSR_ATTRIBUTE, "tags", NSR_BIT, 11, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "start", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "flags", NSR_BIT, 9, "");
	tensor_schema_add(s, NSR_FEATURE, "kind", NSR_CATEGORY, 5, "");
	tensor_schema_add(s, NSR_FEATURE, "len", NSR_REAL, 1, "");
}

static void
random_record(const struct tensor_schema *s, struct rng *r, uint32_t T, struct buf *b)
{
	uint32_t t;
	uint8_t *p;

	b->len = 0;
	p = buf_room(b, s->attr_bytes + 4 + T * s->feat_bytes);
	put_le32(p, rng_u32(r));
	put_le16(p + 4, (uint16_t)rng_below(r, s->tables[0].n));
	p[6] = (uint8_t)rng_u32(r);
	p[7] = (uint8_t)(rng_u32(r) & 0xe0);
	put_lef32(p + 8, (float)rng_uniform(r));
	put_le32(p + 12, T);
	for (t = 0, p += 16; t < T; t++, p += s->feat_bytes) {
		p[0] = (uint8_t)rng_u32(r);
		p[1] = (uint8_t)(rng_u32(r) & 0x80);
		p[2] = (uint8_t)rng_below(r, 5);
		put_lef32(p + 3, (float)rng_uniform(r));
	}
}

static void
test_sizes(void **state)
{
	struct tensor_schema s;
	struct rng r;

	(void)state;
	rng_init(&r, 0, 0);
	make_schema(&s, 70, &r);
	assert_int_equal(s.attr_bytes, 4 + 2 + 2 + 4);
	assert_int_equal(s.feat_bytes, 2 + 1 + 4);
	assert_int_equal(s.A, 64 + 10 + 22 + 1);
	assert_int_equal(s.F, 18 + 5 + 1);
	assert_int_equal(s.attr[1].table, 0);
	assert_int_equal(s.attr[0].table, -1);
	tensor_schema_free(&s);
}

static void
test_inverse(void **state)
{
	struct tensor_schema s;
	struct buf b = {0};
	struct ns_err e;
	uint8_t back[64];
	float x[128];
	struct rng r;
	uint32_t T, t;
	int i;

	(void)state;
	rng_init(&r, 1, 0);
	make_schema(&s, 1000, &r);
	for (i = 0; i < 300; i++) {
		random_record(&s, &r, 1 + rng_below(&r, 5), &b);
		assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_OK);
		tensor_expand(s.attr, s.n_attr, s.tables, b.p, x);
		tensor_harden(s.attr, s.n_attr, s.tables, x, back);
		assert_memory_equal(back, b.p, s.attr_bytes);
		for (t = 0; t < T; t++) {
			const uint8_t *p = b.p + s.attr_bytes + 4 + t * s.feat_bytes;

			tensor_expand(s.feat, s.n_feat, s.tables, p, x);
			tensor_harden(s.feat, s.n_feat, s.tables, x, back);
			assert_memory_equal(back, p, s.feat_bytes);
		}
	}
	buf_free(&b);
	tensor_schema_free(&s);
}

/* Bit 0 is the top bit of the first byte; [1,0] is 0. */
static void
test_layout(void **state)
{
	struct tensor_schema s;
	const uint8_t code[2] = {0x80, 0x80};
	float x[18];

	(void)state;
	tensor_schema_init(&s);
	tensor_schema_add(&s, NSR_FEATURE, "flags", NSR_BIT, 9, "");
	tensor_expand(s.feat, 1, s.tables, code, x);
	assert_true(x[0] == 0 && x[1] == 1);
	assert_true(x[2] == 1 && x[3] == 0);
	assert_true(x[16] == 0 && x[17] == 1);
	tensor_schema_free(&s);
}

/* Ties go to the lower, reals are clamped, NaN becomes 0. */
static void
test_harden_edges(void **state)
{
	struct tensor_schema s;
	float x[2 + 3 + 4] = {.5f, .5f, .2f, .4f, .4f, -1, 2, NAN, 1};
	uint8_t code[32];

	(void)state;
	tensor_schema_init(&s);
	tensor_schema_add(&s, NSR_FEATURE, "b", NSR_BIT, 1, "");
	tensor_schema_add(&s, NSR_FEATURE, "c", NSR_CATEGORY, 3, "");
	tensor_schema_add(&s, NSR_FEATURE, "r1", NSR_REAL, 1, "");
	tensor_schema_add(&s, NSR_FEATURE, "r2", NSR_REAL, 1, "");
	tensor_schema_add(&s, NSR_FEATURE, "r3", NSR_REAL, 1, "");
	tensor_schema_add(&s, NSR_FEATURE, "r4", NSR_REAL, 1, "");
	tensor_harden(s.feat, s.n_feat, s.tables, x, code);
	assert_int_equal(code[0], 0);
	assert_int_equal(code[1], 1);
	assert_true(get_lef32(code + 2) == 0);
	assert_true(get_lef32(code + 6) == 1);
	assert_true(get_lef32(code + 10) == 0);
	assert_true(get_lef32(code + 14) == 1);
	tensor_schema_free(&s);
}

static uint32_t
plain_nearest(const struct tensor_table *t, const float *x)
{
	uint32_t i, d, best = 0;
	double sum, top = -HUGE_VAL;

	for (i = 0; i < t->n; i++) {
		for (sum = 0, d = 0; d < t->dim; d++)
			sum += (double)x[d] * (double)t->v[(size_t)i * t->dim + d];
		if (sum > top) {
			top = sum;
			best = i;
		}
	}
	return best;
}

/* Also for rows a float's step apart. */
static void
test_nearest(void **state)
{
	enum { N = 3001, DIM = 10 };
	float *v = xmalloc(N * DIM * sizeof *v), x[DIM];
	struct tensor_schema s;
	uint8_t code[2];
	struct rng r;
	int i, d;

	(void)state;
	rng_init(&r, 2, 0);
	unit_rows(v, N, DIM, &r);
	for (i = 100; i < 200; i++)
		for (d = 0; d < DIM; d++)
			v[i * DIM + d] = v[d] * (1 + (float)(i % 7 - 3) * 6e-8f);
	tensor_schema_init(&s);
	tensor_schema_table(&s, "t", N, DIM, v);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "w", NSR_WORD, DIM, "t");
	for (i = 0; i < 2000; i++) {
		for (d = 0; d < DIM; d++)
			x[d] =
			    i % 3 == 0 ? v[d] * (float)(i + 1) : (float)rng_normal(&r);
		tensor_harden(s.attr, 1, s.tables, x, code);
		assert_int_equal(get_le16(code), plain_nearest(&s.tables[0], x));
	}
	tensor_schema_free(&s);
	free(v);
}

static void
test_check(void **state)
{
	struct tensor_schema s;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	uint32_t T;
	size_t n;

	(void)state;
	rng_init(&r, 3, 0);
	make_schema(&s, 70, &r);
	random_record(&s, &r, 3, &b);
	for (n = 0; n < b.len; n++)
		assert_true(tensor_check(&s, b.p, n, &T, &e) < 0);
	buf_room(&b, 1)[0] = 0;
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_ECORRUPT);
	b.len--;
	put_le16(b.p + 4, 70);
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_ECORRUPT);
	assert_string_equal(e.msg, "field 'port': word 70 of 70");
	put_le16(b.p + 4, 69);
	b.p[7] |= 1;
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_ECORRUPT);
	assert_string_equal(e.msg, "field 'tags': bits beyond its 11 are set");
	b.p[7] &= 0xe0;
	put_lef32(b.p + 8, NAN);
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_ECORRUPT);
	put_lef32(b.p + 8, 1.0000001f);
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_ECORRUPT);
	put_lef32(b.p + 8, 1);
	b.p[16 + 2] = 5;
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_ECORRUPT);
	assert_string_equal(e.msg, "field 'kind': category 5 of 5");
	b.p[16 + 2] = 4;
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_OK);
	buf_free(&b);
	tensor_schema_free(&s);
}

/* No features: T alone; what it may claim is bounded. */
static void
test_no_features(void **state)
{
	struct tensor_schema s;
	uint8_t rec[5] = {0x80};
	struct ns_err e;
	uint32_t T;

	(void)state;
	tensor_schema_init(&s);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "b", NSR_BIT, 1, "");
	put_le32(rec + 1, 9);
	assert_int_equal(tensor_check(&s, rec, 5, &T, &e), NS_OK);
	assert_int_equal(T, 9);
	put_le32(rec + 1, 0);
	assert_int_equal(tensor_check(&s, rec, 5, &T, &e), NS_ECORRUPT);
	put_le32(rec + 1, 0xffffffffu);
	assert_int_equal(tensor_check(&s, rec, 5, &T, &e), NS_ECORRUPT);
	tensor_schema_free(&s);
}

/* A unit lies behind the steps, and is needed where the schema has it. */
static void
test_units(void **state)
{
	struct tensor_schema s;
	struct buf b = {0};
	struct ns_err e;
	struct rng r;
	uint32_t T;
	size_t n;

	(void)state;
	rng_init(&r, 5, 0);
	make_schema(&s, 70, &r);
	s.has_unit = true;
	random_record(&s, &r, 3, &b);
	n = b.len;
	assert_true(tensor_check(&s, b.p, n, &T, &e) < 0);
	put_le64(buf_room(&b, 8), TENSOR_UNIT_END - 1);
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_OK);
	assert_int_equal(T, 3);
	assert_true(tensor_unit(&s, b.p, b.len) == TENSOR_UNIT_END - 1);
	for (n = 0; n < b.len; n++)
		assert_true(tensor_check(&s, b.p, n, &T, &e) < 0);
	assert_int_equal(tensor_cut_unit(&s, b.p, &n, &e), NS_OK);
	assert_int_equal(n, b.len - 8);
	put_le64(b.p + n, TENSOR_UNIT_END);
	assert_int_equal(tensor_check(&s, b.p, b.len, &T, &e), NS_ECORRUPT);
	s.has_unit = false;
	assert_true(tensor_check(&s, b.p, b.len, &T, &e) < 0);
	assert_int_equal(tensor_check(&s, b.p, n, &T, &e), NS_OK);
	assert_true(tensor_unit(&s, b.p, n) == 0);
	assert_int_equal(tensor_cut_unit(&s, b.p, &n, &e), NS_OK);
	assert_int_equal(n, b.len - 8);
	buf_free(&b);
	tensor_schema_free(&s);
}

/* An empty file in TMPDIR; its name in path. */
static int
scratch(char *path, size_t n)
{
	const char *dir = getenv("TMPDIR");

	snprintf(path, n, "%s/tensor-XXXXXX", dir != NULL ? dir : "/tmp");
	return mkstemp(path);
}

/* A schema through a stream, or as a DICT of a model. */
static void
same_schema(const struct tensor_schema *a, const struct tensor_schema *b)
{
	struct nsr_schema *x = xmalloc(sizeof *x), *y = xmalloc(sizeof *y);

	tensor_schema_to_nsr(a, x);
	tensor_schema_to_nsr(b, y);
	assert_true(nsr_schema_same(x, y));
	assert_int_equal(a->n_tables, b->n_tables);
	assert_int_equal(a->tables[0].n, b->tables[0].n);
	assert_memory_equal(a->tables[0].v, b->tables[0].v,
	    (size_t)a->tables[0].n * a->tables[0].dim * sizeof(float));
	assert_int_equal(a->A, b->A);
	assert_int_equal(a->F, b->F);
	free(x);
	free(y);
}

static void
write_stream(const char *path, const struct tensor_schema *s, bool tables)
{
	const struct tool tool = {.name = "test", .cmdline = ""};
	struct nsr_schema *n = xmalloc(sizeof *n);
	struct nsr_writer *w;
	struct ns_err e = {0};
	struct out *o = out_open(path, true, &e);

	assert_non_null(o);
	w = nsr_writer_new(o, 0);
	tensor_schema_to_nsr(s, n);
	assert_int_equal(nsr_begin(w, n, &e), NS_OK);
	if (tables)
		assert_int_equal(tensor_put_tables(s, w, &e), NS_OK);
	assert_int_equal(tensor_put_schema_dict(s, w, &e), NS_OK);
	assert_int_equal(nsr_put_prov(w, &tool, NULL, NULL, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
	free(n);
}

static void
test_stream(void **state)
{
	char path[4096];
	struct tensor_schema s, a, b;
	struct nsr_reader *r;
	struct ns_err e = {0};
	struct rng rng;
	int fd = scratch(path, sizeof path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	rng_init(&rng, 4, 0);
	make_schema(&s, 65536, &rng);
	write_stream(path, &s, true);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(tensor_schema_from_reader(&a, r, &e), NS_OK);
	assert_int_equal(tensor_schema_from_dict(&b, r, &e), NS_OK);
	same_schema(&s, &a);
	same_schema(&s, &b);
	tensor_schema_free(&a);
	tensor_schema_free(&b);
	nsr_reader_free(r);
	write_stream(path, &s, false);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(tensor_schema_from_reader(&a, r, &e), NS_ECORRUPT);
	assert_string_equal(e.msg, "the stream lacks the table 'port'");
	nsr_reader_free(r);
	unlink(path);
	tensor_schema_free(&s);
}

/* A unit is in the schema of a stream, and not in that of what a model makes. */
static void
test_unit_stream(void **state)
{
	char path[4096];
	struct tensor_schema s, a, b;
	struct nsr_reader *r;
	struct ns_err e = {0};
	struct rng rng;
	int fd = scratch(path, sizeof path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	rng_init(&rng, 4, 0);
	make_schema(&s, 70, &rng);
	s.has_unit = true;
	write_stream(path, &s, true);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(tensor_schema_from_reader(&a, r, &e), NS_OK);
	assert_int_equal(tensor_schema_from_dict(&b, r, &e), NS_OK);
	assert_true(a.has_unit && !b.has_unit);
	same_schema(&s, &a);
	s.has_unit = false;
	same_schema(&s, &b);
	tensor_schema_free(&a);
	tensor_schema_free(&b);
	nsr_reader_free(r);
	unlink(path);
	tensor_schema_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_inverse),
	    cmocka_unit_test(test_layout),
	    cmocka_unit_test(test_harden_edges),
	    cmocka_unit_test(test_nearest),
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_no_features),
	    cmocka_unit_test(test_units),
	    cmocka_unit_test(test_stream),
	    cmocka_unit_test(test_unit_stream),
	};

	return cmocka_run_group_tests_name("tensor", tests, NULL, NULL);
}
