/* arrays.h: plain arrays of a checkpoint: what of a training's state are no weights. */
#ifndef NS_TRAIN_ARRAYS_H
#define NS_TRAIN_ARRAYS_H

#include "nn/real.h"
#include "stream/stream.h"

/* arrays_put_*: v (n) under a name, as binary32 or as 64 bits each. */
int arrays_put_reals(struct nsr_writer *w, const char *name, const real *v, size_t n,
    struct ns_err *e);
int arrays_put_whole(struct nsr_writer *w, const char *name, const uint64_t *v,
    size_t n, struct ns_err *e);
/* arrays_get_*: the next array, which is this one, else NS_ECORRUPT. */
int arrays_get_reals(struct nsr_reader *r, const char *name, real *v, size_t n,
    struct ns_err *e);
int arrays_get_whole(struct nsr_reader *r, const char *name, uint64_t *v, size_t n,
    struct ns_err *e);
/* arrays_damaged: NS_ECORRUPT, for what is in it. */
int arrays_damaged(const struct nsr_reader *r, const char *name, struct ns_err *e);

/* A double as 64 bits, and back. */
uint64_t arrays_bits(double x);
double arrays_double(uint64_t u);

#endif
