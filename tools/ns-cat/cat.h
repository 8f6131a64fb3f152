/* cat.h: what the files of ns-cat share. */
#ifndef NS_CAT_CAT_H
#define NS_CAT_CAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tool.h"
#include "stream/stream.h"
#include "tensor/tensor.h"
#include "trace/record.h"
#include "trace/rstream.h"

/* What the command line asks for. */
struct request {
	struct tool *tool;
	const char *fields; /* NULL = all */
	const char *note;   /* NULL = none */
	uint64_t count;     /* records at most; UINT64_MAX = all */
	uint64_t part;      /* 0 .. parts - 1 */
	uint64_t parts;     /* 0 = all records */
	int level;          /* of zstd */
};

/* One stream of one input, open and with its head read. */
struct source {
	struct nsr_reader *r;
	uint64_t index;               /* of the stream in its input, from 1 */
	bool first;                   /* of all streams */
	const struct nsr_schema *all; /* the schema of the first stream of all */
};

/*
 * each_stream: fn for every stream of every operand in order; it reads the stream, not
 * necessarily to its end.  1 from fn: enough, read nothing more.  alike: refuse streams
 * of another kind or other fields than the first's.  watch, if not NULL, is told of
 * each frame.
 */
typedef int stream_fn(void *arg, const struct source *s, struct ns_err *e);
typedef void frame_fn(void *arg, const struct nsr_frame_info *f);
int each_stream(const struct tool *t, bool alike, stream_fn *fn, frame_fn *watch,
    void *arg, struct ns_err *e);

/* The modes.  o is where the output goes. */
int cat_copy(const struct request *q, struct out *o, struct ns_err *e);
int cat_text(const struct request *q, bool json, struct out *o, struct ns_err *e);
int cat_header(const struct request *q, struct out *o, struct ns_err *e);
int cat_count(const struct request *q, struct out *o, struct ns_err *e);
int cat_check(const struct request *q, struct ns_err *e);
int cat_frames(const struct request *q, struct out *o, struct ns_err *e);

/* ---- Records by their schema ---- */

/* field_offset: of the field in a record all of whose earlier fields have a fixed size;
 * -1 if there is none of that name. */
long field_offset(const struct nsr_schema *s, const char *name);
/* field_size: bytes of a field of a fixed size; 0 for codes and the rest of a record.
 */
uint64_t field_size(const struct nsr_field *f);
/* part_refused: NS_EKIND: the stream's kind has no five-tuple to choose by. */
int part_refused(const struct nsr_reader *r, struct ns_err *e);
/* record_part: 1 if the record belongs to the part asked for, 0 if not. */
int record_part(const struct request *q, const struct nsr_reader *r, const uint8_t *rec,
    size_t len, struct ns_err *e);

/* ---- Text ---- */

/* put_safe: text from outside, with control characters as \xNN. */
void put_safe(struct buf *b, const char *text);
void put_u64(struct buf *b, uint64_t v);
void put_i64(struct buf *b, int64_t v);
/* put_chunk: chunk.index of the stream, "-" if it has none. */
void put_chunk(struct buf *b, const struct nsr_reader *r);

/* ---- Values of records, one line each (view.c) ---- */

struct column {
	char name[32];
	int id; /* an enum id of columns.h, or index into fields */
	const struct nsr_field *field; /* tensor and report: as the schema has it */
	uint64_t at;                   /* tensor: offset in attributes or in a step */
	bool quoted;                   /* JSON: a string */
	bool list;                     /* JSON: a list */
};

struct columns {
	struct column *v;
	size_t n, cap;
};

/* What one line is about; which members are set depends on the kind. */
struct line {
	const struct nsr_reader *r;
	const struct labels *labels;
	const struct tuple *key;
	const struct packet *packet;
	const struct flow *flow;
	const struct series *series;
	int chunk_count;
	uint64_t index; /* of the record in its stream */
	uint32_t step, steps;
	const uint8_t *rec; /* tensor attributes, report record */
	size_t len;
	const uint8_t *row; /* tensor: one step's codes */
	const struct nsr_tensor *array;
	uint64_t count; /* of the array's elements */
	double norm;    /* their Euclidean norm */
};

/* columns_open: of the streams of this schema, all or those of the list names (comma);
 * NS_EUSAGE if one is not there.  s must live as long as c. */
int columns_open(struct columns *c, const struct nsr_schema *s, const char *names,
    struct ns_err *e);
void columns_free(struct columns *c);
/* column_text: the value as text, appended.  Reports: NS_ECORRUPT if the record is too
 * short. */
int column_text(const struct column *c, const struct line *l, struct buf *b,
    struct ns_err *e);

/* line_put: one line for the present values of l, TSV or JSON. */
struct view {
	struct columns columns;
	bool json, begun;
	struct out *o;
	struct buf line, cell;
};
int line_put(struct view *v, const struct line *l, struct ns_err *e);

#endif
