/* The trainer's gradients against differences of its losses, in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-train/gan.h"
#include "../f64-model/torch.h"
#include "nn/gemm.h"

#define STEP 1e-5

static void
small_schema(struct tensor_schema *s)
{
	const float words[4 * 3] = {1, 0, 0, 0, 1, 0, 0, 0, 1, .6f, .8f, 0};

	tensor_schema_init(s);
	tensor_schema_table(s, "port", 4, 3, words);
	tensor_schema_add(s, NSR_ATTRIBUTE, "bits", NSR_BIT, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_WORD, 3, "port");
	tensor_schema_add(s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, 3, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "start", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "gap", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "flag", NSR_CATEGORY, 3, "");
}

static struct dg *
small_model(const struct tensor_schema *s, struct rng *r)
{
	struct dg_config c;
	struct ns_err e;
	struct dg *m;
	size_t i;

	dg_config_default(&c);
	c.batch_size = 6;
	c.sample_len = 2;
	c.attr_layers = 3;
	c.attr_units = 7;
	c.lstm_units = 5;
	c.d_layers = c.attr_d_layers = 4;
	c.d_units = 9;
	c.attr_d_units = 8;
	m = dg_new(s, &c, 5, &e);
	assert_non_null(m);
	dg_init(m, r);
	/* off the start's zeros, and with both flags in play */
	for (i = 0; i < m->n_train; i++)
		m->block[i] += .1 * rng_normal(r);
	return m;
}

static void
random_rows(real *x, int n, struct rng *r)
{
	int i;

	for (i = 0; i < n; i++)
		x[i] = rng_normal(r) / 2;
}

static double
critic_loss_at(struct critic *c, const real *rows, real *x, int ld, int k)
{
	memcpy(x, rows, (size_t)(3 * c->B) * (size_t)ld * sizeof *x);
	return critic_step(c, x, ld, k, 10).total;
}

/* Every weight of the critic: penalty included, all columns or only the first. */
static void
check_critic(int k)
{
	struct tensor_schema s;
	struct rng r;
	struct dg *m;
	struct gan *g;
	real *rows, *x, *grad, keep;
	double up, down, worst = 0, d;
	size_t i, n;
	int j, b;

	rng_init(&r, 3, 0);
	small_schema(&s);
	m = small_model(&s, &r);
	g = gan_new(m, NULL, 1, 0);
	k = k > 0 ? k : m->Din;
	rows = g->x;
	n = 3 * 6 * (size_t)m->Din;
	random_rows(rows, (int)n, &r);
	for (b = 0; b < 18; b++)
		for (j = k; j < m->Din; j++)
			rows[b * m->Din + j] = 0;
	x = xcalloc(n, sizeof *x);
	grad = xcalloc(m->n_critic, sizeof *grad);
	critic_loss_at(&g->critic, rows, x, m->Din, k);
	memcpy(grad, g->grad + m->n_gen, m->n_critic * sizeof *grad);
	for (i = 0; i < m->n_critic; i++) {
		keep = m->block[m->n_gen + i];
		m->block[m->n_gen + i] = keep + STEP;
		up = critic_loss_at(&g->critic, rows, x, m->Din, k);
		m->block[m->n_gen + i] = keep - STEP;
		down = critic_loss_at(&g->critic, rows, x, m->Din, k);
		m->block[m->n_gen + i] = keep;
		d = fabs((up - down) / (2 * STEP) - grad[i]);
		worst = d > worst ? d : worst;
	}
	assert_true(worst < 1e-6);
	free(x);
	free(grad);
	gan_free(g);
	dg_free(m);
	tensor_schema_free(&s);
}

static void
critic_gradient_matches_second_difference(void **state)
{
	(void)state;
	check_critic(0);
	check_critic(20);
}

/* The penalty itself, from differences of D along every input. */
static void
penalty_matches_first_differences(void **state)
{
	struct tensor_schema s;
	struct critic_loss l;
	struct rng r;
	struct dg *m;
	struct gan *g;
	real *x, *row;
	double sum, up, down, want = 0, one;
	int b, j, ld;

	(void)state;
	rng_init(&r, 5, 0);
	small_schema(&s);
	m = small_model(&s, &r);
	g = gan_new(m, NULL, 1, 0);
	ld = m->Din;
	random_rows(g->x, 18 * ld, &r);
	x = xcalloc(12 * (size_t)ld, sizeof *x);
	for (b = 0; b < 6; b++) {
		for (j = 0, sum = 1e-8; j < ld; j++) {
			memset(x, 0, 6 * (size_t)ld * sizeof *x);
			row = g->x + (12 + b) * ld;
			memcpy(x, row, (size_t)ld * sizeof *x);
			x[j] = row[j] + STEP;
			critic_judge(&g->critic, x + 6 * ld, ld, x, ld, ld, 1, 0);
			up = g->critic.a[3][0];
			memcpy(x, row, (size_t)ld * sizeof *x);
			x[j] = row[j] - STEP;
			critic_judge(&g->critic, x + 6 * ld, ld, x, ld, ld, 1, 0);
			down = g->critic.a[3][0];
			one = (up - down) / (2 * STEP);
			sum += one * one;
		}
		want += (sqrt(sum) - 1) * (sqrt(sum) - 1) / 6;
	}
	l = critic_step(&g->critic, g->x, ld, ld, 10);
	assert_true(fabs(l.penalty - want) < 1e-7);
	free(x);
	gan_free(g);
	dg_free(m);
	tensor_schema_free(&s);
}

