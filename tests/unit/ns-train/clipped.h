/*
 * clipped.h: private gradients of critics before and on their way into Adam; the tests
 * of test_clipping.c, which is built in float and in double.
 *
 * What each test catches:
 *   lengths_are_those_of_written_gradients: a bias or a cross term (of a series' three
 *     rows, of a unit's series) that is missing, a critic that is not measured
 *   sums_are_those_of_clipped_units: clipping of less than all of a unit (one critic,
 *     the penalty), means for sums, a unit whose numbers are not finite
 *   neighbours_differ_by_a_clipped_unit: whatever lets one series change what is made
 *     of another, shares longer than they may be, such as by rounding where most of a
 *     gradient cancels
 *   noise_is_added_once: noise or the division done twice, or in the other order
 *   all_columns_have_noise: an empty batch that is passed over, columns as well
 *   no_column_waits: those that catch up on updates which they have had
 */
#ifndef CLIPPED_H
#define CLIPPED_H

#include "clipping.h"

enum { NETS_TRIED = 200, PAIRS = 1000 };

#ifdef NN_DOUBLE
#define CLOSE 1e-12
#define noise_add dp_noise_add64
#else
#define CLOSE 1e-5
#define noise_add dp_noise_add
#endif

static void
lengths_are_those_of_written_gradients(void **state)
{
	struct clip k = {0};
	struct batch b;
	struct pair p;
	struct rng r;
	double *g, n, got, off = 0;
	int i, u;

	(void)state;
	rng_init(&r, 71, 0);
	for (i = 0; i < NETS_TRIED; i++) {
		batch_open(&b, between(&r, 1, UNITS_MOST), &r);
		pair_open(&p, &b, NULL, &r);
		g = xcalloc(p.n, sizeof *g);
		pair_measure(&p, &b, &k);
		for (u = 0; u < b.n_units; u++) {
			n = written_unit(&p, &b, u, g);
			got = sqrt(k.square[u]);
			/* a dead net: all that it has cancels */
			if (n == 0)
				assert_true(fabs(k.square[u]) <= 1e-14 * k.parts[u]);
			else
				off = fmax(off, fabs(got - n) / n);
		}
		free(g);
		pair_close(&p);
		batch_close(&b);
	}
	clip_free(&k);
	print_message("off by %.3g of a length at most\n", off);
	assert_true(off < CLOSE);
}

/* With one unit in three of numbers that are not finite: it has no share. */
static void
sums_are_those_of_clipped_units(void **state)
{
	double *g, *want, n, top, off = 0, length;
	struct batch b;
	struct pair p;
	struct rng r;
	real *got;
	size_t j;
	int i, u, clipped = 0, whole = 0;

	(void)state;
	rng_init(&r, 72, 0);
	for (i = 0; i < NETS_TRIED; i++) {
		batch_open(&b, UNITS_MOST, &r);
		pair_open(&p, &b, NULL, &r);
		g = xcalloc(p.n, sizeof *g);
		want = xcalloc(p.n, sizeof *want);
		got = xcalloc(p.n, sizeof *got);
		length = fmax(written_unit(&p, &b, 0, g), 1);
		for (u = 0; u < b.n_units; u++) {
			if (u % 3 == 2) {
				b.real_x[b.first[u] * b.in] =
				    (real)(u == 2 ? NAN : INFINITY);
				continue;
			}
			n = written_unit(&p, &b, u, g);
			clipped += n > length;
			whole += n <= length;
			for (j = 0; j < p.n; j++)
				want[j] += g[j] * (n > length ? length / n : 1);
		}
		pair_sum(&p, &b, length, got);
		for (top = 0, j = 0; j < p.n; j++)
			top += want[j] * want[j];
		top = sqrt(top);
		for (j = 0; j < p.n; j++)
			off = fmax(off,
			    fabs((double)got[j] - want[j]) / fmax(top, length));
		free(g);
		free(want);
		free(got);
		pair_close(&p);
		batch_close(&b);
	}
	print_message("off by %.3g, %d units clipped, %d not\n", off, clipped, whole);
	assert_true(clipped > 200 && whole > 200);
	assert_true(off < CLOSE);
}

/* ---- Neighbours ---- */

enum odd {
	ZERO,
	HUGE_ONES,
	TOO_HUGE,
	NO_NUMBER,
	INFINITE,
	SUBNORMAL,
	COPY,
	CANCELLED,
	ODDS
};

