#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "stream/array.h"
#include "stream/head.h"
#include "stream/input.h"
#include "stream/stream.h"

enum state {
	BEFORE, /* a prologue or the end of the input comes next */
	BODY,   /* within a stream */
	FAILED
};

struct nsr_reader {
	struct input in;
	enum state state;
	bool ended;   /* the present stream's END was read */
	bool pending; /* in.f is the first body frame, not yet looked at */
	int code;     /* FAILED: of the error */
	uint64_t streams;
	struct nsr_schema schema;
	struct head head;
	uint64_t rows;  /* handed out */
	uint64_t total; /* in the ROWS frames so far */
	uint32_t chain; /* of the last complete stream */

	/* the present ROWS frame */
	size_t pos;
	uint32_t left;

	/* the array whose parts are being read */
	char array[256];
	struct nsr_tensor part;
	uint64_t array_size, array_done;
};

struct nsr_reader *
nsr_reader_new(int fd, const char *name)
{
	struct nsr_reader *r = xcalloc(1, sizeof *r);

	input_init(&r->in, fd, name);
	return r;
}

void
nsr_reader_free(struct nsr_reader *r)
{
	if (r == NULL)
		return;
	input_free(&r->in);
	head_clear(&r->head);
	free(r);
}

const char *
nsr_name(const struct nsr_reader *r)
{
	return r->in.name;
}

const struct nsr_schema *
nsr_schema(const struct nsr_reader *r)
{
	return &r->schema;
}

const struct head *
nsr_reader_head(const struct nsr_reader *r)
{
	return &r->head;
}

uint32_t
nsr_chain(const struct nsr_reader *r)
{
	return r->chain;
}

uint64_t
nsr_rows(const struct nsr_reader *r)
{
	return r->rows;
}

void
nsr_on_frame(struct nsr_reader *r,
    void (*fn)(void *arg, const struct nsr_frame_info *f), void *arg)
{
	r->in.on_frame = fn;
	r->in.on_frame_arg = arg;
}

/* After an error nothing more is read: what follows cannot be trusted. */
static int
failed(struct nsr_reader *r, int code)
{
	r->state = FAILED;
	r->code = code;
	return code;
}

static int
refuse(const struct nsr_reader *r, struct ns_err *e)
{
	return ns_fail(e, r->code, "'%s': not read any further after an error",
	    r->in.name);
}

static int
check_end(struct nsr_reader *r, struct ns_err *e)
{
	const struct input *in = &r->in;
	const uint8_t *p = in->payload;

	if (in->f.raw != END_LEN)
		return input_fail(in, e, NS_ECORRUPT, "END frame of %u bytes",
		    in->f.raw);
	if (get_le32(p + 28) != 0)
		return input_fail(in, e, NS_ETRUNC,
		    "stream is not complete: what wrote it failed with status %u",
		    get_le32(p + 28));
	if (get_le64(p) != in->frames || get_le64(p + 8) != r->total ||
	    get_le64(p + 16) != in->raw_bytes || get_le32(p + 24) != in->chain)
		return input_fail(in, e, NS_ECORRUPT,
		    "END frame does not agree with what was read");
	if (r->array_done < r->array_size)
		return input_fail(in, e, NS_ECORRUPT, "array '%s' is not complete",
		    r->array);
	r->chain = in->chain;
	r->ended = true;
	r->state = BEFORE;
	return NS_OK;
}

static int
open_rows(struct nsr_reader *r, struct ns_err *e)
{
	const struct frame *f = &r->in.f;

	if (r->schema.width != 0 && (uint64_t)f->rows * r->schema.width != f->raw)
		return input_fail(&r->in, e, NS_ECORRUPT,
		    "%u records of %u bytes in a frame of %u", f->rows, r->schema.width,
		    f->raw);
	r->pos = 0;
	r->left = f->rows;
	r->total += f->rows;
	return NS_OK;
}

