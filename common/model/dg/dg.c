#include "model/dg/dg.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge.h"
#include "base/mem.h"

/* ---- Shapes ---- */

static void
add_group(struct dg_group *g, int *n, int *off, int k, enum dg_act act)
{
	g[*n].off = *off;
	g[*n].k = k;
	g[*n].act = act;
	*off += k;
	++*n;
}

/* groups_of: output groups of n fields; extra more may be appended by the caller. */
static struct dg_group *
groups_of(const struct tensor_field *f, int n, int extra, int *n_groups, int *width)
{
	struct dg_group *g;
	size_t total = (size_t)extra;
	uint32_t j;
	int i;

	for (i = 0; i < n; i++)
		total += f[i].type == NSR_BIT ? f[i].shape : 1;
	g = xcalloc(total + 1, sizeof *g);
	*n_groups = *width = 0;
	for (i = 0; i < n; i++) {
		if (f[i].type == NSR_BIT) {
			for (j = 0; j < f[i].shape; j++)
				add_group(g, n_groups, width, 2, DG_SOFTMAX);
			continue;
		}
		add_group(g, n_groups, width, (int)f[i].dims,
		    f[i].type == NSR_CATEGORY   ? DG_SOFTMAX
			: f[i].type == NSR_WORD ? DG_TANH
						: DG_SIGMOID);
	}
	return g;
}

/* ---- The block ---- */

struct layout {
	struct params *params;
	real *block; /* NULL: only their shapes are laid out */
};

static real *
lay(struct layout *l, int rows, int cols, const char *fmt, int i)
{
	char name[64];
	size_t at;

	/* the formats are this file's own */
	snprintf(name, sizeof name, "%s", fmt);
	if (i >= 0)
		snprintf(name, sizeof name, "%.*s%d%s", (int)strcspn(fmt, "#"), fmt, i,
		    strchr(fmt, '#') + 1);
	at = params_add(l->params, name, rows, cols);
	return l->block != NULL ? l->block + at : NULL;
}

static void
lay_linear(struct layout *l, struct linear *a, int out, int in, const char *w,
    const char *b, int i)
{
	a->out = out;
	a->in = in;
	a->w = lay(l, out, in, w, i);
	a->b = lay(l, out, 0, b, i);
}

static void
lay_mlp(struct layout *l, struct mlp *p, int n, int in, int units, const char *w,
    const char *b)
{
	int i;

	p->n = n;
	for (i = 0; i < n; i++)
		lay_linear(l, &p->l[i], i == n - 1 ? 1 : units, i == 0 ? in : units, w,
		    b, i);
}

static void
lay_generator(struct layout *l, const struct dg *m, struct dg_nets *net)
{
	const struct dg_config *c = &m->cfg;
	int i, last, U = c->attr_units;

	net->attr.n = m->A > 0 ? c->attr_layers : 0;
	for (i = 0; i < net->attr.n; i++) {
		last = i == net->attr.n - 1;
		lay_linear(l, &net->attr.l[i], last ? m->A : U,
		    i == 0 ? c->attr_noise : U, "generator.attr.#.weight",
		    "generator.attr.#.bias", i);
		if (last)
			break;
		net->norm[i].n = U;
		net->norm[i].gamma = lay(l, U, 0, "generator.attr.#.norm.weight", i);
		net->norm[i].beta = lay(l, U, 0, "generator.attr.#.norm.bias", i);
	}
	net->lstm.w_ih = lay(l, 4 * m->H, m->in, "generator.lstm.weight_ih", -1);
	net->lstm.w_hh = lay(l, 4 * m->H, m->H, "generator.lstm.weight_hh", -1);
	net->lstm.b_ih = lay(l, 4 * m->H, 0, "generator.lstm.bias_ih", -1);
	net->lstm.b_hh = lay(l, 4 * m->H, 0, "generator.lstm.bias_hh", -1);
	lay_linear(l, &net->out, m->S * m->F1, m->H, "generator.feature.weight",
	    "generator.feature.bias", -1);
}

/* lay_all: generator, critic, auxiliary critic, statistics; sizes[4] their ends. */
static void
lay_all(struct layout *l, struct dg *m, struct dg_nets *net, size_t ends[4])
{
	const struct dg_config *c = &m->cfg;
	int i;

	memset(net, 0, sizeof *net);
	lay_generator(l, m, net);
	ends[0] = l->params->total;
	lay_mlp(l, &net->critic, c->d_layers, m->Din, c->d_units, "critic.#.weight",
	    "critic.#.bias");
	ends[1] = l->params->total;
	if (m->A > 0)
		lay_mlp(l, &net->aux, c->attr_d_layers, m->A, c->attr_d_units,
		    "auxiliary.#.weight", "auxiliary.#.bias");
	ends[2] = l->params->total;
	for (i = 0; i + 1 < net->attr.n; i++) {
		m->run_mean[i] =
		    lay(l, c->attr_units, 0, "generator.attr.#.norm.running_mean", i);
		m->run_var[i] =
		    lay(l, c->attr_units, 0, "generator.attr.#.norm.running_var", i);
	}
	ends[3] = l->params->total;
}

