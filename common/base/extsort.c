#include "base/extsort.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/recsort.h"

#define MEMORY_MIN (1u << 20)
#define RUN_BUFFER (16u << 10) /* least a run is read by while merging */

/* A sorted run in the file, and the window of it that is in memory while merging. */
struct run {
	off_t at;      /* of the next byte to read */
	uint64_t left; /* bytes of the run still in the file */
	unsigned char *buf;
	size_t len, pos;
};

struct extsort {
	size_t size, memory;
	extsort_cmp *cmp;
	const void *arg;
	uint64_t count;

	unsigned char *rec; /* the records in memory */
	size_t n, cap, cap_rec, max;
	uint32_t *order, *scratch; /* sorted order of rec */
	size_t cap_order, cap_scratch, next;

	int fd; /* of the runs; < 0 while all fits in memory */
	off_t end;
	struct run *runs;
	size_t n_runs, cap_runs;
	unsigned char *window; /* buffers of all runs being merged */
	size_t *heap;          /* runs by their first record */
	size_t n_heap;
	bool taken; /* the heap's top has been handed out */
};

struct extsort *
extsort_new(size_t size, extsort_cmp *cmp, const void *arg, size_t memory)
{
	struct extsort *s = xcalloc(1, sizeof *s);

	s->size = size;
	s->cmp = cmp;
	s->arg = arg;
	s->memory = memory < MEMORY_MIN ? MEMORY_MIN : memory;
	s->max = s->memory / (size + 2 * sizeof *s->order);
	if (s->max > UINT32_MAX)
		s->max = UINT32_MAX;
	s->fd = -1;
	return s;
}

static const unsigned char *
rec_at(const struct extsort *s, uint32_t i)
{
	return s->rec + (size_t)i * s->size;
}

