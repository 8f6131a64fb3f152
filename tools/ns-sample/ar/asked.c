/* Series as they are asked for, until there are enough. */
#include <inttypes.h>

#include "ar/chunk.h"
#include "ar/wanted.h"

/* After so many flows it is known whether any is as wanted. */
#define TRIES_RARE (1 << 20)
/* After so many rounds in a row of which most was there already the model knows no more
 * five-tuples: from then on they repeat. */
#define ROUNDS_POOR 10

static uint64_t
left(const struct sampler *s, const struct target *t)
{
	uint64_t done = t->of == OF_RECORDS ? s->records : s->series;

	done += s->goon.promised;
	return done < t->n ? t->n - done : 0;
}

/* What is taken, and where it goes on, must not be more than what is left.  It was
 * tried in the order of lengths and codes, of which none may be cut off. */
static void
cut_taken(struct sampler *s, struct wanted *w, const struct target *t, uint64_t most)
{
	uint64_t sum = 0, later;
	struct rng r;
	size_t i;

	if (t->of == OF_TRIES)
		return;
	start_stream(s, &r, AR_TRY, s->draws++);
	wanted_shuffle(w, s->m->P, &r);
	for (i = 0; i < w->n && sum < most; i++) {
		later = goon_shorten(&s->goon, w->code + i * (size_t)s->m->P, s->chunk,
		    most - sum - 1);
		if (t->of == OF_RECORDS && w->length[i] > most - sum - later)
			w->length[i] = (uint32_t)(most - sum - later);
		sum += (t->of == OF_RECORDS ? w->length[i] : 1) + later;
	}
	w->n = i;
}

/* Enough to go on with. */
static bool
enough(const struct wanted *w, const struct target *t, uint64_t most)
{
	uint64_t sum = 0;
	size_t i;

	if (t->of == OF_TRIES)
		return w->tried >= t->n;
	if (t->of == OF_SERIES || w->n >= ATTR_ROWS)
		return w->n >= most || w->n >= ATTR_ROWS;
	for (i = 0; i < w->n; i++)
		sum += w->length[i];
	return sum >= most;
}

/* Tries until there are enough. */
static int
try_some(struct sampler *s, struct wanted *w, const struct target *t, struct ns_err *e)
{
	uint64_t most = left(s, t);
	struct rng r;
	int n;

	while (!enough(w, t, most)) {
		if (w->tried >= TRIES_RARE &&
		    !(w->sum > 1e-5 * (double)w->tried * w->step))
			return ns_fail(e, NS_EKIND,
			    "chunk %d: of %" PRIu64 " flows hardly one is as wanted",
			    chunk_index(s), w->tried);
		n = ATTR_ROWS;
		if (t->of == OF_TRIES && t->n - w->tried < ATTR_ROWS)
			n = (int)(t->n - w->tried);
		start_stream(s, &r, AR_TRY, s->draws++);
		wanted_try(w, &s->attrs, chunk_index(s), shares(s), n, &r);
	}
	cut_taken(s, w, t, most);
	return NS_OK;
}

/*
 * Flows that go on are as wanted, and all are drawn: they get lengths of a plan of
 * their own.  Of records they have what was counted for them where they began; new
 * flows, whose target is t, give or take what chance makes of it as long as there are
 * some.
 */
static int
plan_carried(struct sampler *s, struct target *t, struct ns_err *e)
{
	uint64_t n = carried_count(s->goon.flows, chunk_index(s)), sum, owed;
	const struct target all = {OF_SERIES, n};
	int rc = make_plan(s, &all, e);

	if (rc < 0 || t->of != OF_RECORDS || n == 0)
		return rc;
	sum = plan_sum(&s->plan);
	owed = s->goon.owed[s->chunk];
	if (t->n == 0 || sum > owed + t->n) {
		plan_total(&s->plan, owed);
		sum = owed;
	}
	t->n = owed + t->n - sum;
	return NS_OK;
}

/* Only these start in the window: those that go on did so in an earlier chunk. */
static void
set_places(struct sampler *s, const struct places *p)
{
	int i;

	s->attrs.places = p;
	for (i = 0; i < MAKERS; i++)
		s->maker[i].places = p;
}

static int
make_new(struct sampler *s, struct wanted *w, const struct target *t,
    const struct outlet *to, struct ns_err *e)
{
	uint64_t before;
	int rc = NS_OK, poor = 0;

	if (s->places.none)
		return NS_OK;
	if (s->places.windowed && t->of != OF_TRIES)
		w->step = 0;
	set_places(s, s->places.windowed ? &s->places : NULL);
	s->attrs.wanted = &w->sym;
	s->dropping = true;
	while (rc >= 0 && left(s, t) > 0) {
		if ((rc = try_some(s, w, t, e)) < 0)
			break;
		wanted_order(w, s->m->P);
		before = s->series;
		rc = make_blocks(s, w->length, w->code, w->n, to, e);
		poor = 2 * (s->series - before) < w->n ? poor + 1 : 0;
		s->dropping = s->dropping && poor < ROUNDS_POOR;
		w->n = 0;
		if (t->of == OF_TRIES)
			break;
	}
	s->attrs.wanted = NULL;
	s->dropping = false;
	set_places(s, NULL);
	return rc;
}

int
make_wanted(struct sampler *s, const struct target *t, const struct outlet *to,
    struct ns_err *e)
{
	struct target rest = *t; /* of new flows */
	struct wanted w;
	struct rng r;
	int rc;

	start_stream(s, &r, AR_TRY, s->draws++);
	goon_count(&s->goon, t->of == OF_RECORDS);
	rc = wanted_init(&w, s->m, &s->models->given, &r, e);
	if (rc >= 0 && (rc = plan_carried(s, &rest, e)) >= 0)
		rc = make_carried(s, to, e);
	goon_end(&s->goon);
	if (rc >= 0)
		rc = make_new(s, &w, &rest, to, e);
	wanted_free(&w);
	return rc;
}
