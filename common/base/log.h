/*
 * log.h: talk on stderr.  Only tools call these; libraries return errors.
 * Level 0 errors only (-q), 1 warnings (default), 2 one line a stage (-v).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

void log_start(const char *name, int level);
/* log_chunk: lines are prefixed "ns-train[chunk 3]:" from here on. */
void log_chunk(int chunk);
const char *log_name(void);

void log_error(const char *fmt, ...) NS_PRINTF(1, 2);
void log_warn(const char *fmt, ...) NS_PRINTF(1, 2);
void log_info(const char *fmt, ...) NS_PRINTF(1, 2); /* -v: key=value */

/*
 * Progress meter: drawn only on a terminal, after 1 s, at most 6 times a second, never
 * with -q.  SIGUSR1 prints one line wherever stderr goes (sig.h).
 */
struct progress {
	const char *what; /* "packets" */
	uint64_t total;   /* 0 = unknown */
	int64_t t0_ns, last_ns;
	bool drawn;
};
void progress_start(struct progress *p, const char *what, uint64_t total);
void progress_at(struct progress *p, uint64_t done);
void progress_end(struct progress *p);

/* mono_ns: the monotonic clock. */
int64_t mono_ns(void);

#endif
