/* products.h: a list of matrix products, as shapes, and how fast BLAS alone does them.
 */
#ifndef BENCH_PRODUCTS_H
#define BENCH_PRODUCTS_H

#include <stddef.h>

enum turn { NT, NN, TN }; /* as in nn/gemm.h */

struct product {
	enum turn turn;
	int m, n, k;
	int times;
};

struct products {
	struct product *p;
	size_t n, cap;
	double needed;    /* operations: one multiplication or one addition each */
	float *a, *b, *c; /* what products_run multiplies */
	size_t room;
};

/* products_add: one more shape; products_needed: and its operations are needed. */
void products_add(struct products *q, enum turn turn, long m, long n, long k,
    int times);
void products_needed(struct products *q, enum turn turn, long m, long n, long k,
    int times);
/* products_layer: those of n rows through a layer of out units on in inputs: forward,
 * back to its weights and back to its inputs. */
void products_layer(struct products *q, long n, int out, int in);
/* products_run: all of them by BLAS's sgemm; returns their operations. */
double products_run(struct products *q);
void products_free(struct products *q);

#endif
