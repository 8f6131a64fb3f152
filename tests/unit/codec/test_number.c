/* Counts, samples, and numbers as symbols and positions. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "codec/symbol/number.h"
#include "codec/symbol/ports.h"

static uint64_t
count_of(const struct count *list, size_t n, uint64_t v)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].v.hi == 0 && list[i].v.lo == v)
			return list[i].n;
	return 0;
}

static void
test_tally(void **state)
{
	struct tally t = {0};
	struct count *list;
	uint64_t i;

	(void)state;
	for (i = 0; i < 5000; i++)
		tally_add(&t, (struct value){i % 3 == 0, i * i % 1009}, 1 + i % 2);
	assert_false(t.pruned);
	assert_int_equal(t.total, 7500);
	list = tally_list(&t);
	for (i = 1; i < t.used; i++)
		assert_true(value_cmp(list[i - 1].v, list[i].v) < 0);
	free(list);
	tally_free(&t);
}

/* More values than are counted exactly: the frequent ones stay, and no count is too
 * high. */
static void
test_tally_pruned(void **state)
{
	struct tally t = {0};
	struct count *list;
	uint64_t i;

	(void)state;
	for (i = 0; i < 1000000; i++) {
		tally_add(&t, (struct value){0, 1000 + i}, 1);
		if (i % 100 == 0)
			tally_add(&t, (struct value){0, i / 100 % 5}, 1);
	}
	assert_true(t.pruned);
	assert_true(t.used <= TALLY_MAX);
	list = tally_list(&t);
	for (i = 0; i < 5; i++) {
		assert_true(count_of(list, t.used, i) > 1900);
		assert_true(count_of(list, t.used, i) <= 2000);
	}
	for (i = 0; i < t.used; i++)
		assert_true(list[i].v.lo < 5 || list[i].n <= 1);
	free(list);
	tally_free(&t);
}

static void
test_sample(void **state)
{
	struct sample s, again;
	uint64_t i;
	double sum = 0;

	(void)state;
	sample_init(&s, 7, 1);
	sample_init(&again, 7, 1);
	for (i = 0; i < 3 * (uint64_t)SAMPLE_MAX; i++) {
		sample_add(&s, 24 + 18 * i);
		sample_add(&again, 24 + 18 * i);
		assert_int_equal(sample_is_all(&s), i < SAMPLE_MAX);
	}
	assert_int_equal(sample_kept(&s), SAMPLE_MAX);
	assert_int_equal(s.min, 24);
	assert_int_equal(s.max, 24 + 18 * (3 * (uint64_t)SAMPLE_MAX - 1));
	assert_int_equal(s.gcd, 6);
	assert_memory_equal(s.v, again.v, SAMPLE_MAX * sizeof *s.v);
	for (i = 0; i < SAMPLE_MAX; i++)
		sum += (double)s.v[i] / (double)s.max / SAMPLE_MAX;
	assert_true(fabs(sum - .5) < .002);
	sample_free(&s);
	sample_free(&again);
}

static void
test_ports(void **state)
{
	uint64_t *count = xcalloc(65536, sizeof *count);
	struct ports *p = xcalloc(1, sizeof *p);

	(void)state;
	count[443] = 100;
	count[53] = 100;
	count[50000] = 30;
	count[22] = 4;
	ports_rank(p, count, 5);
	assert_int_equal(p->n, 3);
	assert_int_equal(p->port[0], 53);
	assert_int_equal(p->port[1], 443);
	assert_true(ports_service_is_src(p, 53, 443));
	assert_false(ports_service_is_src(p, 443, 53));
	assert_false(ports_service_is_src(p, 22, 50000)); /* 22 is rare */
	assert_true(ports_service_is_src(p, 50000, 80));
	assert_true(ports_service_is_src(p, 22, 80)); /* both are: the lower */
	assert_false(ports_service_is_src(p, 80, 22));
	assert_false(ports_service_is_src(p, 443, 443));
	assert_false(ports_service_is_src(p, 0, 0));
	free(count);
	free(p);
}

