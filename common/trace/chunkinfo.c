/* Where a chunk lies: META chunk.* and trace.kind. */
#include <inttypes.h>
#include <string.h>

#include "trace/rstream.h"

static int
get_kind(struct chunk_info *c, const struct nsr_reader *r, struct ns_err *e)
{
	const char *kind = nsr_meta(r, "trace.kind");

	if (kind == NULL)
		return ns_fail(e, NS_EKIND, "%s: trace.kind is missing", nsr_name(r));
	c->of_flows = strcmp(kind, "flow") == 0;
	if (!c->of_flows && strcmp(kind, "packet") != 0)
		return ns_fail(e, NS_ECORRUPT,
		    "%s: trace.kind is neither packet nor flow", nsr_name(r));
	return NS_OK;
}

int
chunk_info_get(struct chunk_info *c, const struct nsr_reader *r, struct ns_err *e)
{
	int64_t index, count, series, records;

	memset(c, 0, sizeof *c);
	if (get_kind(c, r, e) < 0 ||
	    nsr_meta_range(r, "chunk.count", 1, CHUNKS_MAX, &count, e) < 0 ||
	    nsr_meta_range(r, "chunk.index", 0, count - 1, &index, e) < 0 ||
	    nsr_meta_range(r, "chunk.t0_ns", INT64_MIN, INT64_MAX, &c->t0_ns, e) < 0 ||
	    nsr_meta_range(r, "chunk.len_ns", 1, INT64_MAX, &c->len_ns, e) < 0 ||
	    nsr_meta_range(r, "chunk.series", 0, INT64_MAX, &series, e) < 0 ||
	    nsr_meta_range(r, "chunk.records", 0, INT64_MAX, &records, e) < 0)
		return e->code;
	if (c->t0_ns > 0 && c->len_ns > INT64_MAX - c->t0_ns)
		return ns_fail(e, NS_ECORRUPT,
		    "%s: chunk %" PRId64 " ends out of range", nsr_name(r), index);
	c->index = (int)index;
	c->count = (int)count;
	c->n_series = (uint64_t)series;
	c->n_records = (uint64_t)records;
	return NS_OK;
}

int
chunk_info_put(struct nsr_writer *w, const struct chunk_info *c, struct ns_err *e)
{
	if (nsr_put_meta(w, e, "trace.kind", "%s", c->of_flows ? "flow" : "packet") <
		0 ||
	    nsr_put_meta(w, e, "chunk.index", "%d", c->index) < 0 ||
	    nsr_put_meta(w, e, "chunk.count", "%d", c->count) < 0 ||
	    nsr_put_meta(w, e, "chunk.t0_ns", "%" PRId64, c->t0_ns) < 0 ||
	    nsr_put_meta(w, e, "chunk.len_ns", "%" PRId64, c->len_ns) < 0 ||
	    nsr_put_meta(w, e, "chunk.series", "%" PRIu64, c->n_series) < 0 ||
	    nsr_put_meta(w, e, "chunk.records", "%" PRIu64, c->n_records) < 0)
		return e->code;
	return NS_OK;
}
