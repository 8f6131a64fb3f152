#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/le.h"
#include "base/log.h"
#include "nn/gemm.h"
#include "sampler.h"
#include "share.h"

struct job {
	const struct tool *tool;
	const struct run_options *o;
	struct models models;
	const struct sampler_ops *ops;
	void *sampler; /* of ops */
	struct pool *pool;
	struct out *out;
	struct nsr_writer *w;
	struct nsr_schema schema;
	struct progress progress;
	uint64_t made; /* series so far */
	/* of the present chunk; the numbers stand in the head, hence the file */
	uint64_t n_series, n_records;
	FILE *spool;
};

/* ---- How much ---- */

/* Series or records of each chunk, or of the flows as wanted that start there. */
static int
weigh_chunks(const struct job *j, uint64_t *weight, struct ns_err *e)
{
	const struct models *m = &j->models;
	double worth;
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->chunk[i].empty)
			continue;
		weight[i] = j->o->has_records ? m->chunk[i].carry.n_records
					      : m->chunk[i].carry.n_series;
		if (!models_wished(m))
			continue;
		worth = j->ops->worth(j->sampler, i, j->o->has_records, e);
		if (worth < 0)
			return e->code;
		worth *= (double)m->chunk[i].carry.n_series;
		weight[i] = worth < 0x1p40 ? (uint64_t)(worth * 0x1p20) : 1ull << 60;
	}
	return NS_OK;
}

/* As many as asked for, in all chunks together. */
static int
plan_total(const struct job *j, struct target *t, uint64_t total, struct ns_err *e)
{
	size_t n = j->models.n, i;
	uint64_t *weight = xcalloc(n, sizeof *weight), *part = xcalloc(n, sizeof *part);
	uint64_t sum = 0;
	int rc = weigh_chunks(j, weight, e);

	for (i = 0; i < n; i++)
		sum += weight[i];
	share_split(total, weight, part, n);
	for (i = 0; i < n; i++)
		t[i] = (struct target){j->o->has_records ? OF_RECORDS : OF_SERIES,
		    part[i]};
	if (rc >= 0 && total > 0 && sum == 0)
		rc = models_wished(&j->models)
		    ? ns_fail(e, NS_EKIND, "the models know no series as wanted")
		    : ns_fail(e, NS_EKIND,
			  "the models are all empty: nothing was learnt to sample "
			  "from");
	free(weight);
	free(part);
	return rc;
}

/* Targets of all chunks; NS_EKIND when something is asked of a model of nothing. */
static int
plan(const struct job *j, struct target *t, struct ns_err *e)
{
	const struct models *m = &j->models;
	size_t i;

	if (j->o->has_records || j->o->has_series)
		return plan_total(j, t,
		    j->o->has_records ? j->o->records : j->o->series, e);
	for (i = 0; i < m->n; i++) {
		t[i].of = models_wished(m) ? OF_TRIES : OF_SERIES;
		if (!m->chunk[i].empty)
			t[i].n = (uint64_t)(j->o->scale *
				(double)m->chunk[i].carry.n_series +
			    0.5);
	}
	return NS_OK;
}

/* ---- Output ---- */

static int
spool_record(void *arg, const uint8_t *rec, size_t len, struct ns_err *e)
{
	struct job *j = arg;
	uint8_t head[4];

	put_le32(head, (uint32_t)len);
	if (fwrite(head, 1, 4, j->spool) != 4 || fwrite(rec, 1, len, j->spool) != len)
		return ns_fail_errno(e, NS_EIO, "cannot write a temporary file");
	j->n_series++;
	j->n_records += get_le32(rec + j->models.schema.attr_bytes);
	progress_at(&j->progress, ++j->made);
	return NS_OK;
}

static int
open_spool(struct job *j, struct ns_err *e)
{
	int fd = tmp_open(e);

	if (fd < 0)
		return fd;
	j->spool = fdopen(fd, "w+b");
	if (j->spool == NULL) {
		close(fd);
		return ns_fail_errno(e, NS_EIO, "cannot open a temporary file");
	}
	return NS_OK;
}

