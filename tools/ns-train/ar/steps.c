/* The steps of a window: LSTM and heads, forward and backward. */
#include <string.h>

#include "ar/tapeparts.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/lstm.h"
#include "nn/sums.h"

/* ---- The LSTM ---- */

/* Rows of step 0 of the window: the state that was carried here. */
void
tape_begin_states(struct tape *t, const real *state_h, const real *state_c)
{
	const struct ar *m = t->m;
	size_t bytes = (size_t)m->H * sizeof *t->h;
	long at;
	int p;

	for (p = 0; p < t->live[0]; p++) {
		at = (long)t->slot[p] * m->H;
		if (t->lane[p]->first == 0) {
			memset(t->h_prev + (long)p * m->H, 0, bytes);
			memset(t->c_prev + (long)p * m->H, 0, bytes);
		} else {
			memcpy(t->h_prev + (long)p * m->H, state_h + at, bytes);
			memcpy(t->c_prev + (long)p * m->H, state_c + at, bytes);
		}
	}
}

void
tape_end_states(const struct tape *t, real *state_h, real *state_c)
{
	const struct ar *m = t->m;
	size_t bytes = (size_t)m->H * sizeof *t->h;
	long from, to;
	int p;

	for (p = 0; p < t->n; p++) {
		from = ((long)t->off[t->lane[p]->n - 1] + p) * m->H;
		to = (long)t->slot[p] * m->H;
		memcpy(state_h + to, t->h + from, bytes);
		memcpy(state_c + to, t->c + from, bytes);
	}
}

static void
lstm_forward(struct tape *t, const real *state_h, const real *state_c)
{
	const struct ar *m = t->m;
	int H = m->H, i, p, n;
	long at, next;

	ar_step_input(m, t->in, t->prev, t->left, t->done, t->rows);
	for (i = 0; i < t->window && t->live[i] > 0; i++)
		for (p = 0; p < t->live[i]; p++)
			memcpy(t->gates + ((long)t->off[i] + p) * 4 * H,
			    t->ctx_gates + (long)p * 4 * H,
			    4 * (size_t)H * sizeof *t->gates);
	ar_gates(m, t->gates, t->in, t->rows);
	tape_begin_states(t, state_h, state_c);
	for (i = 0; i < t->window && t->live[i] > 0; i++) {
		n = t->live[i];
		at = (long)t->off[i] * H;
		lstm_step(t->h + at, t->c + at, t->gates + 4 * at, t->h_prev + at,
		    t->c_prev + at, m->net.w_h, n, H);
		next = (long)t->off[i + 1] * H;
		n = t->live[i + 1];
		memcpy(t->h_prev + next, t->h + at,
		    (size_t)n * (size_t)H * sizeof *t->h);
		memcpy(t->c_prev + next, t->c + at,
		    (size_t)n * (size_t)H * sizeof *t->c);
	}
}

/* Sums of the rows of each lane, of width columns. */
static void
sum_lanes(const struct tape *t, real *sum, const real *x, int width)
{
	long i, p, j;

	memcpy(sum, x, (size_t)t->live[0] * (size_t)width * sizeof *sum);
	for (i = 1; i < t->window && t->live[i] > 0; i++)
		for (p = 0; p < t->live[i]; p++)
			for (j = 0; j < width; j++)
				sum[p * width + j] += x[(t->off[i] + p) * width + j];
}

static void
lstm_backward(struct tape *t)
{
	const struct ar *m = t->m;
	int H = m->H, i, n, last = 0;
	long at, j;

	while (last + 1 < t->window && t->live[last + 1] > 0)
		last++;
	memset(t->dc, 0, (size_t)t->n * (size_t)H * sizeof *t->dc);
	memset(t->dh_prev, 0, (size_t)t->n * (size_t)H * sizeof *t->dh_prev);
	for (i = last; i >= 0; i--) {
		n = t->live[i];
		at = (long)t->off[i] * H;
		for (j = 0; j < (long)n * H; j++)
			t->dh[at + j] += t->dh_prev[j];
		lstm_step_backward(t->dgates + 4 * at, t->dh_prev, t->dc, t->dh + at,
		    t->gates + 4 * at, t->c + at, t->c_prev + at, m->net.w_h, n, H);
	}
	gemm_nn(NULL, t->rows, m->X, 4 * H, t->dgates, 4 * H, m->net.w_x, m->X, 0,
	    t->din, m->X);
}

/* All rows, of so many columns, for weights. */
static struct rows
of_rows(const struct tape *t, const real *v, int ld, int cols)
{
	return sink_keep(t->sink, (struct rows){v, ld, t->rows, t->row_unit}, cols);
}

