/*
 * params.h: the weights of a model: named arrays that lie one behind the other in one
 * block of numbers, and how they stand in a stream.
 */
#ifndef MODEL_PARAMS_H
#define MODEL_PARAMS_H

#include <stddef.h>
#include <stdint.h>

#include "nn/real.h"
#include "stream/stream.h"

#define PARAM_NAME 40

struct param {
	char name[PARAM_NAME];
	size_t off, n;  /* in the block */
	int rows, cols; /* cols 0: a vector */
};

struct params {
	struct param *v; /* (n) in order */
	int n;
	size_t cap, total; /* total: numbers of the block */
};

/* params_add: one more array behind the others; returns where it begins.  Names are
 * those that PyTorch would give, shorter than PARAM_NAME. */
size_t params_add(struct params *p, const char *name, int rows, int cols);
void params_free(struct params *p);

/* params_name: of the array that holds number at of the block. */
const char *params_name(const struct params *p, size_t at);
/* params_finite: name of the first array that holds a number which is not finite, among
 * the first n numbers of the block; NULL if all are. */
const char *params_finite(const struct params *p, const real *block, size_t n);
/* params_crc: CRC-32C of the numbers as they stand in a stream. */
uint32_t params_crc(const struct params *p, const real *block);

/*
 * params_put, params_get: the first n numbers of the block (a whole number of arrays)
 * as TNSR of binary32 named prefix + name.  _get takes the next arrays of r; another
 * name or shape and numbers that are not finite are NS_ECORRUPT.
 */
int params_put(const struct params *p, struct nsr_writer *w, const char *prefix,
    const real *block, size_t n, struct ns_err *e);
int params_get(const struct params *p, struct nsr_reader *r, const char *prefix,
    real *block, size_t n, struct ns_err *e);

#endif
