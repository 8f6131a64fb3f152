/*
 * step.c: training iterations of ns-train's own code beside their matrix products
 * alone, turn by turn in one process, so that both meet the same weather.
 *
 *   step [-t THREADS] [-n ITERATIONS] TRAIN.ns   "name value" lines
 *   step -d TRAIN.ns                             the shapes as one line of JSON
 *
 * Chunk 0 of the tensor stream, ns-train's defaults.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "feed.h"
#include "gan/batch.h"
#include "gan/start.h"
#include "iteration.h"
#include "nn/gemm.h"

enum { WARM_UP = 2, SEED = 1 };

struct bench {
	struct feed feed;
	struct dg_config cfg;
	struct dg *m;
	struct gan *g;
	struct batch_walk walk;
	struct products products;
	uint64_t step;
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
fail(const struct ns_err *e)
{
	fprintf(stderr, "step: %s\n", e->msg);
	return 1;
}

static int
open_bench(struct bench *b, const char *path, struct pool *pool, struct ns_err *e)
{
	struct nsr_reader *r;
	int fd = in_open(path, e), rc;

	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, path);
	rc = feed_read(&b->feed, r, 0, e);
	nsr_reader_free(r);
	if (rc < 0)
		return rc;
	hypers_default(&dg_hypers, &b->cfg);
	dg_config_fit(&b->cfg, (long)b->feed.chunk[0].carry.max_steps);
	b->m = start_weights(&b->feed, &b->feed.chunk[0], &b->cfg, NULL, SEED, e);
	if (b->m == NULL)
		return e->code;
	b->g = gan_new(b->m, pool, SEED, 0);
	batch_walk_init(&b->walk, &b->feed, &b->feed.chunk[0], SEED);
	return NS_OK;
}

static int
one_step(struct bench *b, struct ns_err *e)
{
	struct gan_health h;

	batch_fill(&b->walk, b->m, b->step, b->g->real_x, b->g->real_blocks);
	return gan_step(b->g, b->step++, &h, e);
}

/* ---- Output ---- */

static int
measure(struct bench *b, int n, struct ns_err *e)
{
	double *cpu = xcalloc((size_t)n, sizeof *cpu),
	       *wall = xcalloc((size_t)n, sizeof *wall);
	double *blas = xcalloc((size_t)n, sizeof *blas),
	       *ratio = xcalloc((size_t)n, sizeof *ratio);
	double *ours = xcalloc((size_t)n, sizeof *ours),
	       *its = xcalloc((size_t)n, sizeof *its);
	double needed = 0, ops;
	int i, rc;

	for (i = -WARM_UP; i < n; i++) {
		double c = clock_at(CLOCK_PROCESS_CPUTIME_ID),
		       w = clock_at(CLOCK_MONOTONIC);

		if ((rc = one_step(b, e)) < 0)
			return rc;
		c = clock_at(CLOCK_PROCESS_CPUTIME_ID) - c;
		w = clock_at(CLOCK_MONOTONIC) - w;
		products_of(&b->products, b->g);
		if (i < 0) {
			products_run(&b->products);
			continue;
		}
		cpu[i] = c;
		wall[i] = w;
		c = clock_at(CLOCK_PROCESS_CPUTIME_ID);
		ops = products_run(&b->products);
		blas[i] = clock_at(CLOCK_PROCESS_CPUTIME_ID) - c;
		needed += b->products.needed / n;
		ours[i] = b->products.needed / 1e9 / cpu[i];
		its[i] = ops / 1e9 / blas[i];
		ratio[i] = ours[i] / its[i];
	}
	printf("kernel %s\nneeded_gflop %.4g\nseconds_cpu %.4g\nseconds_wall %.4g\n"
	       "sgemm_seconds_cpu %.4g\ngflop_s %.4g\nsgemm_gflop_s %.4g\nratio %.3f\n",
	    gemm_kernel(), needed / 1e9, median(cpu, n), median(wall, n),
	    median(blas, n), median(ours, n), median(its, n), median(ratio, n));
	free(cpu);
	free(wall);
	free(blas);
	free(ratio);
	free(ours);
	free(its);
	return NS_OK;
}

static void
describe_groups(const char *name, const struct dg_group *g, int n)
{
	static const char *const act[] = {"softmax", "sigmoid", "tanh"};
	int i;

	printf("\"%s\":[", name);
	for (i = 0; i < n; i++)
		printf("%s[\"%s\",%d]", i > 0 ? "," : "", act[g[i].act], g[i].k);
	printf("],");
}

static void
describe(struct bench *b)
{
	const struct dg_config *c = &b->cfg;
	const struct dg *m = b->m;
	size_t i, n = b->feed.chunk[0].n;
	uint32_t rows;

	printf("{");
	describe_groups("attr", m->attr_groups, m->n_attr_groups);
	describe_groups("row", m->row_groups, m->n_row_groups);
	printf("\"steps\":%d,\"sample_len\":%d,\"batch\":%d,\"d_rounds\":%d,"
	       "\"attr_noise\":%d,\"feat_noise\":%d,\"attr_layers\":%d,\"attr_units\":%"
	       "d,"
	       "\"lstm_units\":%d,\"d_layers\":%d,\"d_units\":%d,\"attr_d_layers\":%d,"
	       "\"attr_d_units\":%d,\"lengths\":[",
	    m->R * m->S, m->S, c->batch_size, c->d_rounds, c->attr_noise, c->feat_noise,
	    c->attr_layers, c->attr_units, c->lstm_units, c->d_layers, c->d_units,
	    c->attr_d_layers, c->attr_d_units);
	for (i = 0; i < (size_t)c->batch_size; i++) {
		memcpy(&rows,
		    feed_record(&b->feed, &b->feed.chunk[0], (uint32_t)(i % n)) +
			b->feed.schema.attr_bytes,
		    sizeof rows);
		printf("%s%" PRIu32, i > 0 ? "," : "", rows);
	}
	puts("]}");
}

static void
close_bench(struct bench *b)
{
	products_free(&b->products);
	batch_walk_free(&b->walk);
	gan_free(b->g);
	dg_free(b->m);
	feed_free(&b->feed);
}

int
main(int argc, char **argv)
{
	struct bench b = {.feed = {.fd = -1}};
	struct pool *pool;
	struct ns_err e;
	int opt, threads = 1, n = 9, only_describe = 0, rc;

	while ((opt = getopt(argc, argv, "t:n:d")) != -1) {
		if (opt == 't')
			threads = atoi(optarg);
		else if (opt == 'n')
			n = atoi(optarg);
		else if (opt == 'd')
			only_describe = 1;
		else
			return 2;
	}
	if (optind + 1 != argc || threads < 1 || n < 1) {
		fputs("usage: step [-t THREADS] [-n ITERATIONS] [-d] TRAIN.ns\n",
		    stderr);
		return 2;
	}
	gemm_start();
	pool = pool_new(threads);
	rc = open_bench(&b, argv[optind], pool, &e);
	if (rc >= 0 && only_describe)
		describe(&b);
	else if (rc >= 0)
		rc = measure(&b, n, &e);
	close_bench(&b);
	pool_free(pool);
	return rc < 0 ? fail(&e) : 0;
}
