#include "critic/update.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nn/gemm.h"
#include "nn/sums.h"

enum { TILE_ROWS = 64, TILE_COLS = 512 };

#ifdef NN_DOUBLE
#define add_noise dp_noise_add64
#else
#define add_noise dp_noise_add
#endif

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

size_t
update_place(const struct update *u, const real *w)
{
	return (size_t)(w - u->w);
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

/* Noise of the round, then the division by what is public: in this order, and the
 * division once. */
static void
make_private(const struct update *u, const struct tile *t, real *g)
{
	const struct private *p = u->private;
	const real share = (real)(1 / p->nominal);
	size_t i, n = (size_t)t->cols;
	int r;

	for (r = 0; r < t->rows; r++)
		add_noise(&p->key, DP_GRADIENT, u->round,
		    t->at + (size_t)r * (size_t)t->ld, p->sigma * p->clip,
		    g + (size_t)r * n, n);
	for (i = 0; i < (size_t)t->rows * n; i++)
		g[i] *= share;
}

/* A rectangle of the block: columns of one strip, or all of a tile. */
struct patch {
	real *w, *m, *v;
	int ld, rows, cols;
};

static int
strip_at(const struct lazy *l, int col)
{
	return col < l->base ? 0 : 1 + (col - l->base) / l->width;
}

static int
strip_end(const struct lazy *l, int strip)
{
	return l->base + strip * l->width;
}

static void
row_catch_up(const struct patch *p, int r, const struct adam_gap *gap, real eps)
{
	size_t at = (size_t)r * (size_t)p->ld;

	adam_catch_up(gap, eps, p->w + at, p->m + at, p->v + at, (size_t)p->cols);
}

/* The gap of a strip up to update now; false if there is none (never updated: its
 * moments are zero).  Long gaps of a slow first moment are closed here but for the last
 * part. */
static bool
find_gap(struct adam_gap *gap, const struct patch *p, uint64_t last,
    const struct adam *a, uint64_t now)
{
	int r;

	if (last == 0 || last >= now)
		return false;
	while ((last = adam_gap_init(gap, a, last, now)) < now)
		for (r = 0; r < p->rows; r++)
			row_catch_up(p, r, gap, (real)a->eps);
	return true;
}

/* Columns that waited catch up row by row, just before their row is updated. */
static double
update_patch(const struct patch *p, const struct adam_step *s, const uint64_t *last,
    const real *g, int ldg)
{
	struct adam_gap gap;
	bool waited = last != NULL && find_gap(&gap, p, *last, &s->a, s->t - 1);
	double sum = 0;
	size_t at;
	int r;

	for (r = 0; r < p->rows; r++) {
		if (waited)
			row_catch_up(p, r, &gap, s->eps);
		at = (size_t)r * (size_t)p->ld;
		sum += adam_update(s, p->w + at, p->m + at, p->v + at,
		    g + (size_t)r * (size_t)ldg, (size_t)p->cols);
	}
	return sum;
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
	const struct lazy *l = t->lazy;
	struct patch p = {.ld = t->ld, .rows = t->rows};
	static _Thread_local real g[TILE_MAX]; /* too large for some stacks */
	double sum = 0;
	int c, strip = 0;

	update_gradient(u, t, g);
	if (u->private != NULL)
		make_private(u, t, g);
	for (c = 0; c < t->cols; c += p.cols) {
		p.w = u->w + t->at + c;
		p.m = u->m + t->at + c;
		p.v = u->v + t->at + c;
		p.cols = t->cols - c;
		if (l != NULL) {
			strip = strip_at(l, t->col + c);
			p.cols = least(p.cols, strip_end(l, strip) - t->col - c);
		}
		sum += update_patch(&p, &u->adam[t->net],
		    l != NULL ? &l->last[strip] : NULL, g + c, t->cols);
	}
	u->square[job] = judge_sum(g, (size_t)t->rows * (size_t)t->cols, sum);
}

/* Strips that have been updated now. */
static void
mark(const struct update *u, const struct tile *t)
{
	const struct lazy *l = t->lazy;
	int strip = strip_at(l, t->col), end = strip_at(l, t->col + t->cols - 1);

	for (; strip <= end; strip++)
		l->last[strip] = u->adam[t->net].t;
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
	struct patch p = {.ld = cols, .rows = rows};
	struct adam_gap gap;
	int strip, c, r;

	for (strip = 0, c = 0; c < cols; c += p.cols, strip++) {
		p.w = w + c;
		p.m = m + c;
		p.v = v + c;
		p.cols = least(strip_end(l, strip), cols) - c;
		if (!find_gap(&gap, &p, l->last[strip], a, t))
			continue;
		for (r = 0; r < rows; r++)
			row_catch_up(&p, r, &gap, (real)a->eps);
		l->last[strip] = t;
	}
}
