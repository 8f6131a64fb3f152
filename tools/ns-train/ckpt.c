#include "ckpt.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/le.h"
#include "base/log.h"
#include "nn/gemm.h"

#define HEALTH "run.health"

int
ckpt_lock(struct ckpt *c, const char *path, struct ns_err *e)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct buf name = {0};
	int rc = NS_OK;

	c->path = path;
	buf_printf(&name, "%s.lock", path);
	c->lock = open((const char *)name.p, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (c->lock < 0)
		rc = ns_fail_errno(e, NS_ECREATE, "cannot create '%s'", name.p);
	else if (fcntl(c->lock, F_SETLK, &l) < 0)
		rc = errno == EACCES || errno == EAGAIN
		    ? ns_fail(e, NS_EAGAIN,
			  "checkpoint '%s' is in use by another process", path)
		    : ns_fail_errno(e, NS_EIO, "cannot lock '%s'", name.p);
	if (rc < 0)
		ckpt_unlock(c);
	buf_free(&name);
	return rc;
}

void
ckpt_unlock(struct ckpt *c)
{
	if (c->lock >= 0)
		close(c->lock);
	c->lock = -1;
}

/* ---- Reading ---- */

static int
same_run(const struct ckpt *c, const struct nsr_reader *r, struct ns_err *e)
{
	const char *kernel = nsr_meta(r, "train.kernel");
	int64_t options, data;
	bool same;
	int rc;

	if ((rc = model_expect(r, (const char *const[]){c->kind, NULL}, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "run.options", &options, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "run.data", &data, e)) < 0)
		return rc;
	if (data != (int64_t)c->data)
		return ns_fail(e, NS_EKIND,
		    "checkpoint '%s' is of other data; remove it or name another",
		    c->path);
	kernel = kernel != NULL ? kernel : "";
	same = strcmp(kernel, gemm_kernel()) == 0;
	if (c->exact && !same)
		return ns_fail(e, NS_EKIND,
		    "checkpoint '%s' was computed with BLAS kernel '%s', this is '%s', "
		    "and its noise is for the same sums alone: see OPENBLAS_CORETYPE",
		    c->path, kernel, gemm_kernel());
	if (options != (int64_t)c->options)
		return ns_fail(e, NS_EKIND,
		    "checkpoint '%s' is of a run with other options; remove it or name "
		    "another",
		    c->path);
	if (!same)
		log_warn("checkpoint '%s' was computed with BLAS kernel '%s', this is "
			 "'%s': the bytes will not be those of an unbroken run",
		    c->path, kernel, gemm_kernel());
	return NS_OK;
}

/* The columns of the log at the last step. */
static int
load_columns(const struct ckpt *c, struct nsr_reader *r, double *column,
    struct ns_err *e)
{
	size_t n = c->ops->n_columns, i;
	struct nsr_tensor t;
	uint64_t u;
	int rc = nsr_next_tensor(r, &t, e);

	if (rc < 0)
		return rc;
	if (rc == 0 || strcmp(t.name, HEALTH) != 0 || t.type != NSR_F64 ||
	    t.rank != 1 || t.dims[0] != n || t.count != n)
		return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is missing",
		    nsr_name(r), HEALTH);
	for (i = 0; i < n; i++) {
		u = get_le64(t.data + 8 * i);
		memcpy(&column[i], &u, sizeof column[i]);
	}
	rc = nsr_next_tensor(r, &t, e);
	return rc > 0 ? ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is one too many",
			    nsr_name(r), t.name)
		      : rc;
}

static int
load(const struct ckpt *c, struct nsr_reader *r, struct ckpt_state *s, struct ns_err *e)
{
	int64_t step;
	int rc = nsr_stream(r, e);

	if (rc < 0 || (rc = same_run(c, r, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "run.step", &step, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "run.elapsed_ns", &s->elapsed_ns, e)) < 0)
		return rc;
	if (step < 0 || s->elapsed_ns < 0)
		return ns_fail(e, NS_ECORRUPT, "'%s': run.step is negative",
		    nsr_name(r));
	s->step = (uint64_t)step;
	s->over = nsr_meta(r, "run.over") != NULL;
	if ((rc = c->ops->load(c->learner, r, e)) < 0)
		return rc;
	return load_columns(c, r, s->column, e);
}

int
ckpt_load(const struct ckpt *c, struct ckpt_state *s, struct ns_err *e)
{
	struct nsr_reader *r;
	int fd, rc;

	memset(s, 0, sizeof *s);
	if (access(c->path, F_OK) < 0 && errno == ENOENT)
		return 0;
	fd = in_open(c->path, e);
	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, c->path);
	rc = load(c, r, s, e);
	nsr_reader_free(r);
	return rc < 0 ? rc : 1;
}

/* ---- Writing ---- */

static int
save_columns(const struct ckpt *c, struct nsr_writer *w, const double *column,
    struct ns_err *e)
{
	const uint64_t dims[1] = {c->ops->n_columns};
	uint8_t bytes[8 * LEARNER_COLUMNS_MAX];
	uint64_t u;
	size_t i;

	for (i = 0; i < c->ops->n_columns; i++) {
		memcpy(&u, &column[i], sizeof u);
		put_le64(bytes + 8 * i, u);
	}
	return nsr_put_tensor(w, HEALTH, NSR_F64, 1, dims, bytes, e);
}

static int
save(const struct ckpt *c, struct nsr_writer *w, const struct ckpt_state *s,
    struct ns_err *e)
{
	int rc;

	if ((rc = model_begin(w, &c->head, e)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.options", "%" PRIu32, c->options)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.data", "%" PRIu32, c->data)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.step", "%" PRIu64, s->step)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.elapsed_ns", "%" PRId64, s->elapsed_ns)) <
		0 ||
	    (s->over && (rc = nsr_put_meta(w, e, "run.over", "1")) < 0) ||
	    (rc = nsr_put_meta(w, e, "train.kernel", "%s", gemm_kernel())) < 0 ||
	    (rc = c->ops->save(c->learner, w, e)) < 0 ||
	    (rc = save_columns(c, w, s->column, e)) < 0)
		return rc;
	return nsr_end(w, e);
}

/* A state on the way, unlike a model, is made for nobody else: 0600. */
static struct out *
open_own(const char *path, struct ns_err *e)
{
	mode_t mask = umask(077);
	struct out *o = out_open(path, true, e);

	umask(mask);
	return o;
}

int
ckpt_save(const struct ckpt *c, const struct ckpt_state *s, struct ns_err *e)
{
	struct out *o = open_own(c->path, e);
	struct nsr_writer *w;
	int rc;

	if (o == NULL)
		return e->code;
	w = nsr_writer_new(o, 0);
	rc = save(c, w, s, e);
	nsr_writer_free(w);
	if (rc < 0) {
		out_abort(o);
		return rc;
	}
	return out_commit(o, e);
}
