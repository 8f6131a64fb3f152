#include "ar/tape.h"

#include <stdlib.h>
#include <string.h>

#include "ar/tapeparts.h"
#include "base/huge.h"
#include "base/le.h"
#include "base/mem.h"

/* ---- Buffers ---- */

static real *
matrix(size_t rows, int cols)
{
	return xcalloc(size_mul(rows, (size_t)cols) + 1, sizeof(real));
}

static uint16_t *
codes(size_t rows, int cols)
{
	return xcalloc(size_mul(rows, (size_t)cols) + 1, sizeof(uint16_t));
}

static void
alloc_lanes(struct tape *t, const struct ar *m, size_t n)
{
	t->lane = xcalloc(n, sizeof *t->lane);
	t->slot = xcalloc(n, sizeof *t->slot);
	t->unit = xcalloc(n, sizeof *t->unit);
	t->chunk = codes(n, 1);
	t->length = codes(n, 1);
	t->attr = codes(n, m->P);
	t->x = matrix(n, m->A);
	t->dx = matrix(n, m->A);
	t->ctx = matrix(n, m->C);
	t->dctx = matrix(n, m->C);
	t->ctx_gates = matrix(n, 4 * m->H);
	t->dctx_gates = matrix(n, 4 * m->H);
	t->ctx_heads = matrix(n, m->M * m->U);
	t->dctx_heads = matrix(n, m->M * m->U);
	t->dc = matrix(n, m->H);
	t->dh_prev = matrix(n, m->H);
	t->pick_chunk = codes(n, 1);
	t->pick_length = codes(n, 1);
	t->pick_attr = codes(n, m->P);
	t->pick_x = matrix(n, m->A);
	t->pick_dx = matrix(n, m->A);
	t->h1 = matrix(n, m->V);
	t->h2 = matrix(n, m->V);
	t->dh1 = matrix(n, m->V);
	t->dh2 = matrix(n, m->V);
}

static void
alloc_rows(struct tape *t, const struct ar *m, size_t n)
{
	t->code = codes(n, m->M);
	t->prev = codes(n, m->M);
	t->left = codes(n, 1);
	t->done = codes(n, 1);
	t->target = codes(n, 1);
	t->in = matrix(n, m->X);
	t->din = matrix(n, m->X);
	t->gates = matrix(n, 4 * m->H);
	t->dgates = matrix(n, 4 * m->H);
	t->h = matrix(n, m->H);
	t->c = matrix(n, m->H);
	t->h_prev = matrix(n, m->H);
	t->c_prev = matrix(n, m->H);
	t->dh = matrix(n, m->H);
	t->hid = matrix(n, m->M * m->U);
	t->dhid = matrix(n, m->M * m->U);
	t->emb = matrix(n, m->R);
	t->demb = matrix(n, m->R);
	t->y = matrix(n, m->sym.biggest);
	t->row_unit = xcalloc(n, sizeof *t->row_unit);
	t->open = xcalloc(n, sizeof *t->open);
	t->open_unit = xcalloc(n, sizeof *t->open_unit);
	t->allow = xcalloc(n, sizeof *t->allow);
	t->open_hid = matrix(n, m->U);
	t->open_dhid = matrix(n, m->U);
	t->open_emb = matrix(n, m->R);
}

struct tape *
tape_new(const struct ar *m, int lanes, int window)
{
	struct tape *t = xcalloc(1, sizeof *t);

	t->m = m;
	t->cap = lanes;
	t->window = window;
	t->off = xcalloc((size_t)window + 1, sizeof *t->off);
	t->live = xcalloc((size_t)window + 1, sizeof *t->live);
	alloc_lanes(t, m, (size_t)lanes);
	alloc_rows(t, m, size_mul((size_t)lanes, (size_t)window));
	t->grad_block = huge_calloc(m->n_train, sizeof *t->grad_block);
	ar_view(m, t->grad_block, &t->grad);
	return t;
}

