#include "models.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Weights in the file ---- */

static int
store(struct models *m, const struct dg *dg, struct ns_err *e)
{
	const real *stats = dg->block + dg->n_train;
	int rc;

	rc = io_write(m->fd, dg->block, dg->n_gen * sizeof(real), e);
	if (rc >= 0)
		rc = io_write(m->fd, stats, dg->n_stats * sizeof(real), e);
	m->bytes += (dg->n_gen + dg->n_stats) * sizeof(real);
	return rc;
}

static int
fetch(const struct models *m, uint64_t at, void *p, size_t n, struct ns_err *e)
{
	if (lseek(m->fd, (off_t)at, SEEK_SET) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot go back in a temporary file");
	if (io_read(m->fd, p, n, e) != (ssize_t)n)
		return ns_fail(e, NS_EIO, "cannot read a temporary file back");
	return NS_OK;
}

struct dg *
models_load(const struct models *m, size_t i, struct ns_err *e)
{
	const struct chunk_model *c = &m->chunk[i];
	struct dg *dg = dg_new(&m->schema, &c->cfg, (long)c->carry.max_steps, e);
	size_t n;

	if (dg == NULL)
		return NULL;
	n = dg->n_gen * sizeof(real);
	if (fetch(m, c->at, dg->block, n, e) < 0 ||
	    fetch(m, c->at + n, dg->block + dg->n_train, dg->n_stats * sizeof(real),
		e) < 0) {
		dg_free(dg);
		return NULL;
	}
	return dg;
}

/* ---- Reading ---- */

static int
check_new(const struct models *m, const struct chunk_model *c, const char *name,
    struct ns_err *e)
{
	size_t i;
	int rc;

	if (m->n == 0)
		return NS_OK;
	rc = carry_same_trace(&m->chunk[0].carry, &c->carry, name, e);
	if (rc < 0)
		return rc;
	for (i = 0; i < m->n; i++)
		if (m->chunk[i].carry.index == c->carry.index)
			return ns_fail(e, NS_EKIND,
			    "'%s': the model of chunk %d is there twice", name,
			    c->carry.index);
	return NS_OK;
}

static int
take_model(struct models *m, struct model *one, const char *name, struct ns_err *e)
{
	struct chunk_model c = {.carry = one->carry, .empty = one->dg == NULL};
	int rc = check_new(m, &c, name, e);

	if (rc < 0)
		return rc;
	if (one->dg != NULL) {
		c.cfg = one->dg->cfg;
		c.at = m->bytes;
		if ((rc = store(m, one->dg, e)) < 0)
			return rc;
	}
	if (m->n == 0) {
		m->dicts.dict = one->carry.dict;
		m->dicts.n_dict = one->carry.n_dict;
		m->dicts.cap_dict = one->carry.cap_dict;
		c.carry.dict = NULL;
		c.carry.n_dict = 0;
		m->schema = one->schema;
		memset(&one->schema, 0, sizeof one->schema);
	}
	carry_drop_dicts(&c.carry);
	memset(&one->carry, 0, sizeof one->carry);
	xgrow(&m->chunk, &m->cap, m->n + 1, sizeof *m->chunk);
	m->chunk[m->n++] = c;
	return NS_OK;
}

static int
read_streams(struct models *m, struct nsr_reader *r, struct ns_err *e)
{
	struct model one;
	int rc;

	while ((rc = nsr_stream(r, e)) > 0) {
		rc = model_read(&one, r, e);
		if (rc >= 0)
			rc = take_model(m, &one, nsr_name(r), e);
		model_free(&one);
		if (rc < 0)
			return rc;
		nsr_history_add(m->history, r);
	}
	return rc;
}

static int
read_input(struct models *m, const char *path, struct ns_err *e)
{
	struct nsr_reader *r;
	int fd = in_open(path, e), rc;

	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, path);
	rc = read_streams(m, r, e);
	nsr_reader_free(r);
	return rc;
}

static int
by_index(const void *a, const void *b)
{
	const struct chunk_model *x = a, *y = b;

	return x->carry.index - y->carry.index;
}

/* All chunks are there; the first few that are not are named. */
static int
check_complete(const struct models *m, struct ns_err *e)
{
	int count = m->chunk[0].carry.count, i, missing = 0;
	struct buf b = {0};
	size_t at = 0;

	for (i = 0; i < count; i++) {
		if (at < m->n && m->chunk[at].carry.index == i) {
			at++;
			continue;
		}
		if (missing++ < 10)
			buf_printf(&b, "%s%d", missing > 1 ? ", " : "", i);
	}
	if (missing > 0)
		ns_fail(e, NS_EKIND, "models of %d of %d chunks are missing: %s%s",
		    missing, count, (const char *)b.p, missing > 10 ? ", ..." : "");
	buf_free(&b);
	return missing > 0 ? NS_EKIND : NS_OK;
}

int
models_read(struct models *m, char **inputs, struct ns_err *e)
{
	int rc = NS_OK;

	memset(m, 0, sizeof *m);
	m->history = nsr_history_new();
	m->fd = tmp_open(e);
	if (m->fd < 0)
		return m->fd;
	if (inputs[0] == NULL)
		rc = read_input(m, "-", e);
	for (; *inputs != NULL && rc >= 0; inputs++)
		rc = read_input(m, *inputs, e);
	if (rc < 0)
		return rc;
	qsort(m->chunk, m->n, sizeof *m->chunk, by_index);
	return check_complete(m, e);
}

void
models_free(struct models *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		carry_free(&m->chunk[i].carry);
	free(m->chunk);
	carry_free(&m->dicts);
	tensor_schema_free(&m->schema);
	nsr_history_free(m->history);
	if (m->fd > 0)
		close(m->fd);
	memset(m, 0, sizeof *m);
}
