/* share.h: a whole number split in given proportions. */
#ifndef NS_SAMPLE_SHARE_H
#define NS_SAMPLE_SHARE_H

#include <stddef.h>
#include <stdint.h>

/*
 * share_split: part[i] proportional to weight[i], summing to total exactly; what the
 * rounding leaves goes to the largest remainders, ties to the first.  All parts are 0
 * when all weights are.
 */
void share_split(uint64_t total, const uint64_t *weight, uint64_t *part, size_t n);

#endif
