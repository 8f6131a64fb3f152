/*
 * split.h: how work is cut into jobs.  The cut follows from the shape alone, never from
 * the number of threads, because BLAS gives other bits for a row in another company.
 */
#ifndef NN_SPLIT_H
#define NN_SPLIT_H

/* split_pieces: the largest power of two not above want that leaves every piece at
 * least width wide; at least 1. */
static inline int
split_pieces(int total, int width, double want)
{
	int pieces = 1;

	while (pieces * 2 <= want && total / (pieces * 2) >= width)
		pieces *= 2;
	return pieces;
}

/* split_step: width of the pieces, a multiple of unit; the last one may be narrower. */
static inline int
split_step(int total, int pieces, int unit)
{
	int step = (total + pieces - 1) / pieces;

	return (step + unit - 1) / unit * unit;
}

/* split_len: width of the piece that starts at first. */
static inline int
split_len(int total, int step, int first)
{
	return total - first < step ? total - first : step;
}

#endif
