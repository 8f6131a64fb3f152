/* The nets, forward: of training and sampling alike. */
#include <string.h>

#include "model/ar/ar.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/layers.h"

void
ar_embed(const struct ar *m, const struct ar_reads *t, real *x, const uint16_t *chunk,
    const uint16_t *length, const uint16_t *attr, int n)
{
	const struct symbol *s = m->sym.sym;
	int j;

	embed_forward(x, t->width, t->chunk, CHUNK_E, chunk, 1, n);
	embed_forward(x + CHUNK_E, t->width, t->length, LENGTH_E, length, 1, n);
	for (j = 0; j < t->n; j++)
		embed_forward(x + CHUNK_E + LENGTH_E + s[j].x, t->width, t->attr[j],
		    s[j].e, attr + j, m->P, n);
}

/* y = relu(x w^T + b), with dropout. */
static void
hidden(real *y, const real *x, const struct linear *l, int n, struct dropout *d)
{
	gemm_nt(NULL, n, l->out, l->in, x, l->in, l->w, l->in, 0, y, l->out);
	bias_relu_forward(y, l->out, l->b, n, l->out);
	dropout_forward(d, y, (long)n * l->out);
}

void
ar_pick(const struct ar *m, int i, const real *x, int n, real *h1, real *h2, real *y,
    struct dropout *d)
{
	const struct ar_pick *p = &m->net.pick[i];

	hidden(h1, x, &p->l1, n, d);
	hidden(h2, h1, &p->l2, n, d);
	gemm_nt(NULL, n, p->out.out, m->V, h2, m->V, p->out.w, m->V, 0, y, p->out.out);
	bias_forward(y, p->out.out, p->out.b, n, p->out.out);
}

int
ar_block(const struct ar *m, int i)
{
	return m->sym.sym[i].octet ? 1 << m->cfg.smooth : 1;
}

void
ar_choose(const struct ar *m, int i, real *y, uint8_t (*allow)[CHOICE_SET], int n)
{
	const struct symbol *s = &m->sym.sym[i];

	choice_forward(y, s->k, s->n_masks > 0 ? allow : NULL, n, s->k);
}

void
ar_smooth(const struct ar *m, int i, real *y, uint8_t (*allow)[CHOICE_SET], int n)
{
	const struct symbol *s = &m->sym.sym[i];

	if (ar_block(m, i) > 1)
		choice_even(y, s->k, s->n_masks > 0 ? allow : NULL, n, s->k,
		    ar_block(m, i));
}

void
ar_context(const struct ar *m, const real *x, int n, real *ctx, real *gates,
    real *heads)
{
	const struct ar_nets *t = &m->net;

	hidden(ctx, x, &t->context, n, NULL);
	if (m->M == 0)
		return;
	gemm_nt(NULL, n, 4 * m->H, m->C, ctx, m->C, t->w_c, m->C, 0, gates, 4 * m->H);
	bias_forward(gates, 4 * m->H, t->b, n, 4 * m->H);
	gemm_nt(NULL, n, m->M * m->U, m->C, ctx, m->C, t->head_c, m->C, 0, heads,
	    m->M * m->U);
	bias_forward(heads, m->M * m->U, t->head_b, n, m->M * m->U);
}

void
ar_step_input(const struct ar *m, real *x, const uint16_t *prev, const uint16_t *left,
    const uint16_t *done, int n)
{
	const struct symbol *s = &m->sym.sym[m->P];
	int i, j;

	for (j = 0; j < m->M; j++)
		embed_forward(x + s[j].x, m->X, m->net.embed[j], s[j].e, prev + j, m->M,
		    n);
	for (i = 0; i < n; i++)
		if (done[i] == 0)
			memset(x + (long)i * m->X, 0, (size_t)m->R * sizeof *x);
	embed_forward(x + m->R, m->X, m->net.left, PLACE_E, left, 1, n);
	embed_forward(x + m->R + PLACE_E, m->X, m->net.done, PLACE_E, done, 1, n);
}

void
ar_gates(const struct ar *m, real *gates, const real *x, int n)
{
	gemm_nt(NULL, n, 4 * m->H, m->X, x, m->X, m->net.w_x, m->X, 1, gates, 4 * m->H);
}

void
ar_heads(const struct ar *m, real *hid, const real *h, int n)
{
	gemm_nt(NULL, n, m->M * m->U, m->H, h, m->H, m->net.head_h, m->H, 1, hid,
	    m->M * m->U);
}

void
ar_head(const struct ar *m, int j, real *hid, int ldh, const real *emb, int n, real *y,
    struct dropout *d)
{
	const struct linear *l = &m->net.head[j];
	int i, width = m->sym.sym[m->P + j].x;
	real *row;

	if (width > 0)
		gemm_nt(NULL, n, m->U, width, emb, m->R, m->net.head_e[j], width, 1,
		    hid, ldh);
	for (i = 0; i < n; i++) {
		row = hid + (long)i * ldh;
		relu_forward(row, row, m->U);
		dropout_forward(d, row, m->U);
	}
	gemm_nt(NULL, n, l->out, m->U, hid, ldh, l->w, m->U, 0, y, l->out);
	bias_forward(y, l->out, l->b, n, l->out);
}
