#include "botnet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/sort.h"
#include "stream/schema.h"

/* The rows of packets that count, by pair; key[j] is the pair of row[j].  Returns how
 * many. */
static size_t
rows_by_pair(const struct side *s, uint64_t *key, uint32_t *row)
{
	const struct trace *t = s->t;
	uint32_t n_src, n_dst, *src = side_numbers(s, COL_SRC_IP, &n_src);
	uint32_t *dst = side_numbers(s, COL_DST_IP, &n_dst);
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->narrow[COL_IP_LEN][i] >> 6 >= HISTOGRAM_BINS)
			continue;
		key[n] = (uint64_t)src[i] << 32 | dst[i];
		row[n++] = (uint32_t)i;
	}
	free(src);
	free(dst);
	sort_rows(key, row, n);
	return n;
}

float *
pair_histograms(const struct side *s, size_t *n)
{
	const struct trace *t = s->t;
	uint64_t *key = xmalloc(size_mul(t->n, sizeof *key));
	uint32_t *row = xmalloc(size_mul(t->n, sizeof *row));
	size_t packets, pairs = 0, k = 0;
	float *x;

	packets = t->kind == NSR_PACKET ? rows_by_pair(s, key, row) : 0;
	for (size_t j = 0; j < packets; j++)
		pairs += j == 0 || key[j] != key[j - 1];
	x = xcalloc(size_mul(pairs, HISTOGRAM_BINS) + 1, sizeof *x);
	for (size_t j = 0; j < packets; j++) {
		k += j > 0 && key[j] != key[j - 1];
		x[k * HISTOGRAM_BINS + (t->narrow[COL_IP_LEN][row[j]] >> 6)]++;
	}
	free(key);
	free(row);
	*n = pairs;
	return x;
}
