#include "verbatim.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bounds.h"
#include "keyset.h"

/* The units of a part as keys, each with the flow that it is of. */
struct units {
	struct digest *key;
	uint32_t *flow;
	size_t n;
};

/* The rows of a side flow by flow, in time order: of flow k from start[k] on. */
struct rows {
	uint32_t *row;
	size_t *start; /* flows + 1 */
};

static void
rows_group(struct rows *g, const struct side *s)
{
	size_t *next = xmalloc(size_mul(s->f.n, sizeof *next));

	g->row = xmalloc(size_mul(s->t->n, sizeof *g->row));
	g->start = xmalloc(size_mul(s->f.n + 1, sizeof *g->start));
	g->start[0] = 0;
	for (size_t k = 0; k < s->f.n; k++) {
		next[k] = g->start[k];
		g->start[k + 1] = g->start[k] + (size_t)s->f.size[k];
	}
	for (size_t r = 0; r < s->t->n; r++)
		g->row[next[s->f.id[s->f.row[r]]]++] = s->f.row[r];
	free(next);
}

static void
rows_free(struct rows *g)
{
	free(g->row);
	free(g->start);
}

static struct digest
tuple_key(const struct trace *t, size_t i)
{
	struct digest k = digest_start(UNIT_TUPLE);

	for (int c = COL_SRC_IP; c <= COL_PROTO; c++)
		k = digest_add(k, t->narrow[c][i]);
	return k;
}

/* All fields but those that no two packets share. */
static struct digest
record_key(const struct trace *t, size_t i)
{
	struct digest k = tuple_key(t, i);

	for (int c = COL_PROTO + 1; c < COL_MAX; c++)
		if (c != COL_IP_ID && trace_has(t->kind, c))
			k = digest_add(k, (uint64_t)trace_at(t, c, i));
	return k;
}

/* How many times v can be halved before it is 0. */
static unsigned
power_of_two(uint64_t v)
{
	unsigned n = 0;

	for (; v != 0; v /= 2)
		n++;
	return n;
}

static struct digest
run_key(const struct trace *t, const struct digest *record, const uint32_t *row)
{
	struct digest k = digest_start(UNIT_NGRAM);

	for (size_t j = 0; j < LEAK_NGRAM; j++) {
		k = digest_add(k, record[j].a ^ record[j].b);
		if (j > 0)
			k = digest_add(k,
			    power_of_two((uint64_t)t->wide[COL_TIME][row[j]] -
				(uint64_t)t->wide[COL_TIME][row[j - 1]]));
	}
	return k;
}

static struct digest
flow_key(const struct digest *record, size_t n)
{
	struct digest k = digest_start(UNIT_FLOW);

	for (size_t j = 0; j < n; j++)
		k = digest_add(k, record[j].a ^ record[j].b);
	return k;
}

/* How many units a flow of n records has. */
static size_t
units_in(size_t n, enum unit what)
{
	switch (what) {
	case UNIT_TUPLE:
		return 1;
	case UNIT_RECORD:
		return n;
	case UNIT_NGRAM:
		return n < LEAK_NGRAM ? 0 : n - LEAK_NGRAM + 1;
	default:
		return n >= LEAK_FLOW_LEAST;
	}
}

/* Append the units of one flow of n records; record has room for as many keys. */
static void
add_units(struct units *u, const struct trace *t, uint32_t flow, const uint32_t *row,
    size_t n, enum unit what, struct digest *record)
{
	size_t count = units_in(n, what);
	struct digest *to = u->key + u->n;

	for (size_t j = 0; count > 0 && what != UNIT_TUPLE && j < n; j++)
		record[j] = record_key(t, row[j]);
	for (size_t j = 0; j < count; j++) {
		if (what == UNIT_TUPLE)
			to[j] = tuple_key(t, row[0]);
		else if (what == UNIT_RECORD)
			to[j] = record[j];
		else if (what == UNIT_NGRAM)
			to[j] = run_key(t, record + j, row + j);
		else
			to[j] = flow_key(record, n);
		u->flow[u->n++] = flow;
	}
}

