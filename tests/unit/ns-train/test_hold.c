/* What is held out: series that go together, windows of long ones, and how many. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/hold.h"
#include "base/le.h"
#include "base/mem.h"

/* A series is long from 17 steps on; that many are judged in all; that many series go
 * together. */
enum { WINDOW = 4, LONG = 4 * WINDOW + 1, JUDGED = 4096, TOGETHER = 8 };

struct trace {
	struct tensor_schema s;
	struct ar *m;
	struct ar_series *series; /* (n) */
	size_t n, cap;
	struct held held;
};

static void
trace_init(struct trace *t, double hold_out)
{
	struct ar_config c;
	struct ns_err e;

	memset(t, 0, sizeof *t);
	tensor_schema_init(&t->s);
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "direction", NSR_CATEGORY, 2, "");
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "service", NSR_CATEGORY, 256, "");
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "label", NSR_CATEGORY, 256, "");
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "client.0", NSR_CATEGORY, 256, "");
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "client.1", NSR_CATEGORY, 256, "");
	tensor_schema_add(&t->s, NSR_FEATURE, "size", NSR_CATEGORY, 3, "");
	hypers_default(&ar_hypers, &c);
	c.attr_units = c.ctx_units = c.head_units = c.lstm_units = 2;
	c.window = WINDOW;
	c.hold_out = hold_out;
	t->m = ar_new(&t->s, &c, 1, &e);
	assert_non_null(t->m);
}

static void
trace_free(struct trace *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free((void *)(uintptr_t)t->series[i].rec);
	free(t->series);
	ar_free(t->m);
	tensor_schema_free(&t->s);
}

/* Series of length steps with ports of the pair's number; what else they have differs
 * from one to the next. */
static void
add(struct trace *t, uint32_t pair, uint32_t length, int n)
{
	uint8_t *rec;

	for (; n > 0; n--, t->n++) {
		rec = xcalloc(1, t->s.attr_bytes + 4 + length * t->s.feat_bytes);
		rec[0] = (uint8_t)(t->n % 2);
		rec[1] = (uint8_t)(pair >> 16);
		rec[2] = (uint8_t)t->n;
		rec[3] = (uint8_t)(pair >> 8);
		rec[4] = (uint8_t)pair;
		put_le32(rec + t->s.attr_bytes, length);
		xgrow(&t->series, &t->cap, t->n + 1, sizeof *t->series);
		t->series[t->n] = (struct ar_series){.rec = rec,
		    .length = length,
		    .number = (uint32_t)t->n};
	}
}

static void
hold(struct trace *t, uint64_t seed)
{
	hold_out(&t->held, t->m, t->series, t->n, seed);
	assert_int_equal(t->held.n_learnt + t->held.n_series, t->n);
}

static uint32_t
pair_of(const struct ar_series *s)
{
	return (uint32_t)s->rec[1] << 16 | (uint32_t)s->rec[3] << 8 | s->rec[4];
}

/* held (pairs): how many series of each pair are held out. */
static void
count_pairs(const struct trace *t, uint64_t *held)
{
	size_t i;

	for (i = 0; i < t->held.n_series; i++)
		held[pair_of(&t->held.series[i])]++;
}

/* n is what is expected of so many with that share, to 5 standard deviations. */
static bool
is_share(double n, double all, double share)
{
	return fabs(n - all * share) < 5 * sqrt(all * share * (1 - share));
}

/* ---- Series ---- */

/* Groups of 1 to 8, each number of them GROUPS times, one after another and again. */
static void
few_go_together(void **state)
{
	enum { GROUPS = 40, PAIRS = GROUPS * TOGETHER };
	uint64_t held[PAIRS] = {0}, size[PAIRS] = {0};
	struct trace t;
	int round, out = 0, i;

	(void)state;
	trace_init(&t, .3);
	for (round = 0; round < TOGETHER; round++)
		for (i = 0; i < PAIRS; i++)
			if (round <= i % TOGETHER) {
				add(&t, (uint32_t)i, 1, 1);
				size[i]++;
			}
	hold(&t, 1);
	count_pairs(&t, held);
	for (i = 0; i < PAIRS; i++) {
		assert_true(held[i] == 0 || held[i] == size[i]);
		out += held[i] > 0;
	}
	assert_true(is_share(out, PAIRS, .3));
	hold_free(&t.held);
	trace_free(&t);
}

