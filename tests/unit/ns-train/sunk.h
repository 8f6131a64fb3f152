/*
 * sunk.h: gradients of units by a sink, beside those of one unit at a time by a tape
 * that has none; for float and for double.
 *
 * What each test catches:
 *   rows_of_a_unit_are_one_gradient: both ways to measure a matrix: cross terms left
 *     out, the norm of a mean; vectors left out of the length; rows of a table that
 *     are measured apart
 *   stacked_parts_are_one_gradient: squares of two parts of one gradient added up
 *   broken_units_are_left_out: zero times what is not finite; parts that go to d and x
 *   units_of_a_tape: all of these in whole nets; units that are shifted, biases left
 *     out, a gradient that does not pass by the sink
 *   what_cancels_is_clipped: a sum of long rows that cancel, which rounding made longer
 *     than it was measured
 *   frozen_tables_stay: tables that are not learnt in the length or in the sum
 */
#ifndef SUNK_H
#define SUNK_H

#include <stdlib.h>
#include <string.h>

#include "ar/tape.h"
#include "base/le.h"
#include "base/mem.h"
#include "cancelled.h"
#include "nn/sums.h"

#ifdef NN_DOUBLE
#define SUNK_NEAR 1e-12
#else
#define SUNK_NEAR 1e-5
#endif

enum { SUNK_UNITS = 5, SUNK_SERIES = 12, SUNK_STEPS = 9 };

/* ---- The sink alone ---- */

static inline real *
sunk_numbers(size_t n, struct rng *r)
{
	real *v = xcalloc(n + 1, sizeof *v);
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = (real)rng_normal(r);
	return v;
}

static inline void
sunk_units(int *unit, int n, struct rng *r)
{
	int i;

	for (i = 0; i < n; i++)
		unit[i] = (int)rng_below(r, SUNK_UNITS);
}

/* Of one set of weights: what each unit's gradient is, term by term. */
struct sunk_item {
	int out, in, n; /* in 1: a vector or a table */
	const real *d, *x;
	const int *unit, *row; /* row of a table, or NULL */
};

static inline double *
sunk_gradient(const struct sunk_item *t, int unit, size_t weights)
{
	double *g = xcalloc(weights, sizeof *g);
	int r, i, j, at;

	for (r = 0; r < t->n; r++) {
		if (t->unit[r] != unit)
			continue;
		at = t->row != NULL ? t->row[r] * t->out : 0;
		for (i = 0; i < t->out; i++)
			for (j = 0; j < t->in; j++)
				g[at + i * t->in + j] += (double)t->d[r * t->out + i] *
				    (t->x != NULL ? (double)t->x[r * t->in + j] : 1);
	}
	return g;
}

static inline double
sunk_square(const double *g, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += g[i] * g[i];
	return sum;
}

static inline void
sunk_near(const char *what, double got, double expected, double scale)
{
	if (!(fabs(got - expected) <= SUNK_NEAR * scale))
		fail_msg("%s: %.17g, not %.17g", what, got, expected);
}

/* Squares and sums of a sink that has been given t alone. */
static inline void
sunk_check(struct sink *s, const struct sunk_item *t, const real *grad, size_t weights,
    struct rng *r)
{
	double *sum = xcalloc(weights, sizeof *sum), *g, size = 0;
	real part[SUNK_UNITS];
	size_t i;
	int u;

	for (u = 0; u < SUNK_UNITS; u++) {
		g = sunk_gradient(t, u, weights);
		sunk_near("square", sink_squares(s)[u], sunk_square(g, weights),
		    8 * (1 + sunk_square(g, weights)));
		part[u] = u == 1 ? 1 : u == 3 ? 0 : (real)rng_uniform(r);
		for (i = 0; i < weights; i++)
			sum[i] += (double)part[u] * g[i];
		free(g);
	}
	sink_pour(s, part);
	size = sqrt(sunk_square(sum, weights));
	for (i = 0; i < weights; i++)
		sunk_near("sum", (double)grad[i], sum[i], 1 + size);
	free(sum);
}

