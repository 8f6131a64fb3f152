/* The likelihood's gradients against differences of the loss, in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/hold.h"
#include "ar/tape.h"
#include "base/le.h"
#include "base/mem.h"
#include "nn/gemm.h"

#define STEP 1e-5
enum { LANES = 5, WINDOW = 4 };

static const uint32_t lengths[LANES] = {3, 9, 1, 4, 7}, firsts[LANES] = {0, 4, 0, 0, 4};

/* Attributes: a value and its octet, of which all values but "other" fix it; bits.
 * Features: a category, one of which the attribute forbids a code, and one that the
 * first step fixes. */
struct world {
	struct tensor_schema s;
	struct ar *m;
	struct tape *t;
	struct ar_series series[LANES];
	struct lane lane[LANES];
	real h[LANES * 6], c[LANES * 6], h0[LANES * 6], c0[LANES * 6];
};

static void
add_masks(struct world *w)
{
	struct tensor_mask *k;
	uint32_t i;

	k = tensor_masks_add(&w->s.masks, &w->s, 0, 1);
	mask_set_all(k->allow[0], 40);
	for (i = 1; i < 3; i++)
		mask_set(k->allow[i], 7 * i);
	k = tensor_masks_add(&w->s.masks, &w->s, 0, 4);
	for (i = 0; i < 3; i++)
		mask_set_all(k->allow[i], i == 2 ? 4 : 5);
	k = tensor_masks_add(&w->s.masks, &w->s, MASK_STEP, 5);
	mask_set(k->allow[0], 0);
	mask_set_all(k->allow[1], 3);
	k->allow[1][0] &= 0xfe;
}

static const uint8_t *
make_record(const struct tensor_schema *s, uint32_t n, struct rng *r)
{
	uint8_t *rec = xcalloc(1, s->attr_bytes + 4 + n * s->feat_bytes), *p = rec;
	uint32_t i;

	p[0] = (uint8_t)rng_below(r, 3);
	p[1] = (uint8_t)(p[0] > 0 ? 7 * p[0] : rng_below(r, 40));
	p[2] = (uint8_t)(rng_below(r, 8) << 5);
	p += s->attr_bytes;
	put_le32(p, n);
	for (i = 0, p += 4; i < n; i++, p += s->feat_bytes) {
		p[0] = (uint8_t)rng_below(r, 4);
		p[1] = (uint8_t)(i == 0 ? 0 : 1 + rng_below(r, 2));
	}
	return rec;
}

static void
build(struct world *w, struct rng *r)
{
	const struct ar_config c = {.attr_units = 7,
	    .ctx_units = 5,
	    .lstm_units = 6,
	    .head_units = 8,
	    .batch_size = LANES,
	    .window = WINDOW};
	struct ns_err e;
	size_t i;

	memset(w, 0, sizeof *w);
	tensor_schema_init(&w->s);
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, 3, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "port.0", NSR_CATEGORY, 40, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "chunks", NSR_BIT, 3, "");
	tensor_schema_add(&w->s, NSR_ATTRIBUTE, "start", NSR_REAL, 1, "");
	tensor_schema_add(&w->s, NSR_FEATURE, "flags", NSR_CATEGORY, 5, "");
	tensor_schema_add(&w->s, NSR_FEATURE, "iat", NSR_CATEGORY, 3, "");
	tensor_schema_add(&w->s, NSR_FEATURE, "iat.pos", NSR_REAL, 1, "");
	add_masks(w);
	w->m = ar_new(&w->s, &c, 2, &e);
	assert_non_null(w->m);
	ar_init(w->m, r);
	for (i = 0; i < w->m->n_train; i++)
		w->m->block[i] += .1 * rng_normal(r);
	w->t = tape_new(w->m, LANES, WINDOW);
	for (i = 0; i < LANES; i++) {
		w->series[i].rec = make_record(&w->s, lengths[i], r);
		w->series[i].length = lengths[i];
		w->series[i].chunk = (uint16_t)(i % 2);
		w->lane[i].series = &w->series[i];
		w->lane[i].first = firsts[i];
		w->lane[i].n =
		    lengths[i] - firsts[i] < WINDOW ? lengths[i] - firsts[i] : WINDOW;
	}
	for (i = 0; i < LEN(w->h0); i++) {
		w->h0[i] = rng_normal(r) / 2;
		w->c0[i] = rng_normal(r) / 2;
	}
}

