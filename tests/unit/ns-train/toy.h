/*
 * toy.h: tensor streams of a made-up trace for the tests of ns-train and ns-sample.
 *
 * Every series has a "side" (a bit, 1 with probability .7); its second bit equals the
 * first, its port is row 0 or 1 of the table by the side, its length 1 or 3 by the
 * side, and its feature about .2 or .8 by the side.
 */
#ifndef TOY_H
#define TOY_H

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/le.h"
#include "base/rng.h"
#include "tensor/tensor.h"

struct toy {
	int chunks, index;
	uint32_t n;
	uint64_t seed;
	bool one_value; /* all series are alike */
	bool units;     /* records have units */
};

static inline void
toy_schema(struct tensor_schema *s, int chunks)
{
	const float words[4 * 2] = {1, 0, 0, 1, -1, 0, .6f, -.8f};

	tensor_schema_init(s);
	tensor_schema_table(s, "port", 4, 2, words);
	tensor_schema_add(s, NSR_ATTRIBUTE, "src_ip", NSR_BIT, 12, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "src_port", NSR_WORD, 2, "port");
	if (chunks > 1) {
		tensor_schema_add(s, NSR_ATTRIBUTE, "flow_starts", NSR_BIT, 1, "");
		tensor_schema_add(s, NSR_ATTRIBUTE, "flow_chunks", NSR_BIT,
		    (uint32_t)chunks, "");
	}
	tensor_schema_add(s, NSR_ATTRIBUTE, "flow_start", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "iat", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "type", NSR_CATEGORY, 2, "");
}

/* One record to p (64 bytes are enough for 8 chunks); returns its length. */
static inline size_t
toy_record(const struct toy *t, struct rng *r, uint8_t *p)
{
	int side = t->one_value || rng_uniform(r) < .7;
	uint32_t steps = side ? 1 : 3, i;
	uint8_t *q = p;

	*q++ = (uint8_t)(side * 0xc0 | (t->one_value ? 0 : rng_below(r, 64)));
	*q++ = (uint8_t)(t->one_value ? 0 : rng_below(r, 16) << 4);
	put_le16(q, (uint16_t)(side ? 0 : 1));
	q += 2;
	if (t->chunks > 1) {
		*q++ = 0x80;
		*q++ = (uint8_t)(0x80 >> t->index |
		    (side && t->index + 1 < t->chunks ? 0x40 >> t->index : 0));
	}
	put_lef32(q, (float)rng_uniform(r));
	put_le32(q + 4, steps);
	q += 8;
	for (i = 0; i < steps; i++, q += 5) {
		put_lef32(q, (float)((side ? .2 : .8) + .1 * (rng_uniform(r) - .5)));
		q[4] = (uint8_t)side;
	}
	return (size_t)(q - p);
}

/* The unit of a chunk's series: some in both chunks, the greatest there may be. */
static inline uint64_t
toy_unit(const struct toy *t, uint32_t i)
{
	return TENSOR_UNIT_END - 1 - i * (t->index == 0 ? 3 : 2);
}

static inline int
toy_body(const struct toy *t, const struct tensor_schema *s, struct nsr_writer *w,
    struct ns_err *e)
{
	struct buf b = {0};
	struct rng r;
	uint64_t records = 0;
	uint8_t rec[64 + TENSOR_UNIT_BYTES];
	uint32_t i;
	size_t n, at = 0;

	rng_init(&r, t->seed, (uint64_t)t->index);
	for (i = 0; i < t->n; i++) {
		n = toy_record(t, &r, rec);
		if (t->units)
			put_le64(rec + n, toy_unit(t, i));
		n += t->units ? TENSOR_UNIT_BYTES : 0;
		buf_put(&b, &n, sizeof n);
		buf_put(&b, rec, n);
		records += get_le32(rec + s->attr_bytes);
	}
	nsr_put_meta(w, e, "chunk.series", "%u", t->n);
	nsr_put_meta(w, e, "chunk.records", "%llu", (unsigned long long)records);
	nsr_put_meta(w, e, "trace.max_steps", "3");
	nsr_put_meta(w, e, "codec.hash", "0badcafe");
	tensor_put_tables(s, w, e);
	for (i = 0; i < t->n; i++) {
		memcpy(&n, b.p + at, sizeof n);
		if (nsr_put(w, b.p + at + sizeof n, n, e) < 0)
			return e->code;
		at += sizeof n + n;
	}
	buf_free(&b);
	return nsr_end(w, e);
}

/* Write the chunk's stream behind what o holds. */
static inline int
toy_write(const struct toy *t, struct out *o, struct ns_err *e)
{
	struct nsr_writer *w = nsr_writer_new(o, 0);
	struct tensor_schema s;
	struct nsr_schema n;
	int rc;

	toy_schema(&s, t->chunks);
	s.has_unit = t->units;
	tensor_schema_to_nsr(&s, &n);
	rc = nsr_begin(w, &n, e);
	if (rc >= 0) {
		nsr_put_meta(w, e, "trace.kind", "flow");
		nsr_put_meta(w, e, "chunk.count", "%d", t->chunks);
		nsr_put_meta(w, e, "chunk.index", "%d", t->index);
		rc = toy_body(t, &s, w, e);
	}
	nsr_writer_free(w);
	tensor_schema_free(&s);
	return rc;
}

#endif
