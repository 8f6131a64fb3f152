/*
 * clipping.h: random critics, in pairs, and batches of units for them; what each unit's
 * gradient is, written out in double.
 */
#ifndef CLIPPING_H
#define CLIPPING_H

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "critic/clip.h"

enum { NETS = 2, COE = 10, UNITS_MOST = 8, SERIES_MOST = 4, WIDE = 12 };

/* Series of units, rows as the critics get them, with what is behind their ends. */
struct batch {
	int in, attr, block, blocks; /* columns; blocks of the longest */
	int n_units, n;
	int first[UNITS_MOST + 2];
	int n_real[(UNITS_MOST + 1) * SERIES_MOST];
	int n_fake[(UNITS_MOST + 1) * SERIES_MOST];
	real alpha[(UNITS_MOST + 1) * SERIES_MOST];
	real *real_x, *fake_x; /* (n, in) */
};

/* Two critics in one block: the second sees attributes alone. */
struct pair {
	struct mlp net[NETS];
	struct critic critic[NETS];
	struct update update;
	uint64_t t; /* number of the update */
	size_t n;
	real *w, *mom, *var; /* (n) */
};

static inline int
between(struct rng *r, int least, int most)
{
	return least + (int)rng_below(r, (uint32_t)(most - least + 1));
}

static inline void
pair_layers(struct mlp *net, int in, struct rng *r)
{
	int i;

	net->n = between(r, 1, 4);
	for (i = 0; i < net->n; i++, in = net->l[i - 1].out)
		net->l[i] = (struct linear){NULL, NULL,
		    i + 1 < net->n ? between(r, 1, WIDE) : 1, in};
}

static inline void
pair_open(struct pair *p, const struct batch *b, struct pool *pool, struct rng *r)
{
	real *at;
	size_t k;
	int i, j;

	memset(p, 0, sizeof *p);
	p->t = 1;
	pair_layers(&p->net[0], b->in, r);
	pair_layers(&p->net[1], b->attr, r);
	for (j = 0; j < NETS; j++)
		for (i = 0; i < p->net[j].n; i++)
			p->n += (size_t)p->net[j].l[i].out *
			    ((size_t)p->net[j].l[i].in + 1);
	at = p->w = xcalloc(p->n, sizeof *p->w);
	p->mom = xcalloc(p->n, sizeof *p->mom);
	p->var = xcalloc(p->n, sizeof *p->var);
	for (k = 0; k < p->n; k++)
		p->w[k] = (real)(.4 * rng_normal(r));
	for (j = 0; j < NETS; j++) {
		for (i = 0; i < p->net[j].n; i++) {
			struct linear *l = &p->net[j].l[i];

			l->w = at;
			l->b = l->w + l->out * l->in;
			at = l->b + l->out;
		}
		critic_init(&p->critic[j], &p->net[j], pool, 1, b->attr,
		    j == 0 ? b->block : 0);
		p->critic[j].sums = true;
	}
	p->update.w = p->w;
	p->update.m = p->mom;
	p->update.v = p->var;
}

static inline void
pair_close(struct pair *p)
{
	int j;

	for (j = 0; j < NETS; j++)
		critic_free(&p->critic[j]);
	update_free(&p->update);
	free(p->w);
	free(p->mom);
	free(p->var);
}

/* ---- Batches ---- */

static inline void
series_random(struct batch *b, int i, struct rng *r)
{
	int j;

	for (j = 0; j < b->in; j++) {
		b->real_x[i * b->in + j] = (real)rng_normal(r);
		b->fake_x[i * b->in + j] = (real)rng_normal(r);
	}
	b->n_real[i] = between(r, 0, b->blocks);
	b->n_fake[i] = between(r, 1, b->blocks);
	b->alpha[i] = (real)rng_uniform(r);
}