static void
clear(struct world *w)
{
	int i;

	tape_free(w->t);
	ar_free(w->m);
	tensor_schema_free(&w->s);
	for (i = 0; i < LANES; i++)
		free((void *)(uintptr_t)w->series[i].rec);
}

static double
run(struct world *w, bool backward, double rate)
{
	struct tape_loss loss = {0};
	struct dropout d;

	memcpy(w->h, w->h0, sizeof w->h);
	memcpy(w->c, w->c0, sizeof w->c);
	dropout_init(&d, rate, 3, 4);
	tape_load(w->t, w->lane, LANES);
	tape_run(w->t, w->h, w->c, true, backward, .5, &d, &loss);
	assert_int_equal(loss.series, 3);
	assert_int_equal(loss.steps, 3 + 4 + 1 + 4 + 3);
	return .5 * (loss.attr + loss.step);
}

/* Of each array, embeddings of what each net reads among them, something mattered. */
static void
check_moved(const struct world *w, const bool *moved)
{
	const struct param *p;
	size_t j, n, all = 0;
	int i;

	for (i = 0; i < w->m->params.n; i++) {
		p = &w->m->params.v[i];
		if (p->off >= w->m->n_train)
			continue;
		for (n = 0, j = 0; j < p->n; j++)
			n += moved[p->off + j];
		if (n == 0)
			fail_msg("nothing depends on '%s'", p->name);
		all += n;
	}
	assert_true(all > 1000);
}

static void
check_gradient(double rate)
{
	struct world w;
	struct rng r;
	size_t i;
	double up, down, diff, got;
	real *at, was;
	bool *moved;

	rng_init(&r, 16, 0);
	build(&w, &r);
	moved = xcalloc(w.m->n_train, sizeof *moved);
	run(&w, true, rate);
	for (i = 0; i < w.m->n_train; i++) {
		at = &w.m->block[i];
		was = *at;
		*at = was + STEP;
		up = run(&w, false, rate);
		*at = was - STEP;
		down = run(&w, false, rate);
		*at = was;
		diff = (up - down) / (2 * STEP);
		got = w.t->grad_block[i];
		if (fabs(diff - got) > 1e-6 * (1 + fabs(diff)))
			fail_msg("parameter %zu: %.9g, difference %.9g", i, got, diff);
		moved[i] = diff != 0;
	}
	check_moved(&w, moved);
	free(moved);
	clear(&w);
}

static void
gradient_matches_difference(void **state)
{
	(void)state;
	check_gradient(0);
}

static void
gradient_matches_difference_with_dropout(void **state)
{
	(void)state;
	check_gradient(.25);
}

/* ---- Nets share nothing ---- */

static int
net_of(const struct ar *m, int symbol)
{
	return symbol < m->P ? symbol : m->P;
}

/* The loss of one symbol has a gradient in its own net, and nowhere else. */
static void
gradient_stays_in_its_net(void **state)
{
	real weight[16] = {0};
	const size_t *at;
	struct world w;
	struct rng r;
	size_t j;
	int i, net, other, inside;

	(void)state;
	rng_init(&r, 16, 0);
	build(&w, &r);
	at = w.m->net_at;
	assert_int_equal(at[0], 0);
	assert_int_equal(at[w.m->P + 1], w.m->n_train);
	w.t->weight = weight;
	for (i = 0; i < w.m->P + w.m->M; i++) {
		memset(w.t->grad_block, 0, w.m->n_train * sizeof *w.t->grad_block);
		weight[i] = 1;
		run(&w, true, 0);
		weight[i] = 0;
		net = net_of(w.m, i);
		for (other = 0; other <= w.m->P; other++) {
			for (inside = 0, j = at[other]; j < at[other + 1]; j++)
				inside += w.t->grad_block[j] != 0;
			assert_true(other == net ? inside > 50 : inside == 0);
		}
	}
	clear(&w);
}

