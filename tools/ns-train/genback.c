#include "genback.h"

#include <stdlib.h>
#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"

static real *
reals(size_t n, size_t m)
{
	size_t k = size_mul(n, m);

	return xcalloc(k > 0 ? k : 1, sizeof(real));
}

void
genback_init(struct genback *w, const struct dg *m, int B)
{
	size_t b = (size_t)B, H = (size_t)m->H, R = (size_t)m->R;
	size_t wide = (size_t)m->cfg.attr_units;

	w->dh = reals(R, size_mul(b, H));
	w->dgates = reals(R, size_mul(b, 4 * H));
	w->dh_next = reals(b, H);
	w->dc_next = reals(b, H);
	w->da[0] = reals(b, wide);
	w->da[1] = reals(b, wide);
}

void
genback_free(struct genback *w)
{
	free(w->dh);
	free(w->dgates);
	free(w->dh_next);
	free(w->dc_next);
	free(w->da[0]);
	free(w->da[1]);
	memset(w, 0, sizeof *w);
}

static void
add_columns(real *db, const real *dy, int ld, int rows, int n)
{
	int b, j;

	for (b = 0; b < rows; b++, dy += ld)
		for (j = 0; j < n; j++)
			db[j] += dy[j];
}

/* Outputs of recurrent step t: dx there becomes the gradient of the logits, dh set. */
static void
rows_backward(struct genback *w, const struct dg_gen *g, const struct dg_linear *grad,
    real *dx, int ldd, int t)
{
	const struct dg *m = g->m;
	const struct dg_linear *o = &m->net.out;
	size_t at = (size_t)m->A + (size_t)t * (size_t)o->out;
	size_t BH = (size_t)g->B * (size_t)m->H;
	real *d;
	int b, s;

	for (b = 0; b < g->B; b++) {
		d = dx + (size_t)b * (size_t)ldd + at;
		if (t >= g->live[b]) {
			memset(d, 0, (size_t)o->out * sizeof *d);
			continue;
		}
		for (s = 0; s < m->S; s++)
			dg_act_backward(m->row_groups, m->n_row_groups, d + s * m->F1,
			    0, g->out + (size_t)b * (size_t)g->ld + at + s * m->F1, 0,
			    1);
	}
	gemm_tn(g->pool, o->out, m->H, g->B, dx + at, ldd, g->h + (size_t)t * BH, m->H,
	    1, grad->w, m->H);
	add_columns(grad->b, dx + at, ldd, g->B, o->out);
	gemm_nn(g->pool, g->B, m->H, o->out, dx + at, ldd, o->w, m->H, 0,
	    w->dh + (size_t)t * BH, m->H);
}

static void
attr_backward(struct genback *w, const struct dg_gen *g, const struct dg_nets *grad,
    real *dx, int ldd)
{
	const struct dg *m = g->m;
	const struct dg_mlp *p = &m->net.attr;
	const struct dg_linear *l;
	const real *below;
	real *dy = dx, *dxl;
	int i, ldy = ldd;

	if (p->n == 0)
		return;
	dg_act_backward(m->attr_groups, m->n_attr_groups, dx, ldd, g->out, g->ld, g->B);
	for (i = p->n - 1; i >= 0; i--) {
		l = &p->l[i];
		below = i == 0 ? g->z : g->bn[i - 1];
		gemm_tn(g->pool, l->out, l->in, g->B, dy, ldy, below, l->in, 1,
		    grad->attr.l[i].w, l->in);
		add_columns(grad->attr.l[i].b, dy, ldy, g->B, l->out);
		if (i == 0)
			return;
		dxl = w->da[0];
		gemm_nn(g->pool, g->B, l->in, l->out, dy, ldy, l->w, l->in, 0, dxl,
		    l->in);
		dy = w->da[1];
		batchnorm_backward(dy, grad->norm[i - 1].gamma, grad->norm[i - 1].beta,
		    dxl, g->xhat[i - 1], g->inv_std[i - 1], m->net.norm[i - 1].gamma,
		    g->B, l->in);
		relu_backward(dy, dy, g->relu[i - 1], (long)g->B * l->in);
		ldy = l->in;
	}
}

void
genback_run(struct genback *w, const struct dg_gen *g, const struct dg_nets *grad,
    real *dx, int ldd)
{
	const struct dg *m = g->m;
	int t;

	for (t = 0; t < g->steps; t++)
		rows_backward(w, g, &grad->out, dx, ldd, t);
	lstm_backward(g->pool, NULL, &grad->lstm, w->dgates, w->dh_next, w->dc_next,
	    w->dh, g->x, g->h, g->c, g->gates, g->h0, g->c0, &m->net.lstm, g->steps,
	    g->B, m->in, m->H);
	attr_backward(w, g, grad, dx, ldd);
}
