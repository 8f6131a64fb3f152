#include "ar/series.h"

#include <stdlib.h>
#include <string.h>

#include "ar/draw.h"
#include "base/le.h"
#include "nn/embed.h"
#include "nn/lstm.h"

static real *
matrix(int cols)
{
	return xcalloc(SERIES_ROWS, ((size_t)cols + 1) * sizeof(real));
}

static uint16_t *
codes(int cols)
{
	return xcalloc(SERIES_ROWS, ((size_t)cols + 1) * sizeof(uint16_t));
}

void
series_maker_init(struct series_maker *s, const struct ar *m, double temperature)
{
	memset(s, 0, sizeof *s);
	s->m = m;
	s->temperature = temperature;
	s->code = codes(m->M);
	s->prev = codes(m->M);
	s->left = codes(1);
	s->done = codes(1);
	s->x = matrix(m->A);
	s->ctx = matrix(m->C);
	s->ctx_gates = matrix(4 * m->H);
	s->ctx_heads = matrix(m->M * m->U);
	s->in = matrix(m->X);
	s->gates = matrix(4 * m->H);
	s->h = matrix(m->H);
	s->c = matrix(m->H);
	s->h2 = matrix(m->H);
	s->c2 = matrix(m->H);
	s->hid = matrix(m->M * m->U);
	s->emb = matrix(m->R);
	s->y = matrix(m->sym.biggest);
	s->open_hid = matrix(m->U);
	s->open_emb = matrix(m->R);
	s->open = xcalloc(SERIES_ROWS, sizeof *s->open);
	s->allow = xcalloc(SERIES_ROWS, sizeof *s->allow);
}

void
series_maker_free(struct series_maker *s)
{
	void *const all[] = {s->code, s->prev, s->left, s->done, s->x, s->ctx,
	    s->ctx_gates, s->ctx_heads, s->in, s->gates, s->h, s->c, s->h2, s->c2,
	    s->hid, s->emb, s->y, s->open_hid, s->open_emb, s->open, s->allow};
	size_t i;

	for (i = 0; i < LEN(all); i++)
		free(all[i]);
	memset(s, 0, sizeof *s);
}

/* ---- Records ---- */

/* Places within bins are uniform: the codec made them so. */
static void
put_reals(const struct tensor_field *f, int n, uint8_t *p, struct rng *r)
{
	int i;

	for (i = 0; i < n; p += f[i++].bytes)
		if (f[i].type == NSR_REAL)
			put_lef32(p, (float)(rng_u32(r) >> 8) * 0x1p-24f);
}

static void
draw_attributes(const struct series_maker *s, const uint16_t *attr, uint8_t *p,
    struct rng *r)
{
	const struct ar *m = s->m;
	const struct tensor_schema *t = m->schema;

	memset(p, 0, t->attr_bytes);
	put_reals(t->attr, t->n_attr, p, r);
	if (s->places != NULL)
		places_put(s->places, attr, p);
	symbols_write(m->sym.sym, m->P, attr, p);
}

static void
begin_record(const struct series_maker *s, const uint16_t *attr, uint32_t length, int i,
    struct buf *rec, struct rng *r)
{
	size_t n = s->m->schema->attr_bytes;
	uint8_t *p = buf_room(rec, n + 4);

	if (s->ready != NULL)
		memcpy(p, s->ready + (size_t)i * n, n);
	else
		draw_attributes(s, attr, p, r);
	put_le32(p + n, length);
}

static void
put_step(const struct ar *m, const uint16_t *code, struct buf *rec, struct rng *r)
{
	const struct tensor_schema *t = m->schema;
	uint8_t *p = buf_room(rec, t->feat_bytes);

	memset(p, 0, t->feat_bytes);
	put_reals(t->feat, t->n_feat, p, r);
	symbols_write(m->sym.sym + m->P, m->M, code, p);
}

/* ---- One step of all that are live ---- */

static void
lstm(struct series_maker *s, int n)
{
	const struct ar *m = s->m;
	real *swap;

	ar_step_input(m, s->in, s->prev, s->left, s->done, n);
	memcpy(s->gates, s->ctx_gates, (size_t)n * 4 * (size_t)m->H * sizeof *s->gates);
	ar_gates(m, s->gates, s->in, n);
	lstm_step(s->h2, s->c2, s->gates, s->h, s->c, m->net.w_h, n, m->H);
	swap = s->h, s->h = s->h2, s->h2 = swap;
	swap = s->c, s->c = s->c2, s->c2 = swap;
	memcpy(s->hid, s->ctx_heads,
	    (size_t)n * (size_t)m->M * (size_t)m->U * sizeof *s->hid);
	ar_heads(m, s->hid, s->h, n);
}

