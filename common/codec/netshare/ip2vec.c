#include "codec/netshare/ip2vec.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "codec/netshare/spread.h"

#define DIM IP2VEC_DIM
#define STRIDE 12 /* floats of a row in training: whole registers, zeros at the end */
#define PROTO_WORD 65536 /* words 0 .. 65535 are ports, protocols follow */
#define WORDS (PROTO_WORD + 256)
#define SENTENCE 3 /* words */
#define WINDOW 5
#define NEGATIVE 5
#define SAMPLE 1e-3
#define RATE_FIRST .025
#define RATE_LAST 1e-4
#define EPOCHS_LEAST 5
#define SIGMOID_MAX 6 /* beyond it a pair is learnt */

enum { STREAM_POOL = 0x69703200, STREAM_INIT, STREAM_ORDER, STREAM_TRAIN };

struct sentence {
	uint16_t port[2];
	uint8_t proto;
};

struct ip2vec {
	struct sentence *pool;
	size_t n, cap;
	uint64_t seen; /* sentences offered */
	struct rng pick;
	uint8_t known[WORDS]; /* word occurs in the trace */
};

struct ip2vec *
ip2vec_new(void)
{
	struct ip2vec *m = xcalloc(1, sizeof *m);

	rng_init(&m->pick, 0, STREAM_POOL);
	return m;
}

void
ip2vec_free(struct ip2vec *m)
{
	if (m == NULL)
		return;
	free(m->pool);
	free(m);
}

void
word_table_free(struct word_table *t)
{
	free(t->word);
	free(t->v);
	memset(t, 0, sizeof *t);
}

/* A reservoir: each record's sentence stays with equal probability. */
void
ip2vec_add(struct ip2vec *m, uint16_t src, uint16_t dst, uint8_t proto, uint32_t times)
{
	const struct sentence s = {{src, dst}, proto};
	uint64_t j;

	m->known[src] = m->known[dst] = m->known[PROTO_WORD + proto] = 1;
	for (; times > 0; times--) {
		m->seen++;
		if (m->n < IP2VEC_SENTENCES) {
			xgrow(&m->pool, &m->cap, m->n + 1, sizeof *m->pool);
			m->pool[m->n++] = s;
			continue;
		}
		j = (uint64_t)(rng_uniform(&m->pick) * (double)m->seen);
		if (j < IP2VEC_SENTENCES)
			m->pool[j] = s;
	}
}

/* What training needs beside the sentences.  Rows are numbered in the order of words,
 * so the ports come first. */
struct trainer {
	uint32_t n, n_ports;
	uint16_t *word;  /* (n) */
	uint32_t *row;   /* (WORDS) */
	uint64_t *count; /* (n) in the sample */
	double *keep;    /* (n) probability to survive the thinning */
	double *below;   /* (n) cumulated frequencies to the power .75 */
	uint32_t *guide; /* (n_guide) about where in below a share of the sum lies */
	uint32_t n_guide;
	float *in, *out; /* (n, STRIDE) */
	struct rng rng;
	/* planning: the sentence and the visit that come next */
	size_t at;
	uint64_t visit, visits;
};

/* What is done for one word; nothing in it depends on the vectors. */
struct step {
	uint32_t target, context[SENTENCE - 1], negative[NEGATIVE];
	int n_context;
	float rate;
};

/* Steps are planned some visits ahead, on another thread if there is one. */
#define PLAN_VISITS 2048
struct plan {
	struct step *step; /* (PLAN_VISITS * SENTENCE) */
	size_t n;
};

static void
trainer_free(struct trainer *t)
{
	free(t->word);
	free(t->row);
	free(t->count);
	free(t->keep);
	free(t->below);
	free(t->guide);
	free(t->in);
	free(t->out);
}

static void
number_words(struct trainer *t, const struct ip2vec *m)
{
	uint32_t w;

	t->word = xcalloc(WORDS, sizeof *t->word);
	t->row = xcalloc(WORDS, sizeof *t->row);
	for (w = 0; w < WORDS; w++) {
		if (!m->known[w])
			continue;
		t->row[w] = t->n;
		t->word[t->n++] = (uint16_t)(w < PROTO_WORD ? w : w - PROTO_WORD);
		t->n_ports += w < PROTO_WORD;
	}
}

static void
sentence_rows(const struct trainer *t, const struct sentence *s, uint32_t row[SENTENCE])
{
	row[0] = t->row[s->port[0]];
	row[1] = t->row[s->port[1]];
	row[2] = t->row[PROTO_WORD + s->proto];
}

