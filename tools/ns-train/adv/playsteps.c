/* Steps: drawn, and back. */
#include <string.h>

#include "adv/play.h"
#include "ar/tapeparts.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/gumbel.h"
#include "nn/layers.h"
#include "nn/lstm.h"
#include "nn/sums.h"

/* ---- Drawn ---- */

/* The step before the window, of the rows of its first step. */
static void
begin_steps(struct tape *t, const struct carried_on *on)
{
	size_t M = (size_t)t->m->M;
	int p;

	tape_begin_states(t, on->h, on->c);
	for (p = 0; p < t->live[0]; p++)
		memcpy(t->prev + (size_t)p * M, on->last + (size_t)t->slot[p] * M,
		    M * sizeof *t->prev);
}

static void
end_steps(const struct tape *t, struct carried_on *on)
{
	size_t M = (size_t)t->m->M;
	int p;

	tape_end_states(t, on->h, on->c);
	for (p = 0; p < t->n; p++)
		memcpy(on->last + (size_t)t->slot[p] * M,
		    t->code + (size_t)(t->off[t->lane[p]->n - 1] + p) * M,
		    M * sizeof *t->code);
}

/* The LSTM and what the heads have of it, of one step. */
static void
recur(struct tape *t, int step)
{
	const struct ar *m = t->m;
	int n = t->live[step], H = m->H, MU = m->M * m->U;
	long at = t->off[step];

	ar_step_input(m, t->in + at * m->X, t->prev + at * m->M, t->left + at,
	    t->done + at, n);
	memcpy(t->gates + at * 4 * H, t->ctx_gates,
	    (size_t)n * 4 * (size_t)H * sizeof *t->gates);
	ar_gates(m, t->gates + at * 4 * H, t->in + at * m->X, n);
	lstm_step(t->h + at * H, t->c + at * H, t->gates + at * 4 * H,
	    t->h_prev + at * H, t->c_prev + at * H, m->net.w_h, n, H);
	memcpy(t->hid + at * MU, t->ctx_heads, (size_t)n * (size_t)MU * sizeof *t->hid);
	ar_heads(m, t->hid + at * MU, t->h + at * H, n);
}

/* Rows of a step where symbol j has a choice, what its head reads gathered; the others
 * get their code. */
static int
find_open(struct play *y, int step, int j)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	struct drawn *d = &y->of[m->P + j];
	int U = m->U, width = m->sym.sym[m->P + j].x, r, p, n = 0;
	uint16_t *code, only;

	for (p = 0; p < t->live[step]; p++) {
		r = t->off[step] + p;
		code = t->code + (long)r * m->M;
		if (symbols_allow(&m->sym, m->P + j, t->attr + (long)p * m->P, code,
			t->done[r] > 0, t->allow[n], &only) == 1) {
			code[j] = only;
			continue;
		}
		memcpy(t->open_hid + (long)n * U, t->hid + ((long)r * m->M + j) * U,
		    (size_t)U * sizeof *t->hid);
		memcpy(t->open_emb + (long)n * m->R, t->emb + (long)r * m->R,
		    (size_t)width * sizeof *t->emb);
		d->row[d->n + n++] = r;
	}
	return n;
}

static void
draw_symbol(struct play *y, int step, int j, struct rng *r)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	const struct symbol *s = &m->sym.sym[m->P + j];
	struct drawn *d = &y->of[m->P + j];
	int n = find_open(y, step, j), i;
	long at = t->off[step];

	if (n > 0) {
		ar_head(m, j, t->open_hid, m->U, t->open_emb, n,
		    d->p + (long)d->n * s->k, NULL);
		play_draw_codes(y, m->P + j, d->n, n, r);
	}
	for (i = 0; i < n; i++) {
		t->code[(long)d->row[d->n + i] * m->M + j] = y->code[i];
		memcpy(t->hid + ((long)d->row[d->n + i] * m->M + j) * m->U,
		    t->open_hid + (long)i * m->U, (size_t)m->U * sizeof *t->hid);
	}
	d->n += n;
	embed_forward(t->emb + at * m->R + s->x, m->R, m->net.embed[j], s->e,
	    t->code + at * m->M + j, m->M, t->live[step]);
}

