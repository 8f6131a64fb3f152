#include "feed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/io.h"
#include "base/le.h"

/* ---- Reading ---- */

struct spool {
	struct feed *feed;
	feed_alike *alike;
	struct buf pending;
};

static int
spool_flush(struct spool *s, struct ns_err *e)
{
	int rc = io_write(s->feed->fd, s->pending.p, s->pending.len, e);

	s->pending.len = 0;
	return rc;
}

static int
spool_put(struct spool *s, struct feed_chunk *c, const uint8_t *rec, size_t len,
    struct ns_err *e)
{
	xgrow(&c->at, &c->cap, c->n + 1, sizeof *c->at);
	c->at[c->n++] = s->feed->bytes;
	s->feed->bytes += len;
	c->crc = crc32c(c->crc, rec, len);
	buf_put(&s->pending, rec, len);
	return s->pending.len < 1u << 20 ? NS_OK : spool_flush(s, e);
}

static int
check_record(const struct feed *f, const struct nsr_reader *r, const uint8_t *rec,
    size_t len, int64_t max_steps, struct ns_err *e)
{
	uint32_t steps;
	int rc = tensor_check(&f->schema, rec, len, &steps, e);

	if (rc < 0) {
		ns_fail_in(e, nsr_name(r));
		return rc;
	}
	if (steps < 1 || steps > max_steps)
		return ns_fail(e, NS_ECORRUPT,
		    "'%s': a series of %u steps, trace.max_steps is %lld", nsr_name(r),
		    steps, (long long)max_steps);
	return NS_OK;
}

static int
read_records(struct spool *s, struct nsr_reader *r, struct feed_chunk *c,
    struct ns_err *e)
{
	const uint8_t *rec;
	size_t len;
	int64_t max_steps;
	int rc;

	rc = nsr_meta_i64(r, "trace.max_steps", &max_steps, e);
	if (rc < 0)
		return rc;
	while ((rc = nsr_next(r, &rec, &len, e)) > 0) {
		if ((rc = check_record(s->feed, r, rec, len, max_steps, e)) < 0 ||
		    (rc = spool_put(s, c, rec, len, e)) < 0)
			return rc;
		if (c->n > UINT32_MAX / 2)
			return ns_fail(e, NS_EKIND, "'%s': too many series in a chunk",
			    nsr_name(r));
	}
	return rc < 0 ? rc : spool_flush(s, e);
}

/* The schema of the first stream, which is that of all. */
static int
take_schema(struct feed *f, const struct nsr_reader *r, struct ns_err *e)
{
	int rc = nsr_expect(r, NSR_TENSOR, TENSOR_VERSION, e);

	if (rc < 0 || f->n_chunks > 0)
		return rc;
	f->layout = *nsr_schema(r);
	return tensor_schema_from_reader(&f->schema, r, e);
}

static int
check_chunk(const struct spool *s, const struct feed_chunk *c,
    const struct nsr_reader *r, struct ns_err *e)
{
	const struct feed *f = s->feed;
	const struct carry *first = &f->chunk[0].carry;
	size_t i;
	int rc;

	for (i = 0; i + 1 < f->n_chunks; i++)
		if (f->chunk[i].carry.index == c->carry.index)
			return ns_fail(e, NS_EKIND, "'%s': chunk %d is there twice",
			    nsr_name(r), c->carry.index);
	if (s->alike != NULL && (rc = s->alike(first, &c->carry, nsr_name(r), e)) < 0)
		return rc;
	if (!nsr_schema_same(&f->layout, nsr_schema(r)))
		return ns_fail(e, NS_EKIND, "'%s': chunks of different traces",
		    nsr_name(r));
	return carry_same_trace(first, &c->carry, nsr_name(r), e);
}