static void
count_words(struct trainer *t, const struct ip2vec *m)
{
	double limit = SAMPLE * SENTENCE * (double)m->n, x, sum = 0;
	uint32_t row[SENTENCE], i;
	size_t k;

	t->count = xcalloc(t->n, sizeof *t->count);
	t->keep = xcalloc(t->n, sizeof *t->keep);
	t->below = xcalloc(t->n, sizeof *t->below);
	for (k = 0; k < m->n; k++) {
		sentence_rows(t, &m->pool[k], row);
		for (i = 0; i < SENTENCE; i++)
			t->count[row[i]]++;
	}
	for (i = 0; i < t->n; i++) {
		x = (double)t->count[i];
		t->keep[i] = x > 0 ? (sqrt(x / limit) + 1) * (limit / x) : 1;
		sum += pow(x, .75);
		t->below[i] = sum;
	}
}

/* Entry g: the first word beyond the share g of the sum. */
static void
make_guide(struct trainer *t)
{
	double sum = t->below[t->n - 1];
	uint32_t g, i = 0;

	t->n_guide = 4 * t->n;
	t->guide = xcalloc(t->n_guide, sizeof *t->guide);
	for (g = 0; g < t->n_guide; g++) {
		while (i < t->n - 1 && t->below[i] <= sum * g / t->n_guide)
			i++;
		t->guide[g] = i;
	}
}

static void
init_vectors(struct trainer *t, uint64_t seed)
{
	size_t n = (size_t)t->n * STRIDE, i;
	struct rng r;
	int d;

	t->in = xcalloc(n, sizeof *t->in);
	t->out = xcalloc(n, sizeof *t->out);
	rng_init(&r, seed, STREAM_INIT);
	for (i = 0; i < n; i += STRIDE)
		for (d = 0; d < DIM; d++)
			t->in[i + (size_t)d] = (float)((rng_uniform(&r) - .5) / DIM);
	rng_init(&t->rng, seed, STREAM_TRAIN);
}

/* A word by frequency to the power .75: the first whose sum is beyond u.  The guide is
 * a place to begin the search at, no more. */
static uint32_t
draw_negative(struct trainer *t)
{
	double share = rng_uniform(&t->rng), u = share * t->below[t->n - 1];
	uint32_t i = t->guide[(uint32_t)(share * t->n_guide)];

	while (i > 0 && t->below[i - 1] > u)
		i--;
	while (i < t->n - 1 && t->below[i] <= u)
		i++;
	return i;
}

/* One target against its context's mean: adds to the output row, collects in work what
 * the context has to move. */
static void
train_target(struct trainer *t, uint32_t target, float truth, float rate,
    const float mean[STRIDE], float work[STRIDE])
{
	float *out = t->out + (size_t)target * STRIDE, f = 0, g;
	int d;

	for (d = 0; d < DIM; d++)
		f += mean[d] * out[d];
	if (f <= -SIGMOID_MAX || f >= SIGMOID_MAX)
		return;
	g = (truth - 1.f / (1.f + expf(-f))) * rate;
	for (d = 0; d < STRIDE; d++)
		work[d] += g * out[d];
	for (d = 0; d < STRIDE; d++)
		out[d] += g * mean[d];
}

static void
add_row(float to[STRIDE], const float from[STRIDE])
{
	int d;

	for (d = 0; d < STRIDE; d++)
		to[d] += from[d];
}

/* CBOW step. */
static void
train_step(struct trainer *t, const struct step *s)
{
	float mean[STRIDE] = {0}, work[STRIDE] = {0};
	int i, d;

	for (i = 0; i < s->n_context; i++)
		add_row(mean, t->in + (size_t)s->context[i] * STRIDE);
	for (d = 0; d < STRIDE; d++)
		mean[d] /= (float)s->n_context;
	train_target(t, s->target, 1, s->rate, mean, work);
	for (i = 0; i < NEGATIVE; i++)
		if (s->negative[i] != s->target)
			train_target(t, s->negative[i], 0, s->rate, mean, work);
	for (i = 0; i < s->n_context; i++)
		add_row(t->in + (size_t)s->context[i] * STRIDE, work);
}

/* The step for the word at pos of n kept words, if it has a context. */
static void
plan_word(struct trainer *t, const uint32_t *row, int n, int pos, float rate,
    struct plan *p)
{
	int reach = WINDOW - (int)rng_below(&t->rng, WINDOW), i;
	struct step *s = &p->step[p->n];

	s->target = row[pos];
	s->rate = rate;
	s->n_context = 0;
	for (i = 0; i < n; i++)
		if (i != pos && abs(i - pos) <= reach)
			s->context[s->n_context++] = row[i];
	if (s->n_context == 0)
		return;
	for (i = 0; i < NEGATIVE; i++)
		s->negative[i] = draw_negative(t);
	p->n++;
}

