#include "adv/critics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge.h"
#include "base/mem.h"
#include "nn/init.h"
#include "nn/sums.h"

static const char *const names[CRITICS] = {"critic", "aux"};

/* ---- Layout ---- */

static int
units(const struct ar_config *c, int layer)
{
	return layer + 1 < c->d_layers ? c->d_units : 1;
}

/* Layers behind the tables; block NULL: only listed and counted. */
static size_t
lay_layers(struct mlp *net, const struct ar_config *c, int in, real *block,
    struct params *list, const char *name)
{
	char at[PARAM_NAME];
	struct linear *l;
	size_t n = 0;
	int i;

	net->n = c->d_layers;
	for (i = 0; i < net->n; i++) {
		l = &net->l[i];
		l->in = i > 0 ? net->l[i - 1].out : in;
		l->out = units(c, i);
		l->w = block != NULL ? block + n : NULL;
		n += size_mul((size_t)l->out, (size_t)l->in);
		l->b = block != NULL ? block + n : NULL;
		n += (size_t)l->out;
		if (list == NULL)
			continue;
		snprintf(at, sizeof at, "%s.%d.weight", name, i);
		params_add(list, at, l->out, l->in);
		snprintf(at, sizeof at, "%s.%d.bias", name, i);
		params_add(list, at, l->out, 0);
	}
	return n;
}

static int
input(const struct sight *s, int window)
{
	return s->attr + s->gap + window * s->block;
}

static void
lay_critic(struct critics *c, int i, int window, struct params *list)
{
	struct one_critic *o = &c->of[i];
	bool steps = i == CRITIC_ALL;
	real *at = c->block != NULL ? c->block + o->at : NULL;

	sight_free(&o->sight);
	o->n_tables = sight_layout(&o->sight, c->m, steps, at, list, names[i]);
	o->sight.gap = c->m->cfg.minibatch ? o->sight.attr : 0;
	o->n = o->n_tables;
	o->n += lay_layers(&o->net, &c->m->cfg, input(&o->sight, window),
	    at != NULL ? at + o->n : NULL, list, names[i]);
	if (at != NULL)
		sight_layout(&o->grad, c->m, steps, c->grad + o->at, NULL, names[i]);
	o->grad.gap = o->sight.gap;
}

static void
init_rows(struct one_critic *o, struct pool *pool, int lanes, const struct ar_config *c)
{
	size_t n = (size_t)lanes, all = size_mul(n, (size_t)o->net.l[0].in);

	o->reals = all;
	critic_init(&o->critic, &o->net, pool, lanes, o->sight.attr + o->sight.gap,
	    o->sight.block);
	o->critic.center = c->r1 ? 0 : 1;
	o->lane = xcalloc(n + 1, sizeof *o->lane);
	o->blocks = xcalloc(n + 1, sizeof *o->blocks);
	o->x_real = huge_calloc(all, sizeof *o->x_real);
	o->x_fake = huge_calloc(all, sizeof *o->x_fake);
	o->verdict = huge_calloc(all, sizeof *o->verdict);
	o->dx = huge_calloc(2 * all, sizeof *o->dx);
	o->row = xcalloc(n + 1, sizeof *o->row);
	o->alpha = xcalloc(n + 1, sizeof *o->alpha);
}

void
critics_init(struct critics *c, const struct ar *m, struct pool *pool, int lanes,
    int window, struct rng *r)
{
	const struct linear *l;
	int i, j;

	memset(c, 0, sizeof *c);
	c->m = m;
	c->pool = pool;
	for (i = 0; i < CRITICS; i++) {
		c->of[i].at = c->params.total;
		lay_critic(c, i, window, &c->params);
	}
	c->block = huge_calloc(c->params.total, sizeof *c->block);
	c->mom = huge_calloc(c->params.total, sizeof *c->mom);
	c->var = huge_calloc(c->params.total, sizeof *c->var);
	c->grad = huge_calloc(c->params.total, sizeof *c->grad);
	c->update.w = c->block;
	c->update.m = c->mom;
	c->update.v = c->var;
	for (i = 0; i < CRITICS; i++) {
		lay_critic(c, i, window, NULL);
		init_rows(&c->of[i], pool, lanes, &m->cfg);
		sight_init(&c->of[i].sight, r);
		for (j = 0; j < c->of[i].net.n; j++) {
			l = &c->of[i].net.l[j];
			init_linear_default(l->w, l->b, l->out, l->in, r);
		}
	}
}