/* States and codes of this step are those before the next. */
static void
go_on(struct tape *t, int step)
{
	size_t n = (size_t)t->live[step + 1], H = (size_t)t->m->H, M = (size_t)t->m->M;
	size_t from = (size_t)t->off[step], to = (size_t)t->off[step + 1];

	memcpy(t->h_prev + to * H, t->h + from * H, n * H * sizeof *t->h);
	memcpy(t->c_prev + to * H, t->c + from * H, n * H * sizeof *t->c);
	memcpy(t->prev + to * M, t->code + from * M, n * M * sizeof *t->code);
}

void
play_draw_steps(struct play *y, struct carried_on *on, struct rng *r)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	int step, j;

	ar_embed(m, &m->net.reads, t->x, t->chunk, t->length, t->attr, t->n);
	ar_context(m, t->x, t->n, t->ctx, t->ctx_gates, t->ctx_heads);
	begin_steps(t, on);
	for (j = 0; j < m->M; j++)
		y->of[m->P + j].n = 0;
	for (step = 0; step < t->window && t->live[step] > 0; step++) {
		recur(t, step);
		for (j = 0; j < m->M; j++) {
			y->of[m->P + j].begin[step] = y->of[m->P + j].n;
			draw_symbol(y, step, j, r);
		}
		go_on(t, step);
	}
	for (; step <= t->window; step++)
		for (j = 0; j < m->M; j++)
			y->of[m->P + j].begin[step] = y->of[m->P + j].n;
	end_steps(t, on);
}

/* ---- Back ---- */

/* Gradients at the logits of a step's draws of symbol j (n from the from'th on): from
 * their embeddings, which the heads behind and the next step have read, and from the
 * critics. */
static void
back_draws(struct play *y, int step, int j, int from, int n, const struct verdict *v,
    int n_verdicts)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	const struct symbol *s = &m->sym.sym[m->P + j];
	struct drawn *d = &y->of[m->P + j];
	long at = (long)from * s->k;
	int i;

	for (i = 0; i < n; i++) {
		memcpy(y->through + (long)i * s->e,
		    t->demb + (long)d->row[from + i] * m->R + s->x,
		    (size_t)s->e * sizeof *t->demb);
		t->open[i] = d->row[from + i] - t->off[step];
	}
	gemm_nt(NULL, n, s->k, s->e, y->through, s->e, m->net.embed[j], s->e, 0,
	    d->d + at, s->k);
	play_judge(y, m->P + j, step, from, n, t->open, v, n_verdicts);
	gumbel_backward(d->d + at, d->soft + at, d->p + at, d->q + at, n, s->k,
	    ar_block(m, m->P + j), y->floor);
}

/* Back from the logits to the hidden layer and to the step's embeddings. */
static void
back_head(struct play *y, int j, int from, int n)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	const struct symbol *s = &m->sym.sym[m->P + j];
	struct drawn *d = &y->of[m->P + j];
	int U = m->U, i, c;
	real *to;
	long at;

	gemm_nn(NULL, n, U, s->k, d->d + (long)from * s->k, s->k, m->net.head[j].w, U,
	    0, t->open_dhid, U);
	for (i = 0; i < n; i++) {
		at = ((long)d->row[from + i] * m->M + j) * U;
		relu_backward(t->dhid + at, t->open_dhid + (long)i * U, t->hid + at, U);
		memcpy(t->open_dhid + (long)i * U, t->dhid + at,
		    (size_t)U * sizeof *t->dhid);
	}
	if (s->x == 0)
		return;
	gemm_nn(NULL, n, s->x, U, t->open_dhid, U, m->net.head_e[j], s->x, 0,
	    t->open_emb, m->R);
	for (i = 0; i < n; i++) {
		to = t->demb + (long)d->row[from + i] * m->R;
		for (c = 0; c < s->x; c++)
			to[c] += t->open_emb[(long)i * m->R + c];
	}
}

