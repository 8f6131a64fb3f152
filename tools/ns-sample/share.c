#include "share.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct rest {
	double left;
	size_t i;
};

static int
largest_first(const void *a, const void *b)
{
	const struct rest *x = a, *y = b;

	if (x->left != y->left)
		return x->left < y->left ? 1 : -1;
	return x->i < y->i ? -1 : 1;
}

void
share_split(uint64_t total, const uint64_t *weight, uint64_t *part, size_t n)
{
	struct rest *rest = xcalloc(n + 1, sizeof *rest);
	double sum = 0, exact;
	uint64_t given = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += (double)weight[i];
	for (i = 0; i < n; i++) {
		exact = sum > 0 ? (double)total * ((double)weight[i] / sum) : 0;
		part[i] = (uint64_t)exact;
		/* doubles may round up beyond what is there */
		part[i] = part[i] > total - given ? total - given : part[i];
		given += part[i];
		rest[i].left = weight[i] > 0 ? exact - floor(exact) : -1;
		rest[i].i = i;
	}
	qsort(rest, n, sizeof *rest, largest_first);
	for (i = 0; given < total && sum > 0; i = (i + 1) % n)
		if (weight[rest[i].i] > 0) {
			part[rest[i].i]++;
			given++;
		}
	free(rest);
}
