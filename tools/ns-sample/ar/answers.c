#include "ar/answers.h"

#include <stdlib.h>
#include <string.h>

#include "ar/lengths.h"
#include "ar/roles.h"
#include "base/le.h"
#include "base/mem.h"

/* The answers to the openers of a chunk. */
struct answers {
	size_t n, bytes;       /* bytes: of the attributes */
	const uint8_t *opener; /* (n, bytes + 4) records of the openers, with lengths */
	size_t *to;            /* (n) which of them each answers */
	uint8_t *rec;          /* (n, bytes) */
	uint16_t *code;        /* (n, P) */
	uint32_t *length;      /* (n) */
};

bool
answers_possible(const struct sampler *s)
{
	return s->models->codec != NULL && codec_pairs(s->models->codec) &&
	    attrs_find(&s->attrs, "role") >= 0;
}

static void
give_role(struct sampler *s, uint16_t role)
{
	int i = attrs_find(&s->attrs, "role");

	s->attrs.given[i] = role;
	s->attrs.keys.apart = role != ROLE_ANSWER;
	s->attrs.keys.opening = role == ROLE_OPENER;
}

static void
forget_role(struct sampler *s)
{
	s->attrs.given[attrs_find(&s->attrs, "role")] = ATTR_FREE;
	s->attrs.keys.apart = s->attrs.keys.opening = false;
}

static const uint8_t *
opener_of(const struct answers *x, size_t i)
{
	return x->opener + x->to[i] * (x->bytes + 4);
}

/* ---- What an opener makes of its answer ---- */

/* What is drawn: the tags of later chunks, and the delay, by about when it is; the
 * place follows from that. The tag of the present one is in front of what is scored. */
static void
free_codes(const struct sampler *s, uint16_t *code)
{
	static const char *const fields[] = {"flow_chunks", "delay"};
	const struct ar *m = s->m;
	size_t k;
	int i = s->goon.starts;

	if (i >= 0)
		code[i] = s->attrs.given[i];
	for (k = 0; k < LEN(fields); k++)
		for (i = attrs_find(&s->attrs, fields[k]); i >= 0 && i < m->P &&
		     strcmp(m->schema->attr[m->sym.sym[i].field].name, fields[k]) == 0;
		     i++)
			code[i] = ATTR_FREE;
}

/* The first symbol that a length is not chosen by. */
static int
end_of_codes(const struct sampler *s)
{
	static const char *const fields[] = {"flow_chunks", "delay", "flow_start"};
	int end = s->attrs.first_free, i;
	size_t k;

	for (k = 0; k < LEN(fields); k++)
		if ((i = attrs_find(&s->attrs, fields[k])) >= 0 && i < end)
			end = i;
	return end;
}

static void
find_answers(struct answers *x, const struct sampler *s, const struct buf *openers,
    size_t most)
{
	size_t P = (size_t)s->m->P, n, i;
	uint8_t *rec;

	x->bytes = s->m->schema->attr_bytes;
	x->opener = openers->p;
	n = openers->len / (x->bytes + 4);
	x->to = xcalloc(n + 1, sizeof *x->to);
	x->rec = xcalloc(n + 1, x->bytes + 1);
	x->code = xcalloc(n + 1, (P + 1) * sizeof *x->code);
	x->length = xcalloc(n + 1, sizeof *x->length);
	for (i = 0; i < n && x->n < most; i++) {
		x->to[x->n] = i;
		rec = x->rec + x->n * x->bytes;
		if (!codec_answer(s->models->codec, opener_of(x, x->n),
			get_le32(opener_of(x, x->n) + x->bytes), rec))
			continue;
		symbols_read(s->m->sym.sym, s->m->P, rec, x->code + x->n * P);
		free_codes(s, x->code + x->n++ * P);
	}
}

static void
answers_free(struct answers *x)
{
	free(x->to);
	free(x->rec);
	free(x->code);
	free(x->length);
}