/* Heads to LSTM to what it read: the step before, whose embeddings these are. */
static void
back_recur(struct tape *t, int step)
{
	const struct ar *m = t->m;
	int n = t->live[step], H = m->H, MU = m->M * m->U, p, j;
	long at = t->off[step], before;

	gemm_nn(NULL, n, H, MU, t->dhid + at * MU, MU, m->net.head_h, H, 0,
	    t->dh + at * H, H);
	for (p = 0; p < n * H; p++)
		t->dh[at * H + p] += t->dh_prev[p];
	lstm_step_backward(t->dgates + at * 4 * H, t->dh_prev, t->dc, t->dh + at * H,
	    t->gates + at * 4 * H, t->c + at * H, t->c_prev + at * H, m->net.w_h, n, H);
	gemm_nn(NULL, n, m->X, 4 * H, t->dgates + at * 4 * H, 4 * H, m->net.w_x, m->X,
	    0, t->din + at * m->X, m->X);
	for (p = 0; p < n; p++)
		if (t->done[at + p] == 0)
			memset(t->din + (at + p) * m->X, 0,
			    (size_t)m->R * sizeof *t->din);
	if (step == 0)
		return;
	before = t->off[step - 1];
	for (p = 0; p < n; p++)
		for (j = 0; j < m->R; j++)
			t->demb[(before + p) * m->R + j] += t->din[(at + p) * m->X + j];
}

/* Weights of a head, of all draws of the window at once. */
static void
head_weights(struct play *y, int j)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	const struct symbol *s = &m->sym.sym[m->P + j];
	const struct drawn *d = &y->of[m->P + j];
	int U = m->U, i;
	long at;

	for (i = 0; i < d->n; i++) {
		at = ((long)d->row[i] * m->M + j) * U;
		memcpy(t->open_hid + (long)i * U, t->hid + at,
		    (size_t)U * sizeof *t->hid);
		memcpy(t->open_dhid + (long)i * U, t->dhid + at,
		    (size_t)U * sizeof *t->hid);
		memcpy(t->open_emb + (long)i * m->R, t->emb + (long)d->row[i] * m->R,
		    (size_t)s->x * sizeof *t->emb);
	}
	gemm_tn(NULL, s->k, U, d->n, d->d, s->k, t->open_hid, U, 1, t->grad.head[j].w,
	    U);
	columns_add(t->grad.head[j].b, d->d, s->k, d->n, s->k);
	if (s->x > 0)
		gemm_tn(NULL, U, s->x, d->n, t->open_dhid, U, t->open_emb, m->R, 1,
		    t->grad.head_e[j], s->x);
}

/* The embeddings of the step before the window, which is not drawn in it but read, and
 * of the steps. */
static void
back_tables(struct tape *t)
{
	const struct ar *m = t->m;
	const struct symbol *s = m->sym.sym + m->P;
	int j;

	for (j = 0; j < m->M; j++) {
		embed_backward(t->grad.embed[j], t->din + s[j].x, m->X, s[j].e,
		    t->prev + j, m->M, t->live[0]);
		embed_backward(t->grad.embed[j], t->demb + s[j].x, m->R, s[j].e,
		    t->code + j, m->M, t->rows);
	}
}

static int
last_step(const struct tape *t)
{
	int last = 0;

	while (last + 1 < t->window && t->live[last + 1] > 0)
		last++;
	return last;
}

void
play_back_steps(struct play *y, const struct verdict *v, int n_verdicts)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	size_t rows = (size_t)t->rows;
	struct drawn *d;
	int step, j, n;

	memset(t->dhid, 0, rows * (size_t)m->M * (size_t)m->U * sizeof *t->dhid);
	memset(t->demb, 0, rows * (size_t)m->R * sizeof *t->demb);
	memset(t->dc, 0, (size_t)t->n * (size_t)m->H * sizeof *t->dc);
	memset(t->dh_prev, 0, (size_t)t->n * (size_t)m->H * sizeof *t->dh_prev);
	for (step = last_step(t); step >= 0; step--) {
		for (j = m->M - 1; j >= 0; j--) {
			d = &y->of[m->P + j];
			n = d->begin[step + 1] - d->begin[step];
			if (n == 0)
				continue;
			back_draws(y, step, j, d->begin[step], n, v, n_verdicts);
			back_head(y, j, d->begin[step], n);
		}
		back_recur(t, step);
	}
	for (j = 0; j < m->M; j++)
		if (y->of[m->P + j].n > 0)
			head_weights(y, j);
	back_tables(t);
	tape_heads_weights(t);
	tape_lstm_weights(t);
	tape_context_backward(t);
}
