/* load.c: a trace from a stream, in one pass. */
#include <stdlib.h>

#include "base/io.h"
#include "base/log.h"
#include "columns.h"
#include "trace/rstream.h"

/* The records of the present stream. */
static int
load_rows(struct trace *t, struct tables *tb, struct trace_reader *tr,
    struct progress *pr, struct ns_err *e)
{
	struct packet p;
	struct flow f;
	int rc;

	for (;;) {
		if (t->n == UINT32_MAX)
			return ns_fail(e, NS_EKIND, "'%s' has more than %u records",
			    t->name, UINT32_MAX);
		if (t->kind == NSR_PACKET)
			rc = trace_next_packet(tr, &p, e);
		else
			rc = trace_next_flow(tr, &f, e);
		if (rc <= 0)
			return rc;
		if (t->kind == NSR_PACKET)
			trace_add_packet(t, tb, &p);
		else
			trace_add_flow(t, tb, &f);
		if (t->n % 4096 == 0)
			progress_at(pr, t->n);
	}
}

/* All streams of the input; *t is made when the first tells its kind. */
static int
load_streams(struct trace **t, const char *name, int kind, struct tables *tb,
    struct trace_reader *tr, struct ns_err *e)
{
	unsigned kinds = kind != 0 ? 1u << kind : 1u << NSR_PACKET | 1u << NSR_FLOW;
	struct progress pr;
	int rc;

	progress_start(&pr, "records", 0);
	while ((rc = trace_stream(tr, kinds, e)) > 0) {
		if (*t == NULL)
			*t = trace_new(name, tr->kind);
		guarantee_add_stream(&(*t)->guarantee, tr->r);
		rc = load_rows(*t, tb, tr, &pr, e);
		if (rc < 0)
			break;
	}
	progress_end(&pr);
	if (rc == 0 && (*t)->n == 0)
		return ns_fail(e, NS_EKIND, "'%s' holds no records to compare", name);
	return rc;
}

struct trace *
trace_load(const char *path, int kind, struct tables *tb, struct ns_err *e)
{
	struct trace_reader tr;
	struct nsr_reader *r;
	struct trace *t = NULL;
	int fd, rc;

	fd = in_open(path, e);
	if (fd < 0)
		return NULL;
	r = nsr_reader_new(fd, path);
	trace_reader_init(&tr, r, &tb->labels);
	rc = load_streams(&t, path, kind, tb, &tr, e);
	trace_reader_free(&tr);
	nsr_reader_free(r);
	if (rc < 0) {
		trace_free(t);
		return NULL;
	}
	return t;
}
