/*
 * ports.h: which of the two ports of a flow is that of the service.
 *
 * It is the one that more flows of the trace have, on either side; of two that are as
 * rare the lower number; the destination where both are equal.
 */
#ifndef CODEC_SYMBOL_PORTS_H
#define CODEC_SYMBOL_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/record.h"

#define PORTS_KEPT 1024 /* ports whose order is kept; the others count as rare */

struct ports {
	uint32_t n;
	uint16_t port[PORTS_KEPT]; /* (n), most frequent first */
	uint16_t rank[65536];      /* from 1 on, 0 = none */
};

/* ports_rank: from counts (65536), of those of at least min_count. */
void ports_rank(struct ports *p, const uint64_t *count, uint64_t min_count);
/* ports_add: the next of the order; false if there are too many or it is there. */
bool ports_add(struct ports *p, uint16_t port);
/* ports_service_is_src: the source port is that of the service. */
bool ports_service_is_src(const struct ports *p, uint16_t src, uint16_t dst);

#endif
