/* The two critics of the adversarial kind: what they see, what their embeddings learn
 * by, what they say to the generator; in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adv/critics.h"
#include "codes.h"
#include "reference.h"

enum { HELD = 4 }; /* the lane whose window is held out */
enum { R1 = 1, MINIBATCH = 2 };

struct court {
	struct world *w;
	struct critics c;
	struct codes genuine, drawn;
};

static void
court_open(struct court *k, int how, struct pool *pool)
{
	struct ar_config *cfg;
	struct rng r;

	memset(k, 0, sizeof *k);
	k->w = world_new(2);
	cfg = &k->w->m->cfg;
	cfg->d_layers = 3;
	cfg->d_units = 11;
	cfg->d_beta1 = .5;
	cfg->d_beta2 = .999;
	cfg->eps = 1e-8;
	cfg->gp_coe = 4;
	cfg->r1 = (how & R1) != 0;
	cfg->minibatch = (how & MINIBATCH) != 0;
	cfg->attr_d_coe = .7;
	k->w->lane[HELD].held = true;
	rng_init(&r, 61, 0);
	critics_init(&k->c, k->w->m, pool, LANES, WINDOW, &r);
	codes_init(&k->genuine, k->w->m, LANES, WINDOW);
	codes_init(&k->drawn, k->w->m, LANES, WINDOW);
	codes_random(&k->genuine, k->w, &r);
	codes_random(&k->drawn, k->w, &r);
}

static void
court_close(struct court *k)
{
	critics_free(&k->c);
	codes_free(&k->genuine);
	codes_free(&k->drawn);
	world_free(k->w);
}

/* An update at a rate; at rate 0 it only finds losses and gradients. */
static void
learn(struct court *k, double rate)
{
	struct rng alpha;

	rng_init(&alpha, 62, 0);
	critics_learn(&k->c, &k->genuine, &k->drawn, rate, &alpha);
}

static double
loss(struct court *k, int i)
{
	learn(k, 0);
	return k->c.of[i].loss;
}

/* ---- Gradients ---- */

/* Of the whole loss, penalty included, at all numbers of the tables. */
static void
check_tables(int how)
{
	const double step = 1e-6;
	struct court k;
	double up, down, keep, d, top;
	real *grad;
	size_t j, at;
	int i;

	court_open(&k, how, NULL);
	grad = xcalloc(k.c.params.total, sizeof *grad);
	learn(&k, 0);
	memcpy(grad, k.c.grad, k.c.params.total * sizeof *grad);
	for (i = 0; i < CRITICS; i++) {
		assert_true(k.c.of[i].penalty > 1e-3);
		at = k.c.of[i].at;
		for (top = 0, j = at; j < at + k.c.of[i].n_tables; j++) {
			keep = k.c.block[j];
			k.c.block[j] = keep + step;
			up = loss(&k, i);
			k.c.block[j] = keep - step;
			down = loss(&k, i);
			k.c.block[j] = keep;
			d = (up - down) / (2 * step);
			top = fmax(top, fabs(d));
			if (!(fabs(d - grad[j]) < 1e-7))
				fail_msg("how %d critic %d '%s': %.9g, difference %.9g",
				    how, i, params_name(&k.c.params, j), grad[j], d);
		}
		assert_true(top > 1e-3);
	}
	free(grad);
	court_close(&k);
}

static void
tables_gradient_matches_difference(void **state)
{
	(void)state;
	check_tables(0);
	check_tables(R1);
	check_tables(MINIBATCH);
}

/* The generator's loss at the tables, by way of the rows' gradients. */
static void
check_verdict(int how)
{
	const double step = 1e-6;
	struct court k;
	double up, down, keep, d, top, value;
	real *grad, dx[512];
	size_t j, at;
	int i, r;

	court_open(&k, how, NULL);
	grad = xcalloc(k.c.params.total, sizeof *grad);
	for (i = 0; i < CRITICS; i++) {
		value = critics_judge(&k.c, &k.drawn);
		assert_true(value == -k.c.of[0].mean - .7 * k.c.of[1].mean);
		memset(k.c.grad, 0, k.c.params.total * sizeof *grad);
		for (r = 0; r < LANES; r++) {
			if (k.c.of[i].row[r] == NULL)
				continue;
			memcpy(dx, k.c.of[i].row[r],
			    (size_t)(k.c.of[i].sight.attr + k.c.of[i].sight.gap +
				k.drawn.n[r] * k.c.of[i].sight.block) *
				sizeof *dx);
			sight_row_backward(&k.c.of[i].grad, &k.drawn, r, dx);
		}
		memcpy(grad, k.c.grad, k.c.params.total * sizeof *grad);
		at = k.c.of[i].at;
		for (top = 0, j = at; j < at + k.c.of[i].n_tables; j++) {
			keep = k.c.block[j];
			k.c.block[j] = keep + step;
			up = critics_judge(&k.c, &k.drawn);
			k.c.block[j] = keep - step;
			down = critics_judge(&k.c, &k.drawn);
			k.c.block[j] = keep;
			d = (up - down) / (2 * step);
			top = fmax(top, fabs(d));
			assert_true(fabs(d - grad[j]) < 1e-8);
		}
		assert_true(top > 1e-3);
	}
	free(grad);
	court_close(&k);
}

