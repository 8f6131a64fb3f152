/* The likelihood and its gradients against PyTorch, in double; values in torch.h, which
 * tests/ref/likelihood_torch.py made from the same formulas as are here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "torch.h"

#include "compare.h"
#include "reference.h"

static int
set_up(void **state)
{
	*state = world_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	world_free(*state);
	return 0;
}

static void
run(struct world *w, bool backward, struct tape_loss *loss)
{
	memset(loss, 0, sizeof *loss);
	tape_run(w->t, w->h, w->c, true, backward, .5, NULL, loss);
}

/* ---- Tests ---- */

static void
nats_of_each_lane(void **state)
{
	struct world *w = *state;
	struct tape_loss loss;
	int i;

	for (i = 0; i < LANES; i++) {
		/* slot 0 of the states is the lane's */
		memmove(w->h, w->h + (i > 0) * H,
		    (size_t)(LANES * H - (i > 0) * H) * sizeof *w->h);
		memmove(w->c, w->c + (i > 0) * H,
		    (size_t)(LANES * H - (i > 0) * H) * sizeof *w->c);
		tape_load(w->t, w->lane + i, 1);
		run(w, false, &loss);
		near(loss.attr, attr_nats[i]);
		near(loss.step, step_nats[i]);
	}
}

static void
nats_and_states_of_all(void **state)
{
	struct world *w = *state;
	struct tape_loss loss;
	double attr = 0, step = 0;
	int i;

	for (i = 0; i < LANES; i++) {
		attr += attr_nats[i];
		step += step_nats[i];
	}
	tape_load(w->t, w->lane, LANES);
	run(w, true, &loss);
	near(loss.attr, attr);
	near(loss.step, step);
	for (i = 0; i < LANES * H; i++) {
		near(w->h[i], state_h[i]);
		near(w->c[i], state_c[i]);
	}
}

/* All that is trained has a reference; gradients are added to what is there. */
static void
gradients_of_all(void **state)
{
	struct world *w = *state;
	struct tape_loss loss;
	const struct param *p;
	size_t i, total = 0;
	int j;

	for (i = 0; i < w->m->n_train; i++)
		w->t->grad_block[i] = .25;
	tape_load(w->t, w->lane, LANES);
	run(w, true, &loss);
	for (i = 0; i < w->m->n_train; i++)
		w->t->grad_block[i] -= .25;
	for (i = 0; i < LEN(gradients); i++) {
		p = find(&w->m->params, gradients[i].name);
		assert_int_equal(p->n, gradients[i].n);
		check_gradient(&gradients[i], w->t->grad_block + p->off);
		total += p->n;
	}
	assert_int_equal(total, w->m->n_train);
	for (j = 0; j < w->m->params.n; j++)
		if (w->m->params.v[j].off >= w->m->n_train)
			assert_memory_equal(w->m->params.v[j].name, "count.", 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(nats_of_each_lane, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(nats_and_states_of_all, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(gradients_of_all, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("likelihood reference", tests, NULL, NULL);
}
