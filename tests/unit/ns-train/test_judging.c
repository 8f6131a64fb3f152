/* What follows from judgements by what is held out: each net is trained as long as it
 * becomes better, and has its best weights then.  Averages are made worse by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "likely.h"

/* Nets: of each attribute, then of the steps; judged are then the steps' symbols. */
enum { STEPS = ATTRS, NETS, OF_SIZE = NETS, OF_GAP, N = 300, PATIENCE = 40 };

static void
train(struct ar_learn *l, uint64_t from, uint64_t to)
{
	struct ar_health h;
	struct ns_err e;

	for (; from < to; from++)
		assert_int_equal(ar_learn_step(l, from, 0, &h, &e), NS_OK);
}

static real *
copy(const struct ar_learn *l, const real *w)
{
	real *to = xcalloc(l->m->n_train, sizeof *to);

	memcpy(to, w, l->m->n_train * sizeof *to);
	return to;
}

/* Are the weights of a net the same in both? */
static bool
same_net(const struct ar_learn *l, int net, const real *a, const real *b)
{
	size_t at = l->m->net_at[net], n = l->m->net_at[net + 1] - at;

	return memcmp(a + at, b + at, n * sizeof *a) == 0;
}

/* The averaged bias of a symbol's code 0. */
static real *
bias(const struct ar_learn *l, int symbol)
{
	return symbol < ATTRS ? l->averaged.net.pick[symbol].out.b
			      : l->averaged.net.head[symbol - ATTRS].b;
}

/* As it was when the net was best, and off from there. */
static void
put_off(struct ar_learn *l, int symbol, double by)
{
	real *b = bias(l, symbol);

	*b = l->best[b - l->mean] + (real)by;
}

/* ---- Worse, better, no better ---- */

static void
worse_twice_is_the_end(void **state)
{
	real *best, *now;
	struct likely w;
	struct ar_learn *l;
	int i;

	(void)state;
	likely_open(&w, N, .2);
	l = w.l;
	train(l, 0, 3);
	assert_true(ar_learn_judge(l) > 0);
	best = copy(l, l->mean);
	for (i = 0; i < NETS; i++)
		assert_true(same_net(l, i, l->best, best));
	train(l, 3, 6);
	put_off(l, KIND, 4);
	ar_learn_judge(l);
	assert_false(l->judged[KIND].stopped);
	assert_true(same_net(l, KIND, l->best, best));
	assert_false(same_net(l, KIND, l->mean, best));
	assert_false(same_net(l, KIND, l->m->block, best));
	put_off(l, KIND, 5);
	now = copy(l, l->mean);
	ar_learn_judge(l);
	assert_true(l->judged[KIND].stopped);
	assert_true(same_net(l, KIND, l->best, best));
	assert_true(same_net(l, KIND, l->mean, best));
	assert_true(same_net(l, KIND, l->m->block, best));
	assert_true(l->weight[KIND] == 0);
	for (i = 0; i < NETS; i++)
		if (i != KIND) {
			assert_false(l->judged[i].stopped);
			assert_true(same_net(l, i, l->mean, now));
		}
	for (i = 0; i < SYMBOLS; i++)
		assert_true(i == KIND || l->weight[i] == 1);
	free(best);
	free(now);
	likely_close(&w);
}

/* Judgements between that are neither worse nor better change nothing. */
static void
worse_now_and_then(void **state)
{
	struct likely w;

	(void)state;
	likely_open(&w, N, .2);
	ar_learn_judge(w.l);
	put_off(w.l, OCTET, 4);
	ar_learn_judge(w.l);
	put_off(w.l, OCTET, 0);
	ar_learn_judge(w.l);
	ar_learn_judge(w.l);
	assert_false(w.l->judged[OCTET].stopped);
	put_off(w.l, OCTET, 4);
	ar_learn_judge(w.l);
	assert_true(w.l->judged[OCTET].stopped);
	likely_close(&w);
}

static void
better_begins_anew(void **state)
{
	struct likely w;
	real *better;

	(void)state;
	likely_open(&w, N, .2);
	*bias(w.l, KIND) += 3;
	ar_learn_judge(w.l);
	put_off(w.l, KIND, 1);
	ar_learn_judge(w.l);
	put_off(w.l, KIND, -2);
	better = copy(w.l, w.l->mean);
	ar_learn_judge(w.l);
	assert_true(same_net(w.l, KIND, w.l->best, better));
	put_off(w.l, KIND, 1);
	ar_learn_judge(w.l);
	assert_false(w.l->judged[KIND].stopped);
	put_off(w.l, KIND, 1);
	ar_learn_judge(w.l);
	assert_true(w.l->judged[KIND].stopped);
	assert_true(same_net(w.l, KIND, w.l->m->block, better));
	free(better);
	likely_close(&w);
}

