/* -T and -J: records as text. */
#include <math.h>
#include <string.h>

#include "base/le.h"
#include "cat.h"

struct text {
	const struct request *q;
	struct view view;
	struct nsr_schema schema; /* what the columns point into */
	struct labels labels;
	struct trace_reader trace; /* of the present input */
	bool traced;
	uint64_t left;
};

/* The columns are those of the first stream; all streams are alike. */
static int
begin(struct text *t, const struct source *s, struct ns_err *e)
{
	struct view *v = &t->view;
	size_t i;
	int rc;

	if (v->begun)
		return NS_OK;
	v->begun = true;
	t->schema = *s->all;
	rc = columns_open(&v->columns, &t->schema, t->q->fields, e);
	if (rc < 0 || v->json)
		return rc;
	for (i = 0; i < v->columns.n; i++)
		buf_printf(&v->line, "%s%s", i > 0 ? "\t" : "", v->columns.v[i].name);
	buf_put(&v->line, "\n", 1);
	return out_write(v->o, v->line.p, v->line.len, e);
}

static bool
in_part(const struct request *q, const struct tuple *k)
{
	return q->parts == 0 || tuple_hash(k) % q->parts == q->part;
}

static int
show_packets(struct text *t, struct line *l, struct ns_err *e)
{
	struct packet p;
	int rc = 0;

	l->packet = &p;
	l->key = &p.key;
	while (t->left > 0 && (rc = trace_next_packet(&t->trace, &p, e)) > 0) {
		if (!in_part(t->q, &p.key))
			continue;
		t->left -= t->left != UINT64_MAX;
		if ((rc = line_put(&t->view, l, e)) < 0)
			return rc;
	}
	return rc;
}

static int
show_flows(struct text *t, struct line *l, struct ns_err *e)
{
	struct flow f;
	int rc = 0;

	l->flow = &f;
	l->key = &f.key;
	while (t->left > 0 && (rc = trace_next_flow(&t->trace, &f, e)) > 0) {
		if (!in_part(t->q, &f.key))
			continue;
		t->left -= t->left != UINT64_MAX;
		if ((rc = line_put(&t->view, l, e)) < 0)
			return rc;
	}
	return rc;
}

static int
show_steps(struct text *t, struct line *l, struct ns_err *e)
{
	const struct series *s = l->series;
	int rc;

	for (l->step = 0; l->step < s->n; l->step++) {
		l->packet = s->packets != NULL ? &s->packets[l->step] : NULL;
		l->flow = s->flows != NULL ? &s->flows[l->step] : NULL;
		if ((rc = line_put(&t->view, l, e)) < 0)
			return rc;
	}
	return NS_OK;
}

static int
show_series(struct text *t, struct line *l, struct ns_err *e)
{
	int rc = 0;

	l->chunk_count = t->trace.chunk_count;
	while (t->left > 0 && (rc = trace_next_series(&t->trace, &l->series, e)) > 0) {
		if (!in_part(t->q, &l->series->key))
			continue;
		t->left -= t->left != UINT64_MAX;
		l->key = &l->series->key;
		l->steps = l->series->n;
		if ((rc = show_steps(t, l, e)) < 0)
			return rc;
	}
	return rc;
}

static int
show_trace(struct text *t, struct line *l, struct ns_err *e)
{
	switch (nsr_schema(l->r)->kind) {
	case NSR_PACKET:
		return show_packets(t, l, e);
	case NSR_FLOW:
		return show_flows(t, l, e);
	default:
		return show_series(t, l, e);
	}
}

/* A tensor record: a line a step, as codes. */
static int
show_codes(struct text *t, const struct tensor_schema *s, struct line *l,
    struct ns_err *e)
{
	int rc = tensor_check(s, l->rec, l->len, &l->steps, e);

	if (rc < 0)
		return ns_fail_in(e, nsr_name(l->r));
	for (l->step = 0; rc >= 0 && l->step < l->steps; l->step++) {
		l->row = l->rec + s->attr_bytes + 4 + l->step * s->feat_bytes;
		rc = line_put(&t->view, l, e);
	}
	return rc;
}

