/*
 * telemetry.h: whether sketches that count packets do as well, or as badly, on the
 * candidate as on the reference.
 *
 * Packets are counted by destination address, source address and five-tuple; a flow
 * record counts as its packets.  All four kinds of sketches have the same memory: a
 * quarter of the reference's number of keys in cells, at least 100 and at most 5,000
 * (Count-Min of 5 x 1,000, as successors of NetShare have it), so that a small trace
 * puts them under pressure too.
 * Source: Yin et al., SIGCOMM 2022, section 6.3 (heavy hitters of 0.1 % of packets,
 * relative error of the errors, rank correlation of the sketches).
 */
#ifndef EVAL_TELEMETRY_H
#define EVAL_TELEMETRY_H

#include "data/metric.h"
#include "sketch/curve.h"
#include "sketch/sketch.h"

enum sketch_key { BY_DST, BY_SRC, BY_TUPLE, SKETCH_KEYS };
#define SKETCH_SEEDS 10

/* With fewer keys a sketch is no use and a tenth of the keys is not two: nothing is
 * defined. */
#define SKETCH_KEYS_MIN 20

struct telemetry {
	size_t keys[SKETCH_KEYS];            /* how many occur */
	size_t memory[SKETCH_KEYS];          /* cells that each sketch has */
	double error[SKETCH_KEYS][SKETCHES]; /* of heavy hitters, mean over the seeds */
	double heavy[SKETCH_KEYS];           /* how many heavy hitters there are */
	double curve[SKETCH_KEYS][CURVE_POINTS]; /* Count-Min errors, per cent */
};

/* telemetry_of: of s, with the memory that fits p's reference; kept with the side. */
const struct telemetry *telemetry_of(const struct pair *p, struct side *s);

/* telemetry_counts: the *n counts of the keys that occur, greatest first; to be freed.
 */
uint64_t *telemetry_counts(const struct side *s, enum sketch_key by, size_t *n);

/* Places of the values. */
enum {
	TELEMETRY_ERROR = 0, /* + key x SKETCHES + kind: |cand - ref| / ref */
	TELEMETRY_MEAN = SKETCH_KEYS * SKETCHES,
	TELEMETRY_RANK,                                 /* + key: Spearman over kinds */
	TELEMETRY_HEAVY = TELEMETRY_RANK + SKETCH_KEYS, /* + key: |cand - ref| / ref */
	TELEMETRY_CURVE = TELEMETRY_HEAVY + SKETCH_KEYS, /* + key: mean gap, points */
	TELEMETRY_VALUES = TELEMETRY_CURVE + SKETCH_KEYS
};
battery_fn telemetry_battery;

#endif