static int
copy_spool(struct job *j, struct ns_err *e)
{
	struct buf b = {0};
	uint8_t head[4];
	uint64_t i;
	int rc = NS_OK;

	if (fflush(j->spool) != 0 || fseek(j->spool, 0, SEEK_SET) != 0)
		return ns_fail_errno(e, NS_EIO, "cannot write a temporary file");
	for (i = 0; i < j->n_series && rc >= 0; i++) {
		b.len = 0;
		if (fread(head, 1, 4, j->spool) != 4 ||
		    fread(buf_room(&b, get_le32(head)), 1, get_le32(head), j->spool) !=
			get_le32(head))
			rc = ns_fail(e, NS_EIO, "cannot read a temporary file back");
		else
			rc = nsr_put(j->w, b.p, b.len, e);
	}
	buf_free(&b);
	return rc;
}

static int
write_chunk(struct job *j, size_t i, struct ns_err *e)
{
	const struct models *m = &j->models;
	int rc;

	if ((rc = nsr_begin(j->w, &j->schema, e)) < 0 ||
	    (rc = carry_put_meta(&m->chunk[i].carry, j->w, j->n_series, j->n_records,
		 e)) < 0 ||
	    (rc = guarantee_put(&m->guarantee, j->w, e)) < 0 ||
	    (rc = nsr_put_meta(j->w, e, "sample.seed", "%" PRIu64, j->o->seed)) < 0 ||
	    (rc = carry_put_dicts(&m->dicts, j->w, e)) < 0 ||
	    (rc = copy_spool(j, e)) < 0 ||
	    (rc = nsr_put_prov(j->w, j->tool, &j->o->seed, m->history, e)) < 0)
		return rc;
	return nsr_end(j->w, e);
}

static int
sample_chunk(struct job *j, size_t i, const struct target *t, struct ns_err *e)
{
	int rc = open_spool(j, e);

	if (rc < 0)
		return rc;
	j->n_series = j->n_records = 0;
	rc = j->ops->chunk(j->sampler, i, t, spool_record, j, e);
	if (rc >= 0)
		rc = write_chunk(j, i, e);
	fclose(j->spool);
	j->spool = NULL;
	return rc;
}

static int
sample_all(struct job *j, struct ns_err *e)
{
	struct target *t = xcalloc(j->models.n, sizeof *t);
	uint64_t series = 0;
	size_t i;
	int rc = plan(j, t, e);

	for (i = 0; i < j->models.n; i++)
		series += t[i].n;
	progress_start(&j->progress, "series", j->o->has_records ? 0 : series);
	for (i = 0; i < j->models.n && rc >= 0; i++)
		rc = sample_chunk(j, i, &t[i], e);
	progress_end(&j->progress);
	free(t);
	return rc;
}

static int
sample(struct job *j, struct ns_err *e)
{
	struct sampler_setup u;
	int rc =
	    models_read(&j->models, j->tool->argv, sampler_kinds, &j->o->wishes, e);

	if (rc < 0)
		return rc;
	tensor_schema_to_nsr(&j->models.schema, &j->schema);
	j->pool = pool_new(j->o->threads);
	j->ops = sampler_of(j->models.kind);
	u = (struct sampler_setup){&j->models, j->pool, j->o->seed, j->o->memory,
	    j->o->temperature};
	j->sampler = j->ops->begin(&u, e);
	if (j->sampler == NULL)
		return e->code;
	j->out = out_open(j->tool->output, true, e);
	if (j->out == NULL)
		return e->code;
	j->w = nsr_writer_new(j->out, j->o->level);
	return sample_all(j, e);
}

int
run(const struct tool *t, const struct run_options *o, struct ns_err *e)
{
	struct job j = {.tool = t, .o = o};
	int rc;

	gemm_start();
	log_info("kernel=%s by=%s", gemm_kernel(), gemm_chooser());
	rc = sample(&j, e);
	rc = nsr_finish(j.w, j.out, rc, e);
	if (j.ops != NULL)
		j.ops->end(j.sampler);
	pool_free(j.pool);
	models_free(&j.models);
	return rc;
}
