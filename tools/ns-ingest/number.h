/*
 * number.h: numbers of text files, exactly: digits, never through floating point.
 */
#ifndef INGEST_NUMBER_H
#define INGEST_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum number_status { NUMBER_OK, NUMBER_BAD, NUMBER_RANGE, NUMBER_FRACTION };

/*
 * number_scaled: the decimal number in text ("12", "-1.5", "2.5e-3", ".5") times
 * 10^shift, rounded to the nearest whole number, halves away from zero.
 */
enum number_status number_scaled(const char *text, int shift, int64_t *v);

/* number_whole: a number without a sign that is whole ("62", "62.0", "1e3") and <=
 * most.
 */
enum number_status number_whole(const char *text, uint64_t most, uint64_t *v);

/* number_address: a whole number below 2^128 to 16 bytes; below 2^32 it is IPv4. */
enum number_status number_address(const char *text, uint8_t a[16]);

#endif
