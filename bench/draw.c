/*
 * draw.c: draw MODEL SAMPLED: what sampling the series of the tensor stream SAMPLED
 * from the model needs, as "name value" lines, and the time BLAS alone takes for these
 * products.  The first chunk of a trace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/io.h"
#include "drawn.h"
#include "nn/gemm.h"

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
read_model(struct drawn *d, const char *path, struct ns_err *e)
{
	const struct model_kind *const kinds[] = {&dg_kind, &ar_kind, NULL};
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
read_series(struct drawn *d, const char *path, struct ns_err *e)
{
	struct nsr_reader *r = open_stream(path, e);
	const uint8_t *rec;
	size_t len;
	uint32_t rows;
	int rc;

	if (r == NULL)
		return e->code;
	rc = nsr_expect(r, NSR_TENSOR, TENSOR_VERSION, e);
	while (rc >= 0 && (rc = nsr_next(r, &rec, &len, e)) > 0) {
		if ((rc = tensor_check(&d->model.schema, rec, len, &rows, e)) < 0)
			break;
		xgrow(&d->series, &d->cap, d->n + 1, sizeof *d->series);
		d->series[d->n++] = (struct drawn_series){d->bytes.len, rows};
		d->rows += rows;
		buf_put(&d->bytes, rec, len);
	}
	nsr_reader_free(r);
	return rc;
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
measure(struct drawn *d)
{
	struct products q = {0};
	double start, operations;

	if (d->model.kind == &dg_kind)
		drawn_by_gan(&q, d);
	else
		drawn_by_symbols(&q, d);
	products_run(&q);
	start = cpu_seconds();
	operations = products_run(&q);
	start = cpu_seconds() - start;
	printf("kernel %s\nseries %zu\nrows %llu\nneeded_gflop %.4g\n"
	       "sgemm_seconds_cpu %.4g\nsgemm_gflop_s %.4g\n",
	    gemm_kernel(), d->n, (unsigned long long)d->rows, q.needed / 1e9, start,
	    operations / 1e9 / start);
	products_free(&q);
}

int
main(int argc, char **argv)
{
	struct drawn d = {0};
	struct ns_err e;
	int rc;

	if (argc != 3) {
		fputs("usage: draw MODEL SAMPLED\n", stderr);
		return 2;
	}
	gemm_start();
	if ((rc = read_model(&d, argv[1], &e)) < 0 ||
	    (rc = read_series(&d, argv[2], &e)) < 0) {
		fprintf(stderr, "draw: %s\n", e.msg);
		return 1;
	}
	measure(&d);
	free(d.series);
	buf_free(&d.bytes);
	model_free(&d.model);
	return 0;
}
