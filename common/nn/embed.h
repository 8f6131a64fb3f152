/*
 * embed.h: embeddings: rows of a table picked by codes.  Source: PyTorch nn.Embedding,
 * whose weights load unchanged.
 */
#ifndef NN_EMBED_H
#define NN_EMBED_H

#include <stdint.h>

#include "nn/real.h"

/*
 * embed_forward: x (n, e), rows ldx apart, written: row i is row code[i * step] of the
 * table (k, e).
 * embed_backward: the gradients dx are added to the rows that were picked, of dtable.
 */
void embed_forward(real *x, int ldx, const real *table, int e, const uint16_t *code,
    int step, int n);
void embed_backward(real *dtable, const real *dx, int ldx, int e, const uint16_t *code,
    int step, int n);

#endif
