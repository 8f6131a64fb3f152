#include "base/extsort.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/recsort.h"

#define MEMORY_MIN (1u << 20)
#define RECORD_HEAD (sizeof(uint64_t) + sizeof(uint32_t)) /* key and length */
/* How much of a run is read at once while merging: at least what makes a read worth its
 * call, at most what stays in the processor's cache. */
#define RUN_BUFFER_MIN (16u << 10)
#define RUN_BUFFER_MAX (512u << 10)

/* A sorted run in the file, and the window of it that is in memory while merging. */
struct run {
	off_t at;      /* of the next byte to read */
	uint64_t left; /* bytes of the run still in the file */
	unsigned char *buf;
	size_t len, pos;
};

/* A run and the key of its first record that has not been handed out. */
struct front {
	uint64_t key;
	size_t run;
};

struct extsort {
	size_t size; /* of a record, 0 = each says its own */
	size_t memory, largest;
	extsort_cmp *cmp;

	struct recs in;   /* being filled */
	struct recs full; /* being written, if that is concurrent */
	size_t next;      /* of those in memory, the next to hand out */
	bool concurrent, writing;
	pthread_t writer; /* if writing */
	int rc;           /* of the last run written */
	struct ns_err err;

	int fd; /* of the runs; < 0 while all fits in memory */
	off_t end;
	struct run *runs;
	size_t n_runs, cap_runs;
	unsigned char *window; /* buffers of all runs being merged */
	size_t window_bytes;   /* of one run */
	struct front *heap;
	size_t n_heap;
	bool taken; /* the heap's top has been handed out */
};

struct extsort *
extsort_new(size_t size, extsort_cmp *cmp, size_t memory)
{
	struct extsort *s = xcalloc(1, sizeof *s);

	s->size = size;
	s->cmp = s->in.cmp = s->full.cmp = cmp;
	s->memory = memory < MEMORY_MIN ? MEMORY_MIN : memory;
	s->fd = -1;
	return s;
}

void
extsort_concurrent(struct extsort *s)
{
	s->concurrent = true;
}

/* Bytes that a record takes in memory and in the file. */
static size_t
rec_bytes(const struct extsort *s, const unsigned char *rec)
{
	uint32_t n;

	if (s->size != 0)
		return (s->size + RECORD_UNIT - 1) / RECORD_UNIT * RECORD_UNIT;
	memcpy(&n, rec + sizeof(uint64_t), sizeof n);
	return ((size_t)n + RECORD_UNIT - 1) / RECORD_UNIT * RECORD_UNIT;
}

static struct run *
add_run(struct extsort *s, off_t at)
{
	struct run *r;

	xgrow(&s->runs, &s->cap_runs, s->n_runs + 1, sizeof *s->runs);
	r = &s->runs[s->n_runs++];
	memset(r, 0, sizeof *r);
	r->at = at;
	return r;
}

/* Records on their way to a file, gathered so that a write is worth its call. */
struct sink {
	int fd;
	size_t len;
	unsigned char buf[64 << 10];
};

static int
sink_flush(struct sink *k, struct ns_err *e)
{
	size_t n = k->len;

	k->len = 0;
	if (io_write(k->fd, k->buf, n, e) < 0)
		return ns_fail_in(e, "temporary file");
	return NS_OK;
}

static int
sink_put(struct sink *k, const void *rec, size_t size, struct ns_err *e)
{
	int rc;

	if (size > sizeof k->buf - k->len && (rc = sink_flush(k, e)) < 0)
		return rc;
	if (size > sizeof k->buf) {
		if (io_write(k->fd, rec, size, e) < 0)
			return ns_fail_in(e, "temporary file");
		return NS_OK;
	}
	memcpy(k->buf + k->len, rec, size);
	k->len += size;
	return NS_OK;
}

/* Sort the records and write them, as one run. */
static int
write_run(const struct extsort *s, struct recs *r, struct ns_err *e)
{
	const unsigned char *rec;
	struct sink k;
	size_t i;
	int rc;

	recs_sort(r);
	k.fd = s->fd;
	k.len = 0;
	for (i = 0; i < r->n; i++) {
		rec = recs_sorted(r, i);
		if ((rc = sink_put(&k, rec, rec_bytes(s, rec), e)) < 0)
			return rc;
	}
	recs_clear(r);
	return sink_flush(&k, e);
}

static void *
writer(void *arg)
{
	struct extsort *s = arg;

	s->rc = write_run(s, &s->full, &s->err);
	return NULL;
}