/* How often to go through the sample. */
static uint64_t
epochs(const struct trainer *t, const struct ip2vec *m)
{
	double kept = 0;
	uint64_t n, most = IP2VEC_VISITS / m->n;
	uint32_t i;

	for (i = 0; i < t->n; i++)
		kept += (double)t->count[i] * (t->keep[i] < 1 ? t->keep[i] : 1);
	n = (uint64_t)ceil(IP2VEC_PAIRS / kept);
	if (n > most)
		n = most;
	return n < EPOCHS_LEAST ? EPOCHS_LEAST : n;
}

/* Series come one after another; mix them as their records were in time.  As
 * rng_shuffle does, but without an array of places. */
static void
mix_sentences(struct ip2vec *m, uint64_t seed)
{
	struct sentence s;
	struct rng r;
	uint32_t i, j;

	rng_init(&r, seed, STREAM_ORDER);
	for (i = (uint32_t)m->n; i > 1; i--) {
		j = rng_below(&r, i);
		s = m->pool[i - 1];
		m->pool[i - 1] = m->pool[j];
		m->pool[j] = s;
	}
}

/* The next visit of a sentence. */
static void
plan_visit(struct trainer *t, const struct ip2vec *m, struct plan *p)
{
	uint32_t row[SENTENCE], kept[SENTENCE];
	double done = (double)t->visit++ / (double)t->visits;
	float rate = (float)(RATE_FIRST - (RATE_FIRST - RATE_LAST) * done);
	int k, n;

	sentence_rows(t, &m->pool[t->at], row);
	t->at = t->at + 1 < m->n ? t->at + 1 : 0;
	for (n = 0, k = 0; k < SENTENCE; k++)
		if (rng_uniform(&t->rng) < t->keep[row[k]])
			kept[n++] = row[k];
	for (k = 0; k < n; k++)
		plan_word(t, kept, n, k, rate, p);
}

struct round {
	struct trainer *t;
	const struct ip2vec *m;
	struct plan next, now;
};

static void
run_job(void *arg, int job)
{
	struct round *r = arg;
	size_t i;

	if (job == 1) {
		for (i = 0; i < r->now.n; i++)
			train_step(r->t, &r->now.step[i]);
		return;
	}
	r->next.n = 0;
	for (i = 0; i < PLAN_VISITS && r->t->visit < r->t->visits; i++)
		plan_visit(r->t, r->m, &r->next);
}

static void
train_sentences(struct trainer *t, const struct ip2vec *m, struct pool *pool)
{
	struct round r = {.t = t, .m = m};
	struct plan p;
	bool more;

	r.next.step = xcalloc(PLAN_VISITS * SENTENCE, sizeof *r.next.step);
	r.now.step = xcalloc(PLAN_VISITS * SENTENCE, sizeof *r.now.step);
	t->visits = epochs(t, m) * m->n;
	do {
		more = t->visit < t->visits;
		pool_run(pool, run_job, &r, 2);
		p = r.now;
		r.now = r.next;
		r.next = p;
	} while (more);
	free(r.next.step);
	free(r.now.step);
}

/* Rows first .. first + n - 1 as a table of unit vectors. */
static void
take_table(const struct trainer *t, uint32_t first, uint32_t n, uint64_t seed,
    struct word_table *out)
{
	uint32_t i;

	out->n = n;
	out->word = xmalloc(n * sizeof *out->word);
	out->v = xmalloc(size_mul(n, DIM * sizeof *out->v));
	memcpy(out->word, t->word + first, n * sizeof *out->word);
	for (i = 0; i < n; i++)
		memcpy(out->v + (size_t)i * DIM, t->in + (size_t)(first + i) * STRIDE,
		    DIM * sizeof *out->v);
	spread_unit_rows(out->v, n, DIM, seed);
}

void
ip2vec_train(struct ip2vec *m, uint64_t seed, struct pool *pool,
    struct word_table *ports, struct word_table *protos)
{
	struct trainer t = {0};

	memset(ports, 0, sizeof *ports);
	memset(protos, 0, sizeof *protos);
	if (m->n == 0)
		return;
	number_words(&t, m);
	count_words(&t, m);
	make_guide(&t);
	init_vectors(&t, seed);
	mix_sentences(m, seed);
	train_sentences(&t, m, pool);
	take_table(&t, 0, t.n_ports, seed, ports);
	take_table(&t, t.n_ports, t.n - t.n_ports, seed, protos);
	trainer_free(&t);
}