static void
make_odd(struct batch *b, int u, enum odd odd, struct rng *r)
{
	const double by[ODDS] = {0, 1e12, 1e37, 1, 1, 1e-41, 1, 1e6};
	int i, j, k, other = (u + 1) % b->n_units;

	for (i = b->first[u]; i < b->first[u + 1]; i++) {
		for (j = 0; j < b->in; j++)
			b->real_x[i * b->in + j] *= (real)by[odd];
		k = i * b->in + between(r, 0, b->attr + b->n_real[i] * b->block - 1);
		if (odd == NO_NUMBER)
			b->real_x[k] = (real)NAN;
		if (odd == INFINITE)
			b->real_x[k] = (real)(k % 2 == 0 ? INFINITY : -INFINITY);
		if (odd == CANCELLED) {
			for (j = 0; j < b->in; j++)
				b->fake_x[i * b->in + j] = b->real_x[i * b->in + j];
			b->fake_x[k] *= (real)(1 + 1e-6);
			b->n_fake[i] = b->n_real[i];
		}
		if (odd == COPY)
			series_copy(b, i, b, b->first[other]);
	}
}

/* The length of what one unit more adds, in lengths that it may have. */
static double
try_neighbours(enum odd odd, struct rng *r)
{
	double length = pow(10, between(r, -2, 2)), sum = 0, d;
	struct batch b, less;
	struct pair p;
	real *with, *without;
	size_t j;
	int u;

	batch_open(&b, between(r, 2, UNITS_MOST), r);
	pair_open(&p, &b, NULL, r);
	u = between(r, 0, b.n_units - 1);
	make_odd(&b, u, odd, r);
	batch_without(&less, &b, u);
	with = xcalloc(p.n, sizeof *with);
	without = xcalloc(p.n, sizeof *without);
	pair_sum(&p, &b, PRIVATE_CLIPPED * length, with);
	pair_sum(&p, &less, PRIVATE_CLIPPED * length, without);
	for (j = 0; j < p.n; j++) {
		d = (double)with[j] - (double)without[j];
		sum += d * d;
	}
	free(with);
	free(without);
	batch_close(&b);
	batch_close(&less);
	pair_close(&p);
	return sqrt(sum) / length;
}

static void
neighbours_differ_by_a_clipped_unit(void **state)
{
	double d, most[ODDS] = {0};
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 73, 0);
	for (i = 0; i < PAIRS; i++) {
		d = try_neighbours((enum odd)(i % ODDS), &r);
		if (!(d <= 1 + 1e-6))
			fail_msg("pair %d, odd in way %d: %.9g", i, i % ODDS, d);
		most[i % ODDS] = fmax(most[i % ODDS], d);
	}
	for (i = 0; i < ODDS; i++)
		print_message("way %d: %.9g of the length at most\n", i, most[i]);
	/* nobody is cut shorter than need be, but who has no number has no share */
	assert_true(most[ZERO] > .9998 && most[HUGE_ONES] > .9998);
	assert_true(most[SUBNORMAL] > .9998 && most[COPY] > .9998);
	assert_true(most[NO_NUMBER] < 1e-4 && most[INFINITE] < 1e-4);
}

/* ---- On the way into Adam ---- */

/* Adam's first moments of one private update of a batch, the first of all: m (n). */
static void
move(struct pair *p, const struct batch *b, const struct private *how, uint64_t round,
    struct pool *pool, real *m)
{
	real *keep = xcalloc(p->n, sizeof *keep), *g = xcalloc(p->n, sizeof *g);

	memcpy(keep, p->w, p->n * sizeof *keep);
	memset(p->mom, 0, p->n * sizeof *p->mom);
	memset(p->var, 0, p->n * sizeof *p->var);
	pair_sum(p, b, PRIVATE_CLIPPED * how->clip, g);
	p->update.private = how;
	p->update.round = round;
	update_run(&p->update, pool);
	p->update.private = NULL;
	memcpy(m, p->mom, p->n * sizeof *m);
	memcpy(p->w, keep, p->n * sizeof *keep);
	free(keep);
	free(g);
}

/* What they are to be: (1 - beta1) (sum + noise) / nominal. */
static void
moved(struct pair *p, const struct batch *b, const struct private *how, uint64_t round,
    real *m)
{
	size_t j;

	pair_sum(p, b, PRIVATE_CLIPPED * how->clip, m);
	noise_add(&how->key, DP_GRADIENT, round, 0, how->sigma * how->clip, m, p->n);
	for (j = 0; j < p->n; j++)
		m[j] = (real).5 * (m[j] * (real)(1 / how->nominal));
}

