#include "sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define RADIX 256
#define DIGITS 8
#define SMALL 64

/* How often each value of each of the eight bytes occurs. */
static void
count_digits(const uint64_t *key, size_t n, size_t count[DIGITS][RADIX])
{
	memset(count, 0, sizeof(size_t) * DIGITS * RADIX);
	for (size_t i = 0; i < n; i++)
		for (int d = 0; d < DIGITS; d++)
			count[d][key[i] >> 8 * d & 0xff]++;
}

static void
insertion(uint64_t *key, uint32_t *row, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t k = key[i];
		uint32_t r = row != NULL ? row[i] : 0;
		size_t j = i;

		for (; j > 0 && key[j - 1] > k; j--) {
			key[j] = key[j - 1];
			if (row != NULL)
				row[j] = row[j - 1];
		}
		key[j] = k;
		if (row != NULL)
			row[j] = r;
	}
}

/* One stable pass over digit d, from (key, row) into (key2, row2). */
static void
scatter(const uint64_t *key, const uint32_t *row, uint64_t *key2, uint32_t *row2,
    size_t n, int d, const size_t *count)
{
	size_t at[RADIX], sum = 0;

	for (int v = 0; v < RADIX; v++) {
		at[v] = sum;
		sum += count[v];
	}
	for (size_t i = 0; i < n; i++) {
		size_t to = at[key[i] >> 8 * d & 0xff]++;

		key2[to] = key[i];
		if (row != NULL)
			row2[to] = row[i];
	}
}

void
sort_rows(uint64_t *key, uint32_t *row, size_t n)
{
	size_t count[DIGITS][RADIX];
	uint64_t *k1 = key, *k2, *k;
	uint32_t *r1 = row, *r2 = NULL, *r;

	if (n <= SMALL) {
		insertion(key, row, n);
		return;
	}
	k2 = xmalloc(size_mul(n, sizeof *k2));
	if (row != NULL)
		r2 = xmalloc(size_mul(n, sizeof *r2));
	count_digits(key, n, count);
	for (int d = 0; d < DIGITS; d++) {
		/* a byte that is the same everywhere needs no pass */
		if (count[d][key[0] >> 8 * d & 0xff] == n)
			continue;
		scatter(k1, r1, k2, r2, n, d, count[d]);
		k = k1, k1 = k2, k2 = k;
		r = r1, r1 = r2, r2 = r;
	}
	if (k1 != key) {
		memcpy(key, k1, n * sizeof *key);
		if (row != NULL)
			memcpy(row, r1, n * sizeof *row);
		k2 = k1;
		r2 = r1;
	}
	free(k2);
	free(r2);
}

void
sort_u64(uint64_t *v, size_t n)
{
	sort_rows(v, NULL, n);
}

void
sort_i64(int64_t *v, size_t n)
{
	uint64_t *u = (uint64_t *)v;

	for (size_t i = 0; i < n; i++)
		u[i] = key_i64(v[i]);
	sort_u64(u, n);
	for (size_t i = 0; i < n; i++)
		u[i] ^= UINT64_C(1) << 63;
}
