/* -K: every byte of every stream, and every value of every record. */
#include "cat.h"

struct check {
	struct labels labels;
	struct trace_reader trace; /* of the present input */
	bool traced;
};

static int
check_trace(struct check *c, const struct source *src, struct ns_err *e)
{
	int kind = nsr_schema(src->r)->kind, rc;
	const struct series *s;
	struct packet p;
	struct flow f;

	if (src->index == 1 && c->traced)
		trace_reader_free(&c->trace);
	if (src->index == 1)
		trace_reader_init(&c->trace, src->r, &c->labels);
	c->traced = true;
	rc = trace_take(&c->trace, 1u << kind, e);
	if (rc < 0)
		return rc;
	do {
		if (kind == NSR_PACKET)
			rc = trace_next_packet(&c->trace, &p, e);
		else if (kind == NSR_FLOW)
			rc = trace_next_flow(&c->trace, &f, e);
		else
			rc = trace_next_series(&c->trace, &s, e);
	} while (rc > 0);
	return rc;
}

static int
check_tensor(struct nsr_reader *r, struct ns_err *e)
{
	struct tensor_schema s;
	const uint8_t *rec;
	uint32_t steps;
	size_t len;
	int rc = tensor_schema_from_reader(&s, r, e);

	if (rc < 0)
		return rc;
	while ((rc = nsr_next(r, &rec, &len, e)) > 0)
		if (tensor_check(&s, rec, len, &steps, e) < 0) {
			rc = ns_fail_in(e, nsr_name(r));
			break;
		}
	tensor_schema_free(&s);
	return rc;
}

static int
check_stream(void *arg, const struct source *s, struct ns_err *e)
{
	switch (nsr_schema(s->r)->kind) {
	case NSR_PACKET:
	case NSR_FLOW:
	case NSR_SERIES:
		return check_trace(arg, s, e);
	case NSR_TENSOR:
		return check_tensor(s->r, e);
	default:
		return nsr_skip(s->r, e);
	}
}

int
cat_check(const struct request *q, struct ns_err *e)
{
	struct check c = {.traced = false};
	int rc;

	labels_init(&c.labels);
	rc = each_stream(q->tool, true, check_stream, NULL, &c, e);
	if (c.traced)
		trace_reader_free(&c.trace);
	labels_free(&c.labels);
	return rc;
}