/* Keep what is not body.  1 = a body frame (ROWS, TNSR, END) is in r->in.f. */
static int
sort_frame(struct nsr_reader *r, struct ns_err *e)
{
	const struct frame *f = &r->in.f;
	struct ns_err why;

	if (f->type == T_ROWS || f->type == T_TNSR || f->type == T_END)
		return 1;
	if (f->type == T_SCHM)
		return input_fail(&r->in, e, NS_ECORRUPT, "a second schema");
	if (head_take(&r->head, f, r->in.payload, &why) < 0)
		return input_fail(&r->in, e, why.code, "%s", why.msg);
	return 0;
}

/* Read up to the next frame that sort_frame lets through.  END: 0; others 1. */
static int
next_body(struct nsr_reader *r, struct ns_err *e)
{
	int rc = r->pending;

	r->pending = false;
	while (rc == 0) {
		rc = input_frame(&r->in, e);
		if (rc == NS_OK)
			rc = sort_frame(r, e);
	}
	if (rc < 0)
		return rc;
	if (r->in.f.type == T_END)
		return check_end(r, e);
	if ((r->in.f.type == T_TNSR) != (r->schema.kind == NSR_MODEL))
		return input_fail(&r->in, e, NS_ECORRUPT,
		    "arrays belong in model streams, records in all others");
	return 1;
}

static int
read_schema(struct nsr_reader *r, struct ns_err *e)
{
	struct ns_err why;
	int rc = input_frame(&r->in, e);

	if (rc < 0)
		return rc;
	/* What failed between two streams says so in a stream of nothing but END. */
	if (r->in.f.type == T_END && (rc = check_end(r, e)) < 0)
		return rc;
	if (r->in.f.type != T_SCHM)
		return input_fail(&r->in, e, NS_ECORRUPT, "stream without a schema");
	if (nsr_schema_get(&r->schema, r->in.payload, r->in.f.raw, &why) < 0)
		return input_fail(&r->in, e, why.code, "%s", why.msg);
	return NS_OK;
}

/* Schema and head.  The first body frame waits for nsr_next; an END is taken at once,
 * since a stream without records must show its tail too. */
static int
open_stream(struct nsr_reader *r, struct ns_err *e)
{
	int rc;

	head_clear(&r->head);
	r->rows = r->total = 0;
	r->left = 0;
	r->array_size = r->array_done = 0;
	r->ended = false;
	r->streams++;
	r->state = BODY;
	if ((rc = read_schema(r, e)) < 0)
		return rc;
	if ((rc = next_body(r, e)) < 0)
		return rc;
	r->pending = rc > 0;
	return 1;
}

int
nsr_stream(struct nsr_reader *r, struct ns_err *e)
{
	int rc;

	if (r->state == FAILED)
		return refuse(r, e);
	if (r->state == BODY && (rc = nsr_skip(r, e)) < 0)
		return rc;
	rc = input_prologue(&r->in, r->streams == 0, e);
	if (rc > 0)
		rc = open_stream(r, e);
	return rc < 0 ? failed(r, rc) : rc;
}

int
nsr_expect(const struct nsr_reader *r, int kind, int version, struct ns_err *e)
{
	if (r->schema.kind != kind)
		return ns_fail(e, NS_EKIND, "'%s' is a %s stream, not a %s stream",
		    r->in.name, nsr_kind_name(r->schema.kind), nsr_kind_name(kind));
	if (r->schema.version != version)
		return ns_fail(e, NS_EVERSION,
		    "'%s' has %s records of version %u, this reads version %d",
		    r->in.name, nsr_kind_name(kind), r->schema.version, version);
	return NS_OK;
}

