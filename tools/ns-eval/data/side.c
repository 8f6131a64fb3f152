#include "side.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/sort.h"

void
side_init(struct side *s, const struct trace *t, enum side_role role)
{
	int64_t lo = INT64_MAX, hi = INT64_MIN;

	assert(t->n > 0);
	for (size_t i = 0; i < t->n; i++) {
		int64_t at = t->wide[COL_TIME][i];

		lo = at < lo ? at : lo;
		hi = at > hi ? at : hi;
	}
	memset(s, 0, sizeof *s);
	s->t = t;
	s->role = role;
	s->t0 = lo;
	s->span = (uint64_t)hi - (uint64_t)lo;
	flows_build(&s->f, t, lo, s->span);
}

void
side_free(struct side *s)
{
	for (int k = 0; k < KEEP_MAX; k++)
		if (s->kept[k] != NULL)
			s->drop[k](s->kept[k]);
	flows_free(&s->f);
}

void
side_keep(struct side *s, enum keep slot, void *what, void (*drop)(void *))
{
	assert(s->kept[slot] == NULL);
	s->kept[slot] = what;
	s->drop[slot] = drop;
}

uint64_t
side_stream(const struct side *s, uint64_t stream)
{
	return stream | (uint64_t)s->role << 32;
}

uint32_t *
side_numbers(const struct side *s, enum col c, uint32_t *n)
{
	const uint32_t *value = s->t->narrow[c];
	uint32_t *out = xmalloc(size_mul(s->t->n, sizeof *out)), *number, max = 0;

	for (size_t i = 0; i < s->t->n; i++)
		max = value[i] > max ? value[i] : max;
	number = xcalloc((size_t)max + 1, sizeof *number); /* 0: not seen */
	*n = 0;
	for (size_t i = 0; i < s->t->n; i++) {
		if (number[value[i]] == 0)
			number[value[i]] = ++*n;
		out[i] = number[value[i]] - 1;
	}
	free(number);
	return out;
}

double
sample_unit(enum sample which)
{
	switch (which) {
	case SAMPLE_TIME:
	case SAMPLE_FLOW_DUR:
	case SAMPLE_IAT:
		return 1e-3;
	case SAMPLE_DUR:
		return 1e-9;
	default:
		return 1;
	}
}

/* The column behind a sample that has one number a record; COL_MAX for others. */
static enum col
sample_col(enum sample which)
{
	switch (which) {
	case SAMPLE_TIME:
		return COL_TIME;
	case SAMPLE_IP_LEN:
		return COL_IP_LEN;
	case SAMPLE_DUR:
		return COL_DUR;
	case SAMPLE_PKTS:
		return COL_PKTS;
	case SAMPLE_BYTES:
		return COL_BYTES;
	default:
		return COL_MAX;
	}
}

bool
side_has(const struct side *s, enum sample which)
{
	enum col c = sample_col(which);

	return c == COL_MAX || trace_has(s->t->kind, c);
}

static const int64_t *
flow_sample(const struct flows *f, enum sample which, size_t *n)
{
	*n = which == SAMPLE_IAT ? f->n_iat : f->n;
	switch (which) {
	case SAMPLE_FLOW_SIZE:
		return f->size;
	case SAMPLE_FLOW_BYTES:
		return f->bytes;
	case SAMPLE_FLOW_DUR:
		return f->dur;
	default:
		return f->iat;
	}
}

int64_t *
side_sample(const struct side *s, enum sample which, size_t *n)
{
	enum col c = sample_col(which);
	const int64_t *from;
	int64_t *v;

	if (c == COL_MAX) {
		from = flow_sample(&s->f, which, n);
		v = xmalloc(size_mul(*n + 1, sizeof *v));
		memcpy(v, from, *n * sizeof *v);
	} else {
		*n = s->t->n;
		v = xmalloc(size_mul(*n, sizeof *v));
		for (size_t i = 0; i < *n; i++)
			v[i] = trace_at(s->t, c, i);
		for (size_t i = 0; c == COL_TIME && i < *n; i++)
			v[i] = since(v[i], s->t0);
	}
	sort_i64(v, *n);
	return v;
}
