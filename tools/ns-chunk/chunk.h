/*
 * chunk.h: the work of ns-chunk, in four steps.
 *
 *   intake_read    records -> sorted by five-tuple and time; min, max, count
 *   spans_make     where each chunk begins and ends
 *   regroup        one pass over the flows: a series for each of their chunks
 *                  -> sorted by the first record in it, and so by chunk
 *   chunks_write   one series stream a chunk
 *
 * All of it runs in the memory given, whatever the trace's size: the two sorts spill.
 */
#ifndef NS_CHUNK_CHUNK_H
#define NS_CHUNK_CHUNK_H

#include "base/extsort.h"
#include "base/log.h"
#include "base/pattern.h"
#include "base/tool.h"
#include "trace/rstream.h"
#include "unit.h"

struct chunk_opts {
	int count;       /* chunks wanted; ignored when span_ns > 0 */
	int64_t span_ns; /* length of each chunk, 0 = count chunks */
	bool by_count;   /* equal counts of records instead of equal spans */
	bool has_from, has_to;
	int64_t from_ns, to_ns; /* public window [from, to) */
	uint32_t max_steps;
	/* private mode: nothing is told of the trace but what the options say and what
	 * stays of each unit, at most so many series in at most so many chunks */
	enum unit_kind unit;
	uint32_t max_series, max_chunks;
	size_t memory; /* bytes for the sorts */
	int level;     /* zstd */
	int threads;
};

/* A record on its way through the first sort. */
struct flow_rec {
	uint64_t hash;  /* of the five-tuple or the unit, the key of the sort */
	uint64_t order; /* place in the input */
	uint8_t record[RECORD_MAX];
};

/* META source.* of the input, in the order of first sight. */
struct source_meta {
	struct {
		char *key, *val;
	} * v;
	size_t n, cap;
};

/* What was read. */
struct intake {
	const struct chunk_opts *opts;
	int kind; /* NSR_PACKET, NSR_FLOW; 0 before the first stream */
	struct labels labels;
	struct source_meta source;
	struct nsr_history *history;
	struct extsort *by_flow; /* struct flow_rec by five-tuple and time */
	struct extsort *by_time; /* keys of times, only for chunks of equal counts */
	uint64_t n, outside;     /* records kept, and not in the window */
	int64_t min_ns, max_ns;
	struct progress progress;
};
void intake_init(struct intake *in, const struct chunk_opts *o);
/* intake_read: all streams of all operands. */
int intake_read(struct intake *in, const struct tool *t, struct ns_err *e);
void intake_free(struct intake *in);
/* sort_new: the sorts live two at a time, so each has half of the memory. */
struct extsort *sort_new(const struct chunk_opts *o, size_t size, extsort_cmp *cmp);
static inline bool
intake_of_flows(const struct intake *in)
{
	return in->kind == NSR_FLOW;
}

/* Chunk i is [edge[i], edge[i + 1]); edges rise by at least 1 ns each. */
struct spans {
	int n;
	int64_t edge[CHUNKS_MAX + 1];
};
/*
 * spans_make: from the options and what was read; starts the sort by_time where it is
 * needed.  NS_EUSAGE for chunks that cannot be made so (too many, shorter than 1 ns);
 * NS_ECORRUPT for times that 64 bits cannot hold the window of.
 */
int spans_make(struct spans *s, const struct intake *in, struct ns_err *e);
/* spans_find: the chunk of a time inside [edge[0], edge[n]). */
int spans_find(const struct spans *s, int64_t t_ns);

/* A series on its way through the second sort, or a part of its flow's tags, which is
 * sorted before it. */
enum { TAG_PART = 64, TAG_PARTS = CHUNKS_MAX / 8 / TAG_PART, PART_SERIES = TAG_PARTS };
struct chunk_rec {
	uint64_t t_first; /* of the flow's first record in the chunk, as a key */
	uint32_t bytes;   /* of this one, body included */
	uint16_t part;    /* of the tags, or PART_SERIES */
	uint16_t most_label;
	uint64_t order; /* of the first record, so it names the flow in the chunk */
	uint8_t body[]; /* as record_series_begin and record_series_add make it, in
			   private mode with the unit behind it, or TAG_PART bytes */
};

/* A flow's stay in one chunk. */
struct visit {
	uint64_t t_first, order, n; /* of struct chunk_rec; records */
	int chunk;
};
/* chunk_rec_begin: room in b, emptied first, for the head that chunk_rec_put fills in
 * once the body is there. */
void chunk_rec_begin(struct buf *b);
int chunk_rec_put(struct extsort *to, struct buf *b, const struct visit *v, int part,
    uint16_t most_label, struct ns_err *e);
/* chunk_tags_put: the tags of a flow of n visits for each of them; b is lent. */
int chunk_tags_put(struct extsort *to, struct buf *b, const struct visit *v, int n,
    struct ns_err *e);

struct chunk_total {
	uint64_t series;  /* records in the stream: a cut flow counts once a piece */
	uint64_t records; /* packets or flow records */
	uint64_t cut;     /* flows longer than max_steps in this chunk */
};

struct regrouped {
	struct extsort *by_chunk; /* struct chunk_rec, started */
	struct chunk_total total[CHUNKS_MAX];
	uint32_t longest; /* steps of the longest series; in private mode max_steps */
};
/* regroup: read in->by_flow to its end.  Flows in one chunk alone carry no tags. */
int regroup(struct regrouped *g, const struct intake *in, const struct spans *s,
    struct ns_err *e);
/* regroup_bounded: in private mode; fills what regroup has begun. */
int regroup_bounded(struct regrouped *g, const struct intake *in, const struct spans *s,
    struct ns_err *e);
void regrouped_free(struct regrouped *g);

/* chunks_write: t->output is a file, NULL, or a pattern for one file a chunk. */
int chunks_write(const struct tool *t, const struct intake *in, const struct spans *s,
    struct regrouped *g, struct ns_err *e);

/* chunk_run: all four steps for the operands of t. */
int chunk_run(const struct tool *t, const struct chunk_opts *o, struct ns_err *e);

#endif
