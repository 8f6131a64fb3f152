/*
 * choice.h: a choice of one of k codes, of which some may not be allowed: softmax over
 * the allowed ones, and cross-entropy.  Source: PyTorch nn.CrossEntropyLoss, with the
 * logits of what is not allowed at minus infinity.
 *
 * A set of codes is CHOICE_SET bytes: bit c % 8 of byte c / 8 is code c.
 */
#ifndef NN_CHOICE_H
#define NN_CHOICE_H

#include <stdint.h>

#include "nn/real.h"

#define CHOICE_MAX 256
#define CHOICE_SET (CHOICE_MAX / 8)

/*
 * choice_forward: logits x (n, k), rows ldx apart, become probabilities; 0 for what
 * allow (n, CHOICE_SET) does not have.  Each set has at least one code; allow NULL: all
 * are allowed.
 */
void choice_forward(real *x, int ldx, uint8_t (*allow)[CHOICE_SET], int n, int k);
/*
 * choice_loss: sum of -log of the probabilities y of the codes that occurred.
 * choice_backward: y becomes scale times the gradient of that sum at the logits.
 */
double choice_loss(const real *y, int ldy, const uint16_t *code, int n);
void choice_backward(real *y, int ldy, const uint16_t *code, int n, int k, real scale);

/*
 * The same where codes of one block, block neighbours from a multiple of it on, are not
 * told apart: each allowed one of them has an equal part of what they have together.
 * choice_even: probabilities y (n, k) become so.
 * choice_block_loss, choice_block_backward: as above, of probabilities y that are not
 * made even yet.
 */
void choice_even(real *y, int ldy, uint8_t (*allow)[CHOICE_SET], int n, int k,
    int block);
double choice_block_loss(const real *y, int ldy, uint8_t (*allow)[CHOICE_SET],
    const uint16_t *code, int n, int k, int block);
void choice_block_backward(real *y, int ldy, const uint16_t *code, int n, int k,
    int block, real scale);

#endif
