#include "ckpt.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/le.h"
#include "base/log.h"
#include "nn/gemm.h"

#define HEALTH "run.health"
#define LAZY "critic.seen"

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
	int rc;

	if ((rc = model_expect(r, (const char *const[]){CKPT_KIND, NULL}, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "run.options", &options, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "run.data", &data, e)) < 0)
		return rc;
	if (data != (int64_t)c->data)
		return ns_fail(e, NS_EKIND,
		    "checkpoint '%s' is of other data; remove it or name another",
		    c->path);
	if (options != (int64_t)c->options)
		return ns_fail(e, NS_EKIND,
		    "checkpoint '%s' is of a run with other options; remove it or name "
		    "another",
		    c->path);
	if (kernel == NULL || strcmp(kernel, gemm_kernel()) != 0)
		log_warn("checkpoint '%s' was computed with BLAS kernel '%s', this is "
			 "'%s': the bytes will not be those of an unbroken run",
		    c->path, kernel == NULL ? "" : kernel, gemm_kernel());
	return NS_OK;
}

static int
load_health(struct nsr_reader *r, struct gan_health *h, struct ns_err *e)
{
	double v[GAN_HEALTH_N];
	struct nsr_tensor t;
	uint64_t u;
	size_t i;
	int rc = nsr_next_tensor(r, &t, e);

	if (rc < 0)
		return rc;
	if (rc == 0 || strcmp(t.name, HEALTH) != 0 || t.type != NSR_F64 ||
	    t.rank != 1 || t.dims[0] != GAN_HEALTH_N || t.count != GAN_HEALTH_N)
		return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is missing",
		    nsr_name(r), HEALTH);
	for (i = 0; i < GAN_HEALTH_N; i++) {
		u = get_le64(t.data + 8 * i);
		memcpy(&v[i], &u, sizeof v[i]);
	}
	memcpy(h, v, sizeof *h);
	rc = nsr_next_tensor(r, &t, e);
	return rc > 0 ? ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is one too many",
			    nsr_name(r), t.name)
		      : rc;
}

/* The last update that each strip of the critic's first layer has seen. */
static int
load_lazy(struct nsr_reader *r, struct critic *c, struct ns_err *e)
{
	struct nsr_tensor t;
	int i, rc = nsr_next_tensor(r, &t, e);

	if (rc < 0)
		return rc;
	if (rc == 0 || strcmp(t.name, LAZY) != 0 || t.type != NSR_U64 || t.rank != 1 ||
	    t.count != (uint64_t)c->n_strips)
		return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is missing",
		    nsr_name(r), LAZY);
	for (i = 0; i < c->n_strips; i++)
		c->lazy.last[i] = get_le64(t.data + 8 * (size_t)i);
	return NS_OK;
}

static int
load(const struct ckpt *c, struct nsr_reader *r, struct gan *g, struct ckpt_state *s,
    struct ns_err *e)
{
	const struct dg *m = g->m;
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
	if ((rc = params_get(&m->params, r, "", m->block, m->n_all, e)) < 0 ||
	    (rc = params_get(&m->params, r, "mean.", g->mom, m->n_train, e)) < 0 ||
	    (rc = params_get(&m->params, r, "square.", g->var, m->n_train, e)) < 0)
		return rc;
	if ((rc = load_lazy(r, &g->critic, e)) < 0)
		return rc;
	return load_health(r, &s->health, e);
}

int
ckpt_load(const struct ckpt *c, struct gan *g, struct ckpt_state *s, struct ns_err *e)
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
	rc = load(c, r, g, s, e);
	nsr_reader_free(r);
	return rc < 0 ? rc : 1;
}

/* ---- Writing ---- */

static int
save_health(struct nsr_writer *w, const struct gan_health *h, struct ns_err *e)
{
	const uint64_t dims[1] = {GAN_HEALTH_N};
	uint8_t bytes[8 * GAN_HEALTH_N];
	double v[GAN_HEALTH_N];
	uint64_t u;
	size_t i;

	memcpy(v, h, sizeof v);
	for (i = 0; i < GAN_HEALTH_N; i++) {
		memcpy(&u, &v[i], sizeof u);
		put_le64(bytes + 8 * i, u);
	}
	return nsr_put_tensor(w, HEALTH, NSR_F64, 1, dims, bytes, e);
}

static int
save_lazy(struct nsr_writer *w, const struct critic *c, struct ns_err *e)
{
	const uint64_t dims[1] = {(uint64_t)c->n_strips};
	struct buf b = {0};
	int i, rc;

	for (i = 0; i < c->n_strips; i++)
		put_le64(buf_room(&b, 8), c->lazy.last[i]);
	rc = nsr_put_tensor(w, LAZY, NSR_U64, 1, dims, b.p, e);
	buf_free(&b);
	return rc;
}

static int
save(const struct ckpt *c, struct nsr_writer *w, const struct gan *g,
    const struct ckpt_state *s, struct ns_err *e)
{
	const struct dg *m = g->m;
	int rc;

	if ((rc = model_begin(w, &c->head, e)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.options", "%" PRIu32, c->options)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.data", "%" PRIu32, c->data)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.step", "%" PRIu64, s->step)) < 0 ||
	    (rc = nsr_put_meta(w, e, "run.elapsed_ns", "%" PRId64, s->elapsed_ns)) <
		0 ||
	    (rc = nsr_put_meta(w, e, "train.kernel", "%s", gemm_kernel())) < 0 ||
	    (rc = params_put(&m->params, w, "", m->block, m->n_all, e)) < 0 ||
	    (rc = params_put(&m->params, w, "mean.", g->mom, m->n_train, e)) < 0 ||
	    (rc = params_put(&m->params, w, "square.", g->var, m->n_train, e)) < 0 ||
	    (rc = save_lazy(w, &g->critic, e)) < 0 ||
	    (rc = save_health(w, &s->health, e)) < 0)
		return rc;
	return nsr_end(w, e);
}

int
ckpt_save(const struct ckpt *c, const struct gan *g, const struct ckpt_state *s,
    struct ns_err *e)
{
	struct out *o = out_open(c->path, true, e);
	struct nsr_writer *w;
	int rc;

	if (o == NULL)
		return e->code;
	w = nsr_writer_new(o, 0);
	rc = save(c, w, g, s, e);
	nsr_writer_free(w);
	if (rc < 0) {
		out_abort(o);
		return rc;
	}
	return out_commit(o, e);
}