/* From 9 on they are on both sides, in the share that is asked for. */
static void
many_are_split(void **state)
{
	enum { PAIRS = 300, EACH = TOGETHER + 1 };
	uint64_t held[PAIRS] = {0};
	struct trace t;
	int i, split = 0;

	(void)state;
	trace_init(&t, .3);
	for (i = 0; i < PAIRS; i++)
		add(&t, (uint32_t)i, 1, EACH);
	hold(&t, 2);
	count_pairs(&t, held);
	for (i = 0; i < PAIRS; i++)
		split += held[i] > 0 && held[i] < EACH;
	assert_true(is_share(split, PAIRS, 1 - pow(.3, EACH) - pow(.7, EACH)));
	assert_true(is_share((double)t.held.n_series, PAIRS * EACH, .3));
	hold_free(&t.held);
	trace_free(&t);
}

/* All there are, once, in their order. */
static void
nothing_is_lost(void **state)
{
	struct trace t;
	size_t i, l = 0, s = 0;
	uint32_t k;

	(void)state;
	trace_init(&t, .5);
	for (k = 0; k < 200; k++)
		add(&t, k, 1 + k % (2 * LONG), 1);
	hold(&t, 3);
	assert_true(t.held.n_series > 20);
	for (i = 0; i < t.n; i++)
		if (s < t.held.n_series && t.held.series[s].number == i)
			assert_ptr_equal(t.held.series[s++].rec, t.series[i].rec);
		else
			assert_ptr_equal(t.held.learnt[l++].rec, t.series[i].rec);
	assert_int_equal(l, t.held.n_learnt);
	hold_free(&t.held);
	trace_free(&t);
}

/* ---- Windows ---- */

/* Those that hold_window says, whole, and none but of long series. */
static void
check_windows(const struct trace *t, uint64_t seed)
{
	const struct held *h = &t->held;
	uint32_t first, left;
	size_t i, at = 0;

	for (i = 0; i < h->n_series; i++)
		assert_true(h->series[i].length < LONG);
	for (i = 0; i < h->n_learnt; i++)
		for (first = 0; first < h->learnt[i].length; first += WINDOW) {
			if (!hold_window(&h->learnt[i], first, WINDOW, h->share, seed))
				continue;
			assert_true(first > 0 && h->learnt[i].length >= LONG);
			assert_true(at < h->n_windows);
			left = h->learnt[i].length - first;
			assert_ptr_equal(h->windows[at].series, &h->learnt[i]);
			assert_int_equal(h->windows[at].first, first);
			assert_int_equal(h->windows[at].n,
			    left < WINDOW ? left : WINDOW);
			at++;
		}
	assert_int_equal(at, h->n_windows);
}

static void
windows_of_long_series(void **state)
{
	struct trace t;
	uint32_t k;

	(void)state;
	trace_init(&t, .4);
	for (k = 0; k < 60; k++)
		add(&t, k, LONG - 1, 1);
	for (; k < 120; k++)
		add(&t, k, LONG + k % 5, 1);
	add(&t, k, 1601, 1); /* the last window is of one step */
	hold(&t, 4);
	assert_true(t.held.n_series > 5 && t.held.n_series <= 60);
	check_windows(&t, 4);
	/* 4 behind the first of each, 5 of those of 21 steps; 400 of the longest */
	assert_true(is_share((double)t.held.n_windows, 60 * 4 + 12 + 400, .4));
	hold_free(&t.held);
	trace_free(&t);
}

/* ---- The longest ---- */

static bool
is_before(const struct ar_series *a, const struct ar_series *b)
{
	return a->length > b->length ||
	    (a->length == b->length && a->number < b->number);
}

/* Of the long ones n, longest first, of equals the first; all are learnt. */
static void
check_longs(const struct trace *t, size_t n)
{
	const struct held *h = &t->held;
	size_t i, all = 0, learnt = 0, before;

	assert_int_equal(h->n_longs, n);
	for (i = 0; i < n; i++) {
		assert_ptr_equal(h->longs[i].rec, t->series[h->longs[i].number].rec);
		assert_true(h->longs[i].length >= LONG);
		assert_true(i == 0 || is_before(&h->longs[i - 1], &h->longs[i]));
	}
	for (i = 0; i < t->n; i++) {
		before = n;
		while (before > 0 && is_before(&t->series[i], &h->longs[before - 1]))
			before--;
		all += t->series[i].length >= LONG &&
		    (before < n ||
			(n > 0 && t->series[i].number == h->longs[n - 1].number));
	}
	assert_int_equal(all, n); /* there are no longer ones */
	for (i = 0; i < h->n_learnt; i++)
		for (before = 0; before < n; before++)
			learnt += h->learnt[i].number == h->longs[before].number;
	assert_int_equal(learnt, n);
}

