/*
 * Gaussian noise: Box and Muller 1958, in double.
 *
 * A block of the stream makes two elements: its words are four radii and four angles of
 * points (x, y), element 0 is (x0 + x1 + x2 + x3) / 2 and element 1 the same of y.  So
 * an element sums four numbers of different points, which are independent.  What
 * Holohan and Braghin throw away at the start of their draws is the number that a
 * generator of pairs kept from an earlier call, whose partner an adversary may have
 * seen alone; here no half of a point is kept between calls or seen but in its sum, so
 * there is none to throw away.
 */
#include <assert.h>
#include <math.h>
#include <sodium.h>

#include "base/le.h"
#include "base/vector.h"
#include "dp/noise/noise.h"
#include "dp/noise/polar.h"

enum { POINTS = 4, PAIR = 2, BLOCK = 64, BLOCKS = 64 };

/* Deviations for which grids and products are normal numbers. */
#define SD_MIN 0x1p-500
#define SD_MAX 0x1p500

/* Up to BLOCKS blocks of the stream, and what becomes of them. */
struct draw {
	uint8_t byte[BLOCK * BLOCKS];
	uint64_t radius[POINTS * BLOCKS], angle[POINTS * BLOCKS];
	double x[POINTS * BLOCKS], y[POINTS * BLOCKS];
	double z[PAIR * BLOCKS]; /* elements of N(0, 1) */
};

static void
take_words(struct draw *d, int blocks)
{
	const uint8_t *p = d->byte;
	int b, i;

	for (b = 0; b < blocks; b++, p += BLOCK)
		for (i = 0; i < POINTS; i++) {
			d->radius[POINTS * b + i] = get_le64(p + 8 * i);
			d->angle[POINTS * b + i] = get_le64(p + 8 * (POINTS + i));
		}
}

VECTOR_CLONES static void
make_points(struct draw *d, int n)
{
	double radius, c, s;
	int i;

	VECTOR_LOOP
	for (i = 0; i < n; i++) {
		radius = sqrt(-2 * polar_log(polar_unit(d->radius[i])));
		polar_turn(d->angle[i], &c, &s);
		d->x[i] = radius * c;
		d->y[i] = radius * s;
	}
}

static void
sum_points(struct draw *d, int blocks)
{
	const double *x = d->x, *y = d->y;
	int b;

	for (b = 0; b < blocks; b++, x += POINTS, y += POINTS) {
		d->z[PAIR * b] = ((x[0] + x[1]) + (x[2] + x[3])) / 2;
		d->z[PAIR * b + 1] = ((y[0] + y[1]) + (y[2] + y[3])) / 2;
	}
}

/* Elements from number at on, as many of n as one draw holds, are z[*skip] and behind;
 * returns how many. */
static size_t
draw_elements(struct draw *d, const struct dp_key *k, enum dp_purpose p, uint64_t round,
    uint64_t at, size_t n, size_t *skip)
{
	size_t most, blocks;

	assert(at < UINT64_C(1) << 57); /* 2^56 blocks */
	*skip = at % PAIR;
	most = PAIR * BLOCKS - *skip;
	n = n < most ? n : most;
	blocks = (*skip + n + PAIR - 1) / PAIR;
	dp_random(k, p, round, at / PAIR * BLOCK, d->byte, blocks * BLOCK);
	take_words(d, (int)blocks);
	make_points(d, (int)blocks * POINTS);
	sum_points(d, (int)blocks);
	return n;
}

/* The greatest power of two that is at most sd / 2^20. */
static double
grid_of(double sd)
{
	int e;

	frexp(sd, &e); /* sd = [1/2, 1) 2^e */
	return ldexp(1, e - 21);
}

VECTOR_CLONES static void
add_float(float *sum, const double *z, double sd, double grid, size_t n)
{
	double per = 1 / grid;
	size_t i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		sum[i] = (float)(rint(((double)sum[i] + sd * z[i]) * per) * grid);
}

VECTOR_CLONES static void
add_double(double *sum, const double *z, double sd, double grid, size_t n)
{
	double per = 1 / grid;
	size_t i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		sum[i] = rint((sum[i] + sd * z[i]) * per) * grid;
}

/* To n elements of the one sum that is there, from number at on. */
static void
add_noise(const struct dp_key *k, enum dp_purpose p, uint64_t round, uint64_t at,
    double sd, float *narrow, double *wide, size_t n)
{
	struct draw d;
	double grid;
	size_t i, some, skip;

	if (sd == 0)
		return;
	assert(sd >= SD_MIN && sd <= SD_MAX);
	grid = grid_of(sd);
	for (i = 0; i < n; i += some) {
		some = draw_elements(&d, k, p, round, at + i, n - i, &skip);
		if (wide != NULL)
			add_double(wide + i, d.z + skip, sd, grid, some);
		else
			add_float(narrow + i, d.z + skip, sd, grid, some);
	}
	sodium_memzero(&d, sizeof d);
}

void
dp_noise_add(const struct dp_key *k, enum dp_purpose p, uint64_t round, uint64_t at,
    double sd, float *sum, size_t n)
{
	add_noise(k, p, round, at, sd, sum, NULL, n);
}

void
dp_noise_add64(const struct dp_key *k, enum dp_purpose p, uint64_t round, uint64_t at,
    double sd, double *sum, size_t n)
{
	add_noise(k, p, round, at, sd, NULL, sum, n);
}
