#include "adam.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { JOB = 1 << 16, LANES = 16 };

struct work {
	real *w, *m, *v;
	const real *g;
	size_t n;
	real b1, c1, b2, c2, eps, step, root; /* c = 1 - b */
	double *sums; /* one a job, so that their order is fixed */
};

/* n neighbours; the lanes let the compiler use vectors without changing any sum. */
static double
update(const struct work *k, size_t at, size_t n)
{
	real *w = k->w + at, *m = k->m + at, *v = k->v + at;
	const real *g = k->g + at;
	double sum[LANES] = {0}, total = 0;
	size_t i, j;

	for (i = 0; i + LANES <= n; i += LANES)
		for (j = i; j < i + LANES; j++) {
			m[j] = k->b1 * m[j] + k->c1 * g[j];
			v[j] = k->b2 * v[j] + k->c2 * g[j] * g[j];
			w[j] -= k->step * m[j] / (r_sqrt(v[j]) * k->root + k->eps);
			sum[j - i] += (double)(g[j] * g[j]);
		}
	for (; i < n; i++) {
		m[i] = k->b1 * m[i] + k->c1 * g[i];
		v[i] = k->b2 * v[i] + k->c2 * g[i] * g[i];
		w[i] -= k->step * m[i] / (r_sqrt(v[i]) * k->root + k->eps);
		sum[0] += (double)(g[i] * g[i]);
	}
	for (j = 0; j < LANES; j++)
		total += sum[j];
	return total;
}

static void
run_job(void *arg, int job)
{
	const struct work *k = arg;
	size_t at = (size_t)job * JOB, n = k->n - at;

	k->sums[job] = update(k, at, n < JOB ? n : JOB);
}

double
adam_step(const struct adam *a, struct pool *p, real *w, const real *g, real *m,
    real *v, size_t n, uint64_t t)
{
	struct work k = {.w = w, .m = m, .v = v, .g = g, .n = n};
	size_t i, jobs = (n + JOB - 1) / JOB;
	double sum = 0;

	k.b1 = (real)a->beta1;
	k.c1 = (real)(1 - a->beta1);
	k.b2 = (real)a->beta2;
	k.c2 = (real)(1 - a->beta2);
	k.eps = (real)a->eps;
	k.step = (real)(a->lr / (1 - pow(a->beta1, (double)t)));
	k.root = (real)(1 / sqrt(1 - pow(a->beta2, (double)t)));
	k.sums = xcalloc(jobs + 1, sizeof *k.sums);
	pool_run(p, run_job, &k, (int)jobs);
	for (i = 0; i < jobs; i++)
		sum += k.sums[i];
	free(k.sums);
	return sum;
}
