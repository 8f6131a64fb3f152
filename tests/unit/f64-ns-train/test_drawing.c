/* Series drawn window by window: of what masks allow, by the probabilities, and as if
 * there had been one long window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../ns-sample/chi.h"
#include "adv/play.h"
#include "reference.h"

enum { LONGEST = 30 };

struct stage {
	struct world *w;
	struct play *y;
	struct carried_on on;
	struct codes out;
	real *marginal;
};

static void
stage_open(struct stage *g, int smooth, real floor)
{
	const struct ar *m;
	int i;

	g->w = world_new(smooth);
	m = g->w->m;
	g->marginal = xcalloc((size_t)m->sym.codes, sizeof *g->marginal);
	for (i = 0; i < m->sym.codes; i++)
		g->marginal[i] = .01 * (i % 7);
	g->y = play_new(m, g->w->t, g->marginal);
	g->y->floor = floor;
	carried_on_init(&g->on, m, LANES);
	codes_init(&g->out, m, LANES, WINDOW);
}

static void
stage_close(struct stage *g)
{
	play_free(g->y);
	free(g->marginal);
	carried_on_free(&g->on);
	codes_free(&g->out);
	world_free(g->w);
}

/* All lanes at the begins of their series, or on to the next windows; a series that is
 * over begins anew. */
static void
go_on(struct stage *g, bool begin, struct rng *r)
{
	uint32_t first[LANES];
	const struct lane *a = g->w->lane;
	int i;

	for (i = 0; i < LANES; i++) {
		first[i] = begin ? 0 : a[i].first + a[i].n;
		if (first[i] == lengths[i])
			first[i] = 0;
	}
	world_lanes(g->w, first);
	tape_load(g->w->t, g->w->lane, LANES);
	play_draw(g->y, &g->on, &g->out, 0, r);
}

/* ---- One lane's series, as a record ---- */

struct taken {
	uint8_t rec[512];
	uint32_t n;
	real h[H], c[H]; /* at its end */
};

static void
take(const struct stage *g, int i, struct taken *t)
{
	const struct ar *m = g->w->m;
	const struct tensor_schema *s = &g->w->s;
	uint32_t k, n = g->w->lane[i].n;
	uint8_t attr[64] = {0};

	assert_int_equal(g->out.n[i], n);
	symbols_write(m->sym.sym, m->P, codes_attr(&g->out, i), attr);
	if (g->w->lane[i].first == 0) {
		memset(t, 0, sizeof *t);
		memcpy(t->rec, attr, s->attr_bytes);
		put_le32(t->rec + s->attr_bytes, lengths[i]);
	}
	/* the same attributes in all windows */
	assert_memory_equal(t->rec, attr, s->attr_bytes);
	for (k = 0; k < n; k++, t->n++)
		symbols_write(m->sym.sym + m->P, m->M, codes_step(&g->out, i, (int)k),
		    t->rec + s->attr_bytes + 4 + t->n * s->feat_bytes);
	assert_true(s->attr_bytes + 4 + t->n * s->feat_bytes <= sizeof t->rec);
	memcpy(t->h, g->on.h + i * H, sizeof t->h);
	memcpy(t->c, g->on.c + i * H, sizeof t->c);
}

static void
check_masks(const struct stage *g, const struct taken *t)
{
	const struct tensor_schema *s = &g->w->s;
	struct ns_err e;
	uint32_t steps;

	assert_int_equal(tensor_check(s, t->rec,
			     s->attr_bytes + 4 + t->n * s->feat_bytes, &steps, &e),
	    NS_OK);
	assert_int_equal(steps, t->n);
	assert_null(tensor_masks_broken(&s->masks, s, t->rec, steps));
}

/* The LSTM at the end is where one long window of what was drawn ends. */
static void
check_state(const struct stage *g, int i, const struct taken *t)
{
	struct tape *whole = tape_new(g->w->m, 1, LONGEST);
	const struct ar_series s = {.rec = t->rec,
	    .length = t->n,
	    .chunk = g->w->series[i].chunk};
	const struct lane lane = {.series = &s, .n = t->n};
	struct tape_loss loss = {0};
	real h[H] = {0}, c[H] = {0};
	int j;

	tape_load(whole, &lane, 1);
	tape_run(whole, h, c, true, false, 0, NULL, &loss);
	for (j = 0; j < H; j++) {
		assert_true(fabs(h[j] - t->h[j]) < 1e-12);
		assert_true(fabs(c[j] - t->c[j]) < 1e-12);
	}
	tape_free(whole);
}