static inline void
batch_open(struct batch *b, int units, struct rng *r)
{
	int i, u;

	memset(b, 0, sizeof *b);
	b->attr = between(r, 1, 10);
	b->block = between(r, 1, 60);
	b->blocks = between(r, 1, 8);
	b->in = b->attr + b->block * b->blocks;
	b->n_units = units;
	for (u = 0; u < units; u++)
		b->first[u + 1] = b->first[u] + between(r, 1, SERIES_MOST);
	b->n = b->first[units];
	b->real_x = xcalloc((size_t)(b->n * b->in), sizeof *b->real_x);
	b->fake_x = xcalloc((size_t)(b->n * b->in), sizeof *b->fake_x);
	for (i = 0; i < b->n; i++)
		series_random(b, i, r);
}

static inline void
batch_close(struct batch *b)
{
	free(b->real_x);
	free(b->fake_x);
}

static inline void
series_copy(struct batch *to, int i, const struct batch *from, int k)
{
	size_t n = (size_t)from->in;

	memcpy(to->real_x + (size_t)i * n, from->real_x + (size_t)k * n,
	    n * sizeof *to->real_x);
	memcpy(to->fake_x + (size_t)i * n, from->fake_x + (size_t)k * n,
	    n * sizeof *to->fake_x);
	to->n_real[i] = from->n_real[k];
	to->n_fake[i] = from->n_fake[k];
	to->alpha[i] = from->alpha[k];
}

/* All units but one. */
static inline void
batch_without(struct batch *to, const struct batch *b, int unit)
{
	size_t all = (size_t)(b->n * b->in) + 1;
	int u, i;

	*to = *b;
	to->n_units = to->n = 0;
	to->real_x = xcalloc(all, sizeof *to->real_x);
	to->fake_x = xcalloc(all, sizeof *to->fake_x);
	for (u = 0; u < b->n_units; u++) {
		if (u == unit)
			continue;
		for (i = b->first[u]; i < b->first[u + 1]; i++)
			series_copy(to, to->n++, b, i);
		to->first[++to->n_units] = to->n;
	}
}

/* ---- What is to be tested, as gan.c does it ---- */

static inline void
pair_measure(struct pair *p, const struct batch *b, struct clip *k)
{
	const struct critic_rows r = {b->real_x, b->in, b->n_real},
				 f = {b->fake_x, b->in, b->n_fake};
	int j;

	clip_begin(k, b->n_units, b->first);
	for (j = 0; j < NETS; j++) {
		critic_resize(&p->critic[j], b->n, b->n);
		if (b->n == 0)
			continue;
		critic_step(&p->critic[j], &r, &f, b->alpha, COE);
		clip_measure(k, &p->critic[j]);
	}
}

static inline void
pair_tiles(struct pair *p)
{
	const struct adam a = {1e-3, .5, .999, 1e-8};
	int j;

	update_begin(&p->update);
	for (j = 0; j < NETS; j++) {
		update_net(&p->update, j, &a, p->t);
		critic_tiles(&p->critic[j], &p->update);
	}
}

/* The clipped sum of a batch, before noise, at its places: g (n). */
static inline void
pair_sum(struct pair *p, const struct batch *b, double length, real *g)
{
	static real tile[TILE_MAX];
	struct clip k = {0};
	const struct tile *t;
	size_t i;
	int j, c;

	pair_measure(p, b, &k);
	clip_factors(&k, length);
	for (j = 0; j < NETS && b->n > 0; j++)
		clip_rows(&k, &p->critic[j]);
	clip_free(&k);
	pair_tiles(p);
	memset(g, 0, p->n * sizeof *g);
	for (i = 0; i < p->update.n_tiles; i++) {
		t = &p->update.tile[i];
		update_gradient(&p->update, t, tile);
		for (j = 0; j < t->rows; j++)
			for (c = 0; c < t->cols; c++)
				g[t->at + (size_t)j * (size_t)t->ld + (size_t)c] +=
				    tile[j * t->cols + c];
	}
}

/* ---- The same written out, series by series, on whole rows ---- */

struct written {
	double a[MLP_LAYERS_MAX][WIDE], d[MLP_LAYERS_MAX][WIDE], u[1024];
};

