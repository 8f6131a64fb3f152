/*
 * fidelity.h: the metrics of single fields, of fields together and of flows and time:
 * how far the candidate's distributions are from the reference's.  What each takes as
 * a and b of struct metric is said here.
 */
#ifndef EVAL_FIDELITY_H
#define EVAL_FIDELITY_H

#include "data/metric.h"

/* fields.c; a, b: enum key */
metric_fn jsd_of_ranks, jsd_of_values, jsd_of_pairs;
/* amounts.c; a: enum sample */
metric_fn emd_of_sample, emd_by_range, emd_of_logs;
/* mean_of: mean of the values named.  */
metric_fn mean_of;
/*
 * variety.c: values of the candidate's fields as a share of those of the trace that it
 * was learnt from, mean over the fields that vary there, each at most 1: how many there
 * are, and the entropy (Shannon, nats) of how often they occur.  All fields but time
 * and identification; the larger trace is thinned to the records of the smaller.
 */
metric_fn distinct_share, entropy_share;
/* correlate.c: two values, mean and greatest difference of the rank correlations of all
 * pairs of numeric fields; a field that is constant correlates with nothing (0). */
battery_fn correlation_battery;
/* times.c; emd_of_rates: a = 1 takes new flows, 0 records */
metric_fn emd_of_rates, acf_mean, acf_max, jsd_of_chunks, cross_chunk_gap;
/* answers.c */
metric_fn answered_gap;
/* bursts.c; a = 1: within flows, 0: of the whole trace */
metric_fn emd_of_bursts;
/* twosample.c: two values, of records and of flows: ROC-AUC of a forest that tells the
 * candidate's from the reference's; .5 is "cannot". */
battery_fn two_sample_battery;

#endif