struct fitted {
	struct sample s;
	struct tally t;
	struct number x;
};

static void
see(struct fitted *f, uint64_t v)
{
	sample_add(&f->s, v);
	tally_add(&f->t, (struct value){0, v}, 1);
}

static void
fit(struct fitted *f, uint64_t min_count, uint64_t limit)
{
	const struct number_rule r = {.min_count = min_count,
	    .limit = limit,
	    .symbols = SYMBOLS_MAX};

	number_fit(&f->x, &f->s, &f->t, &r);
}

static void
done(struct fitted *f)
{
	sample_free(&f->s);
	tally_free(&f->t);
	number_free(&f->x);
}

/* v comes back, off by no more than slack. */
static uint32_t
check_back(const struct number *x, uint64_t v, double slack)
{
	uint64_t back, lo, hi;
	uint32_t symbol;
	float pos;

	if (!number_encode(x, v, &symbol, &pos))
		fail_msg("%llu has no symbol", (unsigned long long)v);
	assert_true(symbol < x->n);
	assert_true(pos >= 0 && pos < 1);
	back = number_decode(x, symbol, pos);
	if (fabs((double)back - (double)v) > slack)
		fail_msg("%llu came back as %llu", (unsigned long long)v,
		    (unsigned long long)back);
	number_bounds(x, symbol, &lo, &hi);
	assert_in_range(v, lo, hi);
	return symbol;
}

/* Few values, all frequent: symbols of their own and no position. */
static void
test_all_exact(void **state)
{
	struct fitted f = {0};
	uint64_t i;
	float pos;
	uint32_t symbol;

	(void)state;
	sample_init(&f.s, 0, 0);
	for (i = 0; i < 1000; i++)
		see(&f, 40 + 4 * (i % 100));
	fit(&f, 5, UINT64_MAX);
	assert_int_equal(f.x.unit, 4);
	assert_int_equal(f.x.n, 100);
	assert_false(number_has_bins(&f.x));
	for (i = 0; i < 100; i++)
		assert_int_equal(check_back(&f.x, 40 + 4 * i, 0), i);
	assert_false(number_encode(&f.x, 41, &symbol, &pos));
	assert_false(number_encode(&f.x, 36, &symbol, &pos));
	assert_false(number_encode(&f.x, 440, &symbol, &pos));
	done(&f);
}

/* Frequent values among many: they are exact, and what a bin makes is never one. */
static void
test_mixed(void **state)
{
	static const uint64_t often[] = {40, 52, 60, 100, 1500};
	uint64_t *v = xcalloc(20000, sizeof *v);
	struct fitted f = {0};
	struct rng r;
	uint32_t i, k, symbol, last = 0;

	(void)state;
	sample_init(&f.s, 0, 0);
	rng_init(&r, 3, 0);
	for (i = 0; i < 20000; i++) {
		v[i] = i % 2 ? often[i / 2 % 5] : 44 + rng_below(&r, 1400);
		see(&f, v[i]);
	}
	fit(&f, 5, UINT64_MAX);
	assert_int_equal(f.x.unit, 1);
	assert_true(f.x.n_exact >= 5 && f.x.n_exact <= 127 && f.x.n <= SYMBOLS_MAX);
	for (i = 0; i < 20000; i++)
		check_back(&f.x, v[i], 0);
	for (i = 44; i <= 1443; i++) { /* the alphabet ascends but around such values */
		symbol = check_back(&f.x, i, 0);
		if (f.x.cell[symbol].exact)
			continue;
		assert_true(symbol >= last);
		last = symbol;
	}
	for (i = 0; i < 100000; i++) {
		symbol = rng_below(&r, f.x.n);
		if (f.x.cell[symbol].exact)
			continue;
		v[0] = number_decode(&f.x, symbol, (float)rng_uniform(&r));
		for (k = 0; k < LEN(often); k++)
			assert_int_not_equal(v[0], often[k]);
	}
	free(v);
	done(&f);
}

