/* Steps of adversarial training: what they move, what they say when numbers go astray,
 * which weights are kept, and that the state is all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "adv/duel.h"
#include "likely.h"

enum { SERIES = 300, ALONE = 2 };

static void
config(struct ar_config *c)
{
	likely_config(c, &adversarial_hypers);
	c->d_units = 9;
	c->d_alone = ALONE;
	c->hold_out = .2;
	c->after_warm = 1;
}

/* A pair of opponents. */
struct ring {
	struct likely w;
	struct duel *d;
	uint64_t next;
	struct duel_health h;
};

static void
ring_open(struct ring *k, const struct ar_config *c, bool warm, struct pool *pool)
{
	memset(k, 0, sizeof *k);
	likely_open_with(&k->w, SERIES, c, pool);
	assert_true(k->w.l->shards > 1 && k->w.l->held.n_series > 10);
	k->d = duel_new(k->w.l, warm);
}

static void
ring_close(struct ring *k)
{
	duel_free(k->d);
	likely_close(&k->w);
}

static int
try_step(struct ring *k, struct ns_err *e)
{
	k->h = (struct duel_health){0};
	return duel_step(k->d, k->next++, 0, &k->h, e);
}

static void
steps(struct ring *k, int n)
{
	struct ns_err e;

	while (n-- > 0)
		if (try_step(k, &e) < 0)
			fail_msg("%s", e.msg);
}

static size_t
weights_bytes(const struct ring *k)
{
	return k->w.m->n_train * sizeof(real);
}

static size_t
critics_bytes(const struct ring *k)
{
	return k->d->critics.params.total * sizeof(real);
}

static void
assert_same(const struct ring *a, const struct ring *b)
{
	const struct ar_learn *x = a->w.l, *y = b->w.l;
	size_t n = weights_bytes(a);

	assert_memory_equal(x->m->block, y->m->block, n);
	assert_memory_equal(x->mean, y->mean, n);
	assert_memory_equal(x->mom, y->mom, n);
	assert_memory_equal(x->var, y->var, n);
	n = critics_bytes(a);
	assert_memory_equal(a->d->critics.block, b->d->critics.block, n);
	assert_memory_equal(a->d->critics.mom, b->d->critics.mom, n);
	assert_memory_equal(a->d->critics.var, b->d->critics.var, n);
}

/* ---- Who moves ---- */

static void
critics_learn_alone_at_first(void **state)
{
	struct ar_config c;
	struct ring k;
	real *was, *judge;
	double top = 0;
	size_t n;
	int i;

	(void)state;
	config(&c);
	ring_open(&k, &c, false, NULL);
	was = xcalloc(1, weights_bytes(&k));
	judge = xcalloc(1, critics_bytes(&k));
	memcpy(was, k.w.m->block, weights_bytes(&k));
	for (i = 0; i <= ALONE; i++) {
		memcpy(judge, k.d->critics.block, critics_bytes(&k));
		steps(&k, 1);
		assert_memory_not_equal(judge, k.d->critics.block, critics_bytes(&k));
		assert_true(isfinite(k.h.critic) && k.h.critic != 0);
		assert_true(k.h.aux != 0 && k.h.penalty > 0 && k.h.aux_penalty > 0);
		assert_true(
		    (memcmp(was, k.w.m->block, weights_bytes(&k)) == 0) == (i < ALONE));
		assert_true((k.h.generator != 0) == (i >= ALONE));
		assert_true((k.h.gradient > 0) == (i >= ALONE));
	}
	/* the first update of Adam: of the rate's length, however long the gradient */
	for (n = 0; n < k.w.m->n_train; n++)
		top = fmax(top, fabs((double)(k.w.m->block[n] - was[n])));
	assert_true(fabs(top / c.g_lr - 1) < 1e-2);
	free(was);
	free(judge);
	ring_close(&k);
}