/* Nats of each symbol. */
static void
run_each(struct world *w, double *nats)
{
	struct symbol_loss each[16] = {{0}};
	int i;

	w->t->each = each;
	run(w, false, 0);
	w->t->each = NULL;
	for (i = 0; i < w->m->P + w->m->M; i++)
		nats[i] = each[i].nats;
}

/* Other weights of a net are other nats of its symbols, and of no others. */
static void
nats_are_of_their_net(void **state)
{
	double before[16], after[16];
	struct world w;
	struct rng r;
	real *was;
	size_t j, *at;
	int net, i;

	(void)state;
	rng_init(&r, 17, 0);
	build(&w, &r);
	at = w.m->net_at;
	was = xcalloc(w.m->n_train, sizeof *was);
	memcpy(was, w.m->block, w.m->n_train * sizeof *was);
	run_each(&w, before);
	for (net = 0; net <= w.m->P; net++) {
		for (j = at[net]; j < at[net + 1]; j++)
			w.m->block[j] += .5 * rng_normal(&r);
		run_each(&w, after);
		for (i = 0; i < w.m->P + w.m->M; i++)
			assert_true((after[i] != before[i]) == (net_of(w.m, i) == net));
		memcpy(w.m->block, was, w.m->n_train * sizeof *was);
	}
	free(was);
	clear(&w);
}

/* A symbol that is no longer learnt is not in the loss of the attributes. */
static void
loss_is_of_what_is_learnt(void **state)
{
	struct tape_loss all = {0}, some = {0};
	real weight[16];
	double nats[16];
	struct world w;
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 18, 0);
	build(&w, &r);
	run_each(&w, nats);
	for (i = 0; i < 16; i++)
		weight[i] = i != 2 && i != w.m->P;
	tape_load(w.t, w.lane, LANES);
	tape_run(w.t, w.h, w.c, false, false, 0, NULL, &all);
	w.t->weight = weight;
	tape_run(w.t, w.h, w.c, false, false, 0, NULL, &some);
	assert_true(nats[2] > .1);
	assert_true(fabs(all.attr - some.attr - nats[2]) < 1e-10);
	assert_true(some.step == all.step); /* that of the steps tells of all */
	clear(&w);
}

/* Window behind window with the state carried gives the loss of one long window. */
static void
carried_state_is_the_whole_series(void **state)
{
	struct tape_loss whole = {0}, parts = {0};
	struct tape *longer;
	struct world w;
	struct rng r;
	uint32_t at;

	(void)state;
	rng_init(&r, 12, 0);
	build(&w, &r);
	longer = tape_new(w.m, 1, 16);
	w.lane[1] = (struct lane){.series = &w.series[1], .n = lengths[1]};
	tape_load(longer, &w.lane[1], 1);
	tape_run(longer, w.h, w.c, true, false, 0, NULL, &whole);
	for (at = 0; at < lengths[1]; at += WINDOW) {
		w.lane[1].first = at;
		w.lane[1].n = lengths[1] - at < WINDOW ? lengths[1] - at : WINDOW;
		tape_load(w.t, &w.lane[1], 1);
		tape_run(w.t, w.h, w.c, true, false, 0, NULL, &parts);
	}
	assert_true(fabs(whole.attr - parts.attr) < 1e-10);
	assert_true(fabs(whole.step - parts.step) < 1e-10);
	assert_int_equal(parts.steps, lengths[1]);
	tape_free(longer);
	clear(&w);
}

/* ---- Windows that are held out ---- */

/* Lanes 1 and 4 are of windows that are not the first. */
static void
run_held(struct world *w, bool one, bool four, struct tape_loss *loss)
{
	w->lane[1].held = one;
	w->lane[4].held = four;
	memset(loss, 0, sizeof *loss);
	memcpy(w->h, w->h0, sizeof w->h);
	memcpy(w->c, w->c0, sizeof w->c);
	memset(w->t->grad_block, 0, w->m->n_train * sizeof *w->t->grad_block);
	tape_load(w->t, w->lane, LANES);
	tape_run(w->t, w->h, w->c, true, true, 1, NULL, loss);
}

