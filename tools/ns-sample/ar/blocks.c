#include "ar/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/le.h"

/* Five-tuples that the chunk has are drawn again, with all that depends on them, so
 * often. */
#define TRIES 30

void
start_stream(const struct sampler *s, struct rng *r, enum ar_purpose p,
    uint64_t counter)
{
	rng_init(r, s->seed, (uint64_t)s->chunk << 48 | (uint64_t)p << 40 | counter);
}

int
chunk_index(const struct sampler *s)
{
	return s->models->chunk[s->chunk].carry.index;
}

const real *
shares(const struct sampler *s)
{
	return s->m->lengths + (size_t)chunk_index(s) * LENGTH_CODES;
}

/* ---- Attributes of a block ---- */

static void
copy_row(const struct sampler *s, uint16_t *to, int i, const uint16_t *from, int j)
{
	size_t P = (size_t)s->m->P;

	memmove(to + (size_t)i * P, from + (size_t)j * P, P * sizeof *to);
}

/* Draws the rows of again (n of them, ascending); those that failed are in again when
 * back. */
static int
draw_rows(struct sampler *s, int n)
{
	struct rng r;
	int i, failed = 0;

	for (i = 0; i < n; i++)
		s->coded[i] = (uint16_t)length_code(s->length[s->again[i]]);
	start_stream(s, &r, AR_ATTR, s->draws++);
	attrs_draw(&s->attrs, chunk_index(s), s->coded, s->fixed, n, &r);
	for (i = 0; i < n; i++) {
		copy_row(s, s->code, s->again[i], s->attrs.code, i);
		if (s->attrs.state[i] == ATTR_FAILED)
			s->again[failed++] = s->again[i];
	}
	return failed;
}

/* Without the rows of again (n, ascending). */
static void
drop_rows(struct sampler *s, int n)
{
	int i, to = 0, next = 0;

	for (i = 0; i < s->rows; i++) {
		if (next < n && s->again[next] == i) {
			next++;
			continue;
		}
		s->length[to] = s->length[i];
		copy_row(s, s->code, to++, s->code, i);
	}
	s->rows = to;
}

/* Of many rows that were drawn again nearly all failed again: what they could be is
 * there. */
static bool
no_use(int before, int after)
{
	return before > 64 && after > before - before / 8;
}

static void
draw_attributes(struct sampler *s)
{
	int i, n = s->rows, tries, before;

	for (i = 0; i < n; i++)
		s->again[i] = i;
	/* five-tuples that are fixed stay what they are */
	for (tries = 0; n > 0 && tries < (s->fixed != NULL ? 1 : TRIES); tries++) {
		before = n;
		n = draw_rows(s, n);
		s->repeats += (uint64_t)n;
		if (tries > 1 && no_use(before, n))
			break;
	}
	if (s->dropping)
		drop_rows(s, n);
	else
		s->kept += (uint64_t)n;
}

/* ---- Steps ---- */

/* Group g of the block, which counts from its end, where the longest are. */
static int
group_rows(const struct sampler *s, int g, int *first)
{
	int end = s->rows - g * SERIES_ROWS;

	*first = end > SERIES_ROWS ? end - SERIES_ROWS : 0;
	return end > 0 ? end - *first : 0;
}

/* Attributes that are ready of rows from first on, the last in front; NULL if they are
 * not. */
static uint8_t *
reversed_ready(const struct sampler *s, int first, int n)
{
	size_t bytes = s->m->schema->attr_bytes;
	uint8_t *p;
	int i;

	if (s->ready == NULL)
		return NULL;
	p = xcalloc((size_t)n, bytes + 1);
	for (i = 0; i < n; i++)
		memcpy(p + (size_t)i * bytes,
		    s->ready + (size_t)(first + n - 1 - i) * bytes, bytes);
	return p;
}

static void
make_job(void *arg, int job)
{
	struct sampler *s = arg;
	uint32_t length[SERIES_ROWS];
	size_t P = (size_t)s->m->P;
	uint16_t *attr;
	uint8_t *ready;
	struct rng r;
	int first, n = group_rows(s, s->first + job, &first), i;

	if (n == 0)
		return;
	attr = xcalloc((size_t)n, (P + 1) * sizeof *attr);
	for (i = 0; i < n; i++) { /* longest first */
		length[i] = s->length[first + n - 1 - i];
		memcpy(attr + (size_t)i * P, s->code + (size_t)(first + n - 1 - i) * P,
		    P * sizeof *attr);
		s->rec[job][i].len = 0;
	}
	ready = reversed_ready(s, first, n);
	s->maker[job].ready = ready;
	start_stream(s, &r, AR_SERIES, s->groups + (uint64_t)job);
	series_make(&s->maker[job], (uint16_t)s->models->chunk[s->chunk].carry.index,
	    length, attr, n, s->rec[job], &r);
	s->maker[job].ready = NULL;
	free(ready);
	free(attr);
}

static int
put_series(struct sampler *s, const struct buf *b, const struct outlet *to,
    struct ns_err *e)
{
	int rc = to->emit(to->arg, b->p, b->len, e);

	if (s->kept_rec != NULL)
		buf_put(s->kept_rec, b->p, s->m->schema->attr_bytes + 4);
	s->series++;
	s->records += get_le32(b->p + s->m->schema->attr_bytes);
	return rc < 0 ? rc : goon_put(&s->goon, s->chunk, b->p, e);
}

int
put_block(struct sampler *s, const struct outlet *to, struct ns_err *e)
{
	int j, i, first, n, rc = NS_OK;

	for (s->first = 0; group_rows(s, s->first, &first) > 0; s->first += MAKERS) {
		pool_run(s->pool, make_job, s, MAKERS);
		s->groups += MAKERS;
		for (j = 0; j < MAKERS; j++) {
			n = group_rows(s, s->first + j, &first);
			for (i = 0; i < n && rc >= 0; i++)
				rc = put_series(s, &s->rec[j][i], to, e);
		}
		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

/* ---- All ---- */

void
draw_block(struct sampler *s, uint32_t *length, const uint16_t *fixed, size_t rows)
{
	s->rows = (int)rows;
	s->length = length;
	s->fixed = fixed;
	draw_attributes(s);
}

int
make_blocks(struct sampler *s, uint32_t *length, const uint16_t *fixed, size_t n,
    const struct outlet *to, struct ns_err *e)
{
	size_t at, rows;
	int rc = NS_OK;

	for (at = 0; at < n && rc >= 0; at += rows) {
		rows = n - at < ATTR_ROWS ? n - at : ATTR_ROWS;
		draw_block(s, length + at,
		    fixed != NULL ? fixed + at * (size_t)s->m->P : NULL, rows);
		rc = put_block(s, to, e);
	}
	return rc;
}
