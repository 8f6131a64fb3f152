/*
 * draw.c: draw MODEL SAMPLED: what sampling the series of the tensor stream SAMPLED
 * from the model needs, as "name value" lines, and the time BLAS alone takes for these
 * products.
 *
 * A series needs its attributes (attribute net), what they add to the gates, and a
 * recurrent step with its outputs for every block of rows until its end; series that
 * were drawn and thrown away are not counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/io.h"
#include "base/le.h"
#include "model/dg/dg.h"
#include "nn/gemm.h"
#include "products.h"

enum { BATCH = 256 }; /* as ns-sample does */

struct draw {
	struct model model;
	int *blocks; /* of every series */
	size_t n, cap;
	uint64_t rows;
};

/* The first stream of a file; NULL if there is none to read. */
static struct nsr_reader *
open_stream(const char *path, struct ns_err *e)
{
	int fd = in_open(path, e), rc;
	struct nsr_reader *r;

	if (fd < 0)
		return NULL;
	r = nsr_reader_new(fd, path);
	rc = nsr_stream(r, e);
	if (rc > 0)
		return r;
	if (rc == 0)
		ns_fail(e, NS_EKIND, "'%s' is empty", path);
	nsr_reader_free(r);
	return NULL;
}

static int
read_model(struct draw *d, const char *path, struct ns_err *e)
{
	const struct model_kind *const kinds[] = {&dg_kind, NULL};
	struct nsr_reader *r = open_stream(path, e);
	int rc;

	if (r == NULL)
		return e->code;
	rc = model_read(&d->model, r, kinds, e);
	nsr_reader_free(r);
	if (rc >= 0 && d->model.net == NULL)
		rc = ns_fail(e, NS_EKIND, "'%s' holds no weights", path);
	return rc;
}

static int
read_lengths(struct draw *d, const char *path, struct ns_err *e)
{
	const struct dg *m = d->model.net;
	struct nsr_reader *r = open_stream(path, e);
	const uint8_t *rec;
	size_t len;
	uint32_t rows;
	int rc;

	if (r == NULL)
		return e->code;
	rc = nsr_expect(r, NSR_TENSOR, TENSOR_VERSION, e);
	while (rc >= 0 && (rc = nsr_next(r, &rec, &len, e)) > 0) {
		if ((rc = tensor_check(m->schema, rec, len, &rows, e)) < 0)
			break;
		xgrow(&d->blocks, &d->cap, d->n + 1, sizeof *d->blocks);
		d->blocks[d->n++] = ((int)rows + m->S - 1) / m->S;
		d->rows += rows;
	}
	nsr_reader_free(r);
	return rc;
}

/* The products of one batch of series. */
static void
add_batch(struct products *q, const struct draw *d, size_t first, size_t n)
{
	const struct dg *m = d->model.net;
	const struct dg_mlp *p = &m->net.attr;
	long H = m->H, live = (long)n;
	int i, step;
	size_t b;

	for (i = 0; i < p->n; i++)
		products_needed(q, NT, live, p->l[i].out, p->l[i].in, 1);
	products_needed(q, NT, live, 4 * H, m->A, 1);
	for (step = 0; live > 0; step++) {
		products_needed(q, NT, live, 4 * H, m->cfg.feat_noise, 1);
		products_needed(q, NT, live, 4 * H, H, 1);
		products_needed(q, NT, live, m->net.out.out, H, 1);
		for (b = first, live = 0; b < first + n; b++)
			live += d->blocks[b] > step + 1;
	}
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
measure(const struct draw *d)
{
	struct products q = {0};
	double start, operations;
	size_t i;

	for (i = 0; i < d->n; i += BATCH)
		add_batch(&q, d, i, d->n - i < BATCH ? d->n - i : BATCH);
	products_run(&q);
	start = cpu_seconds();
	operations = products_run(&q);
	printf("kernel %s\nseries %zu\nrows %llu\nneeded_gflop %.4g\n"
	       "sgemm_seconds_cpu %.4g\nsgemm_gflop_s %.4g\n",
	    gemm_kernel(), d->n, (unsigned long long)d->rows, q.needed / 1e9,
	    cpu_seconds() - start, operations / 1e9 / (cpu_seconds() - start));
	products_free(&q);
}

int
main(int argc, char **argv)
{
	struct draw d = {0};
	struct ns_err e;
	int rc;

	if (argc != 3) {
		fputs("usage: draw MODEL SAMPLED\n", stderr);
		return 2;
	}
	gemm_start();
	if ((rc = read_model(&d, argv[1], &e)) < 0 ||
	    (rc = read_lengths(&d, argv[2], &e)) < 0) {
		fprintf(stderr, "draw: %s\n", e.msg);
		return 1;
	}
	measure(&d);
	free(d.blocks);
	model_free(&d.model);
	return 0;
}
