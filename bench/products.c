#include "products.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#ifdef NN_NO_BLAS
#include "nn/gemm.h"
#else
#include <cblas.h>
#endif

void
products_add(struct products *q, enum turn turn, long m, long n, long k, int times)
{
	if (m == 0 || n == 0 || k == 0)
		return;
	xgrow(&q->p, &q->cap, q->n + 1, sizeof *q->p);
	q->p[q->n++] = (struct product){turn, (int)m, (int)n, (int)k, times};
}

void
products_needed(struct products *q, enum turn turn, long m, long n, long k, int times)
{
	products_add(q, turn, m, n, k, times);
	q->needed += 2.0 * (double)m * (double)n * (double)k * times;
}

void
products_layer(struct products *q, long n, int out, int in)
{
	products_needed(q, NT, n, out, in, 1);
	products_needed(q, TN, out, in, n, 1);
	products_needed(q, NN, n, in, out, 1);
}

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void
make_room(struct products *q)
{
	size_t i, n = q->room;

	for (i = 0; i < q->n; i++) {
		const struct product *p = &q->p[i];
		size_t m = (size_t)p->m, w = (size_t)p->n, k = (size_t)p->k;

		n = larger(n, larger(m * w, larger(m * k, w * k)));
	}
	if (n == q->room)
		return;
	q->room = n;
	q->a = xrealloc(q->a, n * sizeof *q->a);
	q->b = xrealloc(q->b, n * sizeof *q->b);
	q->c = xrealloc(q->c, n * sizeof *q->c);
	for (i = 0; i < n; i++) {
		q->a[i] = (float)(i % 7) - 3;
		q->b[i] = (float)(i % 5) - 2;
		q->c[i] = 0;
	}
}

#ifdef NN_NO_BLAS

static void
multiply(const struct products *q, const struct product *p)
{
	if (p->turn == NT)
		gemm_nt(NULL, p->m, p->n, p->k, q->a, p->k, q->b, p->k, 0, q->c, p->n);
	else if (p->turn == NN)
		gemm_nn(NULL, p->m, p->n, p->k, q->a, p->k, q->b, p->n, 0, q->c, p->n);
	else
		gemm_tn(NULL, p->m, p->n, p->k, q->a, p->m, q->b, p->n, 0, q->c, p->n);
}

#else

/* As anyone would call BLAS. */
static void
multiply(const struct products *q, const struct product *p)
{
	cblas_sgemm(CblasRowMajor, p->turn == TN ? CblasTrans : CblasNoTrans,
	    p->turn == NT ? CblasTrans : CblasNoTrans, p->m, p->n, p->k, 1, q->a,
	    p->turn == TN ? p->m : p->k, q->b, p->turn == NT ? p->k : p->n, 0, q->c,
	    p->n);
}

#endif

double
products_run(struct products *q)
{
	const struct product *p;
	double operations = 0;
	size_t i;
	int k;

	make_room(q);
	for (i = 0; i < q->n; i++) {
		p = &q->p[i];
		for (k = 0; k < p->times; k++)
			multiply(q, p);
		operations += 2.0 * p->m * p->n * p->k * p->times;
	}
	return operations;
}

void
products_free(struct products *q)
{
	free(q->p);
	free(q->a);
	free(q->b);
	free(q->c);
	memset(q, 0, sizeof *q);
}
