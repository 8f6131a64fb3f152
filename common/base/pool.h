/*
 * pool.h: threads of our own for work that is split into a fixed number of jobs, so
 * that the result does not depend on how many threads run them.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

struct pool;
typedef void pool_fn(void *arg, int job);

/* pool_new: threads >= 1; 1 starts none and runs jobs in the caller. */
struct pool *pool_new(int threads);
/* pool_run: fn(arg, 0 .. jobs-1), in any order, back when all are done.  A job may call
 * it, too: threads that have nothing else to do help.  p may be NULL: runs in the
 * caller. */
void pool_run(struct pool *p, pool_fn *fn, void *arg, int jobs);
void pool_free(struct pool *p);

#endif
