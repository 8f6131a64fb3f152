/* Lengths of a chunk's series: as often as counted, and exact sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/plan.h"
#include "base/mem.h"
#include "chi.h"
#include "model/ar/counts.h"
#include "tensor/tensor.h"

/* ---- Shares ---- */

enum world { GEOMETRIC, HEAVY, SHORT, LONGEST, BOTH_ENDS, HOLES, COUNTED, WORLDS };

static void
make(enum world w, real share[LENGTH_CODES])
{
	uint32_t lo, hi;
	int c, last = length_code(TENSOR_STEPS_MAX);

	for (c = 0; c < LENGTH_CODES; c++) {
		length_range(c, &lo, &hi);
		share[c] = 0;
		if (w == GEOMETRIC && c < 90)
			share[c] = (real)exp(-.1 * c);
		if (w == HEAVY && lo > 0) /* Pareto: most steps in few series */
			share[c] = (real)(1 / (double)lo - 1 / ((double)hi + 1));
		if (w == HOLES && lo > 0 && lo < 5000 && c % 3 == 1)
			share[c] = (real)(7 + c % 5);
		if (w == COUNTED && (c == 0 || c == 2 || c == 130))
			share[c] = (real)(c == 0 ? 9876 : c == 2 ? 1 : 33);
	}
	if (w == SHORT)
		share[0] = 5;
	if (w == LONGEST || w == BOTH_ENDS)
		share[last] = .25f;
	if (w == BOTH_ENDS)
		share[0] = .75f;
}

static double
total_of(const real *share)
{
	double sum = 0;
	int c;

	for (c = 0; c < LENGTH_CODES; c++)
		sum += (double)share[c];
	return sum;
}

/* Lengths are ascending and allowed; returns their sum. */
static uint64_t
check_lengths(const struct plan *p)
{
	uint64_t sum = 0;
	uint32_t last = 1;
	size_t i;

	for (i = 0; i < p->n; i++) {
		assert_true(p->length[i] >= last);
		assert_true(p->length[i] <= TENSOR_STEPS_MAX);
		last = p->length[i];
		sum += last;
	}
	return sum;
}

static void
foreign_shares_are_told(void **state)
{
	real share[LENGTH_CODES] = {0};
	int w;

	(void)state;
	assert_false(plan_possible(share));
	share[LENGTH_CODES - 1] = 1;
	assert_false(plan_possible(share));
	for (w = 0; w < WORLDS; w++) {
		make(w, share);
		assert_true(plan_possible(share));
		share[9] = -1;
		assert_false(plan_possible(share));
	}
}

/* ---- Series ---- */

/* Within a code each length occurs as often as the others, give or take 1. */
static void
check_code(const uint32_t *length, size_t n, int code)
{
	uint32_t lo, hi, l;
	size_t i, at = 0;
	double want;

	length_range(code, &lo, &hi);
	want = (double)n / ((double)hi - lo + 1);
	if (hi - lo > 5000)
		return;
	for (l = lo; l <= hi; l++) {
		for (i = at; at < n && length[at] == l;)
			at++;
		assert_true(fabs((double)(at - i) - want) < 1 + 1e-6);
	}
}

static void
check_series(const real *share, size_t n, struct rng *r)
{
	double all = total_of(share), want;
	size_t at = 0, from;
	struct plan p;
	int c;

	plan_series(&p, share, n, r);
	assert_int_equal(p.n, n);
	check_lengths(&p);
	for (c = 0; c < LENGTH_CODES; c++) {
		for (from = at; at < n && length_code(p.length[at]) == c;)
			at++;
		want = (double)n * (double)share[c] / all;
		assert_true(want > 0 || at == from);
		assert_true(fabs((double)(at - from) - want) < 1 + 1e-6);
		if (at > from)
			check_code(p.length + from, at - from, c);
	}
	assert_int_equal(at, n);
	plan_free(&p);
}

static void
series_as_often_as_counted(void **state)
{
	const size_t sizes[] = {0, 1, 2, 3, 10, 97, 1000, 12345, 200000};
	real share[LENGTH_CODES];
	struct rng r;
	size_t i;
	int w, k;

	(void)state;
	rng_init(&r, 31, 0);
	for (w = 0; w < WORLDS; w++) {
		make(w, share);
		for (i = 0; i < LEN(sizes); i++)
			for (k = 0; k < 3; k++)
				check_series(share, sizes[i], &r);
	}
}

/* A plan of one series at a time is a draw by the shares, and even within a code. */
static void
one_series_is_a_draw(void **state)
{
	uint64_t count[LENGTH_CODES] = {0}, within[2] = {0};
	double want[LENGTH_CODES], half[2] = {1, 1};
	real share[LENGTH_CODES];
	struct plan p;
	struct rng r;
	uint32_t lo, hi;
	int w, i, c;

	(void)state;
	rng_init(&r, 32, 0);
	for (w = 0; w < WORLDS; w++) {
		make(w, share);
		memset(count, 0, sizeof count);
		for (c = 0; c < LENGTH_CODES; c++)
			want[c] = (double)share[c];
		for (i = 0; i < 20000; i++) {
			plan_series(&p, share, 1, &r);
			c = length_code(p.length[0]);
			count[c]++;
			length_range(c, &lo, &hi);
			if ((hi - lo) % 2 == 1)
				within[p.length[0] > lo + (hi - lo) / 2]++;
			plan_free(&p);
		}
		assert_true(fabs(chi_normal(count, want, LENGTH_CODES)) < CHI_RARE);
	}
	assert_true(fabs(chi_normal(within, half, 2)) < CHI_RARE);
}

