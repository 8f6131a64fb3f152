#include "critic/clip.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Units of a job; numbers side by side in a sum. */
enum { UNITS = 32, LANES = 16 };

/* A factor below is none: in float, what it leaves of a row could be rounded away in
 * part. */
#define FACTOR_LEAST 1e-18

void
clip_begin(struct clip *k, int n, const int *first)
{
	if (n > k->room) {
		clip_free(k);
		k->room = n;
		k->square = xcalloc((size_t)n, sizeof *k->square);
		k->parts = xcalloc((size_t)n, sizeof *k->parts);
		k->factor = xcalloc((size_t)n, sizeof *k->factor);
	}
	k->n = n;
	k->first = first;
	if (n > 0) {
		memset(k->square, 0, (size_t)n * sizeof *k->square);
		memset(k->parts, 0, (size_t)n * sizeof *k->parts);
	}
}

void
clip_free(struct clip *k)
{
	free(k->square);
	free(k->parts);
	free(k->factor);
	memset(k, 0, sizeof *k);
}

/* Work on the units of a critic, a range of them a job. */
struct work {
	const struct clip *k;
	const struct critic *from;
	struct critic *to; /* clip_rows: the same one */
};

static int
jobs(const struct clip *k)
{
	return (k->n + UNITS - 1) / UNITS;
}

static int
job_end(const struct clip *k, int job)
{
	return (job + 1) * UNITS < k->n ? (job + 1) * UNITS : k->n;
}

/* ---- Rows ---- */

enum kind { REAL, FAKE, BETWEEN, KINDS };

/* Row number i of a unit whose series begin at first: kind by kind of each series. */
struct place {
	int row;     /* in the critic's order */
	int columns; /* of its input that may not be zero */
	bool data;
};

static struct place
place_of(const struct critic *c, int first, int i)
{
	int r = i % KINDS * c->B + first + i / KINDS;

	return (struct place){c->at[r], c->attr + c->blocks[r] * c->block,
	    i % KINDS != BETWEEN};
}

/* What row p brings into layer i, and how many numbers. */
static const real *
input_of(const struct critic *c, int i, struct place p, int *n)
{
	const struct linear *l = &c->net->l[i];

	*n = i > 0 ? l->in : p.columns;
	return (i > 0 ? c->a[i - 1] : c->x) + (size_t)p.row * (size_t)l->in;
}

static real *
gradient_of(const struct critic *c, int i, struct place p)
{
	return c->d[i] + (size_t)p.row * (size_t)c->net->l[i].out;
}

/* ---- Lengths ---- */

/* x . y in double. */
VECTOR_CLONES static double
dot(const real *x, const real *y, int n)
{
	double lane[LANES] = {0}, sum = 0;
	int i, j;

	for (i = 0; i + LANES <= n; i += LANES)
		for (j = 0; j < LANES; j++)
			lane[j] += (double)x[i + j] * (double)y[i + j];
	for (j = 0; j < LANES; j++)
		sum += lane[j];
	for (; i < n; i++)
		sum += (double)x[i] * (double)y[i];
	return sum;
}

/* The product of rows s and t of a unit at layer i, weights and biases. */
static double
product(const struct critic *c, int i, struct place s, struct place t)
{
	int n, m;
	const real *x = input_of(c, i, s, &n), *y = input_of(c, i, t, &m);
	double bias = s.data && t.data ? 1 : 0;

	return dot(gradient_of(c, i, s), gradient_of(c, i, t), c->net->l[i].out) *
	    (dot(x, y, n < m ? n : m) + bias);
}

static void
measure_unit(const struct clip *k, const struct critic *c, int u)
{
	int rows = KINDS * (k->first[u + 1] - k->first[u]), i, s, t;
	struct place at;
	double x;

	for (s = 0; s < rows; s++) {
		at = place_of(c, k->first[u], s);
		for (i = 0; i < c->net->n; i++) {
			x = product(c, i, at, at);
			k->square[u] += x;
			k->parts[u] += x;
			for (t = 0; t < s; t++)
				k->square[u] +=
				    2 * product(c, i, at, place_of(c, k->first[u], t));
		}
	}
}

static void
measure_job(void *arg, int job)
{
	const struct work *w = arg;
	int u, end = job_end(w->k, job);

	for (u = job * UNITS; u < end; u++)
		measure_unit(w->k, w->from, u);
}

void
clip_measure(struct clip *k, const struct critic *c)
{
	struct work w = {k, c, NULL};

	pool_run(c->pool, measure_job, &w, jobs(k));
}

/* ---- Factors ---- */

static double
factor_of(double square, double parts, double length)
{
	double n = sqrt(fmax(square, CLIP_CANCELLED * CLIP_CANCELLED * parts)), f;

	/* fmax passes over a NaN */
	if (!isfinite(square) || !isfinite(parts))
		return 0;
	f = n > length ? length / n : 1;
	return f < FACTOR_LEAST ? 0 : f;
}

void
clip_factors(struct clip *k, double length)
{
	int u;

	for (u = 0; u < k->n; u++)
		k->factor[u] = factor_of(k->square[u], k->parts[u], length);
}

static void
scale(real *x, real f, int n)
{
	int j;

	for (j = 0; j < n; j++)
		x[j] *= f;
}

/* No multiplication: of what is not finite it would make NaN. */
static void
wipe_row(struct critic *c, struct place p)
{
	const struct mlp *net = c->net;
	int i;

	memset(c->x + (size_t)p.row * (size_t)net->l[0].in, 0,
	    (size_t)ragged_col(&c->shape, c->strips[p.row]) * sizeof *c->x);
	for (i = 0; i < net->n; i++) {
		size_t n = (size_t)net->l[i].out, at = (size_t)p.row * n;

		memset(c->a[i] + at, 0, n * sizeof *c->a[i]);
		memset(c->d[i] + at, 0, n * sizeof *c->d[i]);
	}
}

static void
clip_row(struct critic *c, struct place p, double factor)
{
	int i;

	if (factor == 0) {
		wipe_row(c, p);
		return;
	}
	for (i = 0; i < c->net->n; i++)
		scale(gradient_of(c, i, p), (real)factor, c->net->l[i].out);
}

static void
clip_job(void *arg, int job)
{
	const struct work *w = arg;
	const struct clip *k = w->k;
	int u, i, rows, end = job_end(k, job);

	for (u = job * UNITS; u < end; u++) {
		rows = KINDS * (k->first[u + 1] - k->first[u]);
		for (i = 0; i < rows && k->factor[u] != 1; i++)
			clip_row(w->to, place_of(w->to, k->first[u], i), k->factor[u]);
	}
}

void
clip_rows(const struct clip *k, struct critic *c)
{
	struct work w = {k, c, c};

	pool_run(c->pool, clip_job, &w, jobs(k));
}