static void
series_go_on(void **state)
{
	struct taken taken[LANES];
	int window, i, whole = 0, longest = 0, differ = 0;
	struct stage g;
	struct rng r;

	(void)state;
	stage_open(&g, 2, .1);
	rng_init(&r, 71, 0);
	for (window = 0; window < 60; window++) {
		go_on(&g, window == 0, &r);
		for (i = 0; i < LANES; i++) {
			take(&g, i, &taken[i]);
			if (taken[i].n < lengths[i])
				continue;
			check_masks(&g, &taken[i]);
			check_state(&g, i, &taken[i]);
			whole++;
			longest += i == 5;
			/* it is not the real one */
			differ += memcmp(taken[i].rec, g.w->series[i].rec,
				      g.w->s.attr_bytes + 4 +
					  taken[i].n * g.w->s.feat_bytes) != 0;
		}
	}
	assert_true(whole > 200 && longest == 7 && differ > whole * 9 / 10);
	stage_close(&g);
}

/* ---- Probabilities ---- */

/* Of each symbol: how often its codes were drawn, and how often they should be. */
struct tally {
	uint64_t count[64];
	double p[64];
};

static void
add(struct tally *all, const struct stage *g)
{
	const struct ar *m = g->w->m;
	const struct tape *t = g->w->t;
	const struct drawn *d;
	const real *q;
	int i, r, j, k, code;
	bool as_is;

	for (i = 0; i < m->P + m->M; i++) {
		d = &g->y->of[i];
		k = m->sym.sym[i].k;
		as_is = ar_block(m, i) == 1 && g->y->floor == 0;
		for (r = 0; r < d->n; r++) {
			q = (as_is ? d->p : d->q) + r * k;
			code = i < m->P ? t->attr[d->row[r] * m->P + i]
					: t->code[d->row[r] * m->M + i - m->P];
			all[i].count[code]++;
			for (j = 0; j < k; j++)
				all[i].p[j] += q[j];
		}
	}
}

static void
check_probabilities(int smooth, real floor)
{
	static struct tally all[16];
	struct stage g;
	struct rng r;
	double chi;
	int i, n;

	memset(all, 0, sizeof all);
	stage_open(&g, smooth, floor);
	rng_init(&r, 72, 0);
	for (i = 0; i < 3000; i++) {
		go_on(&g, i == 0, &r);
		add(all, &g);
	}
	n = g.w->m->P + g.w->m->M;
	for (i = 0; i < n; i++) {
		chi = chi_normal(all[i].count, all[i].p, (size_t)g.w->m->sym.sym[i].k);
		if (!(chi < CHI_RARE))
			fail_msg("symbol %d is drawn by others: %g", i, chi);
	}
	stage_close(&g);
}

static void
draws_are_by_the_probabilities(void **state)
{
	(void)state;
	check_probabilities(0, 0);
	check_probabilities(2, .1);
}

/* The net prefers odd octets; their low bits are drawn evenly all the same. */
static void
low_bits_are_even(void **state)
{
	static struct tally all[16];
	double even[4] = {1, 1, 1, 1};
	uint64_t low[4] = {0};
	struct stage g;
	struct rng r;
	int i;

	(void)state;
	memset(all, 0, sizeof all);
	stage_open(&g, 2, 0);
	for (i = 0; i < 40; i++)
		g.w->m->net.pick[1].out.b[i] += i % 2;
	rng_init(&r, 73, 0);
	for (i = 0; i < 4000; i++) {
		go_on(&g, true, &r);
		add(all, &g);
	}
	/* of ports whose octet is free: that of the others is 14 or 15 */
	for (i = 0; i < 40; i++)
		if (i / 4 != 14 / 4)
			low[i % 4] += all[1].count[i];
	assert_true(low[0] > 500);
	assert_true(chi_normal(low, even, 4) < CHI_RARE);
	stage_close(&g);
}

/* ---- Shards ---- */

/* Lanes of a shard that begins in the middle: their codes stand behind the others'. */
static void
codes_stand_behind_others(void **state)
{
	struct codes both;
	struct stage g;
	struct rng r;
	int i;

	(void)state;
	stage_open(&g, 0, 0);
	codes_init(&both, g.w->m, 3 + LANES, WINDOW);
	memset(both.attr, 0xee, 3 * (size_t)both.P * sizeof *both.attr);
	rng_init(&r, 74, 0);
	go_on(&g, true, &r);
	rng_init(&r, 74, 0);
	tape_load(g.w->t, g.w->lane, LANES);
	play_draw(g.y, &g.on, &both, 3, &r);
	for (i = 0; i < 3 * both.P; i++)
		assert_int_equal(both.attr[i], 0xeeee);
	assert_memory_equal(both.attr + 3 * both.P, g.out.attr,
	    (size_t)(LANES * both.P) * sizeof *both.attr);
	assert_memory_equal(codes_step(&both, 3, 0), g.out.step,
	    (size_t)(LANES * WINDOW * both.M) * sizeof *both.step);
	assert_memory_equal(both.n + 3, g.out.n, LANES * sizeof *both.n);
	codes_free(&both);
	stage_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(series_go_on),
	    cmocka_unit_test(draws_are_by_the_probabilities),
	    cmocka_unit_test(low_bits_are_even),
	    cmocka_unit_test(codes_stand_behind_others),
	};

	return cmocka_run_group_tests_name("drawing", tests, NULL, NULL);
}
