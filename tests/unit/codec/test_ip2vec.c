/*
 * IP2Vec: which words are in the tables, that rows can be told apart, that words used
 * alike come out alike, and that equal input gives equal vectors.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "codec/netshare/ip2vec.h"
#include "codec/netshare/spread.h"
#include "tensor/tensor.h"

static double
cosine(const struct word_table *t, uint16_t a, uint16_t b)
{
	const float *x = NULL, *y = NULL;
	double sum = 0;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		if (t->word[i] == a)
			x = t->v + (size_t)i * IP2VEC_DIM;
		if (t->word[i] == b)
			y = t->v + (size_t)i * IP2VEC_DIM;
	}
	assert_true(x != NULL && y != NULL);
	for (i = 0; i < IP2VEC_DIM; i++)
		sum += (double)x[i] * (double)y[i];
	return sum;
}

/* Rows have length 1, words ascend, and the nearest row to each row is itself. */
static void
check_table(const struct word_table *t)
{
	struct tensor_schema s;
	uint8_t code[2];
	double sum;
	uint32_t i, d;

	tensor_schema_init(&s);
	tensor_schema_table(&s, "t", t->n, IP2VEC_DIM, t->v);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "w", NSR_WORD, IP2VEC_DIM, "t");
	for (i = 0; i < t->n; i++) {
		const float *v = t->v + (size_t)i * IP2VEC_DIM;

		for (sum = 0, d = 0; d < IP2VEC_DIM; d++)
			sum += (double)v[d] * (double)v[d];
		assert_true(fabs(sum - 1) < 1e-6);
		assert_true(i == 0 || t->word[i] > t->word[i - 1]);
		tensor_harden(s.attr, 1, s.tables, v, code);
		assert_int_equal(code[0] | code[1] << 8, i);
	}
	tensor_schema_free(&s);
}

/* Web and mail over TCP, names and time over UDP, ports of clients at random. */
static struct ip2vec *
corpus(uint32_t n, uint64_t seed)
{
	struct ip2vec *m = ip2vec_new();
	struct rng r;
	uint32_t i;

	rng_init(&r, seed, 0);
	for (i = 0; i < n; i++) {
		uint16_t client = (uint16_t)(1024 + rng_below(&r, 40));

		if (rng_below(&r, 2) == 0)
			ip2vec_add(m, client, rng_below(&r, 2) ? 443 : 25, 6, 1);
		else
			ip2vec_add(m, (uint16_t)(client + 30000),
			    rng_below(&r, 2) ? 53 : 123, 17, 1);
	}
	return m;
}

static void
test_alike(void **state)
{
	struct word_table ports, protos;
	struct ip2vec *m = corpus(5000, 1);
	double alike, other;

	(void)state;
	ip2vec_train(m, 0, NULL, &ports, &protos);
	check_table(&ports);
	check_table(&protos);
	assert_int_equal(protos.n, 2);
	assert_int_equal(protos.word[0], 6);
	assert_int_equal(protos.word[1], 17);
	assert_int_equal(ports.n, 84);
	alike = cosine(&ports, 443, 25) + cosine(&ports, 53, 123);
	other = cosine(&ports, 443, 53) + cosine(&ports, 25, 123);
	if (alike < other + .5)
		fail_msg("alike %g, other %g", alike, other);
	word_table_free(&ports);
	word_table_free(&protos);
	ip2vec_free(m);
}

static void
test_equal_bytes(void **state)
{
	struct word_table a, b, c, protos;
	struct ip2vec *m = corpus(300, 2), *n = corpus(300, 2);
	struct pool *pool = pool_new(2);
	size_t bytes;

	(void)state;
	ip2vec_train(m, 5, NULL, &a, &protos);
	word_table_free(&protos);
	ip2vec_train(n, 5, pool, &b, &protos);
	word_table_free(&protos);
	ip2vec_train(n, 6, NULL, &c, &protos);
	word_table_free(&protos);
	bytes = (size_t)a.n * IP2VEC_DIM * sizeof *a.v;
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.v, b.v, bytes);
	assert_memory_not_equal(a.v, c.v, bytes);
	word_table_free(&a);
	word_table_free(&b);
	word_table_free(&c);
	ip2vec_free(m);
	ip2vec_free(n);
	pool_free(pool);
}

/* Port 6 is not protocol 6; one word alone is a table too; every word of a sample that
 * overflows is there. */
static void
test_words(void **state)
{
	struct word_table ports, protos;
	struct ip2vec *m = ip2vec_new();
	uint32_t i;

	(void)state;
	ip2vec_add(m, 6, 6, 6, 1);
	ip2vec_train(m, 0, NULL, &ports, &protos);
	assert_int_equal(ports.n, 1);
	assert_int_equal(protos.n, 1);
	check_table(&ports);
	word_table_free(&ports);
	word_table_free(&protos);
	ip2vec_free(m);
	m = ip2vec_new();
	for (i = 0; i < 3000; i++)
		ip2vec_add(m, (uint16_t)i, 80, 6, 400);
	ip2vec_add(m, 7, 60000, 17, 1);
	ip2vec_train(m, 0, NULL, &ports, &protos);
	assert_int_equal(ports.n, 3001);
	assert_int_equal(protos.n, 2);
	check_table(&ports);
	word_table_free(&ports);
	word_table_free(&protos);
	ip2vec_free(m);
}

/* Rows that coincide, nearly coincide or vanish are pushed apart. */
static void
test_spread(void **state)
{
	enum { N = 300 };
	struct word_table t = {.n = N};
	float *v = xcalloc(N * IP2VEC_DIM, sizeof *v);
	uint32_t i;

	(void)state;
	t.word = xcalloc(N, sizeof *t.word);
	t.v = v;
	for (i = 0; i < N; i++) {
		t.word[i] = (uint16_t)i;
		if (i < 100)
			v[i * IP2VEC_DIM + 3] = .5f;
		else if (i < 200)
			v[i * IP2VEC_DIM + i % 10] = 1 + (float)i * 1e-7f;
	}
	spread_unit_rows(v, N, IP2VEC_DIM, 0);
	check_table(&t);
	word_table_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_alike),
	    cmocka_unit_test(test_equal_bytes),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_spread),
	};

	return cmocka_run_group_tests_name("ip2vec", tests, NULL, NULL);
}
