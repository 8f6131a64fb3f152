/*
 * noise.c: what the secret noise of private training costs: "name value" lines of
 * nanoseconds, each a median of turns.
 *
 *   noise [-n ELEMENTS] [-r TURNS]
 *
 * element: dp_noise_add, four normal numbers for each weight of a step; bytes: ChaCha20
 * alone, as many as it takes, below which it cannot be; philox: as many normal numbers
 * of common/nn, one an element, float and not secret; unit: dp_poisson.  All in turn,
 * so that they meet the same weather.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "dp/noise/noise.h"
#include "nn/normal.h"

enum { BYTES = 32 }; /* of ChaCha20 an element */

struct bench {
	struct dp_key key;
	struct rng rng;
	uint64_t round;
	size_t n;
	float *sum;
	uint8_t *bytes; /* (BYTES n) */
	uint32_t *units;
};

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* ---- What is measured ---- */

static void
element(struct bench *b)
{
	dp_noise_add(&b->key, DP_GRADIENT, b->round, 0, 1, b->sum, b->n);
}

static void
bytes(struct bench *b)
{
	dp_random(&b->key, DP_START, b->round, 0, b->bytes, BYTES * b->n);
}

static void
philox(struct bench *b)
{
	normal_fill(b->sum, b->n, &b->rng);
}

static void
unit(struct bench *b)
{
	dp_poisson(&b->key, b->round, .01, (uint32_t)b->n, b->units);
}

static const struct {
	const char *name;
	void (*run)(struct bench *b);
} parts[] = {{"element", element}, {"bytes", bytes}, {"philox", philox},
    {"unit", unit}};

static void
measure(struct bench *b, int turns)
{
	double *v[LEN(parts)], start;
	size_t i;
	int t;

	for (i = 0; i < LEN(parts); i++)
		v[i] = xmalloc((size_t)turns * sizeof *v[i]);
	for (t = -1; t < turns; t++, b->round++) /* the first one warms up */
		for (i = 0; i < LEN(parts); i++) {
			start = cpu();
			parts[i].run(b);
			if (t >= 0)
				v[i][t] = (cpu() - start) * 1e9 / (double)b->n;
		}
	for (i = 0; i < LEN(parts); i++) {
		qsort(v[i], (size_t)turns, sizeof *v[i], by_value);
		printf("%s_ns %.4g\n", parts[i].name, v[i][turns / 2]);
		free(v[i]);
	}
}

int
main(int argc, char **argv)
{
	struct bench b = {.round = 0};
	int opt, n = 100000, turns = 101;

	while ((opt = getopt(argc, argv, "n:r:")) != -1) {
		if (opt == 'n')
			n = atoi(optarg);
		else if (opt == 'r')
			turns = atoi(optarg);
		else
			return 2;
	}
	if (optind != argc || n < 1 || turns < 1) {
		fputs("usage: noise [-n ELEMENTS] [-r TURNS]\n", stderr);
		return 2;
	}
	b.n = (size_t)n;
	b.sum = xcalloc(b.n, sizeof *b.sum);
	b.bytes = xcalloc(b.n, BYTES);
	b.units = xcalloc(b.n, sizeof *b.units);
	dp_key_insecure(&b.key, 1);
	rng_init(&b.rng, 1, 1);
	measure(&b, turns);
	free(b.sum);
	free(b.bytes);
	free(b.units);
	return 0;
}
