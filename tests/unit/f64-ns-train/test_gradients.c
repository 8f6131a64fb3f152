/* The trainer's gradients against differences of its losses, in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-train/gan/gan.h"
#include "../f64-model/torch.h"
#include "nn/gemm.h"
#include "small.h"

#define STEP 1e-5

static void
random_rows(real *x, int n, struct rng *r)
{
	int i;

	for (i = 0; i < n; i++)
		x[i] = rng_normal(r) / 2;
}

/* The gradient that the tiles describe, at its place in the block. */
static void
collect(const struct update *u, real *grad)
{
	static real g[TILE_MAX];
	const struct tile *t;
	size_t i;
	int r, c;

	for (i = 0; i < u->n_tiles; i++) {
		t = &u->tile[i];
		update_gradient(u, t, g);
		for (r = 0; r < t->rows; r++)
			for (c = 0; c < t->cols; c++)
				grad[t->at + (size_t)r * (size_t)t->ld + (size_t)c] +=
				    g[r * t->cols + c];
	}
}

/* ---- The critic, padded: plain loops over whole rows, zeros and all ---- */

enum { WIDEST = 1024 };

/* D(x), and dD/dx to u unless NULL. */
static double
padded_judge(const struct mlp *p, const real *x, real *u)
{
	static real a[MLP_LAYERS_MAX][WIDEST], d[MLP_LAYERS_MAX][WIDEST];
	const struct linear *l;
	const real *in = x;
	int i, j, k;

	for (i = 0; i < p->n; i++, in = a[i - 1]) {
		l = &p->l[i];
		for (j = 0; j < l->out; j++) {
			a[i][j] = l->b[j];
			for (k = 0; k < l->in; k++)
				a[i][j] += l->w[j * l->in + k] * in[k];
			if (i + 1 < p->n && a[i][j] < 0)
				a[i][j] = 0;
		}
	}
	d[p->n - 1][0] = 1;
	for (i = p->n - 1; i >= 0 && u != NULL; i--) {
		l = &p->l[i];
		for (k = 0; k < l->in; k++) {
			real sum = 0;

			for (j = 0; j < l->out; j++)
				sum += l->w[j * l->in + k] * d[i][j];
			if (i > 0)
				d[i - 1][k] = a[i - 1][k] > 0 ? sum : 0;
			else
				u[k] = sum;
		}
	}
	return a[p->n - 1][0];
}

/* Real and fake series with zeros behind their ends. */
struct batch {
	int B, A, block, in;
	real *r, *f, *alpha; /* (B, in), (B, in), (B) */
	int *nr, *nf;        /* (B) blocks */
};

static double
padded_loss(const struct mlp *p, const struct batch *x, double coe, double center)
{
	static real mix[WIDEST * 8], u[WIDEST * 8];
	double loss = 0, s;
	const real *r, *f;
	int b, j, n;

	for (b = 0; b < x->B; b++) {
		r = x->r + b * x->in;
		f = x->f + b * x->in;
		n = x->A + x->block * (x->nr[b] > x->nf[b] ? x->nr[b] : x->nf[b]);
		for (j = 0; j < x->in; j++)
			mix[j] = r[j] + x->alpha[b] * (f[j] - r[j]);
		padded_judge(p, mix, u);
		/* what neither has is no input */
		for (j = 0, s = 1e-8; j < n; j++)
			s += u[j] * u[j];
		loss += coe * (sqrt(s) - center) * (sqrt(s) - center);
		loss += padded_judge(p, f, NULL) - padded_judge(p, r, NULL);
	}
	return loss / x->B;
}

