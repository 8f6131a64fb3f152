#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A series that starts in the chunk. */
struct entry {
	/* of the five-tuple one way, or its unit; the lowest bit says which way */
	uint64_t hash;
	int64_t t_ns;
	uint32_t series, steps;
	uint32_t partner; /* entry + 1, 0 = none yet */
};

struct pairing {
	bool units;
	uint64_t n_series;
	struct entry *entry;
	size_t n, cap;
	uint32_t *slot; /* entry + 1, 0 = free; a power of two */
	size_t n_slots;
};

bool
pairs_allowed(const struct trace_reader *t)
{
	const char *unit = nsr_meta(t->r, "privacy.unit");

	return !t->units || (unit != NULL && strcmp(unit, "flow") == 0);
}

struct pairing *
pairing_new(bool units)
{
	struct pairing *p = xcalloc(1, sizeof *p);

	p->units = units;
	p->n_slots = 1024;
	p->slot = xcalloc(p->n_slots, sizeof *p->slot);
	return p;
}

/* The direction that opens where both start at once. */
static bool
goes_first(const struct tuple *k, const struct tuple *reverse)
{
	if (k->dst_port != k->src_port)
		return k->dst_port < k->src_port;
	return tuple_cmp(k, reverse) < 0;
}

static void
put_slot(struct pairing *p, uint32_t e)
{
	size_t i = p->entry[e].hash >> 1 & (p->n_slots - 1);

	while (p->slot[i] != 0)
		i = (i + 1) & (p->n_slots - 1);
	p->slot[i] = e + 1;
}

static void
grow(struct pairing *p)
{
	uint32_t e;

	free(p->slot);
	p->n_slots *= 2;
	p->slot = xcalloc(p->n_slots, sizeof *p->slot);
	for (e = 0; e < p->n; e++)
		put_slot(p, e);
}

/* The entry of that hash, both ways counting; n = none. */
static uint32_t
find(const struct pairing *p, uint64_t hash)
{
	size_t i = hash >> 1 & (p->n_slots - 1);

	while (p->slot[i] != 0 && p->entry[p->slot[i] - 1].hash != hash)
		i = (i + 1) & (p->n_slots - 1);
	return p->slot[i] != 0 ? p->slot[i] - 1 : (uint32_t)p->n;
}

static void
add(struct pairing *p, const struct entry *e)
{
	uint32_t other = find(p, e->hash ^ 1);

	if (2 * (p->n + 1) > p->n_slots)
		grow(p);
	xgrow(&p->entry, &p->cap, p->n + 1, sizeof *p->entry);
	p->entry[p->n] = *e;
	if (other < p->n) {
		p->entry[p->n].partner = other + 1;
		p->entry[other].partner = (uint32_t)p->n + 1;
	}
	put_slot(p, (uint32_t)p->n++);
}

void
pairing_add(struct pairing *p, const struct series *s)
{
	struct tuple reverse = tuple_reverse(&s->key);
	bool first = goes_first(&s->key, &reverse);
	struct entry e = {.t_ns = series_time(s, 0), .steps = s->n};
	uint64_t number = p->n_series++;

	/* to itself nobody answers */
	if (!s->starts || number >= UINT32_MAX || tuple_cmp(&s->key, &reverse) == 0)
		return;
	e.series = (uint32_t)number;
	e.hash = p->units ? s->unit << 1
			  : tuple_hash(first ? &s->key : &reverse) & ~(uint64_t)1;
	e.hash |= first;
	if (find(p, e.hash) == p->n)
		add(p, &e);
}

static bool
opens(const struct entry *e, const struct entry *other)
{
	return e->t_ns != other->t_ns ? e->t_ns < other->t_ns : e->hash & 1;
}

void
pairing_end(struct pairing *p, struct pairs *found)
{
	const struct entry *e, *other;
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		n += p->entry[i].partner != 0;
	found->v = xcalloc(n + 1, sizeof *found->v);
	found->n = 0;
	for (i = 0; i < p->n; i++) {
		e = &p->entry[i];
		if (e->partner == 0)
			continue;
		other = &p->entry[e->partner - 1];
		found->v[found->n++] = opens(e, other)
		    ? (struct paired){-1, e->series, 0}
		    : (struct paired){e->t_ns - other->t_ns, e->series, other->steps};
	}
	free(p->entry);
	free(p->slot);
	free(p);
}

void
pairs_free(struct pairs *p)
{
	free(p->v);
	memset(p, 0, sizeof *p);
}

size_t
pairs_from(const struct pairs *p, uint64_t number)
{
	size_t lo = 0, hi = p->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (p->v[mid].series < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
pairs_tell(const struct pairs *p, size_t *at, uint64_t number, struct series *s)
{
	const struct paired *v;

	s->role = ROLE_ALONE;
	s->opener_steps = 0;
	s->delay_ns = 0;
	if (*at == p->n || p->v[*at].series != number)
		return;
	v = &p->v[(*at)++];
	s->role = v->delay_ns < 0 ? ROLE_OPENER : ROLE_ANSWER;
	if (s->role == ROLE_ANSWER) {
		s->opener_steps = v->opener_steps;
		s->delay_ns = v->delay_ns;
	}
}
