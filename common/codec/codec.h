/*
 * codec.h: series row <-> tensor row; the only place where trace and tensor meet.
 *
 *   fit:    codec_new, codec_fit_series for every series of every chunk, codec_fit_end
 *   encode: codec_encode
 *   decode: codec_load, codec_decode
 *
 * A codec is one for all chunks of a trace.  Times are relative to the chunk's window,
 * so a flow that continues in another chunk keeps its place on that chunk's own scale.
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include <stdbool.h>

#include "base/pool.h"
#include "tensor/tensor.h"
#include "trace/rstream.h"

struct codec;

/* codec_new: profile "netshare" is the only one so far; NULL and NS_EUSAGE for others.
 */
struct codec *codec_new(const char *profile, bool of_flows, int chunk_count,
    struct ns_err *e);
void codec_free(struct codec *c);

/* codec_fit_series: take account of one series; l holds the texts of its labels. */
int codec_fit_series(struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct ns_err *e);
/* codec_fit_fields, codec_fit_words: its two halves, which share nothing, so that two
 * threads may do one each.  In any case they see all series in the same order. */
int codec_fit_fields(struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct ns_err *e);
void codec_fit_words(struct codec *c, const struct series *s);
/* codec_fit_end: fix constants, ranges, categories (sorted by text) and train IP2Vec,
 * with the same result for any pool (NULL: none). */
int codec_fit_end(struct codec *c, uint64_t seed, struct pool *pool, struct ns_err *e);

/* codec_schema: of the tensor records; lends as long as c lives. */
const struct tensor_schema *codec_schema(const struct codec *c);
uint32_t codec_max_steps(const struct codec *c); /* longest series seen while fitting */
/* codec_hash: CRC-32C over all that codec_put writes; models of one trace agree on it.
 */
uint32_t codec_hash(const struct codec *c);

/* codec_encode: append the record to b (emptied first).  NS_EKIND when a value is not
 * one this codec can express (it was fitted on another trace). */
int codec_encode(const struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct buf *b,
    struct ns_err *e);

/* What codec_decode had to mend, as counts over all calls. */
struct codec_mends {
	uint64_t fitted;  /* series squeezed into their chunk's window */
	uint64_t clamped; /* fields moved into what their header allows */
};

/*
 * codec_decode: a checked tensor record to a series.  *s lends until the next call.
 * Generated records may be anything; what comes out is valid: times inside the chunk
 * and in order, lengths not below their headers, flags and ports as the protocol has
 * them. A record that came from codec_encode comes back as it was.
 */
int codec_decode(struct codec *c, const uint8_t *rec, size_t len,
    const struct chunk_info *k, struct labels *l, const struct series **s,
    struct codec_mends *m, struct ns_err *e);

/*
 * codec_put, codec_load: to and from the DICTs of a tensor or model stream: "codec"
 * (text, one line a field), "words.port" and "words.proto" (u16 a row: what the rows of
 * the tables stand for) and the tables "table.port", "table.proto" themselves.
 * codec_put writes all of them: tensor_put_tables is not needed beside it.  codec_load
 * also checks that the stream's fields are the codec's.
 */
int codec_put(const struct codec *c, struct nsr_writer *w, struct ns_err *e);
struct codec *codec_load(const struct nsr_reader *r, struct ns_err *e);

#endif