static void
sort_memory(struct extsort *s)
{
	struct recs r = {s->rec, s->n, s->size, s->cmp, s->arg};

	xgrow(&s->order, &s->cap_order, s->n, sizeof *s->order);
	xgrow(&s->scratch, &s->cap_scratch, s->n, sizeof *s->scratch);
	recsort(s->order, s->scratch, &r);
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

/* Write the records in memory as one run. */
static int
spill(struct extsort *s, struct ns_err *e)
{
	struct sink k;
	struct run *r;
	size_t i;
	int rc;

	if (s->fd < 0 && (s->fd = tmp_open(e)) < 0)
		return s->fd;
	sort_memory(s);
	r = add_run(s, s->end);
	r->left = (uint64_t)s->n * s->size;
	k.fd = s->fd;
	k.len = 0;
	for (i = 0; i < s->n; i++)
		if ((rc = sink_put(&k, rec_at(s, s->order[i]), s->size, e)) < 0)
			return rc;
	s->end += (off_t)r->left;
	s->n = 0;
	return sink_flush(&k, e);
}

int
extsort_put(struct extsort *s, const void *rec, struct ns_err *e)
{
	int rc;

	if (s->n == s->max && (rc = spill(s, e)) < 0)
		return rc;
	if (s->n == s->cap) {
		/* Grow by half, but never past the bound. */
		s->cap += s->cap / 2 + 64;
		if (s->cap > s->max)
			s->cap = s->max;
		s->rec = xrealloc(s->rec, size_mul(s->cap, s->size));
	}
	memcpy(s->rec + s->n * s->size, rec, s->size);
	s->n++;
	s->count++;
	return NS_OK;
}

/* Fill a run's window from the file.  NS_OK also when the run is at its end (len 0). */
static int
refill(struct extsort *s, struct run *r, size_t window, struct ns_err *e)
{
	size_t want = window, done = 0;
	ssize_t n;

	if (want > r->left)
		want = (size_t)r->left;
	while (done < want) {
		n = pread(s->fd, r->buf + done, want - done, r->at + (off_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ns_fail(e, NS_EIO, "cannot read a temporary file back");
		done += (size_t)n;
	}
	r->at += (off_t)done;
	r->left -= done;
	r->len = done;
	r->pos = 0;
	return NS_OK;
}

/* Order of two runs by their first record; the earlier run wins a tie. */
static bool
run_before(const struct extsort *s, size_t a, size_t b)
{
	const struct run *x = &s->runs[a], *y = &s->runs[b];
	int c = s->cmp(x->buf + x->pos, y->buf + y->pos, s->arg);

	return c != 0 ? c < 0 : a < b;
}

static void
sift_down(struct extsort *s, size_t i)
{
	size_t c, t;

	while ((c = 2 * i + 1) < s->n_heap) {
		if (c + 1 < s->n_heap && run_before(s, s->heap[c + 1], s->heap[c]))
			c++;
		if (!run_before(s, s->heap[c], s->heap[i]))
			break;
		t = s->heap[c];
		s->heap[c] = s->heap[i];
		s->heap[i] = t;
		i = c;
	}
}

static size_t
window_size(const struct extsort *s, size_t runs)
{
	size_t w = s->memory / runs / s->size * s->size;

	return w < s->size ? s->size : w;
}

/* Begin to merge the runs first .. first + n - 1. */
static int
merge_start(struct extsort *s, size_t first, size_t n, struct ns_err *e)
{
	size_t i, w = window_size(s, n);
	int rc;

	free(s->window);
	free(s->heap);
	s->window = xmalloc(size_mul(n, w));
	s->heap = xcalloc(n, sizeof *s->heap);
	s->n_heap = 0;
	s->taken = false;
	for (i = 0; i < n; i++) {
		s->runs[first + i].buf = s->window + i * w;
		if ((rc = refill(s, &s->runs[first + i], w, e)) < 0)
			return rc;
		if (s->runs[first + i].len != 0)
			s->heap[s->n_heap++] = first + i;
	}
	for (i = s->n_heap / 2; i-- > 0;)
		sift_down(s, i);
	return NS_OK;
}

/* The next record of the merge: 1, 0 at the end. */
static int
merge_next(struct extsort *s, size_t window, const void **rec, struct ns_err *e)
{
	struct run *r;
	int rc;

	if (s->taken) {
		r = &s->runs[s->heap[0]];
		r->pos += s->size;
		if (r->pos == r->len && (rc = refill(s, r, window, e)) < 0)
			return rc;
		if (r->pos == r->len)
			s->heap[0] = s->heap[--s->n_heap];
		sift_down(s, 0);
		s->taken = false;
	}
	if (s->n_heap == 0)
		return 0;
	r = &s->runs[s->heap[0]];
	*rec = r->buf + r->pos;
	s->taken = true;
	return 1;
}

/* Merge the runs first .. first + n - 1 into one at the end of k's file. */
static int
merge_group(struct extsort *s, size_t first, size_t n, struct sink *k, struct run *out,
    struct ns_err *e)
{
	size_t w = window_size(s, n);
	const void *rec;
	int rc;

	if ((rc = merge_start(s, first, n, e)) < 0)
		return rc;
	while ((rc = merge_next(s, w, &rec, e)) > 0) {
		if ((rc = sink_put(k, rec, s->size, e)) < 0)
			return rc;
		out->left += s->size;
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
	size_t fan = s->memory / RUN_BUFFER;
	int rc;

	s->next = 0;
	if (s->fd < 0) {
		sort_memory(s);
		return NS_OK;
	}
	if (s->n != 0 && (rc = spill(s, e)) < 0)
		return rc;
	free(s->rec);
	free(s->order);
	free(s->scratch);
	s->rec = NULL;
	s->order = s->scratch = NULL;
	while (s->n_runs > fan)
		if ((rc = merge_pass(s, fan, e)) < 0)
			return rc;
	return merge_start(s, 0, s->n_runs, e);
}

int
extsort_next(struct extsort *s, const void **rec, struct ns_err *e)
{
	if (s->fd >= 0)
		return merge_next(s, window_size(s, s->n_runs), rec, e);
	if (s->next == s->n)
		return 0;
	*rec = rec_at(s, s->order[s->next++]);
	return 1;
}

uint64_t
extsort_count(const struct extsort *s)
{
	return s->count;
}

void
extsort_free(struct extsort *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s->rec);
	free(s->order);
	free(s->scratch);
	free(s->runs);
	free(s->window);
	free(s->heap);
	free(s);
}
