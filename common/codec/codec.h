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
#include "codec/shared/config.h"
#include "codec/shared/mend.h"
#include "codec/shared/starts.h"
#include "tensor/masks.h"
#include "tensor/tensor.h"
#include "trace/rstream.h"

struct codec;

/* codec_has_profile: there is a profile of that name. */
bool codec_has_profile(const char *name);
/* codec_new: for a fit; NULL and NS_EUSAGE where there is no such profile. */
struct codec *codec_new(const struct codec_config *f, bool of_flows, int chunk_count,
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
/* codec_fit_answer: of a series that answers another one of its chunk (trace/record.h),
 * with struct series' values; to be called where codec_pairs says so. */
void codec_fit_answer(struct codec *c, uint32_t opener_steps, int64_t delay_ns);
/* codec_pairs: it encodes which series answer others: while fitting, it will if there
 * are some; else, there were some. */
bool codec_pairs(const struct codec *c);
/* codec_fit_end: fix constants, ranges, categories and what else the profile has, with
 * the same result for any pool (NULL: none). */
int codec_fit_end(struct codec *c, struct pool *pool, struct ns_err *e);

/*
 * codec_constants: a codec that knows nothing of any trace: what it can say are public
 * constants, chosen by kind of record, number of chunks and f (profile, ip_version,
 * labels) alone.  Times are in microseconds, counts and times have a greatest value.
 * NULL and NS_EUSAGE where there is no such profile, or labels cannot be texts.
 */
struct codec *codec_constants(const struct codec_config *f, bool of_flows,
    int chunk_count, struct ns_err *e);
/* codec_declare_public: the trace it was fitted to is; codec_is_public: that, or it is
 * made of constants.  Its DICTs say so. */
void codec_declare_public(struct codec *c);
bool codec_is_public(const struct codec *c);
/* codec_clamp: from here on codec_encode says of what the codec cannot express what is
 * nearest to that, instead of NS_EKIND. */
void codec_clamp(struct codec *c);

/* codec_schema: of the tensor records, without units, which are not the codec's matter;
 * lends as long as c lives. */
const struct tensor_schema *codec_schema(const struct codec *c);
/* codec_masks: which codes go together; none but in the profile symbol. */
const struct tensor_masks *codec_masks(const struct codec *c);
const char *codec_profile(const struct codec *c);
uint32_t codec_max_steps(const struct codec *c); /* longest series seen while fitting */
/* codec_hash: CRC-32C over all that codec_put writes; models of one trace agree on it.
 */
uint32_t codec_hash(const struct codec *c);

/* codec_encode: append the record to b (emptied first).  NS_EKIND when a value is not
 * one this codec can express (it was fitted on another trace). */
int codec_encode(const struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct buf *b,
    struct ns_err *e);

/*
 * codec_decode: a checked tensor record to a series.  *s lends until the next call.
 * Generated records may be anything; what comes out is valid: times inside the chunk
 * and in order, lengths not below their headers, flags and ports as the protocol has
 * them. A record that came from codec_encode comes back as it was.
 */
int codec_decode(struct codec *c, const uint8_t *rec, size_t len,
    const struct chunk_info *k, struct labels *l, const struct series **s,
    struct codec_mends *m, struct ns_err *e);

/* codec_tuple: the five-tuple of a record's attribute codes, as codec_decode would make
 * it.  False: the profile says it only record by record. */
bool codec_tuple(const struct codec *c, const uint8_t *attr, struct tuple *k);

/*
 * codec_answer: the attribute codes of a series that answers another, which has so many
 * steps and the attribute codes opener: five-tuple, labels, role and opener_steps; of
 * flow_start the opener's code, of delay some code that it may have, of all others 0.
 * False, and answer is of no use, where the codec cannot express it or has no roles.
 *
 * codec_answer_start: of answer, whose code of delay is set, the position of that and
 * code and position of flow_start: as much later than the opener as delay says, or
 * where that were behind the window of chunk k, somewhere in between.  u: two random
 * numbers from 0 up to 1.
 */
bool codec_answer(const struct codec *c, const uint8_t *opener, uint32_t steps,
    uint8_t *answer);
void codec_answer_start(const struct codec *c, const struct chunk_info *k,
    const uint8_t *opener, const double u[2], uint8_t *answer);

/*
 * codec_given: what a user wants of all series, as further masks, added to extra (for
 * tensor_masks_join behind those of the codec).  Fields and values:
 *
 *   proto               number or name
 *   src_ip, dst_ip      address, or prefix as in 10.0.0.0/8
 *   src_port, dst_port  number; one known as a service's is that, by direction
 *   label, type         text
 *
 * NS_EUSAGE for another field or what is no value of it, NS_EKIND for a value that the
 * codec cannot express; extra is then as it was.
 */
int codec_given(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *extra, struct ns_err *e);

/*
 * codec_starts: the series of chunk k that start from from_ns on and before to_ns, by
 * their codes and positions in flow_start.  Of code i positions are first[i] up to but
 * not first[i] + n[i], in units of 1 / START_PLACES, all of them or none where the code
 * is one value: codec_decode makes a time inside of each of these and a time outside of
 * each other one.  NS_EUSAGE where the profile cannot say, NS_ECORRUPT for a chunk that
 * does not go with the codec.
 */
int codec_starts(const struct codec *c, const struct chunk_info *k, int64_t from_ns,
    int64_t to_ns, struct codec_starts *s, struct ns_err *e);

/*
 * codec_put, codec_load: to and from the DICTs of a tensor or model stream: "codec"
 * (text, one line a field) and what the profile has beside it: netshare "words.port"
 * and "words.proto" (u16 a row: what the rows of the tables stand for) and the tables
 * "table.port", "table.proto" themselves, symbol "masks".  codec_put writes all of
 * them: tensor_put_tables is not needed beside it.  codec_load also checks that the
 * stream's fields are the codec's.
 */
int codec_put(const struct codec *c, struct nsr_writer *w, struct ns_err *e);
struct codec *codec_load(const struct nsr_reader *r, struct ns_err *e);

#endif