static void
no_better_is_the_end_of_all(void **state)
{
	struct likely w;
	int i;

	(void)state;
	likely_open(&w, N, .2);
	for (i = 0; i < PATIENCE; i++) {
		ar_learn_judge(w.l);
		assert_false(ar_learn_ended(w.l));
	}
	for (i = 0; i < NETS; i++)
		assert_false(w.l->judged[i].stopped);
	ar_learn_judge(w.l);
	for (i = 0; i < NETS; i++)
		assert_true(w.l->judged[i].stopped == (i != SAME));
	assert_true(ar_learn_ended(w.l));
	likely_close(&w);
}

/* ---- What goes on, and when it ends ---- */

static void
stop(struct ar_learn *l, int symbol)
{
	int i;

	for (i = 0; i < 2; i++) {
		put_off(l, symbol, 4);
		ar_learn_judge(l);
	}
}

static void
stopped_nets_are_left_alone(void **state)
{
	real *block, *mean, *best, *mom, *filled;
	struct likely w;
	int i;

	(void)state;
	likely_open(&w, N, .2);
	train(w.l, 0, 3);
	ar_learn_judge(w.l);
	stop(w.l, PORT);
	block = copy(w.l, w.m->block);
	mean = copy(w.l, w.l->mean);
	best = copy(w.l, w.l->best);
	mom = copy(w.l, w.l->mom);
	train(w.l, 3, 9);
	ar_learn_judge(w.l);
	for (i = 0; i < NETS; i++) {
		if (i == SAME) /* has never a choice */
			continue;
		assert_true(same_net(w.l, i, w.m->block, block) == (i == PORT));
		assert_true(same_net(w.l, i, w.l->mean, mean) == (i == PORT));
		assert_true(same_net(w.l, i, w.l->mom, mom) == (i == PORT));
	}
	assert_true(same_net(w.l, PORT, w.l->best, best));
	filled = likely_filled(w.l, block);
	ar_learn_settle(w.l);
	assert_true(same_net(w.l, PORT, w.m->block, filled));
	free(filled);
	free(block);
	free(mean);
	free(best);
	free(mom);
	likely_close(&w);
}

/* That of the attribute of one code is never asked, and not waited for. */
static void
all_must_stop(void **state)
{
	const int order[] = {OCTET, SIZE, KIND, PORT};
	struct likely w;
	size_t i;

	(void)state;
	likely_open(&w, N, .2);
	ar_learn_judge(w.l);
	for (i = 0; i < LEN(order); i++) {
		assert_false(ar_learn_ended(w.l));
		stop(w.l, order[i]);
	}
	assert_true(w.l->judged[STEPS].stopped); /* as a whole, by its sizes */
	assert_false(w.l->judged[SAME].stopped);
	assert_true(ar_learn_ended(w.l));
	likely_close(&w);
}

static void
nothing_judges(void **state)
{
	struct likely w;
	real *filled;
	int i;

	(void)state;
	likely_open(&w, N, 0);
	train(w.l, 0, 3);
	assert_true(ar_learn_judge(w.l) == 0);
	assert_false(ar_learn_ended(w.l));
	filled = likely_filled(w.l, w.l->mean);
	for (i = 0; i < NETS; i++) /* to lengths that were not learnt */
		assert_false(same_net(w.l, i, filled, w.l->mean));
	ar_learn_settle(w.l);
	assert_memory_equal(w.m->block, filled, w.m->n_train * sizeof *w.m->block);
	free(filled);
	likely_close(&w);
}

/* ---- Under way ---- */

static struct ar_judged *
copy_judged(const struct ar_learn *l)
{
	struct ar_judged *to = xcalloc(NETS + SYMBOLS - ATTRS, sizeof *to);

	memcpy(to, l->judged, (NETS + SYMBOLS - ATTRS) * sizeof *to);
	return to;
}

