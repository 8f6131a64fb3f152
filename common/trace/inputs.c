#include "trace/inputs.h"

#include "base/io.h"

static int
read_input(const char *path, unsigned *kinds, struct labels *l, trace_take_fn *take,
    void *arg, struct ns_err *e)
{
	struct trace_reader t;
	struct nsr_reader *r;
	int fd, rc;

	if ((fd = in_open(path, e)) < 0)
		return fd;
	r = nsr_reader_new(fd, path);
	trace_reader_init(&t, r, l);
	while ((rc = trace_stream(&t, *kinds, e)) > 0) {
		*kinds = 1u << t.kind;
		if ((rc = take(arg, &t, e)) < 0)
			break;
	}
	trace_reader_free(&t);
	nsr_reader_free(r);
	return rc;
}

int
trace_inputs(const struct tool *t, unsigned kinds, struct labels *l,
    trace_take_fn *take, void *arg, struct ns_err *e)
{
	int i, rc = NS_OK;

	if (t->argc == 0)
		return read_input("-", &kinds, l, take, arg, e);
	for (i = 0; i < t->argc && rc == NS_OK; i++)
		rc = read_input(t->argv[i], &kinds, l, take, arg, e);
	return rc;
}
