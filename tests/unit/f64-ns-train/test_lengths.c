/* A series counts by its length in the gradients of its attributes, in double. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../ns-train/likely.h"

enum { N = 60 };

/* Of lanes, each series alone, from the weights of now: what a series adds to the
 * gradients of attributes times its length, what it adds to those of steps once. */
static real *
sum_alone(const struct ar *m, const struct lane *lane, int n, double scale)
{
	struct tape *t = tape_new(m, 1, m->cfg.window);
	real *sum = xcalloc(m->n_train, sizeof *sum);
	struct tape_loss loss = {0};
	real h[16] = {0}, c[16] = {0}, weight;
	size_t j;
	int i;

	assert_true(m->H <= 16);
	for (i = 0; i < n; i++) {
		assert_int_equal(lane[i].first, 0); /* states are not read */
		memset(t->grad_block, 0, m->n_train * sizeof *sum);
		tape_load(t, &lane[i], 1);
		tape_run(t, h, c, true, true, scale, NULL, &loss);
		weight = lane[i].series->length;
		for (j = 0; j < m->n_train; j++)
			sum[j] += t->grad_block[j] * (j < m->net_at[m->P] ? weight : 1);
	}
	tape_free(t);
	return sum;
}

/* Of each net some; those of a net that is never asked are 0. */
static void
assert_gradient(const struct ar *m, const real *got, const real *want)
{
	const size_t *at = m->net_at;
	size_t j, some;
	int i;

	for (i = 0; i <= m->P; i++) {
		for (some = 0, j = at[i]; j < at[i + 1]; j++) {
			if (fabs(got[j] - want[j]) > 1e-11 * (1 + fabs(want[j])))
				fail_msg("net %d, parameter %zu: %.15g, not %.15g", i,
				    j, got[j], want[j]);
			some += want[j] != 0;
		}
		assert_true(i == SAME ? some == 0 : some > 50);
	}
}

static void
add_tape(struct likely *w, bool by_length, real *grad, struct tape_loss *loss)
{
	struct tape *t = tape_new(w->m, N, WINDOW);
	struct lane lane[N];
	size_t i, state = (size_t)(N * w->m->H);
	real *h = xcalloc(state, sizeof *h), *c = xcalloc(state, sizeof *c);

	for (i = 0; i < N; i++)
		lane[i] = (struct lane){.series = &w->series[i],
		    .n = w->series[i].length < WINDOW ? w->series[i].length : WINDOW};
	t->by_length = by_length;
	memset(loss, 0, sizeof *loss);
	tape_load(t, lane, N);
	tape_run(t, h, c, true, true, .25, NULL, loss);
	memcpy(grad, t->grad_block, w->m->n_train * sizeof *grad);
	if (by_length) {
		real *want = sum_alone(w->m, lane, N, .25);

		assert_gradient(w->m, grad, want);
		free(want);
	}
	free(h);
	free(c);
	tape_free(t);
}

/* Series whose octet follows from their port are no lanes of that net; the others have
 * their own lengths all the same.  What is reported is not weighed, nor are steps. */
static void
gradients_go_by_length(void **state)
{
	struct tape_loss by, plain;
	struct likely w;
	real *grad[2];
	size_t steps, n;
	int i;

	(void)state;
	likely_open(&w, N, 0);
	for (i = 0; i < 2; i++)
		grad[i] = xcalloc(w.m->n_train, sizeof *grad[i]);
	add_tape(&w, true, grad[0], &by);
	add_tape(&w, false, grad[1], &plain);
	assert_true(by.attr == plain.attr && by.step == plain.step);
	assert_true(by.series == plain.series && by.steps == plain.steps);
	steps = w.m->net_at[ATTRS];
	n = w.m->n_train - steps;
	assert_memory_equal(grad[0] + steps, grad[1] + steps, n * sizeof *grad[0]);
	assert_memory_not_equal(grad[0], grad[1], steps * sizeof *grad[0]);
	for (i = 0; i < 2; i++)
		free(grad[i]);
	likely_close(&w);
}

/* So does a step of training, in all of its shards. */
static void
training_goes_by_length(void **state)
{
	struct ar_health h;
	struct likely w;
	struct ns_err e;
	real *now, *was, *want;
	size_t bytes;

	(void)state;
	likely_open(&w, 300, .2);
	assert_true(w.l->shards > 1);
	w.m->cfg.dropout = 0;
	w.m->cfg.clip = 1e9;
	bytes = w.m->n_train * sizeof *was;
	was = xcalloc(w.m->n_train, sizeof *was);
	now = xcalloc(w.m->n_train, sizeof *now);
	memcpy(was, w.m->block, bytes);
	assert_int_equal(ar_learn_step(w.l, 0, 0, &h, &e), NS_OK);
	memcpy(now, w.l->tape[0]->grad_block, bytes);
	memcpy(w.m->block, was, bytes); /* as it was before the step */
	want = sum_alone(w.m, w.l->lanes.lane, w.l->lanes.count, 1. / w.l->lanes.count);
	assert_gradient(w.m, now, want);
	free(was);
	free(now);
	free(want);
	likely_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gradients_go_by_length),
	    cmocka_unit_test(training_goes_by_length),
	};

	gemm_start();
	return cmocka_run_group_tests_name("lengths", tests, NULL, NULL);
}
