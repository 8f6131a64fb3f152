/* A codec that is there already and asks which series answer others: all of a stream is
 * put aside before its first series is encoded. */
#include <stdlib.h>

#include "base/mem.h"
#include "encode.h"

/* What is read back at once. */
#define EXTENT_SERIES 512
#define EXTENT_BYTES (1u << 20)

struct aside {
	struct spool *spool;
	struct extent *x; /* (n) */
	size_t n, cap;
	struct pairs pairs;
};

/* Series from where the last extent ends belong to it, or to a new one. */
static struct extent *
extent_for(struct aside *a)
{
	struct extent *last = a->n > 0 ? &a->x[a->n - 1] : NULL;

	if (last != NULL && last->n < EXTENT_SERIES && last->bytes < EXTENT_BYTES)
		return last;
	xgrow(&a->x, &a->cap, a->n + 1, sizeof *a->x);
	a->x[a->n] = (struct extent){.at = spool_at(a->spool)};
	return &a->x[a->n++];
}

static int
read_all(struct aside *a, struct target *g, struct trace_reader *t,
    const struct chunk_info *k, struct ns_err *e)
{
	struct pairing *p = pairing_new(t->units);
	const struct series *s;
	struct extent *x;
	int rc;

	while ((rc = address_map_next(g->opts->map, t, &s, e)) > 0) {
		x = extent_for(a);
		pairing_add(p, s);
		if ((rc = spool_put(a->spool, s, k->count, e)) < 0)
			break;
		x->n++;
		x->bytes = spool_at(a->spool) - x->at;
	}
	pairing_end(p, &a->pairs);
	return rc < 0 ? rc : spool_end(a->spool, e);
}

static int
encode_all(const struct aside *a, struct target *g, const struct trace_reader *t,
    const struct chunk_info *k, struct ns_err *e)
{
	struct spool_reader *r = spool_reader_new(a->spool, k->of_flows, k->count);
	uint64_t number = 0;
	struct buf b = {0};
	struct series *s;
	size_t i, at = 0;
	int rc = NS_OK;
	uint32_t j;

	for (i = 0; i < a->n && rc >= 0; i++) {
		rc = spool_load(r, &a->x[i], e);
		for (j = 0; j < a->x[i].n && rc >= 0; j++) {
			s = spool_next(r);
			pairs_tell(&a->pairs, &at, number++, s);
			rc = encode_one(g, t, s, k, &b, e);
		}
	}
	spool_reader_free(r);
	buf_free(&b);
	return rc;
}

int
paired_encode(struct target *g, struct trace_reader *t, const struct chunk_info *k,
    struct ns_err *e)
{
	struct aside a = {.spool = spool_new(g->opts->memory)};
	int rc = read_all(&a, g, t, k, e);

	if (rc >= 0)
		rc = encode_all(&a, g, t, k, e);
	spool_free(a.spool);
	pairs_free(&a.pairs);
	free(a.x);
	return rc;
}