/* ---- Records ---- */

static bool
is_learnt(const real *share, uint32_t length)
{
	return share[length_code(length)] > 0;
}

/* The sum is exact; lengths that were not learnt are one series that is cut, or the
 * longest ones, which became equal. */
static void
check_records(const real *share, uint64_t total, struct rng *r)
{
	size_t i, foreign = 0, level = 0;
	struct plan p;

	plan_records(&p, share, total, r);
	assert_true(p.n > 0);
	if (check_lengths(&p) != total)
		fail_msg("%zu series of %llu records, not %llu", p.n,
		    (unsigned long long)check_lengths(&p), (unsigned long long)total);
	for (i = 0; i < p.n; i++)
		foreign += !is_learnt(share, p.length[i]);
	for (i = 0; i < p.n; i++)
		level += p.length[i] + 1 >= p.length[p.n - 1];
	assert_true(foreign <= 1 || foreign <= level);
	plan_free(&p);
}

static void
records_add_up(void **state)
{
	const uint64_t totals[] = {1, 2, 3, 7, 10, 95, 96, 97, 1000, 12345, 65536,
	    99999, TENSOR_STEPS_MAX - 1, TENSOR_STEPS_MAX, TENSOR_STEPS_MAX + 1,
	    3000000};
	real share[LENGTH_CODES];
	struct rng r;
	size_t i;
	int w, k;

	(void)state;
	rng_init(&r, 33, 0);
	for (w = 0; w < WORLDS; w++) {
		make(w, share);
		for (i = 0; i < LEN(totals); i++)
			for (k = 0; k < (totals[i] < 100000 ? 5 : 1); k++)
				check_records(share, totals[i], &r);
		for (i = 1; i < 400; i++)
			check_records(share, i, &r);
		for (i = 0; i < 100; i++)
			check_records(share, 1 + rng_below(&r, 300000), &r);
	}
}

/* Where lengths are many and none is very long, a plan of records is one of series: as
 * many as go, each code as often as counted but for the few that make the sum exact. */
static void
records_keep_the_shares(void **state)
{
	double all, mean = 0, n, want;
	real share[LENGTH_CODES];
	int count[LENGTH_CODES] = {0}, c;
	struct plan p;
	struct rng r;
	size_t i;

	(void)state;
	rng_init(&r, 34, 0);
	make(GEOMETRIC, share);
	all = total_of(share);
	for (c = 0; c < 90; c++)
		mean += (double)share[c] / all * (c + 1);
	n = 100000 / mean;
	plan_records(&p, share, 100000, &r);
	assert_true(fabs((double)p.n - n) < 50);
	for (i = 0; i < p.n; i++)
		count[length_code(p.length[i])]++;
	for (c = 0; c < 90; c++) {
		want = n * (double)share[c] / all;
		assert_true(fabs(count[c] - want) < 12);
	}
	plan_free(&p);
}

/* ---- A total for series that are there ---- */

static void
check_total(const real *share, size_t n, uint64_t total, struct rng *r)
{
	struct plan p;

	plan_series(&p, share, n, r);
	plan_total(&p, total);
	assert_int_equal(p.n, n);
	assert_true(check_lengths(&p) == total);
	if (total == n)
		assert_int_equal(p.length[n - 1], 1);
	plan_free(&p);
}

static void
totals_are_exact(void **state)
{
	const size_t sizes[] = {1, 2, 3, 10, 97, 5000};
	real share[LENGTH_CODES];
	struct plan p;
	struct rng r;
	size_t i, j;
	int w;

	(void)state;
	rng_init(&r, 34, 0);
	for (w = 0; w < WORLDS; w++) {
		make(w, share);
		for (i = 0; i < LEN(sizes); i++) {
			const uint64_t n = sizes[i],
				       total[] = {n, n + 1, 2 * n + 1, 40 * n + 7,
					   1000 * n};

			for (j = 0; j < LEN(total); j++)
				check_total(share, n, total[j], &r);
			plan_series(&p, share, n, &r);
			check_total(share, n, plan_sum(&p), &r);
			plan_free(&p);
		}
	}
}

static void
a_total_that_is_there_changes_nothing(void **state)
{
	uint32_t length[] = {1, 1, 2, 7, 40}, before[LEN(length)];
	struct plan p = {length, LEN(length)};

	(void)state;
	memcpy(before, length, sizeof before);
	plan_total(&p, 51);
	assert_memory_equal(length, before, sizeof before);
	plan_total(&p, 55);
	assert_true(plan_sum(&p) == 55 && length[0] == 2 && length[4] == 40);
	plan_total(&p, 45);
	assert_true(plan_sum(&p) == 45 && length[0] == 2 && length[4] == 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(foreign_shares_are_told),
	    cmocka_unit_test(series_as_often_as_counted),
	    cmocka_unit_test(one_series_is_a_draw),
	    cmocka_unit_test(records_add_up),
	    cmocka_unit_test(records_keep_the_shares),
	    cmocka_unit_test(totals_are_exact),
	    cmocka_unit_test(a_total_that_is_there_changes_nothing),
	};

	return cmocka_run_group_tests_name("plans", tests, NULL, NULL);
}
