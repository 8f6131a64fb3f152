/*
 * netml.h: features of the flows of a packet trace, as NetML makes them.
 *
 * A flow is the packets of one direction of a TCP or UDP five-tuple, IPv4 or IPv6, in
 * time order; fragments after the first, which show no ports, belong to none.  It ends
 * with a pause of more than 600 s, and again with a pause of more than the interval of
 * the scale.  What is left with one packet only is dropped.  Lengths are those of IP,
 * not the bytes captured, so that captures of headers only compare.
 *
 * Source: Yang et al., "Feature extraction for novelty detection in network traffic",
 * arXiv 2006.16993; the definitions are those of its library, netml 0.x, with one
 * exception: that drops the last part of every flow that it splits, an oversight, and
 * here it is kept.  The second split is the library's too: the pause before the second
 * packet of a part counts from a grid of intervals laid from the start of the flow.
 */
#ifndef EVAL_NETML_H
#define EVAL_NETML_H

#include "data/side.h"

enum netml_mode {
	NETML_IAT,      /* seconds between neighbours: dim - 1 */
	NETML_SIZE,     /* IP lengths: dim */
	NETML_IAT_SIZE, /* pause behind a packet, its length, by turns: 2 dim - 1 */
	NETML_STATS,    /* of the whole flow: 12 */
	NETML_SAMP_NUM, /* packets in each window of time: dim - 1 */
	NETML_SAMP_SIZE,
	NETML_MODES
};

#define NETML_DIM_MAX 1000 /* so that some long flows do not make rows of megabytes */

/* What both sides are cut and measured by; taken from the reference, so that rows of
 * both are of one shape. */
struct netml_scale {
	double interval_ns; /* 0.9-quantile of the durations before the second split */
	double window_ns;   /* 0.3-quantile of the durations after it; above 0 */
	int dim; /* 0.9-quantile of the packets a flow, rounded down; 2 .. NETML_DIM_MAX
		  */
};

struct netml_flows {
	size_t n;
	size_t *first; /* (n) place in at and len of the flow's first packet */
	size_t *size;  /* (n) packets, 2 or more */
	int64_t *at;   /* ns */
	uint32_t *len; /* IP length */
};

/* netml_scale_of: false if the side has no flow of two packets, as a trace of flow
 * records has not; *sc is not set then.  A window of 0 is taken as the shortest
 * duration above 0, or 1 s. */
bool netml_scale_of(struct netml_scale *sc, const struct side *ref);

/* netml_cut: the flows of a side in the order in which their five-tuples first occur;
 * to be released with netml_free. */
void netml_cut(struct netml_flows *f, const struct side *s,
    const struct netml_scale *sc);
void netml_free(struct netml_flows *f);

/* netml_mode_name: "IAT" ... */
const char *netml_mode_name(enum netml_mode m);
/* netml_width: d, the features a flow. */
int netml_width(enum netml_mode m, const struct netml_scale *sc);

/*
 * netml_features: a row for each of k flows of f, given by number; to be freed.
 *
 *   result  (k, d), row-major: seconds, bytes, packets, and both a second
 *   pick    (k) read
 *
 * Short rows are filled with 0, long ones end at d.  STATS are duration, packets a
 * second, bytes a second (both 0 where the duration is), mean, deviation, the
 * quartiles, least and greatest of the lengths, packets, bytes.
 */
float *netml_features(const struct netml_flows *f, enum netml_mode m,
    const struct netml_scale *sc, const uint32_t *pick, size_t k);

#endif
