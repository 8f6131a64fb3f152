#include "dp/account/fft.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/vector.h"

enum { FEW = 64 }; /* so many a function call is worth */

static const double pi = 3.14159265358979323846;

struct fft {
	size_t n;     /* real numbers */
	double *root; /* (2n) e^(-pi i j / m) at 2 (m + j), for m = 1, 2, 4 .. n / 2 */
};

struct fft *
fft_new(size_t n)
{
	struct fft *f = xmalloc(sizeof *f);
	size_t m, j;

	assert(n >= 4 && (n & (n - 1)) == 0);
	f->n = n;
	f->root = xmalloc(size_mul(2 * n, sizeof *f->root));
	m = n / 2;
	for (j = 0; j < m; j++) {
		f->root[2 * (m + j)] = cos(pi * (double)j / (double)m);
		f->root[2 * (m + j) + 1] = -sin(pi * (double)j / (double)m);
	}
	for (j = m - 1; j >= 1; j--) { /* place m + i of one is 2 (m + i) of the next */
		f->root[2 * j] = f->root[4 * j];
		f->root[2 * j + 1] = f->root[4 * j + 1];
	}
	return f;
}

void
fft_free(struct fft *f)
{
	if (f == NULL)
		return;
	free(f->root);
	free(f);
}

/* n complex numbers to the places that have their index with its bits turned round. */
static void
turn_bits(double *x, size_t n)
{
	size_t i, j = 0, bit;
	double re, im;

	for (i = 0; i < n; i++) {
		if (i < j) {
			re = x[2 * i];
			im = x[2 * i + 1];
			x[2 * i] = x[2 * j];
			x[2 * i + 1] = x[2 * j + 1];
			x[2 * j] = re;
			x[2 * j + 1] = im;
		}
		for (bit = n / 2; bit > 0 && (j & bit) != 0; bit /= 2)
			j ^= bit;
		j |= bit;
	}
}

/* a + w b and a - w b of m pairs; w are the roots for m. */
static inline void
butterflies(double *restrict a, double *restrict b, const double *restrict w, size_t m)
{
	double re, im;
	size_t j;

	for (j = 0; j < 2 * m; j += 2) {
		re = w[j] * b[j] - w[j + 1] * b[j + 1];
		im = w[j] * b[j + 1] + w[j + 1] * b[j];
		b[j] = a[j] - re;
		b[j + 1] = a[j + 1] - im;
		a[j] += re;
		a[j + 1] += im;
	}
}

/* Of n that are few: twos, fours and so on. */
static void
combine_few(const double *root, double *x, size_t n)
{
	size_t m, i;

	for (m = 1; m < n; m *= 2)
		for (i = 0; i < n; i += 2 * m)
			butterflies(x + 2 * i, x + 2 * (i + m), root + 2 * m, m);
}

/* Halves first, to their ends, while they are in the cache. */
VECTOR_CLONES static void
combine(const double *root, double *x, size_t n)
{
	if (n <= FEW) {
		combine_few(root, x, n);
		return;
	}
	combine(root, x, n / 2);
	combine(root, x + n, n / 2);
	butterflies(x, x + n, root + n, n / 2);
}

/* n complex numbers. */
static void
transform(const struct fft *f, double *x, size_t n)
{
	turn_bits(x, n);
	combine(f->root, x, n);
}

/*
 * Z, the transform of even + i odd numbers, to that of all, or back: of the pair k and
 * n/2 - k, E = (Z_k + conj Z_j) / 2, O = (Z_k - conj Z_j) / 2i, X_k = E + w^k O.  Back
 * it is the same with conj w and i for -i; sign tells which.
 */
static void
part_pairs(const struct fft *f, double *x, double sign)
{
	size_t half = f->n / 2, k, j;
	double er, ei, dr, di, wr, wi, tr, ti;

	for (k = 1; k <= half / 2; k++) {
		j = half - k;
		er = (x[2 * k] + x[2 * j]) / 2;
		ei = (x[2 * k + 1] - x[2 * j + 1]) / 2;
		dr = (x[2 * k] - x[2 * j]) / 2;
		di = (x[2 * k + 1] + x[2 * j + 1]) / 2;
		wr = f->root[2 * (half + k)];
		wi = f->root[2 * (half + k) + 1];
		/* w (d / i) forward, conj w (i d) backward: conj of one another in w */
		tr = sign * wr * di + wi * dr;
		ti = wi * di - sign * wr * dr;
		x[2 * k] = er + tr;
		x[2 * k + 1] = ei + ti;
		x[2 * j] = er - tr;
		x[2 * j + 1] = ti - ei;
	}
}

void
fft_forward(const struct fft *f, double *x)
{
	double re, im;

	transform(f, x, f->n / 2);
	part_pairs(f, x, 1);
	re = x[0];
	im = x[1];
	x[0] = re + im;
	x[1] = re - im;
}

/* The inverse of a complex transform is that of the conjugates, conjugated. */
void
fft_backward(const struct fft *f, double *x)
{
	size_t half = f->n / 2, k;
	double re = x[0], im = x[1], scale = 1 / (double)half;

	x[0] = (re + im) / 2;
	x[1] = (re - im) / 2;
	part_pairs(f, x, -1);
	for (k = 0; k < half; k++)
		x[2 * k + 1] = -x[2 * k + 1];
	transform(f, x, half);
	for (k = 0; k < half; k++) {
		x[2 * k] *= scale;
		x[2 * k + 1] *= -scale;
	}
}
