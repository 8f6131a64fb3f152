/* -H, -C, -K, -X: what a stream holds beside its records. */
#include <string.h>

#include "base/log.h"
#include "copy.h"

struct show {
	const struct request *q;
	struct out *o;
	struct buf b;
	uint64_t streams, records, steps;
	bool stepped; /* some stream had steps */
	int rc;       /* of the frames written so far */
	struct ns_err e;
};

static int
flush(struct show *s, struct ns_err *e)
{
	int rc = out_write(s->o, s->b.p, s->b.len, e);

	s->b.len = 0;
	return rc;
}

/* Text of several lines from outside, indented. */
static void
put_lines(struct buf *b, const char *text)
{
	struct buf line = {0};
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		line.len = 0;
		buf_put(&line, text, n);
		buf_put(&line, "", 1);
		buf_put(b, "    ", 4);
		put_safe(b, (const char *)line.p);
		buf_put(b, "\n", 1);
	}
	buf_free(&line);
}

static void
put_schema(struct buf *b, const struct nsr_schema *s)
{
	static const char *const roles[] = {"", " attribute", " feature"};
	const struct nsr_field *f;
	uint32_t i;

	buf_printf(b, "  fields\n");
	for (i = 0; i < s->n_fields; i++) {
		f = &s->fields[i];
		buf_printf(b, "    %s %s", f->name, nsr_type_name(f->type));
		if (f->shape != 1)
			buf_printf(b, "[%u]", f->shape);
		buf_printf(b, "%s%s%s", roles[f->role], f->unit[0] != '\0' ? " " : "",
		    f->unit);
		if (f->ipfix != 0)
			buf_printf(b, " ipfix:%u", f->ipfix);
		buf_put(b, "\n", 1);
	}
}

static void
put_meta(struct buf *b, const struct nsr_reader *r)
{
	const char *key, *val;
	size_t i;

	if (nsr_meta_count(r) > 0)
		buf_printf(b, "  metadata\n");
	for (i = 0; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		buf_put(b, "    ", 4);
		put_safe(b, key);
		buf_put(b, "=", 1);
		put_safe(b, val);
		buf_put(b, "\n", 1);
	}
}

static void
put_dicts(struct buf *b, const struct nsr_reader *r)
{
	struct nsr_dict d;
	size_t i;

	if (nsr_dict_count(r) > 0)
		buf_printf(b, "  tables\n");
	for (i = 0; i < nsr_dict_count(r); i++) {
		d = nsr_dict_at(r, i);
		buf_printf(b, "    %s %s, %zu bytes\n", d.name,
		    d.is_public ? "public" : "private", d.len);
	}
}

static void
put_history(struct buf *b, const struct nsr_reader *r)
{
	size_t i;

	for (i = 0; i < nsr_prov_count(r); i++) {
		buf_printf(b, "  provenance\n");
		put_lines(b, nsr_prov_at(r, i));
	}
	for (i = 0; i < nsr_note_count(r); i++) {
		buf_printf(b, "  note\n");
		put_lines(b, nsr_note_at(r, i));
	}
}

/* Provenance stands at the end, so all of the stream is read, and checked. */
static int
show_header(void *arg, const struct source *src, struct ns_err *e)
{
	struct show *s = arg;
	struct nsr_reader *r = src->r;
	const struct nsr_schema *schema = nsr_schema(r);
	int rc = nsr_skip(r, e);

	if (rc < 0)
		return rc;
	put_safe(&s->b, nsr_name(r));
	buf_printf(&s->b, ": stream %llu: %s, version %u",
	    (unsigned long long)src->index, nsr_kind_name(schema->kind),
	    schema->version);
	if (schema->width != 0)
		buf_printf(&s->b, ", %u bytes a record", schema->width);
	if (schema->kind != NSR_MODEL)
		buf_printf(&s->b, ", %llu records", (unsigned long long)nsr_rows(r));
	buf_printf(&s->b, ", crc32c:%08x\n", (unsigned)nsr_chain(r));
	if (schema->n_fields > 0)
		put_schema(&s->b, schema);
	put_meta(&s->b, r);
	put_dicts(&s->b, r);
	put_history(&s->b, r);
	return flush(s, e);
}

