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
	sampled_free(g->sampled);
	free(g);
}

void
gan_protect(struct gan *g, struct sampled *s)
{
	g->sampled = s;
	g->critic.sums = g->aux.sums = true;
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

/* What both critics see in a round. */
struct sight {
	struct gan *g;
	struct critic_rows real_rows, fake;
	const real *alpha;
};

/* The critics do not depend on each other; each hands out parts of its products, too.
 */
static void
critic_job(void *arg, int job)
{
	const struct sight *s = arg;
	struct gan *g = s->g;
	const struct dg_config *c = &g->m->cfg;

	if (job == 0)
		critic_step(&g->critic, &s->real_rows, &s->fake, s->alpha, c->gp_coe);
	else
		critic_step(&g->aux, &s->real_rows, &s->fake, s->alpha, c->attr_gp_coe);
}

static int
nets(const struct gan *g)
{
	return g->m->A > 0 ? 2 : 1;
}

/* Gradients and updates of both critics; privately the noise is added there. */
static void
update_critics(struct gan *g, uint64_t t, struct gan_health *h)
{
	const struct dg_config *c = &g->m->cfg;
	const struct adam ad = {c->d_lr, c->d_beta1, c->d_beta2, c->d_eps};
	const struct adam aa = {c->attr_d_lr, c->attr_d_beta1, c->attr_d_beta2,
	    c->attr_d_eps};

	update_begin(&g->update);
	update_net(&g->update, 0, &ad, t);
	critic_tiles(&g->critic, &g->update);
	if (nets(g) > 1) {
		update_net(&g->update, 1, &aa, t);
		critic_tiles(&g->aux, &g->update);
	}
	update_run(&g->update, g->pool);
	h->grad_critic = update_norm(&g->update, 0);
	if (nets(g) > 1)
		h->grad_aux = update_norm(&g->update, 1);
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
	struct sight s = {g, {g->real_x, g->m->Din, g->real_blocks},
	    {g->fake_x, g->m->Din, g->gen->live}, g->alpha};
	int b, rc;

	for (b = 0; b < c->batch_size; b++)
		g->alpha[b] = (real)rng_uniform(alpha);
	pool_run(g->pool, critic_job, &s, nets(g));
	update_critics(g, t, h);
	h->critic = critic_loss(&g->critic, c->gp_coe);
	h->penalty = g->critic.penalty;
	rc = check(g, "critic", h->grad_critic, h->critic, step, e);
	if (rc < 0 || nets(g) == 1)
		return rc;
	h->aux = critic_loss(&g->aux, c->attr_gp_coe);
	h->aux_penalty = g->aux.penalty;
	return check(g, "auxiliary critic", h->grad_aux, h->aux, step, e);
}

/* Shares of units, each over both critics together, cut to the length they may have. */
static void
clip_units(struct gan *g)
{
	const struct sampled *s = g->sampled;
	struct clip *k = &g->sampled->clip;

	clip_begin(k, s->n_units, s->first);
	clip_measure(k, &g->critic);
	if (nets(g) > 1)
		clip_measure(k, &g->aux);
	clip_factors(k, PRIVATE_CLIPPED * s->how->clip);
	clip_rows(k, &g->critic);
	if (nets(g) > 1)
		clip_rows(k, &g->aux);
}

static int
private_round(struct gan *g, uint64_t step, uint64_t round, struct gan_health *h,
    struct ns_err *e)
{
	struct sampled *s = g->sampled;
	struct sight sight;
	int rc;

	sampled_draw(s, round);
	critic_resize(&g->critic, s->n, s->room);
	critic_resize(&g->aux, s->n, s->room);
	sight = (struct sight){g, {s->real_x, g->m->Din, s->real_blocks},
	    {s->fake_x, g->m->Din, s->fake_blocks}, s->alpha};
	if (s->n > 0) {
		pool_run(g->pool, critic_job, &sight, nets(g));
		clip_units(g);
	}
	g->update.private = s->how;
	g->update.round = sampled_round(s, round);
	update_critics(g, round + 1, h);
	g->update.private = NULL;
	/* losses would tell of the series: only what is noisy is looked at */
	rc = check(g, "critic", h->grad_critic, 0, step, e);
	if (rc < 0 || nets(g) == 1)
		return rc;
	return check(g, "auxiliary critic", h->grad_aux, 0, step, e);
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

	pool_run(g->pool, judge, &v, nets(g));
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

/* The rounds of the critics, then those of the generator, which draws its own fakes. */
static int
private_step(struct gan *g, uint64_t step, struct gan_health *h, struct ns_err *e)
{
	const struct dg_config *c = &g->m->cfg;
	uint64_t D = (uint64_t)c->d_rounds, G = (uint64_t)c->g_rounds, i;
	struct rng attr;
	int rc;

	h->critic = h->aux = h->penalty = h->aux_penalty = NAN;
	h->mean_length = h->const_right = NAN;
	for (i = 0; i < D; i++)
		if ((rc = private_round(g, step, step * D + i, h, e)) < 0)
			return rc;
	critic_resize(&g->critic, c->batch_size, 0);
	critic_resize(&g->aux, c->batch_size, 0);
	rng_init(&attr, g->seed, gan_stream(g->chunk, GAN_ATTR, step));
	for (i = 0; i < G; i++) {
		make_attributes(g, &attr);
		make_series(g, step * G + i, step * G + i);
		if ((rc = generator_round(g, step, step * G + i + 1, h, e)) < 0)
			return rc;
	}
	return NS_OK;
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
	if (g->sampled != NULL)
		return private_step(g, step, h, e);
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

/* Only the critic's first layer has weights that wait, and privately none: what no
 * update has been noted of does not. */
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
