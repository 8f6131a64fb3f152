#include "flows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/sort.h"

/* What is kept of a flow while its records pass in time order. */
struct open_flow {
	int64_t last; /* start of the latest record */
	int64_t end;
	uint32_t chunks; /* bit c: occurs in chunk c */
};

static bool
same_key(const struct trace *t, size_t i, size_t j)
{
	for (int c = COL_SRC_IP; c <= COL_PROTO; c++)
		if (t->narrow[c][i] != t->narrow[c][j])
			return false;
	return true;
}

static uint64_t
key_hash(const struct trace *t, size_t i)
{
	uint64_t h = 0;

	for (int c = COL_SRC_IP; c <= COL_PROTO; c++)
		h = mix64(h + t->narrow[c][i] + 1);
	return h;
}

/* Number the flows: id[i] for each record; returns how many there are. */
static size_t
number_flows(const struct trace *t, uint32_t *id)
{
	size_t n_slots = 16, n = 0, s;
	uint32_t *slot, *sample;

	while (n_slots < size_mul(t->n, 2))
		n_slots *= 2;
	slot = xcalloc(n_slots, sizeof *slot);
	sample = xmalloc(size_mul(t->n, sizeof *sample)); /* one record of each flow */
	for (size_t i = 0; i < t->n; i++) {
		s = key_hash(t, i) & (n_slots - 1);
		while (slot[s] != 0 && !same_key(t, sample[slot[s] - 1], i))
			s = (s + 1) & (n_slots - 1);
		if (slot[s] == 0) {
			sample[n] = (uint32_t)i;
			slot[s] = (uint32_t)++n;
		}
		id[i] = slot[s] - 1;
	}
	free(sample);
	free(slot);
	return n;
}

/* All rows by time; equal times in their order. */
static uint32_t *
rows_by_time(const struct trace *t)
{
	uint64_t *key = xmalloc(size_mul(t->n, sizeof *key));
	uint32_t *row = xmalloc(size_mul(t->n, sizeof *row));

	for (size_t i = 0; i < t->n; i++) {
		key[i] = key_i64(t->wide[COL_TIME][i]);
		row[i] = (uint32_t)i;
	}
	sort_rows(key, row, t->n);
	free(key);
	return row;
}

static int64_t
add_saturated(int64_t a, int64_t b)
{
	if (b > 0 && a > INT64_MAX - b)
		return INT64_MAX;
	if (b < 0 && a < INT64_MIN - b)
		return INT64_MIN;
	return a + b;
}

/* Take record i into flow k. */
static void
take(struct flows *f, struct open_flow *o, const struct trace *t, size_t i, size_t k)
{
	bool packets = t->wide[COL_DUR] == NULL;
	int64_t at = t->wide[COL_TIME][i];
	int64_t end = packets ? at : add_saturated(at, t->wide[COL_DUR][i]);
	int64_t bytes = packets ? t->narrow[COL_IP_LEN][i] : t->wide[COL_BYTES][i];

	if (f->size[k]++ == 0) {
		f->first[k] = at;
		f->head[k] = (uint32_t)i;
		o->end = end;
	} else {
		f->iat[f->n_iat++] = since(at, o->last);
	}
	if (end > o->end)
		o->end = end;
	o->last = at;
	f->bytes[k] = add_saturated(f->bytes[k], bytes);
}

static int
bits_set(uint32_t v)
{
	int n = 0;

	for (; v != 0; v &= v - 1)
		n++;
	return n;
}

static void
allocate(struct flows *f, size_t n, size_t records)
{
	memset(f, 0, sizeof *f);
	f->n = n;
	f->size = xcalloc(n, sizeof *f->size);
	f->bytes = xcalloc(n, sizeof *f->bytes);
	f->first = xmalloc(size_mul(n, sizeof *f->first));
	f->head = xmalloc(size_mul(n, sizeof *f->head));
	f->dur = xmalloc(size_mul(n, sizeof *f->dur));
	f->iat = xmalloc(size_mul(records - n + 1, sizeof *f->iat));
}

void
flows_build(struct flows *f, const struct trace *t, int64_t t0, uint64_t span)
{
	uint32_t *id = xmalloc(size_mul(t->n, sizeof *id));
	uint32_t *row = rows_by_time(t);
	uint64_t chunk_ns = span / EVAL_CHUNKS + 1;
	struct open_flow *open;

	assert(t->n > 0);
	allocate(f, number_flows(t, id), t->n);
	open = xcalloc(f->n, sizeof *open);
	for (size_t r = 0; r < t->n; r++) {
		size_t i = row[r], k = id[i];
		uint64_t at = (uint64_t)t->wide[COL_TIME][i] - (uint64_t)t0;

		take(f, &open[k], t, i, k);
		open[k].chunks |= 1u << at / chunk_ns;
	}
	for (size_t k = 0; k < f->n; k++) {
		int64_t end = open[k].end, first = f->first[k];

		f->dur[k] = end > first ? since(end, first) : 0;
		f->alive[bits_set(open[k].chunks) - 1]++;
	}
	free(open);
	f->row = row;
	f->id = id;
}

void
flows_free(struct flows *f)
{
	free(f->size);
	free(f->bytes);
	free(f->first);
	free(f->dur);
	free(f->iat);
	free(f->row);
	free(f->id);
	free(f->head);
}
