#include "update.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nn/sums.h"
#include "nn/gemm.h"

enum { TILE_ROWS = 64, TILE_COLS = 512 };

/* ---- Description ---- */

void
update_begin(struct update *u)
{
	u->n_tiles = u->n_terms = 0;
}

void
update_net(struct update *u, int net, const struct adam *a, uint64_t t)
{
	u->net = net;
	adam_begin(&u->adam[net], a, t);
}

void
update_free(struct update *u)
{
	free(u->tile);
	free(u->square);
	free(u->term);
	memset(u, 0, sizeof *u);
}

static void
add_tile(struct update *u, struct tile t)
{
	xgrow(&u->tile, &u->cap_tiles, u->n_tiles + 1, sizeof *u->tile);
	xgrow(&u->square, &u->cap_squares, u->n_tiles + 1, sizeof *u->square);
	t.net = u->net;
	u->tile[u->n_tiles++] = t;
}

static size_t
add_terms(struct update *u, const struct grad_term *terms, int n)
{
	size_t at = u->n_terms;
	int i;

	xgrow(&u->term, &u->cap_terms, at + (size_t)n, sizeof *u->term);
	for (i = 0; i < n; i++)
		u->term[u->n_terms++] = terms[i];
	return at;
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

void
update_matrix(struct update *u, size_t at, int rows, int cols, int ld, int col,
    const struct grad_term *terms, int n, const struct lazy *lazy)
{
	struct tile t = {.ld = ld, .n_terms = n, .lazy = lazy};
	int r, c, step = least(cols, TILE_COLS);
	int high = TILE_MAX / step / TILE_ROWS * TILE_ROWS;

	t.term = add_terms(u, terms, n);
	for (c = 0; c < cols; c += step)
		for (r = 0; r < rows; r += high) {
			t.row = r;
			t.col = col + c;
			t.rows = least(high, rows - r);
			t.cols = least(step, cols - c);
			t.at = at + (size_t)r * (size_t)ld + (size_t)c;
			add_tile(u, t);
		}
}

void
update_vector(struct update *u, size_t at, int n, const struct grad_term *terms,
    int n_terms)
{
	struct tile t = {.rows = 1, .ld = n, .n_terms = n_terms};

	t.term = add_terms(u, terms, n_terms);
	for (t.col = 0; t.col < n; t.col += TILE_MAX) {
		t.cols = least(TILE_MAX, n - t.col);
		t.at = at + (size_t)t.col;
		add_tile(u, t);
	}
}

/* ---- Work ---- */

void
update_gradient(const struct update *u, const struct tile *t, real *g)
{
	const struct grad_term *q = u->term + t->term;
	real beta = 0;
	int i;

	if (t->n_terms == 0 || q->x == NULL)
		memset(g, 0, (size_t)t->rows * (size_t)t->cols * sizeof *g);
	for (i = 0; i < t->n_terms; i++, q++) {
		if (q->x == NULL) {
			columns_add(g, q->d + t->col, q->ldd, q->k, t->cols);
			continue;
		}
		gemm_tn(NULL, t->rows, t->cols, q->k, q->d + t->row, q->ldd,
		    q->x + t->col, q->ldx, beta, g, t->cols);
		beta = 1;
	}
}

static int
strip_end(const struct lazy *l, int strip)
{
	return l->base + strip * l->width;
}

static void
strip_catch_up(const struct lazy *l, int strip, const struct adam *a, uint64_t now,
    real *w, real *m, real *v, int ld, int rows, int cols)
{
	uint64_t last = l->last[strip];
	struct adam_gap gap;
	int r;

	/* never updated: the moments are zero */
	while (last > 0 && last < now) {
		last = adam_gap_init(&gap, a, last, now);
		for (r = 0; r < rows; r++)
			adam_catch_up(&gap, (real)a->eps, w + (size_t)r * (size_t)ld,
			    m + (size_t)r * (size_t)ld, v + (size_t)r * (size_t)ld,
			    (size_t)cols);
	}
}

/* The columns of a tile, strip by strip, up to the update before this one. */
static void
tile_catch_up(const struct update *u, const struct tile *t)
{
	const struct lazy *l = t->lazy;
	const struct adam_step *s = &u->adam[t->net];
	int strip = t->col < l->base ? 0 : 1 + (t->col - l->base) / l->width,
	    c = t->col, n;
	size_t at;

	for (; c < t->col + t->cols; c += n, strip++) {
		n = least(strip_end(l, strip), t->col + t->cols) - c;
		at = t->at + (size_t)(c - t->col);
		strip_catch_up(l, strip, &s->a, s->t - 1, u->w + at, u->m + at,
		    u->v + at, t->ld, t->rows, n);
	}
}

/* A sum of squares that is not finite: NaN where a number was not, infinite where only
 * the squares are too large. */
static double
judge_sum(const real *g, size_t n, double sum)
{
	size_t i;

	for (i = 0; i < n && !isfinite(sum); i++)
		if (!isfinite(g[i]))
			return NAN;
	return isfinite(sum) ? sum : INFINITY;
}

static void
run_tile(void *arg, int job)
{
	const struct update *u = arg;
	const struct tile *t = &u->tile[job];
	const struct adam_step *s = &u->adam[t->net];
	real g[TILE_MAX];
	double sum = 0;
	size_t at;
	int r;

	if (t->lazy != NULL)
		tile_catch_up(u, t);
	update_gradient(u, t, g);
	for (r = 0; r < t->rows; r++) {
		at = t->at + (size_t)r * (size_t)t->ld;
		sum += adam_update(s, u->w + at, u->m + at, u->v + at,
		    g + (size_t)r * (size_t)t->cols, (size_t)t->cols);
	}
	u->square[job] = judge_sum(g, (size_t)t->rows * (size_t)t->cols, sum);
}

/* Strips that have been updated now. */
static void
mark(const struct update *u, const struct tile *t)
{
	const struct lazy *l = t->lazy;
	int strip = t->col < l->base ? 0 : 1 + (t->col - l->base) / l->width;

	for (;; strip++) {
		l->last[strip] = u->adam[t->net].t;
		if (strip_end(l, strip) >= t->col + t->cols)
			return;
	}
}

void
update_run(struct update *u, struct pool *p)
{
	size_t i;

	pool_run(p, run_tile, u, (int)u->n_tiles);
	for (i = 0; i < u->n_tiles; i++)
		if (u->tile[i].lazy != NULL)
			mark(u, &u->tile[i]);
}

double
update_norm(const struct update *u, int net)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < u->n_tiles; i++)
		if (u->tile[i].net == net)
			sum += u->square[i];
	return sqrt(sum);
}

size_t
update_bad(const struct update *u)
{
	size_t i;

	for (i = 0; i < u->n_tiles; i++)
		if (isnan(u->square[i]))
			return u->tile[i].at;
	return SIZE_MAX;
}

void
lazy_settle(const struct lazy *l, const struct adam *a, uint64_t t, real *w, real *m,
    real *v, int rows, int cols)
{
	int strip, c, end;

	for (strip = 0, c = 0; c < cols; c = end, strip++) {
		end = least(strip_end(l, strip), cols);
		strip_catch_up(l, strip, a, t, w + c, m + c, v + c, cols, rows,
		    end - c);
		if (l->last[strip] > 0)
			l->last[strip] = t;
	}
}