static int
cmp_double(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Greatest distance of the distribution of n numbers from the uniform one. */
static double
uniform_distance(double *p, size_t n)
{
	double most = 0, d;
	size_t i;

	qsort(p, n, sizeof *p, cmp_double);
	for (i = 0; i < n; i++) {
		d = fabs(p[i] - ((double)i + .5) / (double)n);
		most = d > most ? d : most;
	}
	return most;
}

/* Numbers of a heavy tail: positions are even over all bins and in each, and numbers
 * made of even positions are distributed as those that were fitted. */
static void
test_positions(void **state)
{
	enum { N = 40000 };
	uint64_t *v = xcalloc(N, sizeof *v), *made = xcalloc(N, sizeof *made);
	double *p = xcalloc(N, sizeof *p), *q = xcalloc(N, sizeof *q), far;
	struct fitted f = {0};
	struct rng r;
	uint32_t symbol, of_bin = 0;
	float pos;
	size_t i, below, in_bin = 0;

	(void)state;
	sample_init(&f.s, 0, 0);
	rng_init(&r, 5, 0);
	for (i = 0; i < N; i++) {
		v[i] = 1000 * (1 + (uint64_t)exp(2.5 * rng_normal(&r) + 12));
		see(&f, v[i]);
	}
	fit(&f, 5, INT64_MAX);
	assert_int_equal(f.x.unit, 1000);
	assert_int_equal(f.x.n, SYMBOLS_MAX);
	assert_int_equal(f.x.n_exact, 0);
	for (i = 0; i < N; i++) {
		symbol = check_back(&f.x, v[i], (double)v[i] * 1e-5);
		number_encode(&f.x, v[i], &symbol, &pos);
		p[i] = (double)pos;
		made[i] = number_decode(&f.x, symbol, (float)rng_uniform(&r));
		assert_int_equal(made[i] % 1000, 0);
		if (i == 0)
			of_bin = symbol;
		if (symbol == of_bin)
			q[in_bin++] = (double)pos;
	}
	far = uniform_distance(p, N);
	if (far > .01)
		fail_msg("positions are %g from even ones", far);
	assert_true(in_bin > 100);
	far = uniform_distance(q, in_bin);
	if (far > .1)
		fail_msg("positions of a bin are %g from even ones", far);
	/* two samples: the share of the one that is below each of the other */
	for (i = 0; i < N; i++) {
		q[i] = (double)made[i];
		p[i] = (double)v[i];
	}
	qsort(p, N, sizeof *p, cmp_double);
	qsort(q, N, sizeof *q, cmp_double);
	for (i = below = 0; i < N; i++) {
		while (below < N && p[below] < q[i])
			below++;
		assert_true(fabs((double)below - (double)i) < .005 * N);
	}
	free(v);
	free(made);
	free(p);
	free(q);
	done(&f);
}

/* Rare extremes are not told, frequent ones are; nothing goes beyond the limit. */
static void
test_bounds(void **state)
{
	struct fitted f = {0};
	struct bin *last;
	uint64_t i, lo, hi;

	(void)state;
	sample_init(&f.s, 0, 0);
	for (i = 0; i < 3000; i++)
		see(&f, 1003 + 7 * i * i);
	for (i = 0; i < 4; i++)
		see(&f, 77777777777);
	fit(&f, 5, UINT64_MAX);
	number_bounds(&f.x, 0, &lo, &hi);
	assert_int_equal(lo, 960);
	last = &f.x.cell[f.x.n - 1].bin;
	assert_false(f.x.cell[f.x.n - 1].exact);
	assert_int_not_equal(last->u[last->n - 1], 77777777778);
	check_back(&f.x, 77777777777, 77777777777 * 1e-5);
	done(&f);

	memset(&f, 0, sizeof f);
	sample_init(&f.s, 0, 0);
	for (i = 0; i < 3000; i++)
		see(&f, 64900 + i * 7919 % 636);
	fit(&f, 50, 65535);
	number_bounds(&f.x, f.x.n - 1, &lo, &hi);
	assert_int_equal(hi, 65535);
	done(&f);
}

/* One value seen, or two rare ones. */
static void
test_small(void **state)
{
	struct fitted f = {0};

	(void)state;
	sample_init(&f.s, 0, 0);
	see(&f, 0);
	fit(&f, 5, UINT64_MAX);
	assert_int_equal(f.x.unit, 1);
	assert_int_equal(f.x.n, 1);
	check_back(&f.x, 0, 0);
	done(&f);
	memset(&f, 0, sizeof f);
	sample_init(&f.s, 0, 0);
	see(&f, 12);
	see(&f, 18);
	fit(&f, 1000, UINT64_MAX);
	assert_int_equal(f.x.unit, 6);
	check_back(&f.x, 12, 0);
	check_back(&f.x, 18, 0);
	done(&f);
}

/* Classes have no gaps, whatever the greatest number is. */
static void
test_classes(void **state)
{
	static const uint64_t most[] = {1, 2, 3, 32, 33, 40, 41, 64, 65, 5867,
	    0xffffffff};
	static const uint32_t want[] = {1, 2, 4, 32, 33, 33, 34, 36, 37, 62, 140};
	uint64_t lo, hi, end;
	uint32_t symbol, at;
	struct number x;
	float pos;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(most); i++) {
		memset(&x, 0, sizeof x);
		number_classes(&x, most[i]);
		assert_int_equal(x.n, want[i]);
		for (end = at = 0; at < x.n; at++, end = hi) {
			number_bounds(&x, at, &lo, &hi);
			assert_int_equal(lo, end + 1);
			assert_true(number_encode(&x, lo, &symbol, &pos));
			assert_int_equal(symbol, at);
			assert_true(number_encode(&x, hi, &symbol, &pos));
			assert_int_equal(symbol, at);
			assert_true(hi - lo <= lo / 4);
		}
		assert_true(end >= most[i]);
		number_nearest(&x, UINT64_MAX, &symbol, &pos);
		assert_int_equal(symbol, x.n - 1);
		number_nearest(&x, 0, &symbol, &pos);
		assert_int_equal(symbol, 0);
		number_free(&x);
	}
}

