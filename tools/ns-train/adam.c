#include "adam.h"

#include <string.h>

#include "base/mem.h"

/* Sums of squares run in lanes over RUN numbers, then on in double: the order is fixed,
 * whatever the width of the processor's vectors. */
enum { LANES = 8, RUN = 1024 };
typedef real lanes __attribute__((vector_size(LANES * sizeof(real))));

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

NN_CLONES static void
update(const struct adam_step *s, real *restrict w, real *restrict m, real *restrict v,
    const real *restrict g, size_t n)
{
	const real b1 = s->b1, c1 = s->c1, b2 = s->b2, c2 = s->c2;
	const real step = s->step, root = s->root, eps = s->eps;
	size_t i;

	NN_VECTOR
	for (i = 0; i < n; i++) {
		m[i] = b1 * m[i] + c1 * g[i];
		v[i] = b2 * v[i] + c2 * g[i] * g[i];
		w[i] -= step * m[i] / (r_sqrt(v[i]) * root + eps);
	}
}

NN_CLONES static double
square_sum(const real *g, size_t n)
{
	lanes x, y, even, odd;
	double total = 0;
	size_t i = 0, end;
	int j;

	while (i < n) {
		even = odd = (lanes){0};
		end = n - i < RUN ? n : i + RUN;
		for (; i + 2 * LANES <= end; i += 2 * LANES) {
			memcpy(&x, g + i, sizeof x);
			memcpy(&y, g + i + LANES, sizeof y);
			even += x * x;
			odd += y * y;
		}
		for (j = 0; j < LANES; j++)
			total += (double)even[j] + (double)odd[j];
		for (; i < end; i++)
			total += (double)(g[i] * g[i]);
	}
	return total;
}

double
adam_update(const struct adam_step *s, real *w, real *m, real *v, const real *g,
    size_t n)
{
	update(s, w, m, v, g, n);
	return square_sum(g, n);
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

NN_CLONES void
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