/* Of each of some tables of the symbols of a step what stands in its columns. */
static void
tables_backward(struct tape *t, struct rows d, const uint16_t *code)
{
	const struct ar *m = t->m;
	const struct symbol *s = m->sym.sym + m->P;
	struct rows part = d;
	int j;

	for (j = 0; j < m->M; j++) {
		part.v = d.v + s[j].x;
		sink_table(t->sink, t->grad.embed[j], s[j].e, part, code + j, m->M);
	}
}

void
tape_lstm_weights(struct tape *t)
{
	const struct ar *m = t->m;
	int H = m->H;

	struct rows d = of_rows(t, t->dgates, 4 * H, 4 * H);
	struct rows in;

	sink_matrix(t->sink, t->grad.w_h, 4 * H, H, d, t->h_prev, H);
	sink_matrix(t->sink, t->grad.w_x, 4 * H, m->X, d, t->in, m->X);
	sum_lanes(t, t->dctx_gates, t->dgates, 4 * H);
	if (t->frozen)
		return;
	in = of_rows(t, t->din + m->R, m->X, 2 * PLACE_E);
	sink_table(t->sink, t->grad.left, PLACE_E, in, t->left, 1);
	in.v += PLACE_E;
	sink_table(t->sink, t->grad.done, PLACE_E, in, t->done, 1);
}

/* The tables of the symbols serve for those of a step and, where there is one, for
 * those of the step before it. */
static void
step_tables(struct tape *t)
{
	const struct ar *m = t->m;
	struct rows now = {t->demb, m->R, t->rows, t->row_unit};
	struct rows before = {t->din, m->X, t->rows, t->row_unit};
	int i;

	for (i = 0; i < t->rows; i++)
		if (t->done[i] == 0)
			memset(t->din + (long)i * m->X, 0,
			    (size_t)m->R * sizeof *t->din);
	if (t->sink == NULL) {
		tables_backward(t, now, t->code);
		tables_backward(t, before, t->prev);
	} else {
		tables_backward(t, sink_stack(t->sink, now, before, m->R),
		    sink_codes(t->sink, t->code, t->rows, t->prev, t->rows, m->M));
	}
}

/* ---- The heads ---- */

static int
lane_of_row(const struct tape *t, int step, int row)
{
	return row - t->off[step];
}

/* The rows where symbol j has a choice, their hidden layers and embeddings gathered. */
static int
open_rows(struct tape *t, int j)
{
	const struct ar *m = t->m;
	int i, r, n = 0, U = m->U, width = m->sym.sym[m->P + j].x;
	const uint16_t *attr, *code;
	uint16_t only;

	for (i = 0; i < t->window && t->live[i] > 0; i++)
		for (r = t->off[i]; r < t->off[i] + t->live[i]; r++) {
			if (t->lane[lane_of_row(t, i, r)]->held)
				continue;
			attr = t->attr + (long)lane_of_row(t, i, r) * m->P;
			code = t->code + (long)r * m->M;
			if (symbols_allow(&m->sym, m->P + j, attr, code, t->done[r] > 0,
				t->allow[n], &only) == 1)
				continue;
			memcpy(t->open_hid + (long)n * U,
			    t->hid + ((long)r * m->M + j) * U,
			    (size_t)U * sizeof *t->hid);
			memcpy(t->open_emb + (long)n * m->R, t->emb + (long)r * m->R,
			    (size_t)width * sizeof *t->emb);
			t->target[n] = code[j];
			t->open_unit[n] = t->row_unit[r];
			t->open[n++] = r;
		}
	return n;
}

/* Back from the logits to the hidden layer and to the step's embeddings. */
static void
head_backward(struct tape *t, int j, int n, real scale, const struct dropout *d)
{
	const struct ar *m = t->m;
	int U = m->U, width = m->sym.sym[m->P + j].x, r, i;
	struct rows hid;
	real *to;

	choice_block_backward(t->y, m->sym.sym[m->P + j].k, t->target, n,
	    m->sym.sym[m->P + j].k, ar_block(m, m->P + j), scale);
	linear_backward(t, &m->net.head[j], &t->grad.head[j],
	    (struct rows){t->y, m->sym.sym[m->P + j].k, n, t->open_unit}, t->open_hid,
	    t->open_dhid);
	relu_backward(t->open_dhid, t->open_dhid, t->open_hid, (long)n * U);
	dropout_backward(d, t->open_dhid, (long)n * U);
	for (r = 0; r < n; r++)
		memcpy(t->dhid + ((long)t->open[r] * m->M + j) * U,
		    t->open_dhid + (long)r * U, (size_t)U * sizeof *t->dhid);
	if (width == 0)
		return;
	hid = sink_keep(t->sink, (struct rows){t->open_dhid, U, n, t->open_unit}, U);
	sink_matrix(t->sink, t->grad.head_e[j], U, width, hid, t->open_emb, m->R);
	gemm_nn(NULL, n, width, U, t->open_dhid, U, m->net.head_e[j], width, 0,
	    t->open_emb, m->R);
	for (r = 0; r < n; r++) {
		to = t->demb + (long)t->open[r] * m->R;
		for (i = 0; i < width; i++)
			to[i] += t->open_emb[(long)r * m->R + i];
	}
}