static void
units_list(struct units *u, const struct part *p, enum unit what)
{
	const struct flows *f = &p->s->f;
	struct digest *record;
	size_t count = 0, longest = 0;
	struct rows g;

	for (size_t k = 0; k < p->n; k++) {
		size_t n = (size_t)f->size[p->flow[k]];

		count += units_in(n, what);
		longest = n > longest ? n : longest;
	}
	u->key = xmalloc(size_mul(count + 1, sizeof *u->key));
	u->flow = xmalloc(size_mul(count + 1, sizeof *u->flow));
	u->n = 0;
	record = xmalloc(size_mul(longest + 1, sizeof *record));
	rows_group(&g, p->s);
	for (size_t k = 0; k < p->n; k++) {
		uint32_t i = p->flow[k];

		add_units(u, p->s->t, i, g.row + g.start[i], (size_t)f->size[i], what,
		    record);
	}
	free(record);
	rows_free(&g);
}

static void
units_free(struct units *u)
{
	free(u->key);
	free(u->flow);
}

/* Add step to sum[flow] for each of cand's units that occurs in the other part. */
static void
count_in(int64_t *sum, const struct units *cand, const struct part *other,
    enum unit what, int step)
{
	struct keyset set;
	struct units u;

	units_list(&u, other, what);
	keyset_init(&set, u.n);
	for (size_t i = 0; i < u.n; i++)
		keyset_add(&set, u.key[i]);
	units_free(&u);
	for (size_t i = 0; i < cand->n; i++)
		if (keyset_has(&set, cand->key[i]))
			sum[cand->flow[i]] += step;
	keyset_free(&set);
}

double
verbatim_plain(const struct part *cand, const struct part *other, enum unit what)
{
	int64_t *sum = xcalloc(cand->s->f.n, sizeof *sum), all = 0;
	struct units u;
	double n;

	units_list(&u, cand, what);
	count_in(sum, &u, other, what, 1);
	for (size_t k = 0; k < cand->s->f.n; k++)
		all += sum[k];
	n = (double)u.n;
	units_free(&u);
	free(sum);
	return n > 0 ? (double)all / n : NAN;
}

struct excess
verbatim_excess(const struct part *cand, const struct part *train,
    const struct part *held, enum unit what)
{
	int64_t *sum = xcalloc(cand->s->f.n, sizeof *sum), all = 0;
	struct excess x = {NAN, NAN};
	struct units u;

	units_list(&u, cand, what);
	count_in(sum, &u, train, what, 1);
	count_in(sum, &u, held, what, -1);
	for (size_t k = 0; k < cand->s->f.n; k++) {
		all += sum[k];
		sum[k] = sum[k] < 0 ? -sum[k] : sum[k];
	}
	if (u.n > 0) {
		x.value = (double)all / (double)u.n;
		x.bound = sign_bound(sum, cand->s->f.n) / (double)u.n;
	}
	units_free(&u);
	free(sum);
	return x;
}

static void
mark(uint8_t *seen, const struct part *p, uint8_t bit)
{
	for (size_t k = 0; k < p->n; k++) {
		size_t i = p->s->f.head[p->flow[k]];

		seen[p->s->t->narrow[COL_SRC_IP][i]] |= bit;
		seen[p->s->t->narrow[COL_DST_IP][i]] |= bit;
	}
}

struct excess
address_excess(const struct part *cand, const struct part *train,
    const struct part *held, size_t n_addrs)
{
	enum { CAND = 1, TRAIN = 2, HELD = 4 };
	uint8_t *seen = xcalloc(n_addrs, 1);
	size_t n = 0, in_train = 0, in_held = 0;
	struct excess x;

	mark(seen, cand, CAND);
	mark(seen, train, TRAIN);
	mark(seen, held, HELD);
	for (size_t i = 0; i < n_addrs; i++) {
		n += seen[i] & CAND;
		in_train += seen[i] == (CAND | TRAIN);
		in_held += seen[i] == (CAND | HELD);
	}
	free(seen);
	x.value = ((double)in_train - (double)in_held) / (double)n;
	/* half as many coins of twice the weight */
	x.bound = BOUND_SIGMAS * sqrt(2 * (double)(in_train + in_held)) / (double)n;
	return x;
}
