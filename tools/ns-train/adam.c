#include "adam.h"

#include "base/mem.h"
#include "nn/sums.h"

enum { LANES = 16 }; /* numbers that catch up side by side */

void
adam_begin(struct adam_step *s, const struct adam *a, uint64_t t)
{
	s->a = *a;
	s->t = t;
	s->b1 = (real)a->beta1;
	s->c1 = (real)(1 - a->beta1);
	s->b2 = (real)a->beta2;
	s->c2 = (real)(1 - a->beta2);
	s->eps = (real)a->eps;
	s->step = (real)(a->lr / (1 - pow(a->beta1, (double)t)));
	s->root = (real)(1 / sqrt(1 - pow(a->beta2, (double)t)));
}

VECTOR_CLONES void
adam_move(const struct adam_step *s, real *restrict w, real *restrict m,
    real *restrict v, const real *restrict g, size_t n)
{
	const real b1 = s->b1, c1 = s->c1, b2 = s->b2, c2 = s->c2;
	const real step = s->step, root = s->root, eps = s->eps;
	size_t i;

	VECTOR_LOOP
	for (i = 0; i < n; i++) {
		m[i] = b1 * m[i] + c1 * g[i];
		v[i] = b2 * v[i] + c2 * g[i] * g[i];
		w[i] -= step * m[i] / (r_sqrt(v[i]) * root + eps);
	}
}

double
adam_update(const struct adam_step *s, real *w, real *m, real *v, const real *g,
    size_t n)
{
	adam_move(s, w, m, v, g, n);
	return sum_squares(g, n);
}

uint64_t
adam_gap_init(struct adam_gap *gap, const struct adam *a, uint64_t last, uint64_t now)
{
	double t = (double)last, m = 1, missed;
	uint64_t end = last;
	int j;

	for (j = 0; j < (int)LEN(gap->glide) && end < now; j++) {
		m *= a->beta1;
		if (m < 1e-6) { /* what is left is below the weights' rounding */
			end = now;
			break;
		}
		t += 1;
		end++;
		gap->glide[j] = (real)(a->lr * m / (1 - pow(a->beta1, t)));
		gap->root[j] =
		    (real)(sqrt(pow(a->beta2, j + 1)) / sqrt(1 - pow(a->beta2, t)));
	}
	missed = (double)(end - last);
	gap->n = j;
	gap->m = (real)pow(a->beta1, missed);
	gap->v = (real)pow(a->beta2, missed);
	return end;
}

VECTOR_CLONES void
adam_catch_up(const struct adam_gap *gap, real eps, real *restrict w, real *restrict m,
    real *restrict v, size_t n)
{
	real move[LANES], root[LANES];
	size_t i, k;
	int j, q;

	for (i = 0; i < n; i += LANES) {
		k = n - i < LANES ? n - i : LANES;
		for (j = 0; j < LANES; j++) {
			root[j] = j < (int)k ? r_sqrt(v[i + (size_t)j]) : 0;
			move[j] = 0;
		}
		for (q = 0; q < gap->n; q++)
			for (j = 0; j < LANES; j++)
				move[j] +=
				    gap->glide[q] / (root[j] * gap->root[q] + eps);
		for (j = 0; j < (int)k; j++) {
			w[i + (size_t)j] -= move[j] * m[i + (size_t)j];
			m[i + (size_t)j] *= gap->m;
			v[i + (size_t)j] *= gap->v;
		}
	}
}