static int
show_tensor(struct text *t, struct nsr_reader *r, struct line *l, struct ns_err *e)
{
	struct tensor_schema s;
	int rc = tensor_schema_from_reader(&s, r, e);

	if (rc < 0)
		return rc;
	rc = 0;
	while (t->left > 0 && (rc = nsr_next(r, &l->rec, &l->len, e)) > 0) {
		t->left -= t->left != UINT64_MAX;
		if ((rc = show_codes(t, &s, l, e)) < 0)
			break;
		l->index++;
	}
	tensor_schema_free(&s);
	return rc;
}

static double
square_sum(const struct nsr_tensor *a)
{
	double sum = 0, v;
	uint64_t i, u;

	for (i = 0; i < a->count; i++) {
		u = a->type == NSR_F32 ? 0 : get_le64(a->data + 8 * i);
		if (a->type == NSR_F32)
			v = (double)get_lef32(a->data + 4 * i);
		else if (a->type == NSR_U64)
			v = (double)u;
		else
			memcpy(&v, &u, sizeof v);
		sum += v * v;
	}
	return sum;
}

/* The line of an array is due with its last part. */
static int
show_model(struct text *t, struct nsr_reader *r, struct line *l, struct ns_err *e)
{
	struct nsr_tensor a;
	double sum = 0;
	uint64_t total = 1;
	int rc = 0, i;

	l->array = &a;
	while (t->left > 0 && (rc = nsr_next_tensor(r, &a, e)) > 0) {
		if (a.first == 0)
			sum = 0;
		sum += square_sum(&a);
		for (total = 1, i = 0; i < a.rank; i++)
			total *= a.dims[i];
		if (a.first + a.count < total)
			continue;
		l->count = total;
		l->norm = sqrt(sum);
		t->left -= t->left != UINT64_MAX;
		if ((rc = line_put(&t->view, l, e)) < 0)
			return rc;
	}
	return rc;
}

static int
show_report(struct text *t, struct nsr_reader *r, struct line *l, struct ns_err *e)
{
	int rc = 0;

	while (t->left > 0 && (rc = nsr_next(r, &l->rec, &l->len, e)) > 0) {
		t->left -= t->left != UINT64_MAX;
		if ((rc = line_put(&t->view, l, e)) < 0)
			return rc;
		l->index++;
	}
	return rc;
}

/* The trace reader belongs to one input; labels are of all. */
static void
follow(struct text *t, const struct source *s)
{
	if (s->index > 1)
		return;
	if (t->traced)
		trace_reader_free(&t->trace);
	trace_reader_init(&t->trace, s->r, &t->labels);
	t->traced = true;
}

static int
show_stream(void *arg, const struct source *s, struct ns_err *e)
{
	struct text *t = arg;
	struct line l = {.r = s->r, .labels = &t->labels};
	int rc = begin(t, s, e), kind = nsr_schema(s->r)->kind;

	if (rc < 0)
		return rc;
	if (t->q->parts != 0 && (kind == NSR_TENSOR || kind >= NSR_MODEL))
		return part_refused(s->r, e);
	if (kind == NSR_TENSOR) {
		rc = show_tensor(t, s->r, &l, e);
	} else if (kind == NSR_MODEL) {
		rc = show_model(t, s->r, &l, e);
	} else if (kind == NSR_REPORT) {
		rc = show_report(t, s->r, &l, e);
	} else {
		follow(t, s);
		rc = trace_take(&t->trace, 1u << kind, e);
		if (rc >= 0)
			rc = show_trace(t, &l, e);
	}
	/* Enough was shown: like head(1), leave the rest unread. */
	return rc >= 0 && t->left == 0 ? 1 : rc;
}

int
cat_text(const struct request *q, bool json, struct out *o, struct ns_err *e)
{
	struct text t = {.q = q, .view = {.json = json, .o = o}, .left = q->count};
	int rc;

	labels_init(&t.labels);
	rc = each_stream(q->tool, true, show_stream, NULL, &t, e);
	if (t.traced)
		trace_reader_free(&t.trace);
	labels_free(&t.labels);
	columns_free(&t.view.columns);
	buf_free(&t.view.line);
	buf_free(&t.view.cell);
	return rc;
}