void
tape_free(struct tape *t)
{
	if (t == NULL)
		return;
	ar_view_free(&t->grad);
	huge_free(t->grad_block, t->m->n_train, sizeof *t->grad_block);
	void *const all[] = {t->off, t->live, t->lane, t->slot, t->unit, t->row_unit,
	    t->open_unit, t->chunk, t->length, t->attr, t->x, t->dx, t->ctx, t->dctx,
	    t->ctx_gates, t->dctx_gates, t->ctx_heads, t->dctx_heads, t->dc, t->dh_prev,
	    t->pick_chunk, t->pick_length, t->pick_attr, t->pick_x, t->pick_dx, t->h1,
	    t->h2, t->dh1, t->dh2, t->code, t->prev, t->left, t->done, t->target, t->in,
	    t->din, t->gates, t->dgates, t->h, t->c, t->h_prev, t->c_prev, t->dh,
	    t->hid, t->dhid, t->emb, t->demb, t->y, t->open, t->allow, t->open_hid,
	    t->open_dhid, t->open_emb};
	size_t i;

	for (i = 0; i < LEN(all); i++)
		free(all[i]);
	free(t);
}

/* ---- Loading ---- */

static int
longer_first(const void *a, const void *b)
{
	const struct lane *const *x = a, *const *y = b;

	if ((*x)->n != (*y)->n)
		return (*x)->n > (*y)->n ? -1 : 1;
	return *x < *y ? -1 : *x > *y; /* all are of one array */
}

static void
load_rows(struct tape *t, int p)
{
	const struct ar *m = t->m;
	const struct tensor_schema *s = m->schema;
	const struct lane *a = t->lane[p];
	const uint8_t *steps = a->series->rec + s->attr_bytes + 4;
	uint32_t i, at;
	size_t r;

	for (i = 0; i < a->n; i++) {
		at = a->first + i;
		r = (size_t)(t->off[i] + p);
		symbols_read(m->sym.sym + m->P, m->M, steps + at * s->feat_bytes,
		    t->code + r * (size_t)m->M);
		if (at > 0)
			symbols_read(m->sym.sym + m->P, m->M,
			    steps + (at - 1) * s->feat_bytes,
			    t->prev + r * (size_t)m->M);
		else
			memset(t->prev + r * (size_t)m->M, 0,
			    (size_t)m->M * sizeof *t->prev);
		t->left[r] = (uint16_t)place_code(a->series->length - at);
		t->done[r] = (uint16_t)place_code(at);
		t->row_unit[r] = a->unit;
	}
}

static void
count_rows(struct tape *t)
{
	int i, p = t->n;

	t->rows = 0;
	for (i = 0; i <= t->window; i++) {
		while (p > 0 && t->lane[p - 1]->n <= (uint32_t)i)
			p--;
		t->off[i] = t->rows;
		t->live[i] = p;
		t->rows += p;
	}
}

void
tape_load(struct tape *t, const struct lane *lanes, int n)
{
	const struct ar *m = t->m;
	int p;

	t->n = n;
	t->fresh = 0;
	for (p = 0; p < n; p++)
		t->lane[p] = &lanes[p];
	qsort(t->lane, (size_t)n, sizeof *t->lane, longer_first);
	count_rows(t);
	for (p = 0; p < n; p++) {
		t->slot[p] = (int)(t->lane[p] - lanes);
		t->unit[p] = t->lane[p]->unit;
		t->chunk[p] = t->lane[p]->series->chunk;
		t->length[p] = (uint16_t)length_code(t->lane[p]->series->length);
		symbols_read(m->sym.sym, m->P, t->lane[p]->series->rec,
		    t->attr + (size_t)p * (size_t)m->P);
		t->fresh += t->lane[p]->first == 0;
		if (m->M > 0)
			load_rows(t, p);
	}
}

/* ---- All ---- */

double
take_loss(struct tape *t, int i, int n, int k)
{
	bool masked = t->m->sym.sym[i].n_masks > 0;
	double nats = choice_block_loss(t->y, k, masked ? t->allow : NULL, t->target, n,
	    k, ar_block(t->m, i));

	if (t->each != NULL) {
		t->each[i].nats += nats;
		t->each[i].n += (uint64_t)n;
	}
	return nats;
}

static uint64_t
steps_learnt(const struct tape *t)
{
	uint64_t n = 0;
	int p;

	for (p = 0; p < t->n; p++)
		n += t->lane[p]->held ? 0 : t->lane[p]->n;
	return n;
}

void
tape_run(struct tape *t, real *state_h, real *state_c, bool keep, bool backward,
    real scale, struct dropout *d, struct tape_loss *loss)
{
	tape_attributes(t, backward, scale, d, loss);
	if (t->m->M > 0)
		tape_steps(t, state_h, state_c, keep, backward, scale, d, loss);
	loss->series += (uint64_t)t->fresh;
	loss->steps += steps_learnt(t);
}
