/*
 * filter.h: what libpcap does for this tool: BPF expressions and names of link types.
 */
#ifndef INGEST_FILTER_H
#define INGEST_FILTER_H

#include <stdbool.h>

#include "capture.h"

/* A filter expression, compiled anew for each link type it meets. */
struct filter;

/* filter_new: NS_EUSAGE with libpcap's message when the expression makes no sense. */
struct filter *filter_new(const char *expression, struct ns_err *e);
void filter_free(struct filter *f);

/* filter_match: 1 or 0, or an error when the expression does not go with f's link. */
int filter_match(struct filter *flt, const struct frame *f, struct ns_err *e);

/* link_name: "IEEE802_11"; "unknown" for numbers libpcap does not know. */
const char *link_name(uint32_t link);

#endif
