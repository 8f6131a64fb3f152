#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "encode.h"

/* A batch is full with so many steps; one long series more is the most it holds. */
#define BATCH_STEPS 4096

void
batch_init(struct batch *b)
{
	memset(b, 0, sizeof *b);
	b->s = xcalloc(BATCH_SERIES, sizeof *b->s);
}

void
batch_free(struct batch *b)
{
	free(b->s);
	free(b->packets);
	free(b->flows);
}

static void
steps_room(struct batch *b, const struct series *s)
{
	size_t cap = b->cap_steps;

	if (s->packets != NULL)
		xgrow(&b->packets, &cap, b->n_steps + s->n, sizeof *b->packets);
	else
		xgrow(&b->flows, &cap, b->n_steps + s->n, sizeof *b->flows);
	b->cap_steps = cap;
}

/* The steps may move while the batch grows: point_to_steps says where they are. */
static void
add(struct batch *b, const struct series *s, size_t tags)
{
	struct series *to = &b->s[b->n++];

	to->key = s->key;
	to->starts = s->starts;
	to->unit = s->unit;
	to->n = s->n;
	memcpy(to->tags, s->tags, tags); /* behind these they are 0 in all */
	steps_room(b, s);
	if (s->packets != NULL)
		memcpy(b->packets + b->n_steps, s->packets, s->n * sizeof *s->packets);
	else
		memcpy(b->flows + b->n_steps, s->flows, s->n * sizeof *s->flows);
	b->n_steps += s->n;
}

static void
point_to_steps(struct batch *b)
{
	size_t i, at = 0;

	for (i = 0; i < b->n; at += b->s[i++].n) {
		b->s[i].packets = b->packets != NULL ? b->packets + at : NULL;
		b->s[i].flows = b->flows != NULL ? b->flows + at : NULL;
	}
}

int
batch_read(struct batch *b, struct trace_reader *t, struct address_map *map,
    struct ns_err *e)
{
	size_t tags = ((size_t)t->chunk_count + 7) / 8;
	const struct series *s;
	int rc = 1;

	b->n = b->n_steps = 0;
	while (b->n < BATCH_SERIES && b->n_steps < BATCH_STEPS &&
	    (rc = address_map_next(map, t, &s, e)) > 0)
		add(b, s, tags);
	point_to_steps(b);
	return rc;
}