int
cat_header(const struct request *q, struct out *o, struct ns_err *e)
{
	struct show s = {.q = q, .o = o};
	int rc = each_stream(q->tool, false, show_header, NULL, &s, e);

	buf_free(&s.b);
	return rc;
}

static int
count_arrays(struct nsr_reader *r, uint64_t *records, struct ns_err *e)
{
	struct nsr_tensor t;
	int rc;

	while ((rc = nsr_next_tensor(r, &t, e)) > 0)
		*records += t.first == 0;
	return rc;
}

/* Records and steps of a stream, each record looked at. */
static int
count_records(struct nsr_reader *r, uint64_t *records, uint64_t *steps,
    struct ns_err *e)
{
	struct stepper s;
	const uint8_t *rec;
	uint32_t n;
	size_t len;
	int rc = stepper_open(&s, r, e);

	while (rc >= 0 && (rc = nsr_next(r, &rec, &len, e)) > 0) {
		rc = steps_of(&s, rec, len, &n, e);
		if (rc < 0)
			rc = ns_fail_in(e, nsr_name(r));
		*steps += n;
	}
	*records = nsr_rows(r);
	stepper_free(&s);
	return rc;
}

static int
put_count(struct show *s, uint64_t records, bool stepped, uint64_t steps,
    struct ns_err *e)
{
	buf_put(&s->b, "\t", 1);
	put_u64(&s->b, records);
	buf_put(&s->b, "\t", 1);
	if (stepped)
		put_u64(&s->b, steps);
	else
		buf_put(&s->b, "-", 1);
	buf_put(&s->b, "\n", 1);
	return flush(s, e);
}

static int
count_stream(void *arg, const struct source *src, struct ns_err *e)
{
	struct show *s = arg;
	uint64_t records = 0, steps = 0;
	int kind = nsr_schema(src->r)->kind, rc;
	bool stepped = kind == NSR_SERIES || kind == NSR_TENSOR;

	if (kind == NSR_MODEL)
		rc = count_arrays(src->r, &records, e);
	else
		rc = count_records(src->r, &records, &steps, e);
	if (rc < 0)
		return rc;
	s->streams++;
	s->records += records;
	s->steps += stepped ? steps : 0;
	s->stepped = s->stepped || stepped;
	put_safe(&s->b, nsr_name(src->r));
	buf_put(&s->b, "\t", 1);
	put_u64(&s->b, src->index);
	buf_printf(&s->b, "\t%s\t", nsr_kind_name(kind));
	put_chunk(&s->b, src->r);
	return put_count(s, records, stepped, steps, e);
}

int
cat_count(const struct request *q, struct out *o, struct ns_err *e)
{
	struct show s = {.q = q, .o = o};
	int rc;

	buf_printf(&s.b, "file\tstream\tkind\tchunk\trecords\tsteps\n");
	rc = each_stream(q->tool, false, count_stream, NULL, &s, e);
	if (rc == NS_OK) {
		buf_printf(&s.b, "total\t%llu\t-\t-", (unsigned long long)s.streams);
		rc = put_count(&s, s.records, s.stepped, s.steps, e);
	}
	buf_free(&s.b);
	return rc;
}

static void
show_frame(void *arg, const struct nsr_frame_info *f)
{
	struct show *s = arg;

	buf_printf(&s->b, "%llu\t%s\t%s%s\t%u\t%u\t%u\t%u\t%08x\n",
	    (unsigned long long)f->offset, f->type, f->flags & 1 ? "z" : "-",
	    f->flags & 2 ? "c" : "-", f->sequence, f->stored, f->raw, f->rows,
	    (unsigned)f->crc);
	if (s->rc == NS_OK)
		s->rc = flush(s, &s->e);
}

/* The list is written as it grows: damage may end it at any frame. */
static int
frames_of(void *arg, const struct source *src, struct ns_err *e)
{
	struct show *s = arg;
	int rc = nsr_skip(src->r, e);

	if (s->rc < 0)
		*e = s->e;
	return s->rc < 0 ? s->rc : rc;
}

int
cat_frames(const struct request *q, struct out *o, struct ns_err *e)
{
	struct show s = {.q = q, .o = o};
	int rc;

	buf_printf(&s.b, "offset\ttype\tflags\tsequence\tstored\traw\trows\tcrc\n");
	rc = each_stream(q->tool, false, frames_of, show_frame, &s, e);
	buf_free(&s.b);
	return rc;
}
