#include "ar/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/ar/counts.h"

static double
total_share(const real *share)
{
	double sum = 0;
	int c;

	for (c = 0; c < LENGTH_CODES; c++)
		sum += (double)share[c];
	return sum;
}

bool
plan_possible(const real *share)
{
	uint32_t lo, hi;
	int c;

	for (c = 0; c < LENGTH_CODES; c++) {
		length_range(c, &lo, &hi);
		if (share[c] < 0 || (share[c] > 0 && lo == 0))
			return false;
	}
	return total_share(share) > 0;
}

/* Within a code all lengths are as likely; these too are spread evenly. */
static uint32_t
place_in_code(int code, size_t i, size_t n, double u)
{
	uint32_t lo, hi;

	length_range(code, &lo, &hi);
	return lo + (uint32_t)(((double)i + u) / (double)n * ((double)(hi - lo) + 1));
}

static double
mean_length(const real *share)
{
	double sum = 0;
	uint32_t lo, hi;
	int c;

	for (c = 0; c < LENGTH_CODES; c++)
		if (share[c] > 0) {
			length_range(c, &lo, &hi);
			sum += (double)share[c] * ((double)lo + (double)hi) / 2;
		}
	return sum / total_share(share);
}

void
plan_series(struct plan *p, const real *share, size_t n, struct rng *r)
{
	double all = total_share(share), u = rng_uniform(r), edge = 0, v;
	size_t next, done = 0, i;
	int c;

	p->n = n;
	p->length = xcalloc(n + 1, sizeof *p->length);
	for (c = 0; c < LENGTH_CODES; c++) {
		edge += (double)share[c];
		/* the marks u, u + 1, ... below the edge; the last edge takes all */
		for (next = done;
		     next < n && (double)next + u < edge / all * (double)n;)
			next++;
		v = rng_uniform(r);
		for (i = done; i < next; i++)
			p->length[i] = place_in_code(c, i - done, next - done, v);
		done = next;
	}
	for (c = LENGTH_CODES - 1; c > 0 && !(share[c] > 0);)
		c--;
	for (; done < n; done++) /* rounding of the last edge */
		p->length[done] = place_in_code(c, 0, 1, rng_uniform(r));
}

uint64_t
plan_sum(const struct plan *p)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < p->n; i++)
		sum += p->length[i];
	return sum;
}

/* Long series give or take within their codes, which nothing else tells apart. */
static uint64_t
stretch(struct plan *p, uint64_t sum, uint64_t total)
{
	uint32_t lo, hi, room;
	uint64_t off;
	size_t i;

	for (i = p->n; i-- > 0 && sum != total;) {
		length_range(length_code(p->length[i]), &lo, &hi);
		off = sum < total ? total - sum : sum - total;
		room = sum < total ? hi - p->length[i] : p->length[i] - lo;
		if (room > off)
			room = (uint32_t)off;
		p->length[i] += sum < total ? room : -room;
		sum += sum < total ? room : -(uint64_t)room;
	}
	return sum;
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The longest series become shorter, down to the length of those behind them and then
 * together: the number of series stays, and so do all but the few longest. */
static void
shorten(struct plan *p, uint64_t over)
{
	uint64_t level, room, cut;
	size_t n = 1, i;

	while (over > 0) {
		while (n < p->n && p->length[p->n - n - 1] == p->length[p->n - 1])
			n++;
		level = n < p->n ? p->length[p->n - n - 1] : 1;
		room = (p->length[p->n - 1] - level) * n;
		if (room == 0) { /* all are of one step */
			p->n -= over < p->n ? (size_t)over : p->n - 1;
			return;
		}
		cut = over < room ? over : room;
		for (i = 0; i < n; i++)
			p->length[p->n - 1 - i] -=
			    (uint32_t)(cut / n + (n - 1 - i < cut % n));
		over -= cut;
		if (cut < room)
			return;
	}
}

/* More series, each of a length that was learnt and fits, else cut. */
static void
lengthen(struct plan *p, const real *share, uint64_t missing, struct rng *r)
{
	struct plan more;
	size_t cap = p->n, i;

	while (missing > 0) {
		plan_series(&more, share, 64, r);
		for (i = 0; i < more.n && missing > 0; i++) {
			uint32_t n = more.length[rng_below(r, (uint32_t)more.n)];

			if (n > missing)
				n = (uint32_t)missing;
			xgrow(&p->length, &cap, p->n + 1, sizeof *p->length);
			p->length[p->n++] = n;
			missing -= n;
		}
		plan_free(&more);
	}
}

void
plan_records(struct plan *p, const real *share, uint64_t total, struct rng *r)
{
	double n = (double)total / mean_length(share);
	uint64_t sum;

	plan_series(p, share, n < 1 ? 1 : (size_t)(n + 0.5), r);
	sum = stretch(p, plan_sum(p), total);
	if (sum > total)
		shorten(p, sum - total);
	else if (sum < total)
		lengthen(p, share, total - sum, r);
	qsort(p->length, p->n, sizeof *p->length, ascending);
}

/* The shortest series become longer, up to the length of those behind them and then
 * together. */
static void
raise_shortest(struct plan *p, uint64_t missing)
{
	uint64_t add;
	size_t n = 1, i;

	while (missing > 0) {
		while (n < p->n && p->length[n] == p->length[0])
			n++;
		add = missing;
		if (n < p->n && add > (p->length[n] - p->length[0]) * (uint64_t)n)
			add = (p->length[n] - p->length[0]) * (uint64_t)n;
		for (i = 0; i < n; i++)
			p->length[n - 1 - i] += (uint32_t)(add / n + (i < add % n));
		missing -= add;
	}
}

void
plan_total(struct plan *p, uint64_t total)
{
	uint64_t sum = stretch(p, plan_sum(p), total);

	qsort(p->length, p->n, sizeof *p->length, ascending);
	if (sum > total)
		shorten(p, sum - total);
	else if (p->n > 0)
		raise_shortest(p, total - sum);
}

void
plan_free(struct plan *p)
{
	free(p->length);
	memset(p, 0, sizeof *p);
}