static void
free_critic(struct one_critic *o)
{
	critic_free(&o->critic);
	sight_free(&o->sight);
	sight_free(&o->grad);
	huge_free(o->x_real, o->reals, sizeof *o->x_real);
	huge_free(o->x_fake, o->reals, sizeof *o->x_fake);
	huge_free(o->verdict, o->reals, sizeof *o->verdict);
	huge_free(o->dx, 2 * o->reals, sizeof *o->dx);
	free(o->lane);
	free(o->blocks);
	free(o->row);
	free(o->alpha);
}

void
critics_free(struct critics *c)
{
	size_t n = c->params.total;
	int i;

	if (c->m == NULL)
		return;
	for (i = 0; i < CRITICS; i++)
		free_critic(&c->of[i]);
	huge_free(c->block, n, sizeof *c->block);
	huge_free(c->mom, n, sizeof *c->mom);
	huge_free(c->var, n, sizeof *c->var);
	huge_free(c->grad, n, sizeof *c->grad);
	update_free(&c->update);
	params_free(&c->params);
	memset(c, 0, sizeof *c);
}

/* ---- Rows ---- */

/* What a critic sees: windows that are not held out; of attributes, where a series
 * begins. */
static void
choose_rows(struct one_critic *o, const struct codes *c)
{
	int i;

	o->rows = 0;
	for (i = 0; i < c->lanes; i++) {
		o->row[i] = NULL;
		if (o->sight.steps ? c->n[i] == 0 : c->first[i] != 0)
			continue;
		o->lane[o->rows] = i;
		o->blocks[o->rows++] = o->sight.steps ? c->n[i] : 0;
	}
	o->critic.B = o->rows;
}

/* The mean of the attributes behind those of each row, if there is room for it. */
static void
add_means(const struct one_critic *o, real *x)
{
	int in = o->net.l[0].in, attr = o->sight.attr, r, j;
	real *mean = x + attr;

	if (o->sight.gap == 0)
		return;
	memset(mean, 0, (size_t)attr * sizeof *mean);
	for (r = 0; r < o->rows; r++)
		for (j = 0; j < attr; j++)
			mean[j] +=
			    x[(size_t)r * (size_t)in + (size_t)j] / (real)o->rows;
	for (r = 1; r < o->rows; r++)
		memcpy(mean + (size_t)r * (size_t)in, mean,
		    (size_t)attr * sizeof *mean);
}

/* The gradients dx of n rows, row r at at[r]: what is at the means comes from all. */
static void
means_backward(const struct one_critic *o, real *dx, const int *at)
{
	size_t in = (size_t)o->net.l[0].in;
	int attr = o->sight.attr, r, j;
	real sum;

	for (j = 0; j < o->sight.gap; j++) {
		for (sum = 0, r = 0; r < o->rows; r++)
			sum += dx[(size_t)(at != NULL ? at[r] : r) * in +
			    (size_t)(attr + j)];
		for (r = 0; r < o->rows; r++)
			dx[(size_t)(at != NULL ? at[r] : r) * in + (size_t)j] +=
			    sum / (real)o->rows;
	}
}

static struct critic_rows
embed_rows(const struct one_critic *o, const struct codes *c, real *x)
{
	int in = o->net.l[0].in, r;

	for (r = 0; r < o->rows; r++)
		sight_row(&o->sight, c, o->lane[r], x + (size_t)r * (size_t)in);
	add_means(o, x);
	return (struct critic_rows){x, in, o->blocks};
}

/* ---- Learning ---- */