static inline void
written_pass(const struct mlp *net, const double *x, struct written *w)
{
	const double *in = x;
	int i, j, k;

	for (i = 0; i < net->n; i++, in = w->a[i - 1])
		for (j = 0; j < net->l[i].out; j++) {
			w->a[i][j] = (double)net->l[i].b[j];
			for (k = 0; k < net->l[i].in; k++)
				w->a[i][j] +=
				    (double)net->l[i].w[j * net->l[i].in + k] * in[k];
			if (i + 1 < net->n && w->a[i][j] < 0)
				w->a[i][j] = 0;
		}
	w->d[net->n - 1][0] = 1;
	for (i = net->n - 1; i >= 0; i--)
		for (k = 0; k < net->l[i].in; k++) {
			double sum = 0;

			for (j = 0; j < net->l[i].out; j++)
				sum += (double)net->l[i].w[j * net->l[i].in + k] *
				    w->d[i][j];
			if (i > 0)
				w->d[i - 1][k] = w->a[i - 1][k] > 0 ? sum : 0;
			else
				w->u[k] = sum;
		}
}

/* g += f d in^T of all layers; bias: g of the biases, too.  In a row of a tangent the
 * layers' inputs are its, masked. */
static inline void
written_add(const struct pair *p, const struct mlp *net, const struct written *w,
    const double *x, double f, bool tangent, double *g)
{
	double t[MLP_LAYERS_MAX][WIDE];
	const double *in = x;
	int i, j, k;

	for (i = 0; i < net->n; i++) {
		const struct linear *l = &net->l[i];
		double *gw = g + (l->w - p->w), *gb = g + (l->b - p->w);

		for (j = 0; j < l->out; j++) {
			for (t[i][j] = 0, k = 0; k < l->in; k++) {
				gw[j * l->in + k] += f * w->d[i][j] * in[k];
				t[i][j] += (double)l->w[j * l->in + k] * in[k];
			}
			if (!tangent)
				gb[j] += f * w->d[i][j];
			if (w->a[i][j] <= 0)
				t[i][j] = 0;
		}
		in = tangent ? t[i] : w->a[i];
	}
}

/* D(fake) - D(real) + COE (s - 1)^2 of series i: its gradient is added to g (n). */
static inline void
written_series(const struct pair *p, const struct batch *b, int net, int i, double *g)
{
	static double x[3][1024];
	static struct written w;
	int in = p->net[net].l[0].in, j, n[3] = {b->n_real[i], b->n_fake[i]};
	double s = 1e-8;

	n[2] = n[0] > n[1] ? n[0] : n[1];
	memset(x, 0, sizeof x);
	for (j = 0; j < in; j++) {
		if (j < b->attr + n[0] * b->block)
			x[0][j] = (double)b->real_x[i * b->in + j];
		if (j < b->attr + n[1] * b->block)
			x[1][j] = (double)b->fake_x[i * b->in + j];
		x[2][j] = x[0][j] + (double)b->alpha[i] * (x[1][j] - x[0][j]);
	}
	written_pass(&p->net[net], x[0], &w);
	written_add(p, &p->net[net], &w, x[0], -1, false, g);
	written_pass(&p->net[net], x[1], &w);
	written_add(p, &p->net[net], &w, x[1], 1, false, g);
	written_pass(&p->net[net], x[2], &w);
	for (j = 0; j < in; j++) {
		if (j >= b->attr + n[2] * b->block)
			w.u[j] = 0;
		s += w.u[j] * w.u[j];
	}
	s = sqrt(s);
	for (j = 0; j < in; j++)
		x[2][j] = 2 * COE * (s - 1) / s * w.u[j];
	written_add(p, &p->net[net], &w, x[2], 1, true, g);
}

/* A unit's gradient over both critics to g (n); returns its length. */
static inline double
written_unit(const struct pair *p, const struct batch *b, int u, double *g)
{
	double sum = 0;
	size_t k;
	int i, j;

	memset(g, 0, p->n * sizeof *g);
	for (i = b->first[u]; i < b->first[u + 1]; i++)
		for (j = 0; j < NETS; j++)
			written_series(p, b, j, i, g);
	for (k = 0; k < p->n; k++)
		sum += g[k] * g[k];
	return sqrt(sum);
}

#endif
