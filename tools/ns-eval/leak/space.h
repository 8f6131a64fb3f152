/*
 * space.h: flows as points, so that an exact copy lies at distance 0 and two different
 * flows hardly ever do.
 *
 * The axes: source and destination address (upper and lower 16 bits of IPv4, hashes of
 * 16 bits for IPv6), ports, protocol (TCP, UDP, ICMP and all else, one axis each),
 * log(1 + x) of records, packets, bytes and duration in us, start, and mean and
 * standard deviation of log(1 + size) over the records; all of them divided by their
 * deviation in the two real parts together.
 */
#ifndef EVAL_LEAK_SPACE_H
#define EVAL_LEAK_SPACE_H

#include "part.h"

#define SPACE_DIMS 17

struct space {
	double mean[SPACE_DIMS];
	double scale[SPACE_DIMS]; /* 0 for an axis on which all flows agree */
};

/* space_raw: (p->n, SPACE_DIMS), not yet scaled; start since origin.  To be freed. */
float *space_raw(const struct part *p, const struct tables *tb, int64_t origin);
/* space_fit: mean and deviation of the two sets of points together. */
void space_fit(struct space *sp, const float *a, size_t na, const float *b, size_t nb);
/* space_scale: n points in place. */
void space_scale(const struct space *sp, float *x, size_t n);

/* space_origin: where the times of s start to compare them with base's: the same
 * instant if the two overlap, else each its own first time. */
int64_t space_origin(const struct side *s, const struct side *base);

#endif