/* The rate is the generator's, or a part of it where it has been warm. */
static void
rates(void **state)
{
	struct duel_health h = {0};
	struct ar_config c;
	struct ring k;
	struct ns_err e;

	(void)state;
	config(&c);
	c.d_alone = 0;
	c.g_lr = .01;
	c.after_warm = .25;
	ring_open(&k, &c, false, NULL);
	assert_int_equal(duel_step(k.d, 0, 0, &h, &e), NS_OK);
	assert_true(fabs(h.rate - .01) < 1e-15);
	assert_int_equal(duel_step(k.d, 1, .5, &h, &e), NS_OK);
	assert_true(fabs(h.rate - .005) < 1e-15);
	assert_int_equal(duel_step(k.d, 2, 1, &h, &e), NS_OK);
	assert_true(fabs(h.rate) < 1e-15);
	ring_close(&k);
	ring_open(&k, &c, true, NULL);
	assert_int_equal(duel_step(k.d, 0, 0, &h, &e), NS_OK);
	assert_true(fabs(h.rate - .0025) < 1e-15);
	ring_close(&k);
}

/* With likelihood in the loss its gradient at the real windows is added. */
static void
likelihood_is_added(void **state)
{
	const double weight = 3;
	struct ar_config c;
	struct ring without, with;
	struct tape *t;
	struct tape_loss loss = {0};
	real *h, *s;
	size_t i, n, some = 0;
	int lanes;
	double want, got;

	(void)state;
	config(&c);
	c.d_alone = 0;
	c.clip = 1e9;
	c.g_lr = 0;
	ring_open(&without, &c, false, NULL);
	c.likelihood = weight;
	ring_open(&with, &c, false, NULL);
	steps(&without, 1);
	steps(&with, 1);
	lanes = with.w.l->lanes.count;
	t = tape_new(with.w.m, lanes, WINDOW);
	t->by_length = true;
	n = (size_t)lanes * (size_t)with.w.m->H;
	h = xcalloc(n, sizeof *h);
	s = xcalloc(n, sizeof *s);
	tape_load(t, with.w.l->lanes.lane, lanes);
	tape_run(t, h, s, true, true, (real)(weight / lanes), NULL, &loss);
	for (i = 0; i < with.w.m->n_train; i++) {
		want = (double)t->grad_block[i];
		got = (double)with.w.l->tape[0]->grad_block[i] -
		    (double)without.w.l->tape[0]->grad_block[i];
		assert_true(fabs(got - want) < 1e-4 * (1 + fabs(want)));
		some += fabs(want) > 1e-2;
	}
	assert_true(some > 50);
	/* the real series' state goes on, too */
	for (i = 0; i < n; i++)
		assert_true(fabs((double)(h[i] - with.w.l->state_h[i])) < 1e-5);
	tape_free(t);
	free(h);
	free(s);
	ring_close(&without);
	ring_close(&with);
}

/* ---- Numbers that go astray ---- */

static void
check_breakdown(double g_lr, double d_lr, const char *told)
{
	struct ar_config c;
	struct ring k;
	struct ns_err e;
	int i, rc = NS_OK;

	config(&c);
	c.g_lr = g_lr;
	c.d_lr = d_lr;
	ring_open(&k, &c, false, NULL);
	for (i = 0; i < 50 && rc >= 0; i++)
		rc = try_step(&k, &e);
	assert_int_equal(rc, NS_ENUMERIC);
	if (strstr(e.msg, told) == NULL)
		fail_msg("'%s' does not tell of '%s'", e.msg, told);
	ring_close(&k);
}

static void
breakdowns_are_told(void **state)
{
	(void)state;
	check_breakdown(1e-3, 1e9, "the loss of the critic left");
	check_breakdown(1e30, 1e-3, "gradient is not finite");
}

/* ---- What is kept ---- */

/* A generator that was warm and only gets worse ends as it began. */
static void
worse_weights_are_not_kept(void **state)
{
	struct ar_config c;
	struct ring k;
	struct ar *net;
	struct ns_err e;
	real *was;
	int judged;
	double first, now;

	(void)state;
	config(&c);
	c.g_lr = 1;
	c.average = .5;
	ring_open(&k, &c, true, NULL);
	was = likely_filled(k.w.l, k.w.m->block);
	first = duel_judge(k.d);
	assert_true(first > 0 && first < .2);
	for (judged = 0; !duel_over(k.d); judged++) {
		assert_true(judged < 100);
		steps(&k, 10);
		now = duel_judge(k.d);
		assert_true(now > first);
	}
	assert_int_equal(judged, 8);
	assert_true(k.d->best == first);
	net = ar_new(&k.w.s, &c, 2, &e);
	duel_snapshot(k.d, net);
	assert_memory_equal(net->block, was, weights_bytes(&k));
	assert_memory_not_equal(k.w.m->block, was, weights_bytes(&k));
	duel_settle(k.d);
	assert_memory_equal(k.w.m->block, was, weights_bytes(&k));
	free(was);
	ar_free(net);
	ring_close(&k);
}