/* 4, and one more for 16 that are held out. */
static void
longest_judge_too(void **state)
{
	struct trace t;
	uint32_t k;

	(void)state;
	trace_init(&t, .5);
	for (k = 0; k < 60; k++)
		add(&t, k, LONG + k * 7 % 23, 1); /* 15 pairs and more are equal */
	for (; k < 260; k++)
		add(&t, k, 1 + k % (LONG - 1), 1);
	hold(&t, 9);
	assert_true(t.held.n_series > 80);
	check_longs(&t, 4 + t.held.n_series / 16);
	hold_free(&t.held);
	trace_free(&t);
}

static void
few_are_long(void **state)
{
	struct trace t;
	uint32_t n, k;

	(void)state;
	for (n = 0; n <= 6; n++) {
		trace_init(&t, .1);
		for (k = 0; k < 40; k++)
			add(&t, k, LONG - 1, 1);
		for (; k < 40 + n; k++)
			add(&t, k, LONG + k % 3, 1);
		hold(&t, 10);
		assert_true(t.held.n_series < 16);
		check_longs(&t, n < 4 ? n : 4);
		hold_free(&t.held);
		trace_free(&t);
	}
}

/* ---- How many ---- */

/* Of short series and of long ones alike. */
static void
share_is_bounded(void **state)
{
	enum { N = 20000, EACH = 3, LONGEST = 100000 };
	struct trace t;
	uint32_t k;

	(void)state;
	trace_init(&t, .5);
	for (k = 0; k < N; k++)
		add(&t, k, EACH, 1);
	add(&t, k, LONGEST, 1);
	hold(&t, 5);
	assert_true(is_share((double)t.held.n_series, N, JUDGED / (double)(N * EACH)));
	assert_true(fabs(t.held.share - JUDGED / (double)LONGEST) < 1e-12);
	assert_true(is_share((double)t.held.n_windows, LONGEST / WINDOW, t.held.share));
	hold_free(&t.held);
	trace_free(&t);
}

static bool
are_equal(const struct held *a, const struct held *b)
{
	size_t i;

	if (a->n_series != b->n_series || a->n_windows != b->n_windows)
		return false;
	for (i = 0; i < a->n_series; i++)
		if (a->series[i].number != b->series[i].number)
			return false;
	for (i = 0; i < a->n_windows; i++)
		if (a->windows[i].series->number != b->windows[i].series->number ||
		    a->windows[i].first != b->windows[i].first)
			return false;
	return true;
}

static void
seed_decides(void **state)
{
	struct trace t;
	struct held one;
	uint32_t k;

	(void)state;
	trace_init(&t, .5);
	for (k = 0; k < 100; k++)
		add(&t, k % 80, 1 + k / 2, 1);
	hold(&t, 6);
	one = t.held;
	hold(&t, 6);
	assert_true(are_equal(&one, &t.held));
	hold_free(&t.held);
	hold(&t, 7);
	assert_false(are_equal(&one, &t.held));
	hold_free(&t.held);
	hold_free(&one);
	trace_free(&t);
}

static void
nothing_is_asked_for(void **state)
{
	struct trace t;
	uint32_t k;

	(void)state;
	trace_init(&t, 0);
	for (k = 0; k < 100; k++)
		add(&t, k, 1 + k, 1);
	hold(&t, 8);
	assert_int_equal(t.held.n_series, 0);
	assert_int_equal(t.held.n_windows, 0);
	assert_int_equal(t.held.n_learnt, 100);
	hold_free(&t.held);
	trace_free(&t);
}

/* Whatever the seed: something is left to learn from. */
static void
one_series_is_learnt(void **state)
{
	struct trace t;
	uint64_t seed, both = 0;
	uint32_t n;

	(void)state;
	for (n = 1; n <= 2; n++) {
		trace_init(&t, .5);
		add(&t, 0, 2, (int)n); /* of two both or none */
		for (seed = 0; seed < 50; seed++) {
			hold(&t, seed);
			assert_true(t.held.n_learnt >= 1);
			both += t.held.n_series > 0;
			hold_free(&t.held);
		}
		trace_free(&t);
	}
	assert_in_range(both, 10, 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(few_go_together),
	    cmocka_unit_test(many_are_split),
	    cmocka_unit_test(nothing_is_lost),
	    cmocka_unit_test(windows_of_long_series),
	    cmocka_unit_test(longest_judge_too),
	    cmocka_unit_test(few_are_long),
	    cmocka_unit_test(share_is_bounded),
	    cmocka_unit_test(seed_decides),
	    cmocka_unit_test(nothing_is_asked_for),
	    cmocka_unit_test(one_series_is_learnt),
	};

	return cmocka_run_group_tests_name("held out", tests, NULL, NULL);
}
