/* answers.c: flows that have an answer. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "fidelity.h"

/* The five-tuple of a record, or its reverse. */
struct ends {
	uint32_t ip[2], port[2], proto;
};

static struct ends
key_at(const struct trace *t, size_t i, bool reverse)
{
	struct ends k;

	k.ip[reverse] = t->narrow[COL_SRC_IP][i];
	k.ip[!reverse] = t->narrow[COL_DST_IP][i];
	k.port[reverse] = t->narrow[COL_SRC_PORT][i];
	k.port[!reverse] = t->narrow[COL_DST_PORT][i];
	k.proto = t->narrow[COL_PROTO][i];
	return k;
}

static uint64_t
hash(const struct ends *k)
{
	uint64_t h = mix64((uint64_t)k->ip[0] << 32 | k->ip[1]);

	return mix64(
	    h ^ ((uint64_t)k->port[0] << 24 | (uint64_t)k->port[1] << 8 | k->proto));
}

static bool
same(const struct ends *a, const struct ends *b)
{
	return a->ip[0] == b->ip[0] && a->ip[1] == b->ip[1] &&
	    a->port[0] == b->port[0] && a->port[1] == b->port[1] &&
	    a->proto == b->proto;
}

/* Flows of a side, to be found by their five-tuple. */
struct flow_set {
	const struct side *s;
	uint32_t *slot; /* flow + 1, 0 = free */
	size_t n_slots; /* a power of two */
};

/* The slot of a five-tuple, or the free one where it would be. */
static size_t
find(const struct flow_set *f, const struct ends *k)
{
	size_t at = hash(k) & (f->n_slots - 1);
	struct ends other;

	for (; f->slot[at] != 0; at = (at + 1) & (f->n_slots - 1)) {
		other = key_at(f->s->t, f->s->f.head[f->slot[at] - 1], false);
		if (same(&other, k))
			break;
	}
	return at;
}

/* Share of the flows whose reverse five-tuple is one, too. */
static double
answered_share(const struct side *s)
{
	struct flow_set f = {.s = s, .n_slots = 16};
	size_t n = s->f.n, i, answered = 0;
	struct ends k;

	while (f.n_slots < size_mul(n, 2))
		f.n_slots *= 2;
	f.slot = xcalloc(f.n_slots, sizeof *f.slot);
	for (i = 0; i < n; i++) {
		k = key_at(s->t, s->f.head[i], false);
		f.slot[find(&f, &k)] = (uint32_t)i + 1;
	}
	for (i = 0; i < n; i++) {
		k = key_at(s->t, s->f.head[i], true);
		answered += f.slot[find(&f, &k)] != 0;
	}
	free(f.slot);
	return (double)answered / (double)n;
}

double
answered_gap(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	(void)m;
	(void)of;
	(void)n_of;
	return fabs(answered_share(p->ref) - answered_share(p->cand));
}