/* The run being written is in the file, or the failure to do so is told. */
static int
wait_for_writer(struct extsort *s, struct ns_err *e)
{
	if (!s->writing)
		return NS_OK;
	pthread_join(s->writer, NULL);
	s->writing = false;
	if (s->rc < 0)
		*e = s->err;
	return s->rc;
}

/*
 * Begin to write the records in memory as one run.  The first run has all of the
 * memory, so that what fits there needs no file; the next fill while others are
 * written, so they have half of it each.
 */
static int
spill(struct extsort *s, struct ns_err *e)
{
	struct recs t;
	struct run *r;
	int rc;

	if ((rc = wait_for_writer(s, e)) < 0)
		return rc;
	if (s->fd < 0 && (s->fd = tmp_open(e)) < 0)
		return s->fd;
	r = add_run(s, s->end);
	r->left = s->in.used;
	s->end += (off_t)r->left;
	if (!s->concurrent || s->n_runs == 1) {
		rc = write_run(s, &s->in, e);
		if (s->concurrent)
			recs_free(&s->in);
		return rc;
	}
	t = s->full;
	s->full = s->in;
	s->in = t;
	s->writing = pthread_create(&s->writer, NULL, writer, s) == 0;
	return s->writing ? NS_OK : write_run(s, &s->full, e);
}

/* Would one more record be one too many?  Each needs two places beside itself. */
static bool
is_full(const struct extsort *s, size_t bytes)
{
	size_t places = 2 * (s->in.n + 1) * sizeof(struct place);
	size_t most = s->concurrent && s->n_runs > 0 ? s->memory / 2 : s->memory;

	return s->in.n > 0 &&
	    (s->in.used + bytes + places > most ||
		s->in.used / RECORD_UNIT > UINT32_MAX);
}

int
extsort_put(struct extsort *s, const void *rec, struct ns_err *e)
{
	size_t bytes = rec_bytes(s, rec);
	int rc;

	if (is_full(s, bytes) && (rc = spill(s, e)) < 0)
		return rc;
	recs_put(&s->in, rec, bytes);
	if (bytes > s->largest)
		s->largest = bytes;
	return NS_OK;
}

/* Bring more of a run into its window, behind what is left there.  NS_OK also when the
 * run is at its end. */
