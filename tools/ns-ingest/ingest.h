/*
 * ingest.h: all inputs of a run, merged by time, into one stream.
 */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "base/tool.h"
#include "source.h"

struct ingest {
	struct intake intake;
	const char *iface; /* NULL = files */
	const char *label; /* NULL = as the input has it */
	uint64_t most;     /* records, 0 = all */
	int level;         /* of zstd */
	const struct tool *tool;
	struct out *out;
};

/* ingest_run: read all, write one stream with its END.  The paths are lent. */
int ingest_run(struct ingest *g, char **paths, int n, struct ns_err *e);

#endif
