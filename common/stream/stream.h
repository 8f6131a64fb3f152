/*
 * stream.h: the record stream of ns-stream(5).
 *
 *   stream = prologue, SCHM, head (META, DICT), body (ROWS or TNSR; DICT may grow),
 *            tail (META, PROV, NOTE), END.  Unknown frames that are not critical may
 *            stand anywhere and are kept.
 *
 * A file may hold several streams one after another, as cat(1) joins them.
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/io.h"
#include "base/tool.h"
#include "stream/schema.h"

#define NSR_FRAME_MAX (1u << 20) /* bytes of a frame's payload, stored and raw */
#define NSR_ROWS_AIM (256u << 10)
/* the largest record: it must fit one ROWS frame with its length */
#define NSR_RECORD_MAX (NSR_FRAME_MAX - 4)
/* what a reader holds of one stream beside its rows: META, DICT, PROV, NOTE */
#define NSR_HEAD_MAX (256u << 20)

/* ---- Reading ---- */

struct nsr_reader;

/* A named table of the stream.  For one that grows in the body the pointer and length
 * change with nsr_next. */
struct nsr_dict {
	const char *name;
	bool is_public; /* fitted on public data or on none */
	const uint8_t *data;
	size_t len;
};

/* One tensor frame, a part of a named array. */
struct nsr_tensor {
	const char *name;
	uint8_t type; /* NSR_F32, NSR_F64, NSR_U64 */
	uint8_t rank; /* 0 .. 4 */
	uint64_t dims[4];
	uint64_t first;      /* index of the first element of this part */
	uint64_t count;      /* elements in this part */
	const uint8_t *data; /* little-endian */
};

/* nsr_reader_new: takes fd (closed by nsr_reader_free).  name is for messages; kept. */
struct nsr_reader *nsr_reader_new(int fd, const char *name);
void nsr_reader_free(struct nsr_reader *r);
const char *nsr_name(const struct nsr_reader *r);

/*
 * nsr_stream: go to the next stream of the input: rest of the present one (must have
 * been read to its end), prologue, schema, head.  1 = a stream is open, 0 = the input
 * ended after a complete stream.  An input of 0 bytes is NS_ETRUNC.
 */
int nsr_stream(struct nsr_reader *r, struct ns_err *e);

const struct nsr_schema *nsr_schema(const struct nsr_reader *r);
/* nsr_expect: NS_EKIND with a message that names both kinds unless the stream is of
 * the kind and record version given. */
int nsr_expect(const struct nsr_reader *r, int kind, int version, struct ns_err *e);

/*
 * nsr_next: the next record of a ROWS frame.  1 = *rec, *len set (valid until the next
 * call), 0 = END reached, totals and checksums agree (PROV, tail META are loaded then),
 * negative = error.
 */
int nsr_next(struct nsr_reader *r, const uint8_t **rec, size_t *len, struct ns_err *e);
/* nsr_next_tensor: the same for TNSR frames; for model streams, nsr_next for others. */
int nsr_next_tensor(struct nsr_reader *r, struct nsr_tensor *t, struct ns_err *e);
/* nsr_skip: read and check the rest of the present stream. */
int nsr_skip(struct nsr_reader *r, struct ns_err *e);

/* META as seen so far; NULL / NS_EKIND when the key is missing or not of the type. */
const char *nsr_meta(const struct nsr_reader *r, const char *key);
int nsr_meta_i64(const struct nsr_reader *r, const char *key, int64_t *v,
    struct ns_err *e);
/* nsr_meta_range: a whole number between least and most, else NS_ECORRUPT. */
int nsr_meta_range(const struct nsr_reader *r, const char *key, int64_t least,
    int64_t most, int64_t *v, struct ns_err *e);
int nsr_meta_f64(const struct nsr_reader *r, const char *key, double *v,
    struct ns_err *e);
size_t nsr_meta_count(const struct nsr_reader *r);
void nsr_meta_at(const struct nsr_reader *r, size_t i, const char **key,
    const char **val);

size_t nsr_dict_count(const struct nsr_reader *r);
struct nsr_dict nsr_dict_at(const struct nsr_reader *r, size_t i);
/* nsr_dict: by name; data is NULL when there is none. */
struct nsr_dict nsr_dict(const struct nsr_reader *r, const char *name);

/* Provenance, NOTE texts and unknown frames of the present stream, complete after END.
 */
size_t nsr_prov_count(const struct nsr_reader *r);
const char *nsr_prov_at(const struct nsr_reader *r, size_t i); /* "key=value\n" lines */
size_t nsr_note_count(const struct nsr_reader *r);
const char *nsr_note_at(const struct nsr_reader *r, size_t i);