static void
run_heads(struct tape *t, bool backward, real scale, struct dropout *d,
    struct tape_loss *loss)
{
	const struct ar *m = t->m;
	int j, n, k;

	for (j = 0; j < m->M; j++) {
		if ((n = open_rows(t, j)) == 0)
			continue;
		k = m->sym.sym[m->P + j].k;
		ar_head(m, j, t->open_hid, m->U, t->open_emb, n, t->y, d);
		ar_choose(m, m->P + j, t->y, t->allow, n);
		loss->step += take_loss(t, m->P + j, n, k);
		if (backward && weight_of(t, m->P + j) > 0)
			head_backward(t, j, n, scale * weight_of(t, m->P + j), d);
	}
}

static void
heads_backward(struct tape *t)
{
	const struct ar *m = t->m;
	int MU = m->M * m->U;

	gemm_nn(NULL, t->rows, m->H, MU, t->dhid, MU, m->net.head_h, m->H, 0, t->dh,
	    m->H);
}

void
tape_heads_weights(struct tape *t)
{
	const struct ar *m = t->m;
	int MU = m->M * m->U;

	sink_matrix(t->sink, t->grad.head_h, MU, m->H, of_rows(t, t->dhid, MU, MU),
	    t->h, m->H);
	sum_lanes(t, t->dctx_heads, t->dhid, MU);
}

/* ---- The context ---- */

void
tape_context_backward(struct tape *t)
{
	const struct ar *m = t->m;
	int MU = m->M * m->U, H4 = 4 * m->H, n = t->n;
	struct rows gates, heads;

	gates = sink_keep(t->sink, (struct rows){t->dctx_gates, H4, n, t->unit}, H4);
	sink_matrix(t->sink, t->grad.w_c, H4, m->C, gates, t->ctx, m->C);
	sink_vector(t->sink, t->grad.b, H4, gates);
	heads = sink_keep(t->sink, (struct rows){t->dctx_heads, MU, n, t->unit}, MU);
	sink_matrix(t->sink, t->grad.head_c, MU, m->C, heads, t->ctx, m->C);
	sink_vector(t->sink, t->grad.head_b, MU, heads);
	gemm_nn(NULL, n, m->C, H4, t->dctx_gates, H4, m->net.w_c, m->C, 0, t->dctx,
	    m->C);
	gemm_nn(NULL, n, m->C, MU, t->dctx_heads, MU, m->net.head_c, m->C, 1, t->dctx,
	    m->C);
	relu_backward(t->dctx, t->dctx, t->ctx, (long)n * m->C);
	linear_backward(t, &m->net.context, &t->grad.context,
	    (struct rows){t->dctx, m->C, n, t->unit}, t->x, t->dx);
	reads_backward(t, &t->grad.reads, (struct rows){t->dx, m->A, n, t->unit},
	    t->chunk, t->length, t->attr);
}

/* ---- All ---- */

/* Is any symbol of the steps in the loss? */
static bool
is_learnt(const struct tape *t)
{
	int j;

	for (j = 0; j < t->m->M; j++)
		if (weight_of(t, t->m->P + j) > 0)
			return true;
	return false;
}

void
tape_steps(struct tape *t, real *state_h, real *state_c, bool keep, bool backward,
    real scale, struct dropout *d, struct tape_loss *loss)
{
	const struct ar *m = t->m;
	const struct symbol *s = m->sym.sym + m->P;
	int MU = m->M * m->U, i, j;

	ar_embed(m, &m->net.reads, t->x, t->chunk, t->length, t->attr, t->n);
	ar_context(m, t->x, t->n, t->ctx, t->ctx_gates, t->ctx_heads);
	lstm_forward(t, state_h, state_c);
	if (keep)
		tape_end_states(t, state_h, state_c);
	for (i = 0; i < t->window && t->live[i] > 0; i++)
		memcpy(t->hid + (long)t->off[i] * MU, t->ctx_heads,
		    (size_t)t->live[i] * (size_t)MU * sizeof *t->hid);
	ar_heads(m, t->hid, t->h, t->rows);
	for (j = 0; j < m->M; j++)
		embed_forward(t->emb + s[j].x, m->R, m->net.embed[j], s[j].e,
		    t->code + j, m->M, t->rows);
	memset(t->dhid, 0, (size_t)t->rows * (size_t)MU * sizeof *t->dhid);
	memset(t->demb, 0, (size_t)t->rows * (size_t)m->R * sizeof *t->demb);
	run_heads(t, backward, scale, d, loss);
	if (!backward || !is_learnt(t))
		return;
	heads_backward(t);
	tape_heads_weights(t);
	lstm_backward(t);
	tape_lstm_weights(t);
	if (!t->frozen)
		step_tables(t);
	tape_context_backward(t);
}