static void
verdict_matches_difference(void **state)
{
	(void)state;
	check_verdict(0);
	check_verdict(MINIBATCH);
}

/* ---- What they see ---- */

static void
rows_that_are_seen(void **state)
{
	const int all[] = {0, 1, 2, 3, 5}, fresh[] = {0, 2, 3};
	struct court k;
	int i;

	(void)state;
	court_open(&k, 0, NULL);
	learn(&k, 0);
	assert_int_equal(k.c.of[CRITIC_ALL].rows, LEN(all));
	assert_memory_equal(k.c.of[CRITIC_ALL].lane, all, sizeof all);
	assert_int_equal(k.c.of[CRITIC_ATTRIBUTES].rows, LEN(fresh));
	assert_memory_equal(k.c.of[CRITIC_ATTRIBUTES].lane, fresh, sizeof fresh);
	critics_judge(&k.c, &k.drawn);
	for (i = 0; i < LANES; i++) {
		assert_true((k.c.of[CRITIC_ALL].row[i] != NULL) == (i != HELD));
		assert_true((k.c.of[CRITIC_ATTRIBUTES].row[i] != NULL) ==
		    (k.w->lane[i].first == 0));
	}
	/* what has been said once is not said of what is there later */
	k.drawn.n[1] = 0;
	k.drawn.first[2] = 5;
	critics_judge(&k.c, &k.drawn);
	assert_null(k.c.of[CRITIC_ALL].row[1]);
	assert_non_null(k.c.of[CRITIC_ALL].row[2]);
	assert_null(k.c.of[CRITIC_ATTRIBUTES].row[2]);
	court_close(&k);
}

/* R1 is of gradients at real windows, and wants none: twice the gradients are four
 * times the penalty.  The other one is not so. */
static void
check_penalty(int r1)
{
	struct court k;
	double before[CRITICS];
	const struct linear *l;
	int i, j;

	court_open(&k, r1, NULL);
	learn(&k, 0);
	for (i = 0; i < CRITICS; i++)
		before[i] = k.c.of[i].penalty;
	for (i = 0; i < CRITICS; i++) {
		l = &k.c.of[i].net.l[2];
		for (j = 0; j < l->in; j++)
			l->w[j] *= 2;
	}
	learn(&k, 0);
	for (i = 0; i < CRITICS; i++) {
		assert_true((fabs(k.c.of[i].penalty / before[i] - 4) < 1e-3) == r1);
		before[i] = k.c.of[i].penalty;
	}
	for (i = 0; i < LANES; i++)
		for (j = 0; j < k.drawn.P; j++)
			codes_attr(&k.drawn, i)[j] =
			    (uint16_t)((codes_attr(&k.drawn, i)[j] + 1) %
				k.w->m->sym.sym[j].k);
	learn(&k, 0);
	for (i = 0; i < CRITICS; i++)
		assert_true((k.c.of[i].penalty == before[i]) == r1);
	court_close(&k);
}

static void
penalties(void **state)
{
	(void)state;
	check_penalty(1);
	check_penalty(0);
}

/* Does the loss of a critic change when one code does? */
static bool
sees(struct court *k, int critic, uint16_t *code, int symbol)
{
	int n = k->w->m->sym.sym[symbol].k;
	uint16_t was = *code;
	double before = loss(k, critic), after;

	*code = (uint16_t)((was + n / 2) % n);
	after = loss(k, critic);
	*code = was;
	return after != before;
}

static void
losses_depend_on_what_is_seen(void **state)
{
	struct codes *side[2];
	struct court k;
	int i, j, t, s, P;

	(void)state;
	court_open(&k, 0, NULL);
	P = k.w->m->P;
	side[0] = &k.genuine;
	side[1] = &k.drawn;
	for (s = 0; s < 2; s++)
		for (i = 0; i < LANES; i++) {
			for (j = 0; j < P; j++) {
				assert_true(
				    sees(&k, CRITIC_ALL, codes_attr(side[s], i) + j,
					j) == (i != HELD && j != OCTET));
				assert_true(sees(&k, CRITIC_ATTRIBUTES,
						codes_attr(side[s], i) + j, j) ==
				    (k.w->lane[i].first == 0 && j != OCTET));
			}
			for (t = 0; t < WINDOW; t++)
				for (j = 0; j < k.w->m->M; j++) {
					assert_true(sees(&k, CRITIC_ALL,
							codes_step(side[s], i, t) + j,
							P + j) == (t < side[s]->n[i]));
					assert_false(sees(&k, CRITIC_ATTRIBUTES,
					    codes_step(side[s], i, t) + j, P + j));
				}
		}
	court_close(&k);
}

