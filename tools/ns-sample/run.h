/* run.h: what ns-sample does between its command line and its output. */
#ifndef NS_SAMPLE_RUN_H
#define NS_SAMPLE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tool.h"
#include "given.h"

struct run_options {
	bool has_series, has_records;
	uint64_t series, records; /* wanted in all */
	double scale;             /* of the numbers that were learnt, without these */
	double temperature;
	struct wishes wishes;
	uint64_t seed, memory;
	int threads, level;
};

int run(const struct tool *t, const struct run_options *o, struct ns_err *e);

#endif