static void
noise_is_added_once(void **state)
{
	struct private how = {.rate = .5, .nominal = 48, .clip = .5, .sigma = 1.25};
	struct pool *pool = pool_new(3);
	struct batch b;
	struct pair p;
	struct rng r;
	real *m, *want, *half;
	size_t j, moves = 0;
	int i;

	(void)state;
	dp_key_insecure(&how.key, 5);
	rng_init(&r, 74, 0);
	for (i = 0; i < 20; i++) {
		batch_open(&b, UNITS_MOST, &r);
		pair_open(&p, &b, NULL, &r);
		m = xcalloc(p.n, sizeof *m);
		want = xcalloc(p.n, sizeof *want);
		half = xcalloc(p.n, sizeof *half);
		how.sigma = i % 2 == 0 ? 1.25 : 0;
		moved(&p, &b, &how, (uint64_t)i, want);
		move(&p, &b, &how, (uint64_t)i, NULL, m);
		assert_memory_equal(m, want, p.n * sizeof *m);
		move(&p, &b, &how, (uint64_t)i, pool, half);
		assert_memory_equal(m, half, p.n * sizeof *m);
		how.nominal *= 2;
		move(&p, &b, &how, (uint64_t)i, NULL, half);
		how.nominal /= 2;
		for (j = 0; j < p.n; j++)
			assert_true(half[j] * 2 == m[j]);
		move(&p, &b, &how, (uint64_t)i + 1, NULL, half);
		for (j = 0; j < p.n; j++)
			moves += half[j] != m[j];
		assert_true(how.sigma > 0 ? moves > 0 : moves == 0);
		moves = 0;
		free(m);
		free(want);
		free(half);
		pair_close(&p);
		batch_close(&b);
	}
	pool_free(pool);
}

/* Of short series, and of none. */
static void
all_columns_have_noise(void **state)
{
	struct private how = {.rate = .5, .nominal = 10, .clip = 2, .sigma = 3};
	struct batch b, none;
	struct pair p;
	struct rng r;
	real *m, *want;
	double sum = 0;
	size_t j, n = 0;
	int i, k;

	(void)state;
	dp_key_insecure(&how.key, 6);
	rng_init(&r, 75, 0);
	for (i = 0; i < 40; i++) {
		batch_open(&b, 1, &r);
		for (k = 0; k < b.n; k++)
			b.n_real[k] = b.n_fake[k] = 0;
		batch_without(&none, &b, 0);
		assert_int_equal(none.n, 0);
		pair_open(&p, &b, NULL, &r);
		m = xcalloc(p.n, sizeof *m);
		want = xcalloc(p.n, sizeof *want);
		moved(&p, &b, &how, (uint64_t)i, want);
		move(&p, &b, &how, (uint64_t)i, NULL, m);
		assert_memory_equal(m, want, p.n * sizeof *m);
		move(&p, &none, &how, (uint64_t)i, NULL, m);
		memset(want, 0, p.n * sizeof *want);
		noise_add(&how.key, DP_GRADIENT, (uint64_t)i, 0, 6, want, p.n);
		for (j = 0; j < p.n; j++) {
			want[j] = (real).5 * (want[j] * (real).1);
			sum += (double)want[j] * (double)want[j];
			assert_true(m[j] == want[j] && m[j] != 0);
		}
		n += p.n;
		free(m);
		free(want);
		pair_close(&p);
		batch_close(&b);
		batch_close(&none);
	}
	/* sigma clip / nominal, halved */
	assert_true(n > 20000);
	assert_true(fabs(sqrt(sum / (double)n) / .3 - 1) < 4 / sqrt(2. * (double)n));
}

/* Short series after long ones and before: every update moves every column. */
static void
no_column_waits(void **state)
{
	enum { UPDATES = 6 };
	struct private how = {.rate = .5, .nominal = 10, .clip = 2, .sigma = .5};
	struct batch b[2];
	struct pair p;
	struct rng r;
	real *g, *want;
	size_t j;
	int i, k;

	(void)state;
	dp_key_insecure(&how.key, 7);
	rng_init(&r, 76, 0);
	for (i = 0; i < 20; i++) {
		batch_open(&b[0], 2, &r);
		batch_without(&b[1], &b[0], 0);
		for (k = 0; k < b[1].n; k++)
			b[1].n_real[k] = b[1].n_fake[k] = 0;
		pair_open(&p, &b[0], NULL, &r);
		g = xcalloc(p.n, sizeof *g);
		want = xcalloc(p.n, sizeof *want);
		for (p.t = 1; p.t <= UPDATES; p.t++) {
			pair_sum(&p, &b[p.t % 3 != 1], PRIVATE_CLIPPED * how.clip, g);
			noise_add(&how.key, DP_GRADIENT, p.t, 0, how.sigma * how.clip,
			    g, p.n);
			for (j = 0; j < p.n; j++)
				want[j] = (real).5 * want[j] +
				    (real).5 * (g[j] * (real)(1 / how.nominal));
			p.update.private = &how;
			p.update.round = p.t;
			update_run(&p.update, NULL);
			p.update.private = NULL;
			assert_memory_equal(p.mom, want, p.n * sizeof *want);
		}
		free(g);
		free(want);
		pair_close(&p);
		batch_close(&b[0]);
		batch_close(&b[1]);
	}
}

#endif
