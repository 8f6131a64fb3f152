#include "gan.h"

#include <stdlib.h>
#include <string.h>

#include "base/huge.h"
#include "nn/normal.h"

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
	size_t B = (size_t)m->cfg.batch_size, rows = size_mul(B, (size_t)m->Din);
	int i, b = m->cfg.batch_size;

	g->m = m;
	g->pool = pool;
	g->seed = seed;
	g->chunk = chunk;
	g->mom = huge_calloc(m->n_train, sizeof *g->mom);
	g->var = huge_calloc(m->n_train, sizeof *g->var);
	g->update.w = m->block;
	g->update.m = g->mom;
	g->update.v = g->var;
	critic_init(&g->critic, &m->net.critic, pool, b, m->A, m->S * m->F1);
	critic_init(&g->aux, &m->net.aux, pool, b, m->A, 0);
	g->gen = dg_gen_new(m, pool, b, true);
	genback_init(&g->back, g->gen);
	g->real_x = xcalloc(rows, sizeof *g->real_x);
	g->fake_x = xcalloc(rows, sizeof *g->fake_x);
	g->dx = xcalloc(rows, sizeof *g->dx);
	g->gen->out = g->fake_x;
	g->gen->ld = m->Din;
	g->real_blocks = xcalloc(B, sizeof *g->real_blocks);
	g->dx_aux = xcalloc(size_mul(B, (size_t)m->A + 1), sizeof *g->dx_aux);
	g->alpha = xcalloc(B, sizeof *g->alpha);
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
	genback_free(&g->back);
	dg_gen_free(g->gen);
	update_free(&g->update);
	huge_free(g->mom, g->m->n_train, sizeof *g->mom);
	huge_free(g->var, g->m->n_train, sizeof *g->var);
	free(g->real_x);
	free(g->fake_x);
	free(g->dx);
	free(g->real_blocks);
	free(g->dx_aux);
	free(g->alpha);
	free(g->constant);
	free(g);
}

/* ---- What goes wrong ---- */

static int
diverged(const char *who, uint64_t step, struct ns_err *e)
{
	return ns_fail(e, NS_ENUMERIC,
	    "training diverged at step %llu: the loss of the %s left +-%g; try a lower "
	    "learning rate",
	    (unsigned long long)step + 1, who, LOSS_MAX);
}

/* One net after an update of it: length of its gradient, its loss. */
static int
check(const struct gan *g, const char *who, double norm, double loss, uint64_t step,
    struct ns_err *e)
{
	unsigned long long n = (unsigned long long)step + 1;
	size_t bad;

	if (isfinite(norm))
		return fabs(loss) < LOSS_MAX ? NS_OK : diverged(who, step, e);
	bad = update_bad(&g->update);
	if (bad != SIZE_MAX)
		return ns_fail(e, NS_ENUMERIC,
		    "training broke down at step %llu: the gradient of '%s' is not "
		    "finite; try a lower learning rate",
		    n, params_name(&g->m->params, bad));
	/* squares that overflow would stay in Adam's moments and stop the weights */
	return ns_fail(e, NS_ENUMERIC,
	    "training broke down at step %llu: the gradient of the %s is too long; try "
	    "a lower learning rate",
	    n, who);
}

/* ---- The critics ---- */

/* The critics do not depend on each other; each hands out parts of its products, too.
 */
static void
critic_job(void *arg, int job)
{
	struct gan *g = arg;
	const struct dg_config *c = &g->m->cfg;
	const struct critic_rows r = {g->real_x, g->m->Din, g->real_blocks};
	const struct critic_rows f = {g->fake_x, g->m->Din, g->gen->live};

	if (job == 0)
		critic_step(&g->critic, &r, &f, g->alpha, c->gp_coe);
	else
		critic_step(&g->aux, &r, &f, g->alpha, c->attr_gp_coe);
}

static double
critic_loss(const struct critic *c, double coe)
{
	return coe * c->penalty - (c->real_sum - c->fake_sum) / c->B;
}

static int
critic_round(struct gan *g, struct rng *alpha, uint64_t step, uint64_t t,
    struct gan_health *h, struct ns_err *e)
{
	const struct dg_config *c = &g->m->cfg;
	const struct adam ad = {c->d_lr, c->d_beta1, c->d_beta2, c->d_eps};
	const struct adam aa = {c->attr_d_lr, c->attr_d_beta1, c->attr_d_beta2,
	    c->attr_d_eps};
	bool has_aux = g->m->A > 0;
	int b, rc;

	for (b = 0; b < c->batch_size; b++)
		g->alpha[b] = (real)rng_uniform(alpha);
	pool_run(g->pool, critic_job, g, has_aux ? 2 : 1);
	update_begin(&g->update);
	update_net(&g->update, 0, &ad, t);
	critic_tiles(&g->critic, &g->update);
	if (has_aux) {
		update_net(&g->update, 1, &aa, t);
		critic_tiles(&g->aux, &g->update);
	}
	update_run(&g->update, g->pool);
	h->critic = critic_loss(&g->critic, c->gp_coe);
	h->penalty = g->critic.penalty;
	h->grad_critic = update_norm(&g->update, 0);
	rc = check(g, "critic", h->grad_critic, h->critic, step, e);
	if (rc < 0 || !has_aux)
		return rc;
	h->aux = critic_loss(&g->aux, c->attr_gp_coe);
	h->aux_penalty = g->aux.penalty;
	h->grad_aux = update_norm(&g->update, 1);
	return check(g, "auxiliary critic", h->grad_aux, h->aux, step, e);
}

