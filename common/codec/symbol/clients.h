/*
 * clients.h: which client ports are values of their own.
 *
 * Most are ephemeral: any of a range, where some come again by chance.  What is known
 * of such a port is only that it was in the trace, and to draw it again would copy it.
 */
#ifndef CODEC_SYMBOL_CLIENTS_H
#define CODEC_SYMBOL_CLIENTS_H

#include "codec/symbol/tally.h"

/* Ports of a series, service << 16 | client; starts: its flow has no earlier one. */
struct port_pair {
	uint32_t ports;
	bool starts;
};

/*
 * clients_count: pair (n) is sorted.  Both directions of a connection have its client's
 * port, and a busy pair of hosts may use it again: so it counts once for each service
 * that it goes with, and beyond that for every eighth flow.
 */
void clients_count(struct tally *t, struct port_pair *pair, size_t n);

/*
 * clients_known: of the first n of list (all), those that are there for a reason, in
 * front and in their order; returns how many.  These are system ports, ports more
 * frequent than those around them let expect, and all of a list: where so few different
 * ones come again and again that they were not drawn from a range.  Around are the
 * ports of the same parity among 256.
 *
 * Sources: Bonferroni's bound for as many ports as may be frequent; Johnson and Kotz,
 * Urn Models (1977), for the mean and the variance of empty cells.
 */
uint32_t clients_known(struct count *list, uint32_t n, size_t all);

#endif
