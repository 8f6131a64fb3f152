#include "gan.h"

#include <stdlib.h>
#include <string.h>

/* Losses start near the penalty's weight; a run that leaves this range does not return.
 */
#define LOSS_MAX 1e7

uint64_t
gan_stream(int chunk, enum gan_purpose p, uint64_t counter)
{
	return (uint64_t)chunk << 48 | (uint64_t)p << 44 | counter;
}

struct gan *
gan_new(struct dg *m, struct pool *pool, uint64_t seed, int chunk)
{
	struct gan *g = xcalloc(1, sizeof *g);
	int i, B = m->cfg.batch_size;

	g->m = m;
	g->pool = pool;
	g->seed = seed;
	g->chunk = chunk;
	g->grad = xcalloc(m->n_train, sizeof *g->grad);
	g->mom = xcalloc(m->n_train, sizeof *g->mom);
	g->var = xcalloc(m->n_train, sizeof *g->var);
	dg_map(m, &g->gnet, g->grad);
	critic_init(&g->critic, &m->net.critic, &g->gnet.critic, pool, B);
	critic_init(&g->aux, &m->net.aux, &g->gnet.aux, pool, B);
	g->gen = dg_gen_new(m, pool, B, true);
	genback_init(&g->back, m, B);
	g->x = xcalloc(size_mul(3 * (size_t)B, (size_t)m->Din), sizeof *g->x);
	g->gen->out = g->x + (size_t)B * (size_t)m->Din;
	g->gen->ld = m->Din;
	g->alpha = xcalloc((size_t)B, sizeof *g->alpha);
	g->constant = xcalloc((size_t)m->n_attr_groups + 1, sizeof *g->constant);
	for (i = 0; i < m->n_attr_groups; i++)
		g->constant[i] = -1;
	return g;
}

void
gan_free(struct gan *g)
{
	if (g == NULL)
		return;
	critic_free(&g->critic);
	critic_free(&g->aux);
	dg_gen_free(g->gen);
	genback_free(&g->back);
	free(g->grad);
	free(g->mom);
	free(g->var);
	free(g->x);
	free(g->alpha);
	free(g->constant);
	free(g);
}

real *
gan_real(struct gan *g)
{
	int b;

	for (b = 0; b < g->m->cfg.batch_size; b++)
		memset(g->x + (size_t)b * (size_t)g->m->Din, 0,
		    (size_t)g->k_real * sizeof *g->x);
	g->k_real = 0;
	return g->x;
}

static void
draw_normals(struct gan *g, real *x, int width, struct rng *r)
{
	dg_gen_noise(x, (size_t)g->m->cfg.batch_size * (size_t)width, r);
}

/* The rest of the fake rows up to column k, where no step was made. */
static void
clear_tails(struct gan *g, int from, int k)
{
	int b;

	for (b = 0; b < g->gen->B && from < k; b++)
		memset(g->gen->out + (size_t)b * (size_t)g->m->Din + from, 0,
		    (size_t)(k - from) * sizeof(real));
}

/* between = real + alpha (fake - real) in the first k columns. */
static void
interpolate(struct gan *g, int k)
{
	size_t B = (size_t)g->gen->B, ld = (size_t)g->m->Din, b;
	const real *r, *f;
	real *y, a;
	int j;

	for (b = 0; b < B; b++) {
		r = g->x + b * ld;
		f = r + B * ld;
		y = g->x + (2 * B + b) * ld;
		a = g->alpha[b];
		for (j = 0; j < k; j++)
			y[j] = r[j] + a * (f[j] - r[j]);
	}
}

static double
update(struct gan *g, const struct adam *a, size_t off, size_t n, uint64_t t)
{
	return sqrt(adam_step(a, g->pool, g->m->block + off, g->grad + off,
	    g->mom + off, g->var + off, n, t));
}

/* Columns of the generated rows that may differ from zero. */
static int
fake_columns(const struct gan *g)
{
	return g->m->A + g->gen->steps * g->m->S * g->m->F1;
}

static void
critic_round(struct gan *g, struct rng *alpha, uint64_t t, struct gan_health *h)
{
	const struct dg_config *c = &g->m->cfg;
	const struct adam ad = {c->d_lr, c->d_beta1, c->d_beta2, c->d_eps};
	const struct adam aa = {c->attr_d_lr, c->attr_d_beta1, c->attr_d_beta2,
	    c->attr_d_eps};
	int b, k = fake_columns(g), ld = g->m->Din;
	struct critic_loss l;

	if (g->k_real > k) {
		clear_tails(g, k, g->k_real);
		k = g->k_real;
	}
	for (b = 0; b < g->gen->B; b++)
		g->alpha[b] = (real)rng_uniform(alpha);
	if (g->m->A > 0) {
		interpolate(g, g->m->A);
		l = critic_step(&g->aux, g->x, ld, g->m->A, c->attr_gp_coe);
		h->aux = l.total;
		h->aux_penalty = l.penalty;
		h->grad_aux =
		    update(g, &aa, g->m->n_gen + g->m->n_critic, g->m->n_aux, t);
	}
	interpolate(g, k);
	l = critic_step(&g->critic, g->x, ld, k, c->gp_coe);
	h->critic = l.total;
	h->penalty = l.penalty;
	h->grad_critic = update(g, &ad, g->m->n_gen, g->m->n_critic, t);
}