/* What cannot be said becomes what can. */
static void
test_nearest(void **state)
{
	struct symbol_cell cell[3] = {{.exact = true, .v = 2},
	    {.bin = {.n = 2, .u = {4, 9}, .p = {0, 1}}}, {.exact = true, .v = 20}};
	struct number x = {.unit = 10, .n = 3, .cell = cell};
	static const struct {
		uint64_t v, want;
	} say[] = {{0, 20}, {27, 20}, {33, 20}, {41, 50}, {79, 70}, {150, 200},
	    {999, 200}};
	uint32_t symbol;
	float pos;
	size_t i;

	(void)state;
	number_index(&x); /* 20, from 50 to 90, 200 */
	for (i = 0; i < LEN(say); i++) {
		number_nearest(&x, say[i].v, &symbol, &pos);
		assert_int_equal(number_decode(&x, symbol, pos), say[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_classes),
	    cmocka_unit_test(test_nearest),
	    cmocka_unit_test(test_tally),
	    cmocka_unit_test(test_tally_pruned),
	    cmocka_unit_test(test_sample),
	    cmocka_unit_test(test_ports),
	    cmocka_unit_test(test_all_exact),
	    cmocka_unit_test(test_mixed),
	    cmocka_unit_test(test_positions),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_small),
	};

	return cmocka_run_group_tests_name("codec/number", tests, NULL, NULL);
}