static void
batch_init(struct batch *x, const struct dg *m, const struct critic *c, struct rng *r)
{
	int b, j, n;

	*x = (struct batch){.B = c->B, .A = c->attr, .block = c->block, .in = m->Din};
	x->in = c->shape.cols;
	n = c->B * x->in;
	x->r = xcalloc((size_t)n, sizeof *x->r);
	x->f = xcalloc((size_t)n, sizeof *x->f);
	x->alpha = xcalloc((size_t)c->B, sizeof *x->alpha);
	x->nr = xcalloc((size_t)c->B, sizeof *x->nr);
	x->nf = xcalloc((size_t)c->B, sizeof *x->nf);
	random_rows(x->r, n, r);
	random_rows(x->f, n, r);
	for (b = 0; b < c->B; b++) {
		x->alpha[b] = rng_uniform(r);
		/* mostly short, one of full length on each side */
		x->nr[b] = b == 2 ? m->R : 1 + (int)rng_below(r, 3);
		x->nf[b] = b == 4 ? m->R : 1 + (int)rng_below(r, (uint32_t)m->R);
		for (j = x->A + x->block * x->nr[b]; j < x->in; j++)
			x->r[b * x->in + j] = 0;
		for (j = x->A + x->block * x->nf[b]; j < x->in; j++)
			x->f[b * x->in + j] = 0;
	}
}

static void
batch_free(struct batch *x)
{
	free(x->r);
	free(x->f);
	free(x->alpha);
	free(x->nr);
	free(x->nf);
}

static double
ragged_loss(struct critic *c, const struct batch *x, double coe)
{
	const struct critic_rows r = {x->r, x->in, x->nr}, f = {x->f, x->in, x->nf};

	critic_step(c, &r, &f, x->alpha, coe);
	return coe * c->penalty - (c->real_sum - c->fake_sum) / c->B;
}

/* A critic of the small model, its batch and its gradient's place. */
struct judge {
	struct tensor_schema s;
	struct dg *m;
	struct gan *g;
	struct critic *c;
	struct batch x;
	size_t n; /* weights of the critic, from *w on */
	real *w;
};

static void
judge_open(struct judge *j, int max_steps, bool aux)
{
	struct rng r;

	rng_init(&r, 3, 0);
	small_schema(&j->s);
	j->m = small_model(&j->s, max_steps, &r);
	j->g = gan_new(j->m, NULL, 1, 0);
	j->c = aux ? &j->g->aux : &j->g->critic;
	j->n = aux ? j->m->n_aux : j->m->n_critic;
	j->w = j->c->net->l[0].w;
	batch_init(&j->x, j->m, j->c, &r);
}

static void
judge_close(struct judge *j)
{
	batch_free(&j->x);
	gan_free(j->g);
	dg_free(j->m);
	tensor_schema_free(&j->s);
}

/* Loss and every weight's gradient, penalty included, of ragged rows as of padded ones.
 */
static void
check_weights(struct judge *j)
{
	const struct adam a = {1e-4, .5, .999, 1e-8};
	double keep, up, down, worst = 0, top = 0, d, center = j->c->center;
	const struct mlp *net = j->c->net;
	real *grad, *w = j->w;
	size_t i;

	grad = xcalloc(j->m->n_train, sizeof *grad);
	assert_true(fabs(ragged_loss(j->c, &j->x, 10) -
			padded_loss(net, &j->x, 10, center)) < 1e-12);
	update_begin(&j->g->update);
	update_net(&j->g->update, 0, &a, 1);
	critic_tiles(j->c, &j->g->update);
	collect(&j->g->update, grad);
	for (i = 0; i < j->n; i++) {
		keep = w[i];
		w[i] = keep + STEP;
		up = padded_loss(net, &j->x, 10, center);
		w[i] = keep - STEP;
		down = padded_loss(net, &j->x, 10, center);
		w[i] = keep;
		d = (up - down) / (2 * STEP);
		top = fmax(top, fabs(d));
		worst = fmax(worst, fabs(d - grad[w + i - j->m->block]));
	}
	assert_true(top > 1e-2 && worst < 1e-6);
	free(grad);
}

static void
check_critic(int max_steps, bool aux)
{
	struct judge j;

	judge_open(&j, max_steps, aux);
	check_weights(&j);
	judge_close(&j);
}

static void
critic_gradient_is_that_of_padded_rows(void **state)
{
	(void)state;
	check_critic(5, false);  /* all in one strip */
	check_critic(70, false); /* several */
	check_critic(5, true);
}