/* ---- Learning ---- */

static void
learning_lowers_the_loss(void **state)
{
	double before[CRITICS], after[CRITICS];
	struct court k;
	int i, t;

	(void)state;
	court_open(&k, 0, NULL);
	for (i = 0; i < CRITICS; i++)
		before[i] = loss(&k, i);
	memset(k.c.mom, 0, k.c.params.total * sizeof *k.c.mom);
	memset(k.c.var, 0, k.c.params.total * sizeof *k.c.var);
	for (t = 1; t <= 200; t++) {
		learn(&k, 3e-3);
		assert_true(k.c.of[0].gradient > 0 && k.c.of[1].gradient > 0);
	}
	for (i = 0; i < CRITICS; i++) {
		after[i] = loss(&k, i);
		assert_true(after[i] < before[i] - .5);
		/* what is drawn is told from what is not */
		assert_true(k.c.of[i].critic.real_sum > k.c.of[i].critic.fake_sum);
	}
	court_close(&k);
}

/* Tables and layers are moved, each critic's; a table's entry that no row has is not.
 */
static void
all_that_is_seen_moves(void **state)
{
	const struct param *p;
	struct court k;
	real *was;
	size_t j;
	int i, moved;

	(void)state;
	court_open(&k, 0, NULL);
	was = xcalloc(k.c.params.total, sizeof *was);
	memcpy(was, k.c.block, k.c.params.total * sizeof *was);
	learn(&k, 1e-3);
	for (i = 0; i < k.c.params.n; i++) {
		p = &k.c.params.v[i];
		for (moved = 0, j = p->off; j < p->off + p->n; j++)
			moved += k.c.block[j] != was[j];
		/* a critic's last bias is in both means: nothing but rounding */
		assert_true(moved > 0 || strstr(p->name, ".2.bias") != NULL);
		if (strstr(p->name, ".length") != NULL)
			assert_true(moved <= LANES * 16);
	}
	free(was);
	court_close(&k);
}

/* No row at all: the critic stays. */
static void
nothing_to_see(void **state)
{
	struct court k;
	real *was;
	int i;

	(void)state;
	court_open(&k, 0, NULL);
	learn(&k, 0);
	for (i = 0; i < LANES; i++) {
		k.genuine.n[i] = k.drawn.n[i] = 0;
		k.genuine.first[i] = k.drawn.first[i] = 1;
	}
	was = xcalloc(k.c.params.total, sizeof *was);
	memcpy(was, k.c.block, k.c.params.total * sizeof *was);
	learn(&k, 1e-3);
	assert_memory_equal(was, k.c.block, k.c.params.total * sizeof *was);
	assert_true(critics_judge(&k.c, &k.drawn) == 0);
	/* and nothing is left of the update before */
	for (i = 0; i < CRITICS; i++)
		assert_true(k.c.of[i].loss == 0 && k.c.of[i].penalty == 0 &&
		    k.c.of[i].gradient == 0 && k.c.of[i].updates == 1);
	for (i = 0; i < LANES; i++)
		assert_true(k.c.of[0].row[i] == NULL && k.c.of[1].row[i] == NULL);
	free(was);
	court_close(&k);
}

static void
same_by_many_threads(void **state)
{
	struct pool *pool = pool_new(3);
	struct court one, many;
	int t;

	(void)state;
	court_open(&one, 0, NULL);
	court_open(&many, 0, pool);
	for (t = 1; t <= 20; t++) {
		learn(&one, 1e-3);
		learn(&many, 1e-3);
		assert_true(critics_judge(&one.c, &one.drawn) ==
		    critics_judge(&many.c, &many.drawn));
	}
	assert_memory_equal(one.c.block, many.c.block,
	    one.c.params.total * sizeof *one.c.block);
	court_close(&one);
	court_close(&many);
	pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables_gradient_matches_difference),
	    cmocka_unit_test(verdict_matches_difference),
	    cmocka_unit_test(rows_that_are_seen),
	    cmocka_unit_test(penalties),
	    cmocka_unit_test(losses_depend_on_what_is_seen),
	    cmocka_unit_test(learning_lowers_the_loss),
	    cmocka_unit_test(all_that_is_seen_moves),
	    cmocka_unit_test(nothing_to_see),
	    cmocka_unit_test(same_by_many_threads),
	};

	return cmocka_run_group_tests_name("critics", tests, NULL, NULL);
}
