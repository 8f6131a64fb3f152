/*
 * update.h: weight gradients and Adam in one go.  Weights are cut into tiles; a job
 * makes the gradient of one tile, in a buffer that fits the cache, and updates the
 * tile's weights with it, so gradients are never stored and threads meet once an
 * update.
 *
 * Private gradients get their noise on the way: of each the place in the block is the
 * number of the draw, so it is the same however weights are cut and threads share them.
 *
 * A gradient is a sum of terms d^T x (a matrix) or of the columns of d (a vector).
 */
#ifndef NS_TRAIN_CRITIC_UPDATE_H
#define NS_TRAIN_CRITIC_UPDATE_H

#include "adam.h"
#include "base/pool.h"
#include "private.h"

struct grad_term {
	const real *d; /* (k, rows of the weights), rows ldd apart */
	const real *x; /* (k, columns of the weights), rows ldx apart; NULL: a vector */
	int ldd, ldx, k;
};

/* Columns that wait while no row reaches them: which update they have last seen. */
struct lazy {
	int base, width; /* strips of columns, as in ragged.h */
	uint64_t *last;
};

struct tile {
	size_t at; /* first weight in the block */
	int rows, cols, ld;
	size_t term; /* first of its terms */
	int n_terms;
	int row, col; /* first ones of the terms' d and x */
	int net;
	const struct lazy *lazy;
};

enum { UPDATE_NETS = 2 };

struct update {
	real *w, *m, *v; /* the block and Adam's moments, lent */
	struct tile *tile;
	double *square; /* of each tile's gradient */
	struct grad_term *term;
	size_t n_tiles, cap_tiles, cap_squares, n_terms, cap_terms;
	struct adam_step adam[UPDATE_NETS]; /* of the nets that are updated together */
	int net;                            /* that is being described */
	const struct private *private;      /* lent; NULL: gradients are as they are */
	uint64_t round;                     /* of private's noise */
};

/* update_begin: forget the tiles; update_net: the tiles that follow are of another net,
 * in update number t of it. */
void update_begin(struct update *u);
void update_net(struct update *u, int net, const struct adam *a, uint64_t t);
void update_free(struct update *u);
/* update_place: where in the block the weights w begin, a view into it. */
size_t update_place(const struct update *u, const real *w);

/*
 * update_matrix: weights (rows, cols), ld apart, from place at of the block, whose
 * first column is column col of the terms' x: its gradient is the sum of n terms.
 * update_vector: n weights, their gradient the sum of all rows of the terms' d.
 */
void update_matrix(struct update *u, size_t at, int rows, int cols, int ld, int col,
    const struct grad_term *terms, int n, const struct lazy *lazy);
void update_vector(struct update *u, size_t at, int n, const struct grad_term *terms,
    int n_terms);

/* update_run: all tiles. */
void update_run(struct update *u, struct pool *p);
/* update_norm: length of a net's gradient; infinite when the squares are too large.
 * update_bad: the place in the block of the first tile whose gradient holds a number
 * that is not finite, or SIZE_MAX. */
double update_norm(const struct update *u, int net);
size_t update_bad(const struct update *u);

/* update_gradient: the gradient of one tile (rows, cols), for the tests as well. */
enum { TILE_MAX = 1 << 17 };
void update_gradient(const struct update *u, const struct tile *t, real *g);

/* lazy_settle: catch up on all columns of weights (rows, cols) up to update t. */
void lazy_settle(const struct lazy *l, const struct adam *a, uint64_t t, real *w,
    real *m, real *v, int rows, int cols);

#endif