/* R1: the gradients at real rows are to vanish. */
static void
check_r1(int max_steps, bool aux)
{
	struct judge j;

	judge_open(&j, max_steps, aux);
	j.c->center = 0;
	memset(j.x.alpha, 0, (size_t)j.x.B * sizeof *j.x.alpha);
	check_weights(&j);
	assert_true(j.c->penalty > 1e-4);
	judge_close(&j);
}

static void
r1_gradient_matches_difference(void **state)
{
	(void)state;
	check_r1(5, false);
	check_r1(70, false);
	check_r1(5, true);
}

/* Of one row: the loss's gradient at each of its columns; of the others it has none. */
static void
check_row(struct judge *j, real *x, int columns, const real *dx)
{
	const struct mlp *net = j->c->net;
	double up, down, keep, d, top = 0;
	int i;

	for (i = 0; i < columns; i++) {
		keep = x[i];
		x[i] = keep + STEP;
		up = padded_loss(net, &j->x, 10, j->c->center);
		x[i] = keep - STEP;
		down = padded_loss(net, &j->x, 10, j->c->center);
		x[i] = keep;
		d = (up - down) / (2 * STEP);
		top = fmax(top, fabs(d));
		if (!(fabs(d - dx[i]) < 1e-7))
			fail_msg("column %d: %.9g, difference %.9g", i, dx[i], d);
	}
	assert_true(top > 1e-3);
}

static void
check_inputs(int max_steps, bool aux, double center)
{
	struct judge j;
	int b, in;
	real *dx;

	judge_open(&j, max_steps, aux);
	in = j.x.in;
	j.c->center = center;
	dx = xcalloc(2 * (size_t)j.x.B * (size_t)in, sizeof *dx);
	ragged_loss(j.c, &j.x, 10);
	critic_inputs(j.c, dx);
	for (b = 0; b < j.x.B; b++) {
		check_row(&j, j.x.r + b * in, j.x.A + j.x.block * j.x.nr[b],
		    dx + j.c->at[b] * in);
		check_row(&j, j.x.f + b * in, j.x.A + j.x.block * j.x.nf[b],
		    dx + j.c->at[j.x.B + b] * in);
	}
	free(dx);
	judge_close(&j);
}

/* The penalty included: it is the same wherever the row between goes, but for kinks. */
static void
input_gradient_matches_difference(void **state)
{
	(void)state;
	check_inputs(5, false, 1);
	check_inputs(70, false, 1);
	check_inputs(5, true, 1);
	check_inputs(70, false, 0);
}

/* What columns that wait get later is what they would have got at once. */
static void
waiting_columns_catch_up(void **state)
{
	enum { N = 40, T = 700 };
	const struct adam a[] = {{1e-3, .5, .999, 1e-8}, {1e-3, .99, .9, 1e-8}};
	struct adam_step s;
	real w[2][N], m[2][N], v[2][N], g[N], none[N] = {0};
	uint64_t last[1] = {1};
	struct lazy l = {N, 1, last};
	struct rng r;
	size_t k;
	int i, t;

	(void)state;
	rng_init(&r, 8, 0);
	for (k = 0; k < LEN(a); k++) {
		random_rows(g, N, &r);
		memset(m, 0, sizeof m);
		memset(v, 0, sizeof v);
		for (i = 0; i < N; i++)
			w[0][i] = w[1][i] = i;
		adam_begin(&s, &a[k], 1);
		for (i = 0; i < 2; i++)
			adam_update(&s, w[i], m[i], v[i], g, N);
		for (t = 2; t <= T; t++) {
			adam_begin(&s, &a[k], (uint64_t)t);
			adam_update(&s, w[0], m[0], v[0], none, N);
		}
		last[0] = 1;
		lazy_settle(&l, &a[k], T, w[1], m[1], v[1], 1, N);
		assert_int_equal(last[0], T);
		for (i = 0; i < N; i++) {
			assert_true(fabs(w[0][i] - w[1][i]) < 1e-8);
			assert_true(fabs(m[0][i] - m[1][i]) < 1e-12);
			assert_true(fabs(v[0][i] - v[1][i]) < 1e-12);
		}
	}
}