/* Loss and gradient are those of the lanes without it, the states those with it. */
static void
held_windows_leave_their_state_alone(void **state)
{
	struct tape_loss all, held, others;
	real *grad, h[LANES * 6], c[LANES * 6];
	struct world w;
	struct rng r;
	size_t i, n, differ = 0;

	(void)state;
	rng_init(&r, 13, 0);
	build(&w, &r);
	n = w.m->n_train;
	grad = xcalloc(n, sizeof *grad);
	run_held(&w, false, false, &all);
	memcpy(h, w.h, sizeof h);
	memcpy(c, w.c, sizeof c);
	run_held(&w, false, true, &held);
	assert_memory_equal(h, w.h, sizeof h);
	assert_memory_equal(c, w.c, sizeof c);
	memcpy(grad, w.t->grad_block, n * sizeof *grad);
	assert_true(held.step < all.step - .1);
	assert_true(held.attr == all.attr);
	assert_int_equal(held.steps, all.steps - w.lane[4].n);

	memset(&others, 0, sizeof others);
	memset(w.t->grad_block, 0, n * sizeof *grad);
	memcpy(w.h, w.h0, sizeof w.h);
	memcpy(w.c, w.c0, sizeof w.c);
	tape_load(w.t, w.lane, 4); /* all but the last, which is held */
	tape_run(w.t, w.h, w.c, true, true, 1, NULL, &others);
	assert_true(fabs(others.step - held.step) < 1e-10);
	for (i = 0; i < n; i++) {
		assert_true(fabs(w.t->grad_block[i] - grad[i]) < 1e-10);
		differ += grad[i] != 0;
	}
	assert_true(differ > 1000);
	free(grad);
	clear(&w);
}

/* Nothing but windows that are held out: nothing is learnt, states go on. */
static void
all_are_held(void **state)
{
	struct tape_loss loss;
	struct world w;
	struct rng r;
	size_t i;

	(void)state;
	rng_init(&r, 14, 0);
	build(&w, &r);
	w.lane[0] = w.lane[1];
	w.lane[0].held = true;
	w.lane[2] = w.lane[3] = w.lane[0];
	run_held(&w, true, true, &loss);
	assert_true(loss.attr == 0 && loss.step == 0 && loss.steps == 0);
	for (i = 0; i < w.m->n_train; i++)
		assert_true(w.t->grad_block[i] == 0);
	for (i = 0; i < LEN(w.h); i++)
		assert_true(w.h[i] != w.h0[i] && w.c[i] != w.c0[i]);
	clear(&w);
}

/* Lanes mark the windows that hold_window says, and go on behind them. */
static void
lanes_mark_what_is_held(void **state)
{
	const struct ar_series all[] = {{.length = 40, .number = 0},
	    {.length = 5, .number = 1}};
	uint32_t expected[2] = {0, 0};
	int held = 0, seen = 0, i;
	struct lanes l;
	struct lane *a;

	(void)state;
	lanes_init(&l, all, LEN(all), 15, 2, WINDOW, .4);
	for (i = 0; i < 400; i++) {
		lanes_next(&l);
		for (a = l.lane; a < l.lane + 2; a++) {
			assert_int_equal(a->held,
			    hold_window(a->series, a->first, WINDOW, .4, 15));
			assert_true(
			    !a->held || (a->series->number == 0 && a->first > 0));
			assert_int_equal(a->first, expected[a - l.lane]);
			expected[a - l.lane] = (a->first + a->n) % a->series->length;
			held += a->held;
			seen += a->series->number == 0 && a->first == 36;
		}
	}
	assert_true(held > 50);
	assert_true(seen > 50); /* to the last window */
	lanes_free(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gradient_matches_difference),
	    cmocka_unit_test(gradient_matches_difference_with_dropout),
	    cmocka_unit_test(gradient_stays_in_its_net),
	    cmocka_unit_test(nats_are_of_their_net),
	    cmocka_unit_test(loss_is_of_what_is_learnt),
	    cmocka_unit_test(carried_state_is_the_whole_series),
	    cmocka_unit_test(held_windows_leave_their_state_alone),
	    cmocka_unit_test(all_are_held),
	    cmocka_unit_test(lanes_mark_what_is_held),
	};

	gemm_start();
	return cmocka_run_group_tests_name("likelihood", tests, NULL, NULL);
}
