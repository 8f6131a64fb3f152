/*
 * fit.h: what the series of a trace say, gathered (fit.c) until it is known what
 * becomes of each field (settle.c).  A tally takes up to 6 MiB and a sample up to 8;
 * with all of them full some 100 MB.
 */
#ifndef CODEC_SYMBOL_FIT_H
#define CODEC_SYMBOL_FIT_H

#include "codec/symbol/impl.h"

struct sym_fit {
	uint64_t min_count;
	struct tally tally[S_COUNT];   /* but of ports */
	struct sample sample[S_COUNT]; /* of numbers */
	/* whether one series is of two texts; type and label */
	struct texts texts[S_TYPE + 1];
	bool text_varies[S_TYPE + 1];
	struct tally icmp[ICMP_KINDS];
	/* ip_id as it is; whether it goes beyond 16 bits */
	struct tally ids;
	bool ids_wide;
	uint64_t *port_count; /* (65536) flows that have the port on either side */
#define PAIR_STARTS (UINT64_C(1) << 32)
	struct sample
	    pairs; /* PAIR_STARTS | src_port << 16 | dst_port of each series */
	uint8_t first_tags[CHUNKS_MAX / 8];
	bool any;
	int64_t first_ns;
	uint64_t grid; /* gcd of start times since first_ns */
};

#endif
