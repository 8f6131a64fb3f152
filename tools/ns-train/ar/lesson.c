#include "ar/lesson.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ar/streams.h"
#include "base/le.h"
#include "base/log.h"
#include "base/mem.h"

#define JUDGE_STEPS 50 /* between judgements by what is held out */

/* ---- The data ---- */

int
lesson_fit(void *cfg, const struct feed *f, struct ns_err *e)
{
	struct symbols s;
	int rc = symbols_new(&s, &f->schema, e);

	(void)cfg;
	symbols_free(&s);
	return rc;
}

static uint32_t
length_of(const struct lesson *l, const uint8_t *rec)
{
	return get_le32(rec + l->feed->schema.attr_bytes);
}

static size_t
count_series(const struct lesson *l)
{
	size_t n = 0, i;

	for (i = 0; i < l->n; i++)
		n += l->chunk[i].n;
	return n;
}

struct ar_series *
lesson_series(const struct lesson *l)
{
	struct ar_series *all = xcalloc(count_series(l) + 1, sizeof *all), *s = all;
	size_t i;
	uint32_t j;

	for (i = 0; i < l->n; i++)
		for (j = 0; j < l->chunk[i].n; j++, s++) {
			s->rec = feed_record(l->feed, &l->chunk[i], j);
			s->length = length_of(l, s->rec);
			s->number = (uint32_t)(s - all);
			s->chunk = (uint16_t)l->chunk[i].carry.index;
		}
	return all;
}

/* Each step of training takes one window of so many series. */
uint64_t
lesson_epoch(const struct lesson *l)
{
	const struct ar_config *c = l->config;
	uint64_t windows = 0;
	size_t i;
	uint32_t j;

	for (i = 0; i < l->n; i++)
		for (j = 0; j < l->chunk[i].n; j++)
			windows +=
			    (length_of(l, feed_record(l->feed, &l->chunk[i], j)) - 1) /
				(uint32_t)c->window +
			    1;
	return (windows - 1) / (uint64_t)c->batch_size + 1;
}

/* ---- Training ---- */

struct ar *
lesson_net(const struct lesson *l, const struct ar_config *cfg, struct ns_err *e)
{
	struct ar *m = ar_new(&l->feed->schema, cfg, l->chunk->carry.count, e);
	struct rng r;

	if (m == NULL)
		return NULL;
	rng_init(&r, l->seed, ar_stream(AR_INIT, (uint64_t)l->chunk->carry.index));
	ar_init(m, &r);
	return m;
}

struct ar_learn *
lesson_begin(const struct lesson *l, struct ns_err *e)
{
	struct ar *m = lesson_net(l, l->config, e);
	const struct ar *from = l->from;
	struct ar_series *all;
	struct ar_learn *learn;

	if (m == NULL)
		return NULL;
	all = lesson_series(l);
	learn = ar_learn_new(m, l->pool, all, count_series(l), l->seed,
	    from != NULL ? from->block : NULL);
	free(all);
	log_info("parameters=%zu symbols=%d+%d held_out=%zu", m->n_train, m->P, m->M,
	    learn->held.n_series);
	return learn;
}

int
lesson_step(struct ar_learn *l, uint64_t at, double done, double *held,
    struct ar_health *h, struct ns_err *e)
{
	int rc = ar_learn_step(l, at, done, h, e);

	if (rc >= 0 && (at + 1) % JUDGE_STEPS == 0)
		*held = ar_learn_judge(l);
	h->held = *held;
	return rc;
}

int
lesson_finite(const struct ar *m, uint64_t steps, struct ns_err *e)
{
	const char *bad = params_finite(&m->params, m->block, m->n_all);

	if (bad != NULL)
		return ns_fail(e, NS_ENUMERIC, "'%s' is not finite after step %" PRIu64,
		    bad, steps);
	return NS_OK;
}