/* A snapshot is what settling would give now, and leaves the training as it is. */
static void
check_snapshot(struct ar_learn *l)
{
	real *block = copy(l, l->m->block), *mean = copy(l, l->mean);
	real *best = copy(l, l->best);
	struct ar_judged *judged = copy_judged(l);
	size_t bytes = l->m->n_train * sizeof *block;
	struct ns_err e;
	struct ar *to = ar_new(l->m->schema, &l->m->cfg, l->m->chunks, &e);

	assert_non_null(to);
	ar_learn_snapshot(l, to);
	assert_memory_equal(l->m->block, block, bytes);
	assert_memory_equal(l->mean, mean, bytes);
	assert_memory_equal(l->best, best, bytes);
	assert_memory_equal(l->judged, judged,
	    (NETS + SYMBOLS - ATTRS) * sizeof *judged);
	ar_learn_settle(l);
	assert_memory_equal(l->m->block, to->block, l->m->n_all * sizeof *block);
	ar_free(to);
	free(block);
	free(mean);
	free(best);
	free(judged);
}

static void
snapshots_are_what_would_settle(void **state)
{
	struct likely w;
	real *mean;
	int net;

	(void)state;
	likely_open(&w, N, 0); /* nothing judges */
	train(w.l, 0, 3);
	check_snapshot(w.l);
	likely_close(&w);
	likely_open(&w, N, .2); /* nothing has been judged */
	train(w.l, 0, 3);
	check_snapshot(w.l);
	likely_close(&w);
	for (net = KIND; net <= SIZE; net += SIZE - KIND) { /* one was better before */
		likely_open(&w, N, .2);
		train(w.l, 0, 3);
		ar_learn_judge(w.l);
		stop(w.l, PORT);
		train(w.l, 3, 6);
		put_off(w.l, net, 9);
		mean = copy(w.l, w.l->mean);
		check_snapshot(w.l);
		assert_true(same_net(w.l, OCTET, w.l->best, mean));
		assert_false(same_net(w.l, net, w.l->best, mean));
		free(mean);
		likely_close(&w);
	}
}

/* ---- The symbols of a step ---- */

static bool
has_gradient(const struct ar_learn *l, const real *view, const struct tape *t, long n)
{
	const real *g = t->grad_block + (view - l->m->block);

	while (n-- > 0)
		if (g[n] != 0)
			return true;
	return false;
}

static bool
head_learns(const struct ar_learn *l, int symbol)
{
	const struct linear *h = &l->m->net.head[symbol - ATTRS];

	return has_gradient(l, h->w, l->tape[0], (long)h->out * h->in) ||
	    has_gradient(l, h->b, l->tape[0], h->out);
}

static bool
steps_learn(const struct ar_learn *l)
{
	size_t at = l->m->net_at[STEPS];

	return has_gradient(l, l->m->block + at, l->tape[0],
	    (long)(l->m->net_at[STEPS + 1] - at));
}

/* Sizes become worse while gaps become so much better that the net is better, too; then
 * the other way round. */
static void
symbols_of_steps_stop_one_by_one(void **state)
{
	struct likely w;
	struct ar_learn *l;
	real *best, size, gap;

	(void)state;
	likely_open(&w, N, .2);
	l = w.l;
	size = *bias(l, SIZE);
	gap = *bias(l, GAP);
	*bias(l, GAP) = gap + 6;
	ar_learn_judge(l);
	*bias(l, GAP) = gap;
	*bias(l, SIZE) = size + 3;
	ar_learn_judge(l);
	assert_true(l->weight[SIZE] == 1);
	ar_learn_judge(l);
	assert_true(l->judged[OF_SIZE].stopped);
	assert_true(l->weight[SIZE] == 0 && l->weight[GAP] == 1);
	assert_false(l->judged[STEPS].stopped);
	train(l, 0, 1);
	assert_false(head_learns(l, SIZE));
	assert_true(head_learns(l, GAP) && steps_learn(l));
	*bias(l, GAP) = gap + 2;
	*bias(l, SIZE) = size;
	best = copy(l, l->mean);
	ar_learn_judge(l);
	assert_true(same_net(l, STEPS, l->best, best));
	assert_false(l->judged[OF_GAP].stopped || l->judged[STEPS].stopped);
	*bias(l, GAP) += (real).001;
	ar_learn_judge(l);
	assert_int_equal(l->judged[STEPS].worse, 0);
	assert_true(l->judged[OF_GAP].stopped && l->judged[STEPS].stopped);
	assert_true(same_net(l, STEPS, l->mean, best));
	assert_true(same_net(l, STEPS, l->m->block, best));
	train(l, 1, 2);
	assert_false(steps_learn(l));
	assert_true(same_net(l, STEPS, l->m->block, best));
	free(best);
	likely_close(&w);
}

/* Gaps are as good as ever, but nothing of them is learnt in a net that has stopped:
 * else what they add to the length of the gradient would hold back the others. */
