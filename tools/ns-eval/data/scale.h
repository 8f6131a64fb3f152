/*
 * scale.h: what is taken from the reference once, so that all scores of a report are in
 * the same measure, those of the floor and of the baselines included.
 */
#ifndef EVAL_SCALE_H
#define EVAL_SCALE_H

#include "side.h"

#define CUTS 19 /* between 20 classes */
#define RATE_BINS 100
#define PORTS 65536

struct scale {
	double range[SAMPLE_MAX]; /* greatest less least, in the sample's own unit */
	double log_deviation[SAMPLE_MAX]; /* of log(1 + x), x in the unit printed */
	int64_t cut[SAMPLE_MAX][CUTS];    /* the k/20 quantiles, k = 1 .. 19 */
	uint64_t bin_ns;                  /* the trace's span in RATE_BINS bins */
	int64_t gap_ns;         /* median gap between neighbours of the trace */
	int64_t flow_gap_ns;    /* and of a flow; 0 if no flow has two records */
	uint8_t *port_class[2]; /* (PORTS), source and destination: a port of at least
				   1 % of the records is a class, the others are in 20
				   classes between the quantiles of their records */
};

void scale_init(struct scale *sc, const struct side *real);
void scale_free(struct scale *sc);

/* scale_class: how many of the cuts are below v. */
int scale_class(const struct scale *sc, enum sample which, int64_t v);

#endif