static inline void
sunk_matrix(int out, int in, int n, struct rng *r)
{
	real *d = sunk_numbers((size_t)n * (size_t)out, r);
	real *x = sunk_numbers((size_t)n * (size_t)in, r);
	real *grad = xcalloc((size_t)out * (size_t)in, sizeof *grad);
	int *unit = xcalloc((size_t)n, sizeof *unit);
	const struct sunk_item t = {out, in, n, d, x, unit, NULL};
	struct sink *s = sink_new();

	sunk_units(unit, n, r);
	sink_begin(s, SUNK_UNITS);
	sink_matrix(s, grad, out, in, sink_keep(s, (struct rows){d, out, n, unit}, out),
	    x, in);
	sunk_check(s, &t, grad, (size_t)out * (size_t)in, r);
	sink_free(s);
	free(unit);
	free(grad);
	free(x);
	free(d);
}

/* A table of four rows, or a vector. */
static inline void
sunk_table(int e, int n, bool vector, struct rng *r)
{
	real *d = sunk_numbers((size_t)n * (size_t)e, r);
	real *grad = xcalloc(4 * (size_t)e, sizeof *grad);
	int *unit = xcalloc((size_t)n, sizeof *unit);
	int *row = xcalloc((size_t)n, sizeof *row), i;
	uint16_t *code = xcalloc(2 * (size_t)n, sizeof *code);
	const struct sunk_item t = {e, 1, n, d, NULL, unit, vector ? NULL : row};
	struct sink *s = sink_new();
	struct rows kept;

	sunk_units(unit, n, r);
	for (i = 0; i < n; i++)
		code[2 * i] = (uint16_t)(row[i] = (int)rng_below(r, 4));
	sink_begin(s, SUNK_UNITS);
	kept = sink_keep(s, (struct rows){d, e, n, unit}, e);
	if (vector)
		sink_vector(s, grad, e, kept);
	else
		sink_table(s, grad, e, kept, code, 2);
	sunk_check(s, &t, grad, vector ? (size_t)e : 4 * (size_t)e, r);
	sink_free(s);
	free(code);
	free(row);
	free(unit);
	free(grad);
	free(d);
}

static void
rows_of_a_unit_are_one_gradient(void **state)
{
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 51, 0);
	for (i = 0; i < 20; i++) {
		sunk_matrix(60, 50, 9, &r); /* pairs of rows */
		sunk_matrix(3, 5, 60, &r);  /* the product */
		sunk_matrix(7, 1, 5, &r);
		sunk_table(6, 30, false, &r);
		sunk_table(6, 30, true, &r);
		sunk_table(5, 4, false, &r);
	}
}

static void
stacked_parts_are_one_gradient(void **state)
{
	enum { E = 3, A = 7, B = 4 };
	real d[(A + B) * E], grad[4 * E] = {0}, *v;
	uint16_t code[A + B];
	const uint16_t *both;
	int unit[A + B], row[A + B], i;
	const struct sunk_item t = {E, 1, A + B, d, NULL, unit, row};
	struct sink *s = sink_new();
	struct rows kept;
	struct rng r;

	(void)state;
	rng_init(&r, 52, 0);
	v = sunk_numbers(LEN(d), &r);
	memcpy(d, v, sizeof d);
	sunk_units(unit, A + B, &r);
	for (i = 0; i < A + B; i++)
		code[i] = (uint16_t)(row[i] = (int)rng_below(&r, 2));
	sink_begin(s, SUNK_UNITS);
	kept = sink_stack(s, (struct rows){d, E, A, unit},
	    (struct rows){d + A * E, E, B, unit + A}, E);
	both = sink_codes(s, code, A, code + A, B, 1);
	sink_table(s, grad, E, kept, both, 1);
	sunk_check(s, &t, grad, 4 * E, &r);
	sink_free(s);
	free(v);
}