static void
a_net_takes_its_symbols_along(void **state)
{
	struct likely w;

	(void)state;
	likely_open(&w, N, .2);
	ar_learn_judge(w.l);
	train(w.l, 0, 1);
	assert_true(steps_learn(w.l));
	stop(w.l, SIZE);
	assert_true(w.l->judged[STEPS].stopped);
	assert_false(w.l->judged[OF_GAP].stopped);
	assert_true(w.l->weight[GAP] == 0);
	train(w.l, 1, 2);
	assert_false(steps_learn(w.l));
	likely_close(&w);
}

/* ---- A checkpoint ---- */

static void
get(struct ar_learn *l, const char *path)
{
	struct nsr_reader *r;
	struct ns_err e;
	double held;

	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(ar_learn_get(l, &held, r, &e), NS_OK);
	assert_true(held == 1.5);
	nsr_reader_free(r);
}

/* By way of a file, but for what params_put takes care of. */
static void
restore(struct ar_learn *to, const struct ar_learn *from)
{
	size_t bytes = to->m->n_train * sizeof(real);
	char path[64];
	int fd;

	snprintf(path, sizeof path, "%s/judged-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	likely_put(from, 1.5, path);
	get(to, path);
	unlink(path);
	memcpy(to->m->block, from->m->block, bytes);
	memcpy(to->mom, from->mom, bytes);
	memcpy(to->var, from->var, bytes);
	memcpy(to->mean, from->mean, bytes);
	memcpy(to->best, from->best, bytes);
}

static void
assert_same(const struct ar_learn *a, const struct ar_learn *b)
{
	size_t bytes = a->m->n_train * sizeof(real);
	size_t state = (size_t)(a->m->cfg.batch_size * a->m->H) * sizeof(real);
	const struct ar_judged *x = a->judged, *y = b->judged;
	int i;

	assert_memory_equal(a->m->block, b->m->block, bytes);
	assert_memory_equal(a->mean, b->mean, bytes);
	assert_memory_equal(a->best, b->best, bytes);
	assert_memory_equal(a->mom, b->mom, bytes);
	assert_memory_equal(a->state_h, b->state_h, state);
	assert_memory_equal(a->weight, b->weight, SYMBOLS * sizeof(real));
	for (i = 0; i < SYMBOLS + 1; i++, x++, y++) {
		assert_true(x->best == y->best && x->stopped == y->stopped);
		assert_int_equal(x->since, y->since);
		assert_int_equal(x->worse, y->worse);
	}
}

/* Past the end of one net and of the sizes, with another net worse once and all the
 * others no better so often. */
static void
judgements_are_kept(void **state)
{
	struct likely a, b;
	int i;

	(void)state;
	likely_open(&a, N, .2);
	likely_open(&b, N, .2);
	train(a.l, 0, 3);
	*bias(a.l, GAP) += 6;
	ar_learn_judge(a.l);
	stop(a.l, KIND);
	*bias(a.l, GAP) -= 6;
	*bias(a.l, SIZE) += 3;
	ar_learn_judge(a.l);
	put_off(a.l, PORT, 4);
	ar_learn_judge(a.l);
	assert_true(a.l->judged[KIND].stopped && a.l->judged[OF_SIZE].stopped);
	assert_false(a.l->judged[STEPS].stopped || a.l->judged[PORT].stopped);
	restore(b.l, a.l);
	assert_same(a.l, b.l);
	for (i = 0; i < 2; i++) {
		struct ar_learn *l = i == 0 ? a.l : b.l;

		train(l, 3, 8);
		put_off(l, PORT, 4);
		ar_learn_judge(l);
		assert_true(l->judged[PORT].stopped);
		train(l, 8, 12);
		ar_learn_judge(l);
	}
	assert_same(a.l, b.l);
	likely_close(&a);
	likely_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(worse_twice_is_the_end),
	    cmocka_unit_test(worse_now_and_then),
	    cmocka_unit_test(better_begins_anew),
	    cmocka_unit_test(no_better_is_the_end_of_all),
	    cmocka_unit_test(stopped_nets_are_left_alone),
	    cmocka_unit_test(all_must_stop),
	    cmocka_unit_test(nothing_judges),
	    cmocka_unit_test(snapshots_are_what_would_settle),
	    cmocka_unit_test(symbols_of_steps_stop_one_by_one),
	    cmocka_unit_test(a_net_takes_its_symbols_along),
	    cmocka_unit_test(judgements_are_kept),
	};

	return cmocka_run_group_tests_name("judgements", tests, NULL, NULL);
}