/* nsr_chain: the chain CRC of the END frame of the last complete stream. */
uint32_t nsr_chain(const struct nsr_reader *r);
uint64_t nsr_rows(
    const struct nsr_reader *r); /* records of the present stream so far */

/* nsr_head_size: grows with every META, DICT, PROV, NOTE or unknown frame that is read,
 * so that who copies a stream sees when there is more to copy. */
uint64_t nsr_head_size(const struct nsr_reader *r);

/* nsr_on_frame: called for each frame as it is read and checked (ns-cat -X). */
struct nsr_frame_info {
	uint64_t offset;
	char type[5];
	uint16_t flags, sequence;
	uint32_t stored, raw, rows, crc;
};
void nsr_on_frame(struct nsr_reader *r,
    void (*fn)(void *arg, const struct nsr_frame_info *f), void *arg);

/* ---- Provenance that travels ---- */

/*
 * struct nsr_history: the PROV, NOTE and unknown frames of the streams a tool has read,
 * in order and without repeats, and their chain CRCs: what its own output has to carry.
 */
struct nsr_history;
struct nsr_history *nsr_history_new(void);
void nsr_history_free(struct nsr_history *h);
/* nsr_history_add: take over what r's present stream holds; call after its END. */
void nsr_history_add(struct nsr_history *h, const struct nsr_reader *r);
/* nsr_history_source: an input that is no stream, such as a capture: its name's last
 * part, CRC-32C and size. */
void nsr_history_source(struct nsr_history *h, const char *name, uint32_t crc,
    uint64_t bytes);

/* ---- Writing ---- */

struct nsr_writer;

/* nsr_writer_new: writes to o, which stays the caller's.  level: zstd level, 0 stores.
 */
struct nsr_writer *nsr_writer_new(struct out *o, int level);
/* nsr_writer_free: without nsr_end the stream stays incomplete, as it must. */
void nsr_writer_free(struct nsr_writer *w);

/* nsr_begin: prologue and SCHM; after nsr_end it begins a further stream. */
int nsr_begin(struct nsr_writer *w, const struct nsr_schema *s, struct ns_err *e);

/* nsr_put_meta: one key=value; allowed at any time, kept in order.  No newline in
 * either. */
int nsr_put_meta(struct nsr_writer *w, struct ns_err *e, const char *key,
    const char *fmt, ...) NS_PRINTF(4, 5);
/* nsr_put_dict: write or lengthen the named table; long data goes in parts. */
int nsr_put_dict(struct nsr_writer *w, const char *name, bool is_public, const void *p,
    size_t n, struct ns_err *e);
/* nsr_copy_head: put META (but those whose key begins with one of the space-separated
 * prefixes in skip, NULL = none) and all DICT of r's stream as seen so far. */
int nsr_copy_head(struct nsr_writer *w, const struct nsr_reader *r, const char *skip,
    struct ns_err *e);
/* nsr_put: one record; len must equal the schema's width where that is not 0. */
int nsr_put(struct nsr_writer *w, const void *rec, size_t len, struct ns_err *e);
/* nsr_put_tensor: a whole array, in as many frames as it takes. */
int nsr_put_tensor(struct nsr_writer *w, const char *name, int type, int rank,
    const uint64_t *dims, const void *data, struct ns_err *e);
/* nsr_put_part: one part as nsr_next_tensor gave it; for who copies models. */
int nsr_put_part(struct nsr_writer *w, const struct nsr_tensor *t, struct ns_err *e);
int nsr_put_note(struct nsr_writer *w, const char *text, struct ns_err *e);
/*
 * nsr_put_prov: the history h of the inputs (NULL = none), then this tool's own PROV:
 * tool, version, arguments (unless t->no_prov), seed (NULL = none), chain CRC of
 * inputs. Never the -o, -t, -S, -v, -q, -z, -k, -l options, file folders, clock, host
 * or user: equal inputs give equal bytes.
 */
int nsr_put_prov(struct nsr_writer *w, const struct tool *t, const uint64_t *seed,
    const struct nsr_history *h, struct ns_err *e);
/* nsr_end: flush, END with status 0.  A tool whose input was bad never calls it. */
int nsr_end(struct nsr_writer *w, struct ns_err *e);
/* nsr_end_failed: END with the exit status of a failure, if it can still be written.
 * Between streams it goes into a stream of its own, so that the end of the output never
 * looks like success.  Once only; w may be NULL. */
void nsr_end_failed(struct nsr_writer *w, int exit_status);
/*
 * nsr_finish: how a tool's output ends.  rc is how its work ended: if well, o is
 * committed; if not, a failing END goes out where the stream is a pipe and o is given
 * up.  Frees w and o (NULL is allowed); returns rc or the status of the commit.
 */
int nsr_finish(struct nsr_writer *w, struct out *o, int rc, struct ns_err *e);

#endif