static int
read_chunk(struct spool *s, struct nsr_reader *r, int want, struct ns_err *e)
{
	struct feed *f = s->feed;
	struct feed_chunk *c;
	int64_t index;
	bool wanted;
	int rc;

	if ((rc = take_schema(f, r, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "chunk.index", &index, e)) < 0)
		return rc;
	xgrow(&f->chunk, &f->cap_chunks, f->n_chunks + 1, sizeof *f->chunk);
	c = &f->chunk[f->n_chunks++];
	memset(c, 0, sizeof *c);
	wanted = want < 0 || want == index;
	if (wanted && nsr_schema_same(&f->layout, nsr_schema(r)))
		rc = read_records(s, r, c, e);
	else
		rc = nsr_skip(r, e);
	if (rc < 0 || (rc = carry_take(&c->carry, r, e)) < 0 ||
	    (rc = check_chunk(s, c, r, e)) < 0)
		return rc;
	if (wanted && c->n != c->carry.n_series)
		return ns_fail(e, NS_ECORRUPT,
		    "'%s': chunk %d has %zu series, not %llu", nsr_name(r),
		    c->carry.index, c->n, (unsigned long long)c->carry.n_series);
	if (f->n_chunks > 1)
		carry_drop_dicts(&c->carry);
	nsr_history_add(f->history, r);
	return NS_OK;
}

static int
by_index(const void *a, const void *b)
{
	const struct feed_chunk *x = a, *y = b;

	return x->carry.index - y->carry.index;
}

/* Chunks in order; none missing.  The DICTs stay with the first. */
static int
settle(struct feed *f, const char *name, int want, struct ns_err *e)
{
	struct carry_dict *dict = f->chunk[0].carry.dict;
	size_t n = f->chunk[0].carry.n_dict, i, next = 0;
	int count = f->chunk[0].carry.count;

	f->chunk[0].carry.dict = NULL;
	f->chunk[0].carry.n_dict = 0;
	qsort(f->chunk, f->n_chunks, sizeof *f->chunk, by_index);
	f->chunk[0].carry.dict = dict;
	f->chunk[0].carry.n_dict = n;
	for (i = 0; i < f->n_chunks; i++) {
		if (want == f->chunk[i].carry.index)
			return NS_OK;
		if (want < 0 && f->chunk[i].carry.index == (int)next)
			next++;
	}
	if (want >= 0)
		return ns_fail(e, NS_EKIND,
		    "'%s': no chunk %d among the %zu of %d there", name, want,
		    f->n_chunks, count);
	if (next < (size_t)count)
		return ns_fail(e, NS_EKIND,
		    "'%s': chunk %zu of %d is missing; train single ones with -c", name,
		    next, count);
	return NS_OK;
}

static int
map_file(struct feed *f, struct ns_err *e)
{
	void *p;

	if (f->bytes == 0)
		return NS_OK;
	p = mmap(NULL, f->bytes, PROT_READ, MAP_PRIVATE, f->fd, 0);
	if (p == MAP_FAILED)
		return ns_fail_errno(e, NS_EIO, "cannot map %llu bytes",
		    (unsigned long long)f->bytes);
	f->map = p;
	return NS_OK;
}

int
feed_read(struct feed *f, struct nsr_reader *r, int want, feed_alike *alike,
    struct ns_err *e)
{
	struct spool s = {f, alike, {0}};
	int rc;

	memset(f, 0, sizeof *f);
	f->history = nsr_history_new();
	f->fd = tmp_open(e);
	if (f->fd < 0)
		return f->fd;
	while ((rc = nsr_stream(r, e)) > 0)
		if ((rc = read_chunk(&s, r, want, e)) < 0)
			break;
	buf_free(&s.pending);
	if (rc < 0 || (rc = settle(f, nsr_name(r), want, e)) < 0)
		return rc;
	return map_file(f, e);
}

void
feed_free(struct feed *f)
{
	size_t i;

	if (f->map != NULL)
		munmap((void *)(uintptr_t)f->map, f->bytes);
	if (f->fd > 0)
		close(f->fd);
	for (i = 0; i < f->n_chunks; i++) {
		carry_free(&f->chunk[i].carry);
		free(f->chunk[i].at);
	}
	free(f->chunk);
	tensor_schema_free(&f->schema);
	nsr_history_free(f->history);
	memset(f, 0, sizeof *f);
}

const uint8_t *
feed_record(const struct feed *f, const struct feed_chunk *c, uint32_t i)
{
	return f->map + c->at[i];
}

uint64_t
feed_unit(const struct feed *f, const struct feed_chunk *c, uint32_t i)
{
	const uint8_t *rec = feed_record(f, c, i);
	const struct tensor_schema *s = &f->schema;
	size_t steps = get_le32(rec + s->attr_bytes);

	return tensor_unit(s, rec,
	    s->attr_bytes + 4 + steps * s->feat_bytes +
		(s->has_unit ? TENSOR_UNIT_BYTES : 0));
}
