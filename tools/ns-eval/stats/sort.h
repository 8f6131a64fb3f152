/* sort.h: radix sorts, linear in n; the metrics are little else than sorted keys. */
#ifndef EVAL_SORT_H
#define EVAL_SORT_H

#include <stddef.h>
#include <stdint.h>

/* sort_u64, sort_i64: n numbers, rising, in place; needs room for n more inside. */
void sort_u64(uint64_t *v, size_t n);
void sort_i64(int64_t *v, size_t n);

/* sort_rows: the same with row[i] moving along with key[i]; stable. */
void sort_rows(uint64_t *key, uint32_t *row, size_t n);

/* key_i64: an unsigned key in the order of signed numbers. */
static inline uint64_t
key_i64(int64_t v)
{
	return (uint64_t)v ^ UINT64_C(1) << 63;
}

#endif