/* ---- The generator ---- */

struct given {
	real z[64], h0[64], c0[64], noise[256];
	struct dg_given v;
};

static double
generator_loss(struct gan *g, bool harden)
{
	struct dg *m = g->m;
	struct critic_rows f = {g->fake_x, m->Din, g->gen->live};
	double loss;
	int b, j;

	dg_gen_attr(g->gen, m);
	/* hard attributes pass no gradient: they stay as they first were */
	if (harden)
		dg_gen_harden(g->gen);
	dg_gen_condition(g->gen);
	dg_gen_series(g->gen, 0, 0, 0);
	loss = -critic_judge(&g->critic, g->dx, m->Din, &f, -1);
	loss -= .7 * critic_judge(&g->aux, g->dx_aux, m->A, &f, -.7);
	for (b = 0; b < g->gen->B; b++)
		for (j = 0; j < m->A; j++)
			g->dx[b * m->Din + j] += g->dx_aux[b * m->A + j];
	return loss;
}

static void
generator_gradient_matches_difference(void **state)
{
	const struct adam a = {1e-4, .5, .999, 1e-8};
	struct tensor_schema s;
	struct given v;
	struct rng r;
	struct dg *m;
	struct gan *g;
	real *grad;
	double up, down, keep, worst = 0, d;
	size_t i;
	int steps;

	(void)state;
	rng_init(&r, 11, 0);
	small_schema(&s);
	m = small_model(&s, 5, &r);
	m->net.out.b[m->F1 - 2] = m->net.out.b[2 * m->F1 - 2] = .5;
	g = gan_new(m, NULL, 1, 0);
	random_rows(g->gen->z, 6 * 5, &r);
	random_rows(v.h0, 64, &r);
	random_rows(v.c0, 64, &r);
	random_rows(v.noise, 256, &r);
	v.v = (struct dg_given){v.h0, v.c0, v.noise};
	g->gen->given = &v.v;
	generator_loss(g, true);
	steps = g->gen->steps;

	assert_true(steps >= 2 && g->gen->tape[0].at[steps] < 6 * steps);
	genback_run(&g->back, g->gen, g->dx, m->Din);
	update_begin(&g->update);
	update_net(&g->update, 0, &a, 1);
	genback_tiles(&g->back, g->gen, &g->update, g->dx, m->Din);
	grad = xcalloc(m->n_train, sizeof *grad);
	collect(&g->update, grad);
	for (i = 0; i < m->n_gen; i++) {
		keep = m->block[i];
		m->block[i] = keep + STEP;
		up = generator_loss(g, false);
		m->block[i] = keep - STEP;
		down = generator_loss(g, false);
		m->block[i] = keep;
		assert_int_equal(g->gen->steps, steps);
		d = fabs((up - down) / (2 * STEP) - grad[i]);
		worst = d > worst ? d : worst;
	}
	assert_true(worst < 1e-6);
	free(grad);
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
	struct adam_step s;
	double norm = 0;
	int t, i;

	(void)state;
	for (t = 0; t < 5; t++) {
		g[0] = sin(t + 1.);
		g[1] = 1e-3 * (t - 2);
		g[2] = 100. / (t + 1);
		adam_begin(&s, &a, (uint64_t)t + 1);
		norm = adam_update(&s, w, m, v, g, 3);
	}
	for (i = 0; i < 3; i++)
		assert_true(fabs(w[i] - adam_w[i]) < 1e-12);
	assert_true(fabs(norm - (g[0] * g[0] + g[1] * g[1] + g[2] * g[2])) < 1e-12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(critic_gradient_is_that_of_padded_rows),
	    cmocka_unit_test(r1_gradient_matches_difference),
	    cmocka_unit_test(input_gradient_matches_difference),
	    cmocka_unit_test(waiting_columns_catch_up),
	    cmocka_unit_test(generator_gradient_matches_difference),
	    cmocka_unit_test(adam_matches_reference),
	};

	gemm_start();
	return cmocka_run_group_tests_name("gradients", tests, NULL, NULL);
}