/* One that was not warm goes on as long as it may. */
static void
cold_ones_are_not_over(void **state)
{
	struct ar_config c;
	struct ring k;
	int i;

	(void)state;
	config(&c);
	c.g_lr = 0;
	ring_open(&k, &c, false, NULL);
	for (i = 0; i < 10; i++)
		duel_judge(k.d);
	assert_int_equal(k.d->since, 9);
	assert_false(duel_over(k.d));
	ring_close(&k);
	ring_open(&k, &c, true, NULL);
	for (i = 0; i < 8; i++) {
		duel_judge(k.d);
		assert_false(duel_over(k.d));
	}
	duel_judge(k.d);
	assert_true(duel_over(k.d));
	ring_close(&k);
}

/* Without what judges it is the averaged weights of now. */
static void
nothing_is_held_out(void **state)
{
	struct ar_config c;
	struct ring k;
	real *mean;

	(void)state;
	config(&c);
	c.hold_out = 0;
	memset(&k, 0, sizeof k);
	likely_open_with(&k.w, SERIES, &c, NULL);
	k.d = duel_new(k.w.l, true);
	steps(&k, 5);
	assert_true(duel_judge(k.d) == 0);
	assert_false(duel_over(k.d));
	mean = likely_filled(k.w.l, k.w.l->mean);
	assert_memory_not_equal(mean, k.w.m->block, weights_bytes(&k));
	duel_settle(k.d);
	assert_memory_equal(mean, k.w.m->block, weights_bytes(&k));
	free(mean);
	ring_close(&k);
}

/* ---- The same however it is run ---- */

static void
same_by_many_threads(void **state)
{
	struct pool *pool = pool_new(3);
	struct ar_config c;
	struct ring one, many;

	(void)state;
	config(&c);
	ring_open(&one, &c, false, NULL);
	ring_open(&many, &c, false, pool);
	steps(&one, 12);
	steps(&many, 12);
	assert_same(&one, &many);
	ring_close(&one);
	ring_close(&many);
	pool_free(pool);
}

/* Neither do judgements, but for what they keep, nor snapshots. */
static void
looking_changes_nothing(void **state)
{
	struct ar_config c;
	struct ring seen, unseen;
	struct ar *net;
	struct ns_err e;
	double score;
	int i;

	(void)state;
	config(&c);
	c.floor = .2;
	ring_open(&seen, &c, false, NULL);
	ring_open(&unseen, &c, false, NULL);
	for (i = 0; i < 4; i++) {
		steps(&seen, 3);
		steps(&unseen, 3);
		/* always by the same numbers */
		score = duel_judge(seen.d);
		assert_true(score > 0 && duel_judge(seen.d) == score);
		net = ar_new(&seen.w.s, &c, 2, &e);
		duel_snapshot(seen.d, net);
		ar_free(net);
		assert_true(duel_judge(seen.d) == score);
	}
	assert_same(&seen, &unseen);
	assert_true(unseen.d->best == 0);
	/* the best are averaged weights: those of now, which are the first here */
	assert_true(duel_judge(unseen.d) == score);
	assert_memory_equal(unseen.w.l->best, unseen.w.l->mean, weights_bytes(&unseen));
	assert_memory_not_equal(unseen.w.l->best, unseen.w.m->block,
	    weights_bytes(&unseen));
	ring_close(&seen);
	ring_close(&unseen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(critics_learn_alone_at_first),
	    cmocka_unit_test(rates),
	    cmocka_unit_test(likelihood_is_added),
	    cmocka_unit_test(breakdowns_are_told),
	    cmocka_unit_test(worse_weights_are_not_kept),
	    cmocka_unit_test(cold_ones_are_not_over),
	    cmocka_unit_test(nothing_is_held_out),
	    cmocka_unit_test(same_by_many_threads),
	    cmocka_unit_test(looking_changes_nothing),
	};

	return cmocka_run_group_tests_name("duel", tests, NULL, NULL);
}
