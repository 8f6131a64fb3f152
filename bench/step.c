/*
 * step.c: training steps of ns-train's own code beside their matrix products alone,
 * turn by turn in one process, so that both meet the same weather.
 *
 *   step [-m KIND] [-t THREADS] [-b SERIES] [-n STEPS] TRAIN.ns   "name value" lines
 *   step [-m KIND] [-b SERIES] -d TRAIN.ns             the shapes as one line of JSON
 *
 * Chunk 0 of the tensor stream, ns-train's defaults; SERIES at once, if given.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "nn/gemm.h"
#include "subject.h"

enum { WARM_UP = 2 };

struct bench {
	const struct subject *ops;
	struct feed feed;
	struct pool *pool;
	void *subject; /* of ops */
	struct products products;
};

static double
clock_at(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, by_value);
	return n % 2 != 0 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static int
open_bench(struct bench *b, const char *path, int batch, struct ns_err *e)
{
	struct nsr_reader *r;
	int fd = in_open(path, e), rc;

	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, path);
	rc = feed_read(&b->feed, r, 0, NULL, e);
	nsr_reader_free(r);
	if (rc < 0)
		return rc;
	b->subject = b->ops->open(&b->feed, b->pool, batch, e);
	return b->subject != NULL ? NS_OK : e->code;
}

static void
close_bench(struct bench *b)
{
	products_free(&b->products);
	if (b->subject != NULL)
		b->ops->close(b->subject);
	pool_free(b->pool);
	feed_free(&b->feed);
}

/* ---- Measuring ---- */

/* Of n steps, the median counts. */
enum figure { CPU, WALL, BLAS, OURS, ITS, RATIO, ROWS, NEEDED, FIGURES };

/* Seconds of one step, and of its products: figures i of v. */
static int
turn(struct bench *b, double **v, int i, struct ns_err *e)
{
	double c = clock_at(CLOCK_PROCESS_CPUTIME_ID), w = clock_at(CLOCK_MONOTONIC),
	       ops, rows;
	int rc = b->ops->step(b->subject, e);

	if (rc < 0)
		return rc;
	c = clock_at(CLOCK_PROCESS_CPUTIME_ID) - c;
	w = clock_at(CLOCK_MONOTONIC) - w;
	rows = b->ops->products(b->subject, &b->products);
	if (i < 0) {
		products_run(&b->products);
		return NS_OK;
	}
	v[CPU][i] = c;
	v[WALL][i] = w;
	v[ROWS][i] = rows;
	v[NEEDED][i] = b->products.needed / 1e9;
	c = clock_at(CLOCK_PROCESS_CPUTIME_ID);
	ops = products_run(&b->products);
	v[BLAS][i] = clock_at(CLOCK_PROCESS_CPUTIME_ID) - c;
	v[OURS][i] = v[NEEDED][i] / v[CPU][i];
	v[ITS][i] = ops / 1e9 / v[BLAS][i];
	v[RATIO][i] = v[OURS][i] / v[ITS][i];
	return NS_OK;
}

static int
measure(struct bench *b, int n, struct ns_err *e)
{
	static const char *const name[] = {"seconds_cpu", "seconds_wall",
	    "sgemm_seconds_cpu", "gflop_s", "sgemm_gflop_s", "ratio", "rows",
	    "needed_gflop"};
	double *v[FIGURES];
	int i, rc = NS_OK;

	for (i = 0; i < FIGURES; i++)
		v[i] = xcalloc((size_t)n, sizeof *v[i]);
	for (i = -WARM_UP; i < n && rc >= 0; i++)
		rc = turn(b, v, i, e);
	printf("kernel %s\n", gemm_kernel());
	for (i = 0; i < FIGURES; i++) {
		printf("%s %.4g\n", name[i], median(v[i], n));
		free(v[i]);
	}
	return rc;
}

static const struct subject *
subject_of(const char *kind)
{
	static const struct subject *const all[] = {&gan_subject, &likelihood_subject,
	    &adversarial_subject, &private_subject, &clipped_subject,
	    &likelihood_private_subject};
	size_t i;

	for (i = 0; i < LEN(all); i++)
		if (strcmp(kind, all[i]->kind) == 0)
			return all[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	struct bench b = {.ops = &gan_subject, .feed = {.fd = -1}};
	struct ns_err e;
	int opt, threads = 1, n = 9, batch = 0, only_describe = 0, rc;

	while ((opt = getopt(argc, argv, "m:t:b:n:d")) != -1) {
		if (opt == 'm')
			b.ops = subject_of(optarg);
		else if (opt == 't')
			threads = atoi(optarg);
		else if (opt == 'b')
			batch = atoi(optarg);
		else if (opt == 'n')
			n = atoi(optarg);
		else if (opt == 'd')
			only_describe = 1;
		else
			return 2;
	}
	if (optind + 1 != argc || threads < 1 || n < 1 || batch < 0 || b.ops == NULL ||
	    (only_describe && b.ops->describe == NULL)) {
		fputs("usage: step [-m KIND] [-t THREADS] [-b SERIES] [-n STEPS] [-d] "
		      "TRAIN.ns\n",
		    stderr);
		return 2;
	}
	gemm_start();
	b.pool = pool_new(threads);
	rc = open_bench(&b, argv[optind], batch, &e);
	if (rc >= 0 && only_describe)
		b.ops->describe(b.subject);
	else if (rc >= 0)
		rc = measure(&b, n, &e);
	close_bench(&b);
	if (rc < 0)
		fprintf(stderr, "step: %s\n", e.msg);
	return rc < 0;
}