static void
broken_units_are_left_out(void **state)
{
	real d[] = {1, 2, INFINITY, 0, 3, 1, 1, 1}, x[] = {2, 1, 1, NAN};
	const real part[] = {1, 0, .5, 0};
	real w[2] = {0}, b[2] = {0};
	const int unit[] = {0, 1, 2, 3};
	struct sink *s = sink_new();
	struct rows kept;

	(void)state;
	sink_begin(s, 4);
	kept = sink_keep(s, (struct rows){d, 2, 4, unit}, 2);
	sink_matrix(s, w, 2, 1, kept, x, 1);
	sink_vector(s, b, 2, kept);
	assert_true(sink_squares(s)[0] == 20 + 5);
	assert_false(isfinite(sink_squares(s)[1]));
	assert_true(sink_squares(s)[2] == 10 + 10);
	assert_false(isfinite(sink_squares(s)[3]));
	sink_pour(s, part);
	assert_true(w[0] == 2 + 1.5 && w[1] == 4 + .5);
	assert_true(b[0] == 1 + 1.5 && b[1] == 2 + .5);
	sink_free(s);
}

/* ---- Whole nets ---- */

struct sunk {
	struct tensor_schema s;
	struct ar *m;
	struct tape *alone, *tape; /* without the sink, with it */
	struct sink *sink;
	struct ar_series series[SUNK_SERIES];
	struct lane lane[SUNK_SERIES];
	struct dropout none;
};

/* A kind that fixes its octet, which has a choice in the first alone; a step's second
 * symbol is fixed in the first step. */
static inline void
sunk_schema(struct tensor_schema *s)
{
	struct tensor_mask *k;
	int i;

	tensor_schema_init(s);
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port.0", NSR_CATEGORY, 20, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "chunks", NSR_BIT, 3, "");
	tensor_schema_add(s, NSR_FEATURE, "flags", NSR_CATEGORY, 5, "");
	tensor_schema_add(s, NSR_FEATURE, "iat", NSR_CATEGORY, 3, "");
	k = tensor_masks_add(&s->masks, s, 0, 1);
	mask_set_all(k->allow[0], 20);
	for (i = 1; i < 3; i++)
		mask_set(k->allow[i], 7 * (unsigned)i);
	k = tensor_masks_add(&s->masks, s, MASK_STEP, 4);
	mask_set(k->allow[0], 0);
	mask_set_all(k->allow[1], 3);
	k->allow[1][0] &= 0xfe;
}

static inline const uint8_t *
sunk_record(const struct tensor_schema *s, uint32_t n, struct rng *r)
{
	uint8_t *rec = xcalloc(1, s->attr_bytes + 4 + n * s->feat_bytes), *p = rec;
	uint32_t i;

	p[0] = (uint8_t)rng_below(r, 3);
	p[1] = (uint8_t)(p[0] > 0 ? 7 * p[0] : rng_below(r, 20));
	p[2] = (uint8_t)(rng_below(r, 8) << 5);
	p += s->attr_bytes;
	put_le32(p, n);
	for (i = 0, p += 4; i < n; i++, p += s->feat_bytes) {
		p[0] = (uint8_t)rng_below(r, 5);
		p[1] = (uint8_t)(i == 0 ? 0 : 1 + rng_below(r, 2));
	}
	return rec;
}

static inline void
sunk_open(struct sunk *w, bool frozen, struct rng *r)
{
	const struct ar_config c = {.attr_units = 1 + (int)rng_below(r, 30),
	    .ctx_units = 1 + (int)rng_below(r, 30),
	    .lstm_units = 1 + (int)rng_below(r, 20),
	    .head_units = 1 + (int)rng_below(r, 30),
	    .batch_size = SUNK_SERIES,
	    .window = SUNK_STEPS};
	struct ns_err e;
	size_t i;

	memset(w, 0, sizeof *w);
	sunk_schema(&w->s);
	w->m = ar_new(&w->s, &c, 2, &e);
	assert_non_null(w->m);
	ar_init(w->m, r);
	for (i = 0; i < w->m->n_train; i++)
		w->m->block[i] += (real)(.2 * rng_normal(r));
	w->alone = tape_new(w->m, SUNK_SERIES, SUNK_STEPS);
	w->tape = tape_new(w->m, SUNK_SERIES, SUNK_STEPS);
	w->tape->sink = w->sink = sink_new();
	w->tape->frozen = w->alone->frozen = frozen;
	for (i = 0; i < SUNK_SERIES; i++) {
		w->series[i].length = 1 + rng_below(r, SUNK_STEPS);
		w->series[i].rec = sunk_record(&w->s, w->series[i].length, r);
		w->series[i].chunk = (uint16_t)rng_below(r, 2);
		w->lane[i] = (struct lane){.series = &w->series[i],
		    .n = w->series[i].length,
		    .unit = (int)rng_below(r, SUNK_UNITS)};
	}
}