struct fixed_noise {
	real z[64], h0[64], c0[64];
	bool harden;
};

static double
generator_loss(struct gan *g, const struct fixed_noise *f, real *dx)
{
	struct dg *m = g->m;
	struct dg_gen *s = g->gen;
	struct rng feat;
	double loss;
	int k;

	memcpy(s->z, f->z, 6 * 5 * sizeof(real));
	memcpy(s->h0, f->h0, 6 * 5 * sizeof(real));
	memcpy(s->c0, f->c0, 6 * 5 * sizeof(real));
	dg_gen_attr(s, m);
	/* hard attributes pass no gradient: they stay as they first were */
	if (f->harden)
		dg_gen_harden(s);
	dg_gen_fresh(s);
	rng_init(&feat, 9, 9);
	dg_gen_series(s, &feat);
	k = m->A + s->steps * m->S * m->F1;
	loss = -critic_judge(&g->critic, dx, m->Din, s->out, m->Din, k, -1, 0);
	return loss -
	    .7 * critic_judge(&g->aux, dx, m->Din, s->out, m->Din, m->A, -.7, 1);
}

static void
generator_gradient_matches_difference(void **state)
{
	struct tensor_schema s;
	struct fixed_noise f;
	struct rng r;
	struct dg *m;
	struct gan *g;
	real *dx, keep;
	double up, down, worst = 0, d;
	size_t i;
	int steps;

	(void)state;
	rng_init(&r, 11, 0);
	small_schema(&s);
	m = small_model(&s, &r);
	m->net.out.b[m->F1 - 2] = m->net.out.b[2 * m->F1 - 2] = .8;
	g = gan_new(m, NULL, 1, 0);
	random_rows(f.z, 64, &r);
	random_rows(f.h0, 64, &r);
	random_rows(f.c0, 64, &r);
	dx = xcalloc(6 * (size_t)m->Din, sizeof *dx);
	f.harden = true;
	generator_loss(g, &f, dx);
	f.harden = false;
	steps = g->gen->steps;
	assert_true(steps >= 2);
	genback_run(&g->back, g->gen, &g->gnet, dx, m->Din);
	for (i = 0; i < m->n_gen; i++) {
		keep = m->block[i];
		m->block[i] = keep + STEP;
		up = generator_loss(g, &f, dx);
		m->block[i] = keep - STEP;
		down = generator_loss(g, &f, dx);
		m->block[i] = keep;
		assert_int_equal(g->gen->steps, steps);
		d = fabs((up - down) / (2 * STEP) - g->grad[i]);
		worst = d > worst ? d : worst;
	}
	assert_true(worst < 1e-6);
	free(dx);
	gan_free(g);
	dg_free(m);
	tensor_schema_free(&s);
}

/* Values of torch.optim.Adam: tests/ref/model_torch.py. */
static void
adam_matches_reference(void **state)
{
	const struct adam a = {1e-2, .5, .999, 1e-8};
	real w[3] = {.5, -1, 2}, g[3], m[3] = {0}, v[3] = {0};
	double norm = 0;
	int t, i;

	(void)state;
	for (t = 0; t < 5; t++) {
		g[0] = sin(t + 1.);
		g[1] = 1e-3 * (t - 2);
		g[2] = 100. / (t + 1);
		norm = adam_step(&a, NULL, w, g, m, v, 3, (uint64_t)t + 1);
	}
	for (i = 0; i < 3; i++)
		assert_true(fabs(w[i] - adam_w[i]) < 1e-12);
	assert_true(fabs(norm - (g[0] * g[0] + g[1] * g[1] + g[2] * g[2])) < 1e-12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(critic_gradient_matches_second_difference),
	    cmocka_unit_test(penalty_matches_first_differences),
	    cmocka_unit_test(generator_gradient_matches_difference),
	    cmocka_unit_test(adam_matches_reference),
	};

	gemm_start();
	return cmocka_run_group_tests_name("gradients", tests, NULL, NULL);
}