/* ---- The generator ---- */

struct verdicts {
	struct gan *g;
	double critic, aux;
};

static void
judge(void *arg, int job)
{
	struct verdicts *v = arg;
	struct gan *g = v->g;
	const struct critic_rows f = {g->fake_x, g->m->Din, g->gen->live};

	if (job == 0)
		v->critic = critic_judge(&g->critic, g->dx, g->m->Din, &f, -1);
	else
		v->aux = critic_judge(&g->aux, g->dx_aux, g->m->A, &f,
		    -g->m->cfg.attr_d_coe);
}

static void
add_aux(struct gan *g)
{
	int A = g->m->A, b, j;
	real *to = g->dx;
	const real *from = g->dx_aux;

	for (b = 0; b < g->gen->B; b++, to += g->m->Din, from += A)
		for (j = 0; j < A; j++)
			to[j] += from[j];
}

static int
generator_round(struct gan *g, uint64_t step, uint64_t t, struct gan_health *h,
    struct ns_err *e)
{
	const struct dg_config *c = &g->m->cfg;
	const struct adam ag = {c->g_lr, c->g_beta1, c->g_beta2, c->g_eps};
	struct verdicts v = {g, 0, 0};

	pool_run(g->pool, judge, &v, g->m->A > 0 ? 2 : 1);
	add_aux(g);
	genback_run(&g->back, g->gen, g->dx, g->m->Din);
	update_begin(&g->update);
	update_net(&g->update, 0, &ag, t);
	genback_tiles(&g->back, g->gen, &g->update, g->dx, g->m->Din);
	update_run(&g->update, g->pool);
	h->generator = -v.critic - c->attr_d_coe * v.aux;
	h->grad_generator = update_norm(&g->update, 0);
	return check(g, "generator", h->grad_generator, h->generator, step, e);
}

/* ---- One step ---- */

static void
make_attributes(struct gan *g, struct rng *r)
{
	normal_fill(g->gen->z, (size_t)g->gen->B * (size_t)g->m->cfg.attr_noise, r);
	dg_gen_attr(g->gen, g->m);
	dg_gen_harden(g->gen);
}

/* Series of minibatch number batch, from state number state. */
static void
make_series(struct gan *g, uint64_t batch, uint64_t state)
{
	uint64_t B = (uint64_t)g->gen->B;

	dg_gen_series(g->gen, g->seed, gan_stream(g->chunk, GAN_FEAT, batch * B),
	    gan_stream(g->chunk, GAN_STATE, state * B));
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

int
gan_step(struct gan *g, uint64_t step, struct gan_health *h, struct ns_err *e)
{
	const struct dg_config *c = &g->m->cfg;
	uint64_t D = (uint64_t)c->d_rounds, G = (uint64_t)c->g_rounds, i;
	uint64_t state = step * (D + G - 1);
	struct rng attr, alpha;
	int rc;

	memset(h, 0, sizeof *h);
	rng_init(&attr, g->seed, gan_stream(g->chunk, GAN_ATTR, step));
	rng_init(&alpha, g->seed, gan_stream(g->chunk, GAN_ALPHA, step));
	make_attributes(g, &attr);
	for (i = 0; i < D; i++) {
		make_series(g, step * G, state++);
		if ((rc = critic_round(g, &alpha, step, step * D + i + 1, h, e)) < 0)
			return rc;
	}
	look_at_fakes(g, h);
	for (i = 0; i < G; i++) {
		if (i > 0) {
			make_attributes(g, &attr);
			make_series(g, step * G + i, state++);
		}
		if ((rc = generator_round(g, step, step * G + i + 1, h, e)) < 0)
			return rc;
	}
	return NS_OK;
}

/* Only the critic's first layer has weights that wait. */
static void
settle(const struct gan *g, const struct lazy *lazy, uint64_t steps,
    const struct linear *l, real *mom, real *var)
{
	const struct dg_config *c = &g->m->cfg;
	const struct adam ad = {c->d_lr, c->d_beta1, c->d_beta2, c->d_eps};

	lazy_settle(lazy, &ad, steps * (uint64_t)c->d_rounds, l->w, mom, var, l->out,
	    l->in);
}

void
gan_settle(struct gan *g, uint64_t steps)
{
	const struct linear *l = &g->m->net.critic.l[0];
	size_t at = (size_t)(l->w - g->m->block);

	settle(g, &g->critic.lazy, steps, l, g->mom + at, g->var + at);
}

static void *
copy(const void *from, size_t n, size_t size)
{
	void *to = xcalloc(n, size);

	memcpy(to, from, n * size);
	return to;
}

void
gan_snapshot(const struct gan *g, uint64_t steps, struct dg *to)
{
	const struct linear *l = &to->net.critic.l[0];
	size_t at = (size_t)(l->w - to->block);
	size_t n = (size_t)l->out * (size_t)l->in;
	real *mom = copy(g->mom + at, n, sizeof *mom);
	real *var = copy(g->var + at, n, sizeof *var);
	struct lazy lazy = g->critic.lazy;

	lazy.last = copy(lazy.last, (size_t)g->critic.n_strips, sizeof *lazy.last);
	memcpy(to->block, g->m->block, to->n_all * sizeof *to->block);
	settle(g, &lazy, steps, l, mom, var);
	free(mom);
	free(var);
	free(lazy.last);
}