/* By their lengths. */
static void
sort_answers(struct answers *x, size_t P)
{
	size_t *from = lengths_order(x->length, x->n), i;
	struct answers y = *x;

	y.to = xcalloc(x->n + 1, sizeof *y.to);
	y.rec = xcalloc(x->n + 1, x->bytes + 1);
	y.code = xcalloc(x->n + 1, (P + 1) * sizeof *y.code);
	y.length = xcalloc(x->n + 1, sizeof *y.length);
	for (i = 0; i < x->n; i++) {
		y.to[i] = x->to[from[i]];
		y.length[i] = x->length[from[i]];
		memcpy(y.rec + i * x->bytes, x->rec + from[i] * x->bytes, x->bytes);
		memcpy(y.code + i * P, x->code + from[i] * P, P * sizeof *y.code);
	}
	answers_free(x);
	free(from);
	*x = y;
}

/* Of the block that begins with answer at: codes that were drawn, positions, and when
 * each starts. */
static void
complete(struct answers *x, size_t at, const struct sampler *s, struct rng *r)
{
	const struct chunk_info *k = &s->models->chunk[s->chunk].info;
	size_t P = (size_t)s->m->P, i;
	uint16_t *code = s->code;
	uint8_t *rec;
	double u[2];

	for (i = at; i < at + (size_t)s->rows; i++, code += P) {
		rec = x->rec + i * x->bytes;
		symbols_write(s->m->sym.sym, s->m->P, code, rec);
		u[0] = rng_uniform(r);
		u[1] = rng_uniform(r);
		codec_answer_start(s->models->codec, k, opener_of(x, i), u, rec);
		/* what steps follow from is the place that it has */
		symbols_read(s->m->sym.sym, s->m->P, rec, code);
	}
}

static int
put_answers(struct sampler *s, struct answers *x, const struct outlet *to,
    struct rng *r, struct ns_err *e)
{
	size_t P = (size_t)s->m->P, at, rows;
	int rc = NS_OK;

	for (at = 0; at < x->n && rc >= 0; at += rows) {
		rows = x->n - at < ATTR_ROWS ? x->n - at : ATTR_ROWS;
		draw_block(s, x->length + at, x->code + at * P, rows);
		complete(x, at, s, r);
		s->ready = x->rec + at * x->bytes;
		rc = put_block(s, to, e);
		s->ready = NULL;
	}
	s->answered = x->n;
	return rc;
}

/* Answers to the openers whose records are there, out of the lengths of pool. */
static int
make_answers(struct sampler *s, const struct buf *openers, struct plan *pool,
    const struct outlet *to, struct ns_err *e)
{
	struct answers x = {0};
	struct known f;
	struct rng r;
	int rc;

	start_stream(s, &r, AR_ANSWERS, 0);
	give_role(s, ROLE_ANSWER);
	find_answers(&x, s, openers, pool->n);
	f = (struct known){x.code, x.n, attrs_find(&s->attrs, "role") + 1,
	    end_of_codes(s)};
	lengths_take(&s->attrs, chunk_index(s), pool, &f, true, x.length, &r);
	sort_answers(&x, (size_t)s->m->P);
	rc = put_answers(s, &x, to, &r, e);
	answers_free(&x);
	return rc;
}

/* ---- All ---- */

/* Answers come behind all openers: each has all lengths to choose from. */
static int
make_pairs(struct sampler *s, struct roles *x, const struct outlet *to,
    struct ns_err *e)
{
	struct plan *open = &x->of[ROLE_OPENER];
	struct buf openers = {0};
	int rc;

	give_role(s, ROLE_OPENER);
	s->kept_rec = &openers;
	rc = make_blocks(s, open->length, NULL, open->n, to, e);
	s->kept_rec = NULL;
	if (rc >= 0)
		rc = make_answers(s, &openers, &x->of[ROLE_ANSWER], to, e);
	buf_free(&openers);
	return rc;
}

int
make_talking(struct sampler *s, const struct outlet *to, struct ns_err *e)
{
	struct roles x;
	struct rng r;
	int rc;

	start_stream(s, &r, AR_ROLES, 0);
	roles_draw(&x, &s->attrs, chunk_index(s), &s->plan, &r);
	rc = make_pairs(s, &x, to, e);
	if (rc >= 0) {
		roles_left(&x);
		give_role(s, ROLE_ALONE);
		rc = make_blocks(s, x.of[ROLE_ALONE].length, NULL, x.of[ROLE_ALONE].n,
		    to, e);
	}
	forget_role(s);
	roles_free(&x);
	return rc;
}
