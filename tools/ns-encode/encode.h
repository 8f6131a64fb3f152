/*
 * encode.h: series streams of all chunks in, tensor streams out.
 *
 * Without -A the input is read once into a spool (in memory up to a bound, then in an
 * unlinked file in TMPDIR), the codec is fitted to the chunks in the order of their
 * index, then the chunks are encoded in that order: the order in which they came does
 * not matter.  Chunks that come in that order, as ns-chunk writes them, are fitted to
 * while they are read.  With -A or -P, where there is nothing to fit, each stream is
 * encoded as it comes, or, where it matters which series answer others, once all of it
 * is in a spool.  Addresses are mapped where series are read, so that spool, codec and
 * records hold none of the trace.
 */
#ifndef NS_ENCODE_H
#define NS_ENCODE_H

#include "addresses/map.h"
#include "base/log.h"
#include "base/pattern.h"
#include "base/pool.h"
#include "base/tool.h"
#include "codec/codec.h"
#include "pairs.h"

struct encode_opts {
	struct codec_config codec;
	const char *fit_to; /* -F, NULL = none */
	const char *apply;  /* -A, NULL = none */
	bool is_private;    /* -P: nothing of the trace but its records */
	bool is_public;     /* --public: the trace is */
	/* What addresses become as they are read; NULL = they stay.  Owned by main. */
	struct address_map *map;
	uint64_t memory;
	int level, threads;
};

int encode_run(const struct tool *t, const struct encode_opts *o, struct ns_err *e);

/* ---- apply.c: encode_run with -A or -P ---- */
int apply_run(const struct tool *t, const struct encode_opts *o, struct ns_err *e);

/* ---- spool.c: series put aside ---- */

struct spool;
/* spool_new: memory bytes are kept in memory, what comes after goes to a file. */
struct spool *spool_new(uint64_t memory);
void spool_free(struct spool *s);
/* spool_put: append a series of a trace of so many chunks. */
int spool_put(struct spool *s, const struct series *v, int chunk_count,
    struct ns_err *e);
/* spool_at: where the next series will be put. */
uint64_t spool_at(const struct spool *s);
/* spool_end: after the last spool_put; readers need it. */
int spool_end(struct spool *s, struct ns_err *e);

/* What was put one after another, n series in so many bytes. */
struct extent {
	uint64_t at, bytes;
	uint32_t n;
};
/* struct spool_reader: one for each thread that reads. */
struct spool_reader;
struct spool_reader *spool_reader_new(const struct spool *from, bool of_flows,
    int chunk_count);
void spool_reader_free(struct spool_reader *r);
int spool_load(struct spool_reader *r, const struct extent *x, struct ns_err *e);
/* spool_next: the next series of what was loaded; lends until the next call. */
struct series *spool_next(struct spool_reader *r);

/* ---- batch.c: some series at once ---- */

#define BATCH_SERIES 512
struct batch {
	size_t n;
	struct series *s; /* (BATCH_SERIES), their steps in the two below */
	struct packet *packets;
	struct flow *flows;
	size_t n_steps, cap_steps;
};
void batch_init(struct batch *b);
void batch_free(struct batch *b);
/* batch_read: the next series of the stream, mapped, as many as make a batch.  1 =
 * there may be more, 0 = these were the last, negative = error. */
int batch_read(struct batch *b, struct trace_reader *t, struct address_map *map,
    struct ns_err *e);

/* ---- intake.c: all chunks of a trace ---- */

struct chunk {
	bool there;
	struct chunk_info info;
	struct buf meta;      /* key NUL value NUL ... */
	char *from;           /* name of the input */
	struct extent *batch; /* in the spool */
	size_t n, cap;
	struct pairs pairs;
};

struct intake {
	int count; /* chunks of the trace, 0 before the first stream */
	bool of_flows;
	bool units;          /* series have units */
	bool pairs;          /* the codec asks which series answer others */
	struct chunk *chunk; /* (count) */
	const struct encode_opts *opts;
	/* fitted to what was read; NULL if that did not come in order or does not fit,
	 * so that chunk by chunk finds the error that is first */
	struct codec *codec;
	int next;   /* index of the chunk that would be in order */
	uint64_t n; /* series */
	struct pool *pool;
	struct progress progress;
	struct spool *spool;
	struct labels labels;
	struct nsr_history *history;
};
void intake_init(struct intake *in, const struct encode_opts *o);
void intake_free(struct intake *in);
/* intake_read: all streams of all operands; missing, double and foreign chunks are
 * refused by their number. */
int intake_read(struct intake *in, const struct tool *t, struct ns_err *e);
/* fit_pairs: of a chunk whose series were fitted to. */
void fit_pairs(struct codec *c, const struct pairs *p);
/* meta_save: META of the reader's stream from the first-th on; of a private one no more
 * than is constant or needed.  What says where its codec is from is not the trace's. */
void meta_save(struct buf *b, const struct nsr_reader *r, size_t first,
    bool is_private);
/* meta_write: what was saved. */
int meta_write(struct nsr_writer *w, const struct buf *b, struct ns_err *e);

/* ---- write.c ---- */

/* What every stream written has in common. */
struct target {
	const struct tool *tool;
	const struct encode_opts *opts;
	const struct codec *codec;
	const struct nsr_reader *codec_from; /* -A: at its end, else NULL */
	const char *origin; /* META privacy.codec, NULL = it may hold what is private */
	bool units;         /* records end with their unit */
	bool begun;         /* a stream was written */
	struct out *out;
	struct nsr_writer *w;
};
/* Values of META privacy.codec. */
#define META_ORIGIN "privacy.codec"
#define ORIGIN_PUBLIC "public"
#define ORIGIN_CONSTANTS "constants"
/* target_is_pattern: one output a chunk. */
bool target_is_pattern(const struct tool *t);
int target_open(struct target *g, const char *path, struct ns_err *e);
/* target_close: commit, or abort where rc is negative; returns the status. */
int target_close(struct target *g, int rc, struct ns_err *e);
/* target_begin: schema, META, codec. */
int target_begin(struct target *g, const struct buf *meta, struct ns_err *e);
/* target_end: provenance and END. */
int target_end(struct target *g, const struct nsr_history *h, struct ns_err *e);
/* target_codec: the codec alone, to -F: a tensor stream without records. */
int target_codec(struct target *g, const struct nsr_history *h, struct ns_err *e);

/* encode_record: codec_encode, and the unit behind it where records have one. */
int encode_record(const struct target *g, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct buf *b,
    struct ns_err *e);

/* encode_one: a series of the stream that t reads, with -A; b is for the record. */
int encode_one(struct target *g, const struct trace_reader *t, const struct series *s,
    const struct chunk_info *k, struct buf *b, struct ns_err *e);
/* paired.c: all series of that stream, once it is known which answer others. */
int paired_encode(struct target *g, struct trace_reader *t, const struct chunk_info *k,
    struct ns_err *e);

/* units_alike: NS_EKIND unless the stream's series have units where units says so. */
int units_alike(const struct trace_reader *t, bool units, struct ns_err *e);

/* fail_in_chunk: which chunk the message is about. */
int fail_in_chunk(const struct chunk_info *k, struct ns_err *e);

/* ---- records.c ---- */

/* records_write: the tensor records of a chunk. */
int records_write(struct target *g, const struct intake *in, const struct chunk *k,
    struct ns_err *e);

#endif