static inline void
sunk_close(struct sunk *w)
{
	int i;

	tape_free(w->tape);
	tape_free(w->alone);
	sink_free(w->sink);
	ar_free(w->m);
	tensor_schema_free(&w->s);
	for (i = 0; i < SUNK_SERIES; i++)
		free((void *)(uintptr_t)w->series[i].rec);
}

static inline void
sunk_run(struct sunk *w, struct tape *t, const struct lane *lane, int n)
{
	struct tape_loss loss = {0};

	memset(t->grad_block, 0, w->m->n_train * sizeof *t->grad_block);
	if (n == 0)
		return;
	tape_load(t, lane, n);
	tape_run(t, NULL, NULL, false, true, 1, &w->none, &loss);
}

/* The gradient of one unit: it is run alone. */
static inline const real *
sunk_alone(struct sunk *w, int unit)
{
	struct lane lane[SUNK_SERIES];
	int i, n = 0;

	for (i = 0; i < SUNK_SERIES; i++)
		if (w->lane[i].unit == unit)
			lane[n++] = w->lane[i];
	sunk_run(w, w->alone, lane, n);
	return w->alone->grad_block;
}

static inline void
sunk_compare(bool frozen, uint64_t seed)
{
	double square, size, *sum;
	const real *g;
	real part[SUNK_UNITS];
	struct sunk w;
	struct rng r;
	size_t i;
	int u;

	rng_init(&r, seed, 0);
	sunk_open(&w, frozen, &r);
	sum = xcalloc(w.m->n_train, sizeof *sum);
	sink_begin(w.sink, SUNK_UNITS);
	sunk_run(&w, w.tape, w.lane, SUNK_SERIES);
	for (i = 0; i < w.m->n_train; i++)
		assert_true(w.tape->grad_block[i] == 0); /* all waits in the sink */
	for (u = 0; u < SUNK_UNITS; u++) {
		g = sunk_alone(&w, u);
		square = sum_squares(g, w.m->n_train);
		sunk_near("square of a unit", sink_squares(w.sink)[u], square, square);
		part[u] = u == 1 ? 1 : u == 3 ? 0 : (real)rng_uniform(&r);
		for (i = 0; i < w.m->n_train; i++)
			sum[i] += (double)part[u] * (double)g[i];
	}
	sink_pour(w.sink, part);
	size = sqrt(sunk_square(sum, w.m->n_train));
	for (i = 0; i < w.m->n_train; i++)
		sunk_near("sum", (double)w.tape->grad_block[i], sum[i], size);
	free(sum);
	sunk_close(&w);
}

static void
units_of_a_tape(void **state)
{
	uint64_t i;

	(void)state;
	for (i = 0; i < 200; i++)
		sunk_compare(false, 600 + i);
}

static void
frozen_tables_stay(void **state)
{
	uint64_t i;

	(void)state;
	for (i = 0; i < 20; i++)
		sunk_compare(true, 900 + i);
}

static inline int
sunk_main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_of_a_unit_are_one_gradient),
	    cmocka_unit_test(stacked_parts_are_one_gradient),
	    cmocka_unit_test(broken_units_are_left_out),
	    cmocka_unit_test(units_of_a_tape),
	    cmocka_unit_test(frozen_tables_stay),
	    cmocka_unit_test(what_cancels_is_clipped),
	};

	return cmocka_run_group_tests_name("sink", tests, NULL, NULL);
}

#endif
