/*
 * carry.h: what a model keeps of the tensor stream that it learnt from, so that what is
 * sampled from it can be decoded, and its users know how private it is: META source.*,
 * chunk.*, trace.*, codec.*, privacy.* and all DICT.
 */
#ifndef MODEL_CARRY_H
#define MODEL_CARRY_H

#include "base/mem.h"
#include "stream/stream.h"

struct carry_meta {
	char *key, *val;
};

struct carry_dict {
	char *name;
	bool is_public;
	struct buf data;
};

struct carry {
	struct carry_meta *meta;
	size_t n_meta, cap_meta;
	struct carry_dict *dict;
	size_t n_dict, cap_dict;
	/* read from META, checked: */
	int index, count;             /* chunk.index < chunk.count <= 4096 */
	uint64_t n_series, n_records; /* chunk.series, chunk.records */
	uint32_t max_steps; /* trace.max_steps; 0 only in a trace without series */
};

/* carry_take: fill an empty c from r's stream, best after its END.  Errors: keys that
 * are missing or out of range. */
int carry_take(struct carry *c, const struct nsr_reader *r, struct ns_err *e);
void carry_free(struct carry *c);

const char *carry_get(const struct carry *c, const char *key);
/* carry_same: NS_OK if both have one codec and one shape, so that weights of the one
 * fit the other; NS_EKIND with a message that begins with the name what otherwise. */
int carry_same(const struct carry *a, const struct carry *b, const char *what,
    struct ns_err *e);
/* carry_same_trace: and both are chunks of one trace; traces that share a codec differ
 * in their time or their records. */
int carry_same_trace(const struct carry *a, const struct carry *b, const char *what,
    struct ns_err *e);
/* carry_drop_meta: META whose key begins with prefix, but for those in kept (ended by
 * NULL). */
void carry_drop_meta(struct carry *c, const char *prefix, const char *const *kept);
/* carry_drop_dicts: for one of several carries whose DICTs are all equal. */
void carry_drop_dicts(struct carry *c);

/* carry_put_meta: all META but chunk.series and chunk.records, then those two. */
int carry_put_meta(const struct carry *c, struct nsr_writer *w, uint64_t n_series,
    uint64_t n_records, struct ns_err *e);
int carry_put_dicts(const struct carry *c, struct nsr_writer *w, struct ns_err *e);

#endif