static void
tables_backward(struct critics *c, struct one_critic *o)
{
	size_t in = (size_t)o->net.l[0].in;
	const int *at = o->critic.at;
	int r;

	memset(c->grad + o->at, 0, o->n_tables * sizeof *c->grad);
	means_backward(o, o->dx, at);
	means_backward(o, o->dx, at + o->rows);
	for (r = 0; r < o->rows; r++) {
		sight_row_backward(&o->grad, c->genuine, o->lane[r],
		    o->dx + (size_t)at[r] * in);
		sight_row_backward(&o->grad, c->drawn, o->lane[r],
		    o->dx + (size_t)at[o->rows + r] * in);
	}
}

static void
learn_job(void *arg, int i)
{
	struct critics *c = arg;
	struct one_critic *o = &c->of[i];
	const struct ar_config *cfg = &c->m->cfg;
	struct critic_rows genuine, drawn;

	choose_rows(o, c->drawn);
	o->loss = o->penalty = o->gradient = 0;
	if (o->rows == 0)
		return;
	genuine = embed_rows(o, c->genuine, o->x_real);
	drawn = embed_rows(o, c->drawn, o->x_fake);
	critic_step(&o->critic, &genuine, &drawn, o->alpha, cfg->gp_coe);
	critic_inputs(&o->critic, o->dx);
	tables_backward(c, o);
	o->penalty = o->critic.penalty;
	o->loss = cfg->gp_coe * o->penalty -
	    (o->critic.real_sum - o->critic.fake_sum) / o->rows;
}

static void
draw_alpha(struct critics *c, int lanes, struct rng *r)
{
	int i, j;

	for (i = 0; i < CRITICS; i++)
		for (j = 0; j < lanes; j++)
			c->of[i].alpha[j] = c->m->cfg.r1 ? 0 : (real)rng_uniform(r);
}

static struct adam
rates(const struct critics *c, double lr)
{
	const struct ar_config *f = &c->m->cfg;

	return (struct adam){lr, f->d_beta1, f->d_beta2, f->eps};
}

static void
update_critic(struct critics *c, int i, const struct adam *a)
{
	struct one_critic *o = &c->of[i];
	struct adam_step s;

	o->updates++;
	update_net(&c->update, i, a, o->updates);
	critic_tiles(&o->critic, &c->update);
	adam_begin(&s, a, o->updates);
	adam_move(&s, c->block + o->at, c->mom + o->at, c->var + o->at, c->grad + o->at,
	    o->n_tables);
}

void
critics_learn(struct critics *c, const struct codes *genuine, const struct codes *drawn,
    double lr, struct rng *alpha)
{
	const struct adam a = rates(c, lr);
	int i;

	c->genuine = genuine;
	c->drawn = drawn;
	draw_alpha(c, drawn->lanes, alpha);
	pool_run(c->pool, learn_job, c, CRITICS);
	update_begin(&c->update);
	for (i = 0; i < CRITICS; i++)
		if (c->of[i].rows > 0)
			update_critic(c, i, &a);
	update_run(&c->update, c->pool);
	for (i = 0; i < CRITICS; i++)
		if (c->of[i].rows > 0)
			c->of[i].gradient = update_norm(&c->update, i);
}

/* ---- Judging ---- */

static void
judge_job(void *arg, int i)
{
	struct critics *c = arg;
	struct one_critic *o = &c->of[i];
	double scale = i == CRITIC_ALL ? -1 : -c->m->cfg.attr_d_coe;
	struct critic_rows drawn;
	int r, in = o->net.l[0].in;

	choose_rows(o, c->drawn);
	o->mean = 0;
	if (o->rows == 0)
		return;
	drawn = embed_rows(o, c->drawn, o->x_fake);
	o->mean = critic_judge(&o->critic, o->verdict, in, &drawn, scale);
	means_backward(o, o->verdict, NULL);
	for (r = 0; r < o->rows; r++)
		o->row[o->lane[r]] = o->verdict + (size_t)r * (size_t)in;
}

double
critics_judge(struct critics *c, const struct codes *drawn)
{
	c->drawn = drawn;
	pool_run(c->pool, judge_job, c, CRITICS);
	return -c->of[CRITIC_ALL].mean -
	    c->m->cfg.attr_d_coe * c->of[CRITIC_ATTRIBUTES].mean;
}
