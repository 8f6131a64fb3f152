#include "model/ar/counts.h"

#include "tensor/tensor.h"

/* first[i]: the least number of code i.  Whole numbers only, so that it is the same
 * everywhere. */
struct alphabet {
	uint32_t from, exact, num, den; /* next = first + first * num / den */
};
static const struct alphabet lengths = {1, 96, 1, 16}, places = {0, 24, 2, 5};

static uint32_t
next_first(const struct alphabet *a, uint32_t first)
{
	return first < a->exact ? first + 1 : first + first * a->num / a->den;
}

static int
code_of(const struct alphabet *a, uint32_t n)
{
	uint32_t first = a->from, next;
	int code = 0;

	if (n <= a->exact)
		return (int)(n - a->from);
	first = a->exact;
	code = (int)(a->exact - a->from);
	while ((next = next_first(a, first)) <= n) {
		first = next;
		code++;
	}
	return code;
}

int
length_code(uint32_t n)
{
	return code_of(&lengths, n);
}

void
length_range(int code, uint32_t *lo, uint32_t *hi)
{
	uint32_t first = lengths.from, next = 0;
	int i;

	for (i = 0; i <= code; i++, first = next) {
		*lo = first;
		next = next_first(&lengths, first);
	}
	*hi = next - 1 < TENSOR_STEPS_MAX ? next - 1 : TENSOR_STEPS_MAX;
	if (*lo > TENSOR_STEPS_MAX)
		*lo = 0;
}

int
place_code(uint32_t n)
{
	return code_of(&places, n);
}
