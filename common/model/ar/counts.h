/*
 * counts.h: the alphabets of numbers of steps.  They are fixed: small numbers have a
 * code each, larger ones share one with their neighbours, by a constant ratio.
 */
#ifndef MODEL_AR_COUNTS_H
#define MODEL_AR_COUNTS_H

#include <stdint.h>

/* Length of a series, from 1 to TENSOR_STEPS_MAX: exact below 96, then within 1/16. */
#define LENGTH_CODES 256
int length_code(uint32_t n);
/* length_range: the lengths lo .. hi that share a code; lo 0: the code is not used. */
void length_range(int code, uint32_t *lo, uint32_t *hi);

/* Steps done and steps left, from 0: exact below 24, then within 2/5. */
#define PLACE_CODES 64
int place_code(uint32_t n);

#endif