/* Rows whose symbol j has a choice, gathered; the others get their code. */
static int
find_open(struct series_maker *s, int j, const uint16_t *attr, int n)
{
	const struct ar *m = s->m;
	int U = m->U, width = m->sym.sym[m->P + j].x, i, open = 0;
	uint16_t only;

	for (i = 0; i < n; i++) {
		if (symbols_allow(&m->sym, m->P + j, attr + (long)i * m->P,
			s->code + (long)i * m->M, s->done[i] > 0, s->allow[open],
			&only) == 1) {
			s->code[(long)i * m->M + j] = only;
			continue;
		}
		memcpy(s->open_hid + (long)open * U, s->hid + ((long)i * m->M + j) * U,
		    (size_t)U * sizeof *s->hid);
		memcpy(s->open_emb + (long)open * m->R, s->emb + (long)i * m->R,
		    (size_t)width * sizeof *s->emb);
		s->open[open++] = i;
	}
	return open;
}

/* Weights of a foreign stream may be so large that no probability is a number: then the
 * first code that is allowed. */
static uint16_t
draw_code(const real *p, int k, const uint8_t allow[CHOICE_SET], struct rng *r)
{
	int c = draw_one(p, k, r);

	if (c < 0)
		for (c = 0; (allow[c / 8] >> c % 8 & 1) == 0;)
			c++;
	return (uint16_t)c;
}

static void
draw_symbol(struct series_maker *s, int j, const uint16_t *attr, int n, struct rng *r)
{
	const struct ar *m = s->m;
	const struct symbol *y = &m->sym.sym[m->P + j];
	int open = find_open(s, j, attr, n), i;

	if (open > 0) {
		ar_head(m, j, s->open_hid, m->U, s->open_emb, open, s->y, NULL);
		ar_choose(m, m->P + j, s->y, s->allow, open);
		ar_smooth(m, m->P + j, s->y, s->allow, open);
		if (s->temperature != 1)
			draw_temper(s->y, (long)open * y->k, s->temperature);
	}
	for (i = 0; i < open; i++)
		s->code[(long)s->open[i] * m->M + j] =
		    draw_code(s->y + (long)i * y->k, y->k, s->allow[i], r);
	embed_forward(s->emb + y->x, m->R, m->net.embed[j], y->e, s->code + j, m->M, n);
}

static void
make_step(struct series_maker *s, const uint32_t *length, uint32_t at,
    const uint16_t *attr, int n, struct buf *rec, struct rng *r)
{
	const struct ar *m = s->m;
	uint16_t *swap;
	int i, j;

	for (i = 0; i < n; i++) {
		s->left[i] = (uint16_t)place_code(length[i] - at);
		s->done[i] = (uint16_t)place_code(at);
	}
	if (m->M > 0)
		lstm(s, n);
	for (j = 0; j < m->M; j++)
		draw_symbol(s, j, attr, n, r);
	for (i = 0; i < n; i++)
		put_step(m, s->code + (long)i * m->M, &rec[i], r);
	swap = s->prev, s->prev = s->code, s->code = swap;
}

void
series_make(struct series_maker *s, uint16_t chunk, const uint32_t *length,
    const uint16_t *attr, int n, struct buf *rec, struct rng *r)
{
	const struct ar *m = s->m;
	uint16_t *chunks = s->left, *lengths = s->done; /* free until the first step */
	uint32_t at;
	int i, live = n;

	for (i = 0; i < n; i++) {
		chunks[i] = chunk;
		lengths[i] = (uint16_t)length_code(length[i]);
		begin_record(s, attr + (long)i * m->P, length[i], i, &rec[i], r);
	}
	ar_embed(m, &m->net.reads, s->x, chunks, lengths, attr, n);
	ar_context(m, s->x, n, s->ctx, s->ctx_gates, s->ctx_heads);
	memset(s->h, 0, (size_t)n * (size_t)m->H * sizeof *s->h);
	memset(s->c, 0, (size_t)n * (size_t)m->H * sizeof *s->c);
	for (at = 0; at < length[0]; at++) {
		while (length[live - 1] <= at)
			live--;
		make_step(s, length, at, attr, live, rec, r);
	}
}
