#include "sampled.h"

#include <stdlib.h>
#include <string.h>

#include "gan.h"
#include "nn/normal.h"

enum { FAKES = 128 }; /* made at once, at most */

/* Rows of so many series; what they held is gone. */
static void
make_room(struct sampled *s, int room)
{
	size_t n = (size_t)room, rows = size_mul(n, (size_t)s->m->Din);

	free(s->real_x);
	free(s->fake_x);
	free(s->real_blocks);
	free(s->fake_blocks);
	free(s->alpha);
	s->room = room;
	s->real_x = xcalloc(rows, sizeof *s->real_x);
	s->fake_x = xcalloc(rows, sizeof *s->fake_x);
	s->real_blocks = xcalloc(n, sizeof *s->real_blocks);
	s->fake_blocks = xcalloc(n, sizeof *s->fake_blocks);
	s->alpha = xcalloc(n, sizeof *s->alpha);
}

/* The next multiple of what is made at once. */
static int
whole(const struct sampled *s, double n)
{
	return (int)ceil(n / s->gen->B) * s->gen->B;
}

struct sampled *
sampled_new(const struct dg *m, struct pool *pool, const struct private *how,
    const struct units *units, const struct feed *f, const struct feed_chunk *c)
{
	struct sampled *s = xcalloc(1, sizeof *s);

	s->how = how;
	s->units = units;
	s->feed = f;
	s->chunk = c;
	s->m = m;
	s->gen = dg_gen_new(m, pool,
	    how->nominal < FAKES ? (int)ceil(how->nominal) : FAKES, false);
	s->gen->ld = m->Din;
	s->unit = xcalloc((size_t)units->n + 1, sizeof *s->unit);
	s->first = xcalloc((size_t)units->n + 1, sizeof *s->first);
	make_room(s, whole(s, how->nominal + 8 * sqrt(how->nominal)));
	return s;
}

void
sampled_free(struct sampled *s)
{
	if (s == NULL)
		return;
	dg_gen_free(s->gen);
	clip_free(&s->clip);
	free(s->unit);
	free(s->first);
	free(s->real_x);
	free(s->fake_x);
	free(s->real_blocks);
	free(s->fake_blocks);
	free(s->alpha);
	free(s);
}

uint64_t
sampled_round(const struct sampled *s, uint64_t round)
{
	return (uint64_t)s->chunk->carry.index << 48 | round;
}

/* The units of a round, and where each one's series begin in the batch. */
static void
draw_units(struct sampled *s, uint64_t round)
{
	const struct units *u = s->units;
	size_t i, n = dp_poisson(&s->how->key, round, s->how->rate, u->n, s->unit);

	s->n_units = (int)n;
	for (i = 0; i < n; i++)
		s->first[i + 1] = s->first[i] +
		    (int)(u->first[s->unit[i] + 1] - u->first[s->unit[i]]);
	s->n = s->first[n];
	if (s->n > s->room)
		make_room(s, whole(s, s->n * 1.25));
}

static void
gather(struct sampled *s)
{
	const struct units *u = s->units;
	uint32_t from;
	int i, b;

	for (i = 0; i < s->n_units; i++) {
		from = u->first[s->unit[i]];
		for (b = s->first[i]; b < s->first[i + 1]; b++)
			s->real_blocks[b] = dg_expand(s->m,
			    feed_record(s->feed, s->chunk,
				u->series[from + (uint32_t)(b - s->first[i])]),
			    s->real_x + (size_t)b * (size_t)s->m->Din);
	}
}

/* Fakes of the places from first on. */
static void
make_fakes(struct sampled *s, int first, uint64_t seed)
{
	struct dg_gen *g = s->gen;
	int chunk = s->chunk->carry.index;
	uint64_t at = (uint64_t)first;
	struct rng r;

	g->out = s->fake_x + (size_t)first * (size_t)s->m->Din;
	rng_init(&r, seed, gan_stream(chunk, GAN_ATTR, at));
	normal_fill(g->z, (size_t)g->B * (size_t)s->m->cfg.attr_noise, &r);
	dg_gen_attr(g, NULL);
	dg_gen_harden(g);
	dg_gen_series(g, seed, gan_stream(chunk, GAN_FEAT, at),
	    gan_stream(chunk, GAN_STATE, at));
	memcpy(s->fake_blocks + first, g->live, (size_t)g->B * sizeof *g->live);
}

void
sampled_draw(struct sampled *s, uint64_t round)
{
	uint64_t number = sampled_round(s, round), seed;
	struct rng alpha;
	int b;

	draw_units(s, number);
	gather(s);
	dp_random(&s->how->key, DP_FAKE, number, 0, &seed, sizeof seed);
	for (b = 0; b < s->n; b += s->gen->B)
		make_fakes(s, b, seed);
	rng_init(&alpha, seed, gan_stream(s->chunk->carry.index, GAN_ALPHA, 0));
	for (b = 0; b < s->n; b++)
		s->alpha[b] = (real)rng_uniform(&alpha);
}
