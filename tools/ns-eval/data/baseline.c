#include "baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* n row numbers below limit, with repeats. */
static void
draw_rows(uint32_t *rows, size_t n, size_t limit, uint64_t seed, uint64_t stream)
{
	struct rng r;

	rng_init(&r, seed, stream);
	for (size_t i = 0; i < n; i++)
		rows[i] = rng_below(&r, (uint32_t)limit);
}

struct trace *
baseline_independent(const struct trace *t, size_t n, uint64_t seed)
{
	struct trace *p = trace_new(t->name, t->kind);
	uint32_t *rows = xmalloc(size_mul(n, sizeof *rows));

	trace_reserve(p, n);
	for (int c = 0; c < COL_MAX; c++) {
		if (!trace_has(t->kind, c))
			continue;
		draw_rows(rows, n, t->n, seed, STREAM_COLUMN + (uint64_t)c);
		trace_move(p, t, c, rows, n);
	}
	/* the five-tuples are new ones; nobody halves this trace again */
	memset(p->hash, 0, n);
	free(rows);
	return p;
}

struct trace *
baseline_bootstrap(const struct trace *t, size_t n, uint64_t seed)
{
	uint32_t *rows = xmalloc(size_mul(n, sizeof *rows));
	struct trace *p;

	draw_rows(rows, n, t->n, seed, STREAM_BOOTSTRAP);
	p = trace_pick(t, rows, n);
	free(rows);
	return p;
}
