#include "nn/dropout.h"

#include <stddef.h>

enum { STRETCH = 256 }; /* words of the stream at once */

void
dropout_init(struct dropout *d, double rate, uint64_t seed, uint64_t stream)
{
	rng_init(&d->rng, seed, stream);
	d->below = (uint32_t)(rate * 256 + 0.5);
	if (d->below > 255)
		d->below = 255;
	d->scale = (real)(256.0 / (256 - d->below));
}

VECTOR_CLONES static void
drop(real *y, const uint32_t *word, uint32_t below, real scale, long n)
{
	long i;

	for (i = 0; i < n; i++)
		y[i] = (word[i / 4] >> 8 * (i % 4) & 255) < below ? 0 : y[i] * scale;
}

void
dropout_forward(struct dropout *d, real *y, long n)
{
	uint32_t word[STRETCH];
	long i, k;

	if (d == NULL || d->below == 0)
		return;
	for (i = 0; i < n; i += k) {
		k = n - i < 4 * STRETCH ? n - i : 4 * STRETCH;
		rng_fill(&d->rng, word, (size_t)(k + 3) / 4);
		drop(y + i, word, d->below, d->scale, k);
	}
}

void
dropout_backward(const struct dropout *d, real *dy, long n)
{
	long i;

	if (d == NULL || d->below == 0)
		return;
	for (i = 0; i < n; i++)
		dy[i] *= d->scale;
}