static int
shapes_fit(const struct dg *m, long max_steps, struct ns_err *e)
{
	const struct dg_config *c = &m->cfg;
	double R = ceil((double)max_steps / (c->sample_len > 0 ? c->sample_len : 1));
	double row = (double)c->sample_len * m->F1;
	double H = c->lstm_units, in = m->A + c->feat_noise;
	double n = (m->A + R * row) * c->d_units + row * H + 4 * H * (H + in + 2);

	if (c->sample_len < 1)
		return ns_fail(e, NS_EUSAGE, "sample_len is %d", c->sample_len);
	n += (double)c->d_layers * c->d_units * c->d_units;
	n += (double)c->attr_layers * (c->attr_units + m->A + 8.0) * c->attr_units;
	n +=
	    (double)c->attr_d_layers * (c->attr_d_units + m->A + 8.0) * c->attr_d_units;
	if (n > (double)DG_WEIGHTS_MAX || m->A + R * row > INT_MAX / 4)
		return ns_fail(e, NS_EUSAGE,
		    "the model would have %.0f million weights, at most %zu are "
		    "supported; cut the series shorter or use smaller layers",
		    n / 1e6, DG_WEIGHTS_MAX / 1000000);
	return NS_OK;
}

struct dg *
dg_new(const struct tensor_schema *s, const struct dg_config *cfg, long max_steps,
    struct ns_err *e)
{
	struct dg *m = xcalloc(1, sizeof *m);
	struct layout l = {&m->params, NULL};
	size_t ends[4];
	int extra;

	assert(max_steps >= 1);
	m->cfg = *cfg;
	m->schema = s;
	m->attr_groups = groups_of(s->attr, s->n_attr, 0, &m->n_attr_groups, &m->A);
	m->row_groups = groups_of(s->feat, s->n_feat, 1, &m->n_row_groups, &extra);
	add_group(m->row_groups, &m->n_row_groups, &extra, 2, DG_SOFTMAX);
	m->F1 = extra;
	if (shapes_fit(m, max_steps, e) < 0) {
		dg_free(m);
		return NULL;
	}
	m->max_steps = (int)max_steps;
	m->S = cfg->sample_len;
	m->R = (m->max_steps + m->S - 1) / m->S;
	m->H = cfg->lstm_units;
	m->Din = m->A + m->R * m->S * m->F1;
	m->in = m->A + cfg->feat_noise;
	dg_acts_init(&m->attr_acts, m->attr_groups, m->n_attr_groups, m->A, 1);
	dg_acts_init(&m->block_acts, m->row_groups, m->n_row_groups, m->F1, m->S);
	lay_all(&l, m, &m->net, ends);
	m->n_gen = ends[0];
	m->n_critic = ends[1] - ends[0];
	m->n_aux = ends[2] - ends[1];
	m->n_stats = ends[3] - ends[2];
	m->n_train = ends[2];
	m->n_all = ends[3];
	m->block = huge_calloc(m->n_all, sizeof *m->block);
	params_free(&m->params);
	l.block = m->block;
	lay_all(&l, m, &m->net, ends);
	return m;
}

void
dg_free(struct dg *m)
{
	if (m == NULL)
		return;
	free(m->attr_groups);
	free(m->row_groups);
	dg_acts_free(&m->attr_acts);
	dg_acts_free(&m->block_acts);
	params_free(&m->params);
	huge_free(m->block, m->n_all, sizeof *m->block);
	free(m);
}

/* ---- As any kind of model ---- */

static void *
net_new(const struct tensor_schema *s, const void *cfg, const struct carry *c,
    struct ns_err *e)
{
	return dg_new(s, cfg, (long)c->max_steps, e);
}

static void
net_free(void *net)
{
	dg_free(net);
}

/* Critics serve training alone. */
static void
net_view(void *net, struct model_view *v)
{
	struct dg *m = net;

	*v = (struct model_view){&m->cfg, &m->params, m->block, m->n_gen, m->n_train};
}

const struct model_kind dg_kind = {
    .name = "doppelganger",
    .hypers = &dg_hypers,
    .net_new = net_new,
    .net_free = net_free,
    .net_view = net_view,
};

/* ---- Data ---- */

/* Codes to numbers of this build's precision. */
static void
expand_fields(const struct dg *m, const struct tensor_field *f, int n,
    const uint8_t *code, int width, real *x)
{
#ifdef NN_DOUBLE
	float *tmp = xmalloc(size_mul((size_t)width + 1, sizeof *tmp));
	int i;

	tensor_expand(f, n, m->schema->tables, code, tmp);
	for (i = 0; i < width; i++)
		x[i] = tmp[i];
	free(tmp);
#else
	(void)width;
	tensor_expand(f, n, m->schema->tables, code, x);
#endif
}

void
dg_expand_attr(const struct dg *m, const uint8_t *code, real *x)
{
	expand_fields(m, m->schema->attr, m->schema->n_attr, code, m->A, x);
}

int
dg_expand(const struct dg *m, const uint8_t *rec, real *row)
{
	const struct tensor_schema *s = m->schema;
	const uint8_t *p = rec + s->attr_bytes;
	uint32_t t, T, end;
	real *x = row + m->A;

	dg_expand_attr(m, rec, row);
	T = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
	assert(T >= 1 && T <= (uint32_t)m->max_steps);
	p += 4;
	end = (T + (uint32_t)m->S - 1) / (uint32_t)m->S * (uint32_t)m->S;
	for (t = 0; t < end; t++, x += m->F1) {
		if (t < T)
			expand_fields(m, s->feat, s->n_feat, p + t * s->feat_bytes,
			    m->F1 - 2, x);
		else
			memset(x, 0, (size_t)(m->F1 - 2) * sizeof *x);
		x[m->F1 - 2] = t + 1 < T;
		x[m->F1 - 1] = !(t + 1 < T);
	}
	return (int)(end / (uint32_t)m->S);
}
