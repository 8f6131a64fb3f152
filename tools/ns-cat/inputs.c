/* The streams of all operands, one after another. */
#include "cat.h"

static int
check_alike(const struct nsr_schema *all, const struct nsr_reader *r, struct ns_err *e)
{
	const struct nsr_schema *s = nsr_schema(r);

	if (s->kind != all->kind)
		return ns_fail(e, NS_EKIND, "'%s': a %s stream behind a %s stream",
		    nsr_name(r), nsr_kind_name(s->kind), nsr_kind_name(all->kind));
	if (s->kind != NSR_MODEL && !nsr_schema_same(s, all))
		return ns_fail(e, NS_EKIND,
		    "'%s': a %s stream with other fields than the one before it",
		    nsr_name(r), nsr_kind_name(s->kind));
	return NS_OK;
}

struct walk {
	bool alike;
	stream_fn *fn;
	void *arg;
	uint64_t streams; /* so far, of all inputs */
	struct nsr_schema all;
};

static int
one_input(struct walk *w, struct nsr_reader *r, struct ns_err *e)
{
	struct source s = {.r = r, .all = &w->all};
	int rc;

	while ((rc = nsr_stream(r, e)) > 0) {
		s.first = w->streams++ == 0;
		if (s.first)
			w->all = *nsr_schema(r);
		if (w->alike && (rc = check_alike(&w->all, r, e)) < 0)
			return rc;
		s.index++;
		rc = w->fn(w->arg, &s, e);
		if (rc != 0)
			return rc;
	}
	return rc;
}

int
each_stream(const struct tool *t, bool alike, stream_fn *fn, frame_fn *watch, void *arg,
    struct ns_err *e)
{
	struct walk w = {.alike = alike, .fn = fn, .arg = arg};
	const char *path;
	struct nsr_reader *r;
	int fd, i, rc = 0;

	for (i = 0; rc == 0 && (i < t->argc || i == 0); i++) {
		path = t->argc > 0 ? t->argv[i] : "-";
		fd = in_open(path, e);
		if (fd < 0)
			return fd;
		r = nsr_reader_new(fd, path);
		if (watch != NULL)
			nsr_on_frame(r, watch, arg);
		rc = one_input(&w, r, e);
		nsr_reader_free(r);
	}
	return rc < 0 ? rc : NS_OK;
}
