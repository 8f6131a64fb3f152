/* A chunk's series from the spool, encoded some batches at a time by all threads. */
#include "base/le.h"
#include "base/mem.h"
#include "encode.h"

#define PIECES 4

/* One batch: its records, each behind its length, up to the first that fails. */
struct piece {
	struct spool_reader *from;
	uint64_t number; /* of its first series in the chunk */
	struct buf one, all;
	int rc;
	struct ns_err err;
};

/* While pieces of one half are encoded, those of the other are written. */
struct half {
	struct piece piece[PIECES];
	int n;
	size_t first; /* batch of the chunk */
};

struct work {
	struct target *g;
	const struct intake *in;
	const struct chunk *k;
	struct half half[2], *next, *done;
	uint64_t number; /* of the next half's first series in the chunk */
	int rc;          /* of writing */
	struct ns_err err;
};

static int
encode_piece(const struct work *w, struct piece *p, const struct extent *x)
{
	size_t at = pairs_from(&w->k->pairs, p->number);
	struct series *s;
	uint32_t i;
	int rc = spool_load(p->from, x, &p->err);

	p->all.len = 0;
	for (i = 0; i < x->n && rc >= 0; i++) {
		s = spool_next(p->from);
		pairs_tell(&w->k->pairs, &at, p->number + i, s);
		rc = encode_record(w->g, s, &w->k->info, &w->in->labels, &p->one,
		    &p->err);
		if (rc < 0)
			return fail_in_chunk(&w->k->info, &p->err);
		put_le32(buf_room(&p->all, 4), (uint32_t)p->one.len);
		buf_put(&p->all, p->one.p, p->one.len);
	}
	return rc;
}

static int
put_piece(struct work *w, const struct piece *p)
{
	size_t at = 0, n;
	int rc = NS_OK;

	for (; at < p->all.len && rc >= 0; at += 4 + n) {
		n = get_le32(p->all.p + at);
		rc = nsr_put(w->g->w, p->all.p + at + 4, n, &w->err);
	}
	if (rc >= 0 && p->rc < 0) {
		w->err = p->err;
		rc = p->rc;
	}
	return rc;
}

static void
write_done(struct work *w)
{
	int i;

	for (i = 0; i < w->done->n && w->rc >= 0; i++)
		w->rc = put_piece(w, &w->done->piece[i]);
}

/* Job 0 writes what is done, the others encode a piece each of what is next. */
static void
run_job(void *arg, int job)
{
	struct work *w = arg;
	struct half *h = w->next;
	size_t i = (size_t)job - 1;

	if (job == 0)
		write_done(w);
	else
		h->piece[i].rc =
		    encode_piece(w, &h->piece[i], &w->k->batch[h->first + i]);
}

static void
number_pieces(struct work *w)
{
	struct half *h = w->next;
	int i;

	for (i = 0; i < h->n; i++) {
		h->piece[i].number = w->number;
		w->number += w->k->batch[h->first + (size_t)i].n;
	}
}

static void
run_rounds(struct work *w)
{
	size_t at = 0, left;
	struct half *h;

	do {
		left = w->k->n - at;
		w->next->first = at;
		w->next->n = left < PIECES ? (int)left : PIECES;
		number_pieces(w);
		at += (size_t)w->next->n;
		pool_run(w->in->pool, run_job, w, 1 + w->next->n);
		h = w->next;
		w->next = w->done;
		w->done = h;
	} while (w->done->n > 0 && w->rc >= 0);
}

int
records_write(struct target *g, const struct intake *in, const struct chunk *k,
    struct ns_err *e)
{
	struct work w = {.g = g, .in = in, .k = k, .next = w.half, .done = w.half + 1};
	struct piece *p;
	int i;

	for (i = 0; i < 2 * PIECES; i++)
		w.half[i / PIECES].piece[i % PIECES].from =
		    spool_reader_new(in->spool, in->of_flows, in->count);
	run_rounds(&w);
	for (i = 0; i < 2 * PIECES; i++) {
		p = &w.half[i / PIECES].piece[i % PIECES];
		spool_reader_free(p->from);
		buf_free(&p->one);
		buf_free(&p->all);
	}
	if (w.rc < 0)
		*e = w.err;
	return w.rc;
}