static void
generator_round(struct gan *g, uint64_t t, struct gan_health *h)
{
	const struct dg_config *c = &g->m->cfg;
	const struct adam ag = {c->g_lr, c->g_beta1, c->g_beta2, c->g_eps};
	const real *fake = g->gen->out;
	int ld = g->m->Din;
	real *dx = g->x + 2 * (size_t)g->gen->B * (size_t)ld;

	h->generator =
	    -critic_judge(&g->critic, dx, ld, fake, ld, fake_columns(g), -1, 0);
	if (g->m->A > 0)
		h->generator -= c->attr_d_coe *
		    critic_judge(&g->aux, dx, ld, fake, ld, g->m->A, -c->attr_d_coe, 1);
	memset(g->grad, 0, g->m->n_gen * sizeof *g->grad);
	genback_run(&g->back, g->gen, &g->gnet, dx, ld);
	h->grad_generator = update(g, &ag, 0, g->m->n_gen, t);
}

static void
make_attributes(struct gan *g, struct rng *r)
{
	draw_normals(g, g->gen->z, g->m->cfg.attr_noise, r);
	dg_gen_attr(g->gen, g->m);
	dg_gen_harden(g->gen);
}

static void
make_series(struct gan *g, struct rng *state, struct rng *feat)
{
	draw_normals(g, g->gen->h0, g->m->H, state);
	draw_normals(g, g->gen->c0, g->m->H, state);
	dg_gen_series(g->gen, feat);
}

static void
look_at_fakes(const struct gan *g, struct gan_health *h)
{
	const struct dg_gen *s = g->gen;
	const struct dg *m = g->m;
	double length = 0, right = 0;
	bool good;
	int b, i;

	for (b = 0; b < s->B; b++) {
		length += dg_gen_length(s, b);
		good = true;
		for (i = 0; i < m->n_attr_groups && good; i++)
			if (g->constant[i] >= 0)
				good = s->hard[(size_t)b * (size_t)m->A +
					   (size_t)(m->attr_groups[i].off +
					       g->constant[i])] == 1;
		right += good;
	}
	h->mean_length = length / s->B;
	h->const_right = right / s->B;
}

static int
check(const struct gan *g, uint64_t step, const struct gan_health *h, struct ns_err *e)
{
	unsigned long long n = (unsigned long long)step + 1;
	const char *where = dg_finite(g->m, g->grad, g->m->n_train);

	if (where != NULL)
		return ns_fail(e, NS_ENUMERIC,
		    "training broke down at step %llu: the gradient of '%s' is not "
		    "finite; "
		    "try a lower learning rate",
		    n, where);
	if (!(fabs(h->critic) < LOSS_MAX))
		where = "critic";
	else if (!(fabs(h->aux) < LOSS_MAX))
		where = "auxiliary critic";
	else if (!(fabs(h->generator) < LOSS_MAX))
		where = "generator";
	if (where != NULL)
		return ns_fail(e, NS_ENUMERIC,
		    "training diverged at step %llu: the loss of the %s left +-%g; try "
		    "a "
		    "lower learning rate",
		    n, where, LOSS_MAX);
	/* squares that overflow would stay in Adam's moments and stop the weights */
	return ns_fail(e, NS_ENUMERIC,
	    "training broke down at step %llu: the gradient of the %s is too long; try "
	    "a lower learning rate",
	    n,
	    !isfinite(h->grad_critic)    ? "critic"
		: !isfinite(h->grad_aux) ? "auxiliary critic"
					 : "generator");
}

static bool
all_finite(const struct gan_health *h)
{
	return isfinite(h->grad_critic) && isfinite(h->grad_aux) &&
	    isfinite(h->grad_generator) && fabs(h->critic) < LOSS_MAX &&
	    fabs(h->aux) < LOSS_MAX && fabs(h->generator) < LOSS_MAX;
}

int
gan_step(struct gan *g, uint64_t step, struct gan_health *h, struct ns_err *e)
{
	const struct dg_config *c = &g->m->cfg;
	struct rng attr, feat, state, alpha;
	int i;

	memset(h, 0, sizeof *h);
	rng_init(&attr, g->seed, gan_stream(g->chunk, GAN_ATTR, step));
	rng_init(&feat, g->seed, gan_stream(g->chunk, GAN_FEAT, step));
	rng_init(&state, g->seed, gan_stream(g->chunk, GAN_STATE, step));
	rng_init(&alpha, g->seed, gan_stream(g->chunk, GAN_ALPHA, step));
	make_attributes(g, &attr);
	for (i = 0; i < c->d_rounds; i++) {
		make_series(g, &state, &feat);
		critic_round(g, &alpha, step * (uint64_t)c->d_rounds + (uint64_t)i + 1,
		    h);
	}
	look_at_fakes(g, h);
	for (i = 0; i < c->g_rounds; i++) {
		if (i > 0) {
			make_attributes(g, &attr);
			make_series(g, &state, &feat);
		}
		generator_round(g, step * (uint64_t)c->g_rounds + (uint64_t)i + 1, h);
	}
	return all_finite(h) ? NS_OK : check(g, step, h, e);
}
