/*
 * Where the chunks begin and end.  All times are whole nanoseconds and may be anything
 * that fits an int64_t, so lengths are taken in uint64_t and checked before they are
 * added to a time again.
 */
#include <string.h>

#include "chunk.h"

/* floor(x * i / n) for i <= n <= CHUNKS_MAX, without overflow. */
static uint64_t
share(uint64_t x, int i, int n)
{
	return x / (unsigned)n * (unsigned)i +
	    x % (unsigned)n * (unsigned)i / (unsigned)n;
}

static int
too_far(struct ns_err *e)
{
	return ns_fail(e, NS_ECORRUPT,
	    "the trace reaches over more time than 64 bits of nanoseconds hold (292 "
	    "years)");
}

/* The window [*lo, *lo + *len) that the chunks share out. */
static int
window(const struct intake *in, int64_t *lo, uint64_t *len, struct ns_err *e)
{
	const struct chunk_opts *o = in->opts;
	int64_t hi;

	*lo = o->has_from ? o->from_ns : in->min_ns;
	if (!o->has_to && in->max_ns == INT64_MAX)
		return too_far(e);
	hi = o->has_to ? o->to_ns : in->max_ns + 1;
	*len = (uint64_t)hi - (uint64_t)*lo;
	return *len > INT64_MAX ? too_far(e) : NS_OK;
}

static int
equal_spans(struct spans *s, const struct chunk_opts *o, int64_t lo, uint64_t len,
    struct ns_err *e)
{
	int i;

	s->n = o->count;
	if (len < (unsigned)s->n) {
		/* A trace of one instant still has its chunks; a window is a promise.
		 */
		if (o->has_from && o->has_to)
			return ns_fail(e, NS_EUSAGE,
			    "the window is too short for %d chunks of 1 ns", s->n);
		len = (unsigned)s->n;
	}
	if (lo > INT64_MAX - (int64_t)len)
		return too_far(e);
	for (i = 0; i <= s->n; i++)
		s->edge[i] = lo + (int64_t)share(len, i, s->n);
	return NS_OK;
}

static int
fixed_spans(struct spans *s, const struct chunk_opts *o, int64_t lo, uint64_t len,
    struct ns_err *e)
{
	uint64_t d = (uint64_t)o->span_ns, n = len / d + (len % d != 0);
	int i;

	if (n > CHUNKS_MAX)
		return ns_fail(e, NS_EUSAGE,
		    "-d would make %llu chunks, at most %d are possible",
		    (unsigned long long)n, CHUNKS_MAX);
	s->n = (int)n;
	for (i = 0; i < s->n; i++)
		s->edge[i] = lo + i * o->span_ns;
	if (o->has_to)
		s->edge[s->n] = o->to_ns;
	else if (s->edge[s->n - 1] > INT64_MAX - o->span_ns)
		return too_far(e);
	else
		s->edge[s->n] = s->edge[s->n - 1] + o->span_ns;
	return NS_OK;
}

/*
 * Equal counts: chunk i begins at the time of record number i/n in time order.  Equal
 * times are never parted, so counts are equal but for those.
 */
static int
equal_counts(struct spans *s, const struct intake *in, int64_t lo, uint64_t len,
    struct ns_err *e)
{
	const void *p;
	uint64_t at = 0, key;
	int64_t t = lo;
	int i, rc;

	s->n = in->opts->count;
	if ((rc = extsort_start(in->by_time, e)) < 0)
		return rc;
	s->edge[0] = lo;
	for (i = 1; i < s->n; i++) {
		while (at <= share(in->n, i, s->n)) {
			if ((rc = extsort_next(in->by_time, &p, e)) < 0)
				return rc;
			memcpy(&key, p, sizeof key);
			t = extsort_i64_of_key(key);
			at++;
		}
		if (s->edge[i - 1] == INT64_MAX)
			return too_far(e);
		s->edge[i] = t > s->edge[i - 1] ? t : s->edge[i - 1] + 1;
	}
	if (s->edge[s->n - 1] == INT64_MAX)
		return too_far(e);
	s->edge[s->n] = lo + (int64_t)len;
	if (s->edge[s->n] <= s->edge[s->n - 1])
		s->edge[s->n] = s->edge[s->n - 1] + 1;
	return NS_OK;
}

int
spans_make(struct spans *s, const struct intake *in, struct ns_err *e)
{
	const struct chunk_opts *o = in->opts;
	uint64_t len = 0;
	int64_t lo = 0;
	bool may_be_empty = o->unit != UNIT_NONE; /* that it is were told */
	int rc;

	if (in->n == 0 && in->outside > 0 && !may_be_empty)
		return ns_fail(e, NS_ECORRUPT,
		    "none of %llu records lies in the window of --from and --to",
		    (unsigned long long)in->outside);
	if (in->n == 0 && !may_be_empty)
		return ns_fail(e, NS_ECORRUPT, "the trace has no records");
	if ((rc = window(in, &lo, &len, e)) < 0)
		return rc;
	if (o->by_count)
		return equal_counts(s, in, lo, len, e);
	if (o->span_ns > 0)
		return fixed_spans(s, o, lo, len, e);
	return equal_spans(s, o, lo, len, e);
}

int
spans_find(const struct spans *s, int64_t t_ns)
{
	int lo = 0, hi = s->n - 1, mid;

	while (lo < hi) {
		mid = (lo + hi + 1) / 2;
		if (t_ns < s->edge[mid])
			hi = mid - 1;
		else
			lo = mid;
	}
	return lo;
}