/* The length before a record of variable width, and what is left for it. */
static int
variable_record(struct nsr_reader *r, size_t *len, struct ns_err *e)
{
	size_t room = r->in.f.raw - r->pos;

	if (room < 4 || get_le32(r->in.payload + r->pos) > room - 4)
		return input_fail(&r->in, e, NS_ECORRUPT,
		    "record does not fit its frame");
	*len = get_le32(r->in.payload + r->pos);
	r->pos += 4;
	if (r->left == 1 && *len != room - 4)
		return input_fail(&r->in, e, NS_ECORRUPT,
		    "bytes behind the last record of a frame");
	return NS_OK;
}

static int
next_rows(struct nsr_reader *r, struct ns_err *e)
{
	int rc = next_body(r, e);

	if (rc <= 0)
		return rc;
	if (r->schema.kind == NSR_MODEL)
		return input_fail(&r->in, e, NS_EKIND,
		    "a model, not a stream of records");
	rc = open_rows(r, e);
	return rc < 0 ? rc : 1;
}

int
nsr_next(struct nsr_reader *r, const uint8_t **rec, size_t *len, struct ns_err *e)
{
	int rc;

	if (r->left == 0) {
		if (r->state == FAILED)
			return refuse(r, e);
		assert(r->streams > 0);
		if (r->ended)
			return 0;
		rc = next_rows(r, e);
		if (rc <= 0)
			return rc < 0 ? failed(r, rc) : 0;
	}
	*len = r->schema.width;
	if (r->schema.width == 0 && (rc = variable_record(r, len, e)) < 0) {
		r->left = 0;
		return failed(r, rc);
	}
	*rec = r->in.payload + r->pos;
	r->pos += *len;
	r->left--;
	r->rows++;
	return 1;
}

/* Parts of one array follow each other without a gap; a new one begins at 0. */
static int
join_part(struct nsr_reader *r, struct nsr_tensor *t, const char *name,
    struct ns_err *e)
{
	uint64_t total;
	bool more = r->array_done < r->array_size;

	if (array_total(t, &total) < 0)
		return input_fail(&r->in, e, NS_ECORRUPT, "array '%s' is too large",
		    name);
	if (more &&
	    (strcmp(name, r->array) != 0 || t->type != r->part.type ||
		t->rank != r->part.rank ||
		memcmp(t->dims, r->part.dims, sizeof t->dims) != 0))
		return input_fail(&r->in, e, NS_ECORRUPT, "array '%s' is not complete",
		    r->array);
	if (t->first != (more ? r->array_done : 0) || t->count > total - t->first ||
	    (t->count == 0 && total != 0))
		return input_fail(&r->in, e, NS_ECORRUPT,
		    "part of array '%s' is out of place", name);
	strcpy(r->array, name);
	t->name = r->array;
	r->part = *t;
	r->array_size = total;
	r->array_done = t->first + t->count;
	return 1;
}

static int
take_part(struct nsr_reader *r, struct nsr_tensor *t, struct ns_err *e)
{
	char name[256];
	int rc = next_body(r, e);

	if (rc <= 0)
		return rc;
	if (r->schema.kind != NSR_MODEL)
		return input_fail(&r->in, e, NS_EKIND, "a %s stream, not a model",
		    nsr_kind_name(r->schema.kind));
	if (array_parse(t, name, r->in.payload, r->in.f.raw) < 0)
		return input_fail(&r->in, e, NS_ECORRUPT,
		    "part of an array is damaged");
	return join_part(r, t, name, e);
}

int
nsr_next_tensor(struct nsr_reader *r, struct nsr_tensor *t, struct ns_err *e)
{
	int rc;

	if (r->state == FAILED)
		return refuse(r, e);
	assert(r->streams > 0);
	if (r->ended)
		return 0;
	rc = take_part(r, t, e);
	return rc < 0 ? failed(r, rc) : rc;
}

int
nsr_skip(struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_tensor t;
	const uint8_t *rec;
	size_t len;
	int rc;

	do
		rc = r->schema.kind == NSR_MODEL ? nsr_next_tensor(r, &t, e)
						 : nsr_next(r, &rec, &len, e);
	while (rc > 0);
	return rc;
}