static int
refill(struct extsort *s, struct run *r, struct ns_err *e)
{
	size_t want = s->window_bytes, done = r->len - r->pos;
	ssize_t n;

	memmove(r->buf, r->buf + r->pos, done);
	if (want - done > r->left)
		want = done + (size_t)r->left;
	r->left -= want - done;
	while (done < want) {
		n = pread(s->fd, r->buf + done, want - done, r->at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ns_fail(e, NS_EIO, "cannot read a temporary file back");
		done += (size_t)n;
		r->at += n;
	}
	r->len = done;
	r->pos = 0;
	return NS_OK;
}

/* Is the whole of the next record in the window? */
static bool
has_record(const struct extsort *s, const struct run *r)
{
	size_t n = r->len - r->pos;

	return n >= RECORD_HEAD && rec_bytes(s, r->buf + r->pos) <= n;
}

/* Order of two runs by their first record; the earlier run wins a tie. */
static bool
front_before(const struct extsort *s, struct front a, struct front b)
{
	const struct run *x = &s->runs[a.run], *y = &s->runs[b.run];
	int c = 0;

	if (a.key != b.key)
		return a.key < b.key;
	if (s->cmp != NULL)
		c = s->cmp(x->buf + x->pos, y->buf + y->pos);
	return c != 0 ? c < 0 : a.run < b.run;
}

static void
sift_down(struct extsort *s, size_t i)
{
	struct front *h = s->heap, f = h[i];
	size_t c;

	while ((c = 2 * i + 1) < s->n_heap) {
		if (c + 1 < s->n_heap && front_before(s, h[c + 1], h[c]))
			c++;
		if (!front_before(s, h[c], f))
			break;
		h[i] = h[c];
		i = c;
	}
	h[i] = f;
}

static size_t
window_size(const struct extsort *s, size_t runs)
{
	size_t w = s->memory / runs;

	w = w > RUN_BUFFER_MAX ? RUN_BUFFER_MAX : w;
	return w < s->largest ? s->largest : w / RECORD_UNIT * RECORD_UNIT;
}

/* Begin to merge the runs first .. first + n - 1. */
static int
merge_start(struct extsort *s, size_t first, size_t n, struct ns_err *e)
{
	struct run *r;
	size_t i;
	int rc;

	free(s->window);
	free(s->heap);
	s->window_bytes = window_size(s, n);
	s->window = xmalloc(size_mul(n, s->window_bytes));
	s->heap = xcalloc(n, sizeof *s->heap);
	s->n_heap = 0;
	s->taken = false;
	for (i = 0; i < n; i++) {
		r = &s->runs[first + i];
		r->buf = s->window + i * s->window_bytes;
		r->len = r->pos = 0;
		if ((rc = refill(s, r, e)) < 0)
			return rc;
		if (r->len != 0)
			s->heap[s->n_heap++] =
			    (struct front){rec_key(r->buf), first + i};
	}
	for (i = s->n_heap / 2; i-- > 0;)
		sift_down(s, i);
	return NS_OK;
}

/* Be done with the record that was handed out last. */
static int
merge_advance(struct extsort *s, struct ns_err *e)
{
	struct run *r = &s->runs[s->heap[0].run];
	int rc;

	s->taken = false;
	r->pos += rec_bytes(s, r->buf + r->pos);
	if (!has_record(s, r) && (rc = refill(s, r, e)) < 0)
		return rc;
	if (r->pos == r->len)
		s->heap[0] = s->heap[--s->n_heap];
	else
		s->heap[0].key = rec_key(r->buf + r->pos);
	if (s->n_heap > 0)
		sift_down(s, 0);
	return NS_OK;
}

/* The next record of the merge: 1, 0 at the end. */
static int
merge_next(struct extsort *s, const void **rec, struct ns_err *e)
{
	const struct run *r;
	int rc;

	if (s->taken && (rc = merge_advance(s, e)) < 0)
		return rc;
	if (s->n_heap == 0)
		return 0;
	r = &s->runs[s->heap[0].run];
	*rec = r->buf + r->pos;
	s->taken = true;
	return 1;
}

/* Merge the runs first .. first + n - 1 into one at the end of k's file. */
static int
merge_group(struct extsort *s, size_t first, size_t n, struct sink *k, struct run *out,
    struct ns_err *e)
{
	const void *rec;
	size_t bytes;
	int rc;

	if ((rc = merge_start(s, first, n, e)) < 0)
		return rc;
	while ((rc = merge_next(s, &rec, e)) > 0) {
		bytes = rec_bytes(s, rec);
		if ((rc = sink_put(k, rec, bytes, e)) < 0)
			return rc;
		out->left += bytes;
	}
	return rc;
}

/* Merge groups of fan runs into longer ones, in a new file. */
static int
merge_pass(struct extsort *s, size_t fan, struct ns_err *e)
{
	size_t i, n, out = 0;
	struct run *done;
	struct sink k;
	off_t end = 0;
	int rc = NS_OK;

	k.len = 0;
	if ((k.fd = tmp_open(e)) < 0)
		return k.fd;
	done = xcalloc(s->n_runs / fan + 1, sizeof *done);
	for (i = 0; i < s->n_runs && rc == NS_OK; i += n) {
		n = s->n_runs - i < fan ? s->n_runs - i : fan;
		done[out].at = end;
		rc = merge_group(s, i, n, &k, &done[out], e);
		end += (off_t)done[out++].left;
	}
	if (rc == NS_OK)
		rc = sink_flush(&k, e);
	close(s->fd);
	s->fd = k.fd;
	free(s->runs);
	s->runs = done;
	s->n_runs = s->cap_runs = out;
	return rc;
}

int
extsort_start(struct extsort *s, struct ns_err *e)
{
	size_t least = s->largest > RUN_BUFFER_MIN ? s->largest : RUN_BUFFER_MIN;
	size_t fan = s->memory / least > 2 ? s->memory / least : 2;
	int rc;

	s->next = 0;
	if (s->fd < 0) {
		recs_sort(&s->in);
		return NS_OK;
	}
	if (s->in.n != 0 && (rc = spill(s, e)) < 0)
		return rc;
	if ((rc = wait_for_writer(s, e)) < 0)
		return rc;
	recs_free(&s->in);
	recs_free(&s->full);
	while (s->n_runs > fan)
		if ((rc = merge_pass(s, fan, e)) < 0)
			return rc;
	return merge_start(s, 0, s->n_runs, e);
}

int
extsort_next(struct extsort *s, const void **rec, struct ns_err *e)
{
	if (s->fd >= 0)
		return merge_next(s, rec, e);
	if (s->next == s->in.n)
		return 0;
	*rec = recs_sorted(&s->in, s->next++);
	return 1;
}

void
extsort_free(struct extsort *s)
{
	struct ns_err e;

	if (s == NULL)
		return;
	wait_for_writer(s, &e);
	if (s->fd >= 0)
		close(s->fd);
	recs_free(&s->in);
	recs_free(&s->full);
	free(s->runs);
	free(s->window);
	free(s->heap);
	free(s);
}
