/*
 * live.h: frames from an interface, until as many as asked for or INT or TERM.
 */
#ifndef INGEST_LIVE_H
#define INGEST_LIVE_H

#include "capture.h"

struct live;

/* live_open: NS_EPERM without the right to capture, NS_EIO when there is no such
 * interface, NS_EKIND when its link type is not modelled.  Returns NULL on failure. */
struct live *live_open(const char *iface, struct ns_err *e);
void live_close(struct live *l);
/* live_next: 1 = *f set, 0 = INT or TERM came. */
int live_next(struct live *l, struct frame *f, struct ns_err *e);
/* live_dropped: packets the system lost because they were not read fast enough. */
uint64_t live_dropped(struct live *l);

#endif
