#include "number.h"

#include <string.h>

#include "trace/record.h"

/* More digits than any 64-bit number has, fraction included. */
#define DIGITS_MAX 64
#define EXPONENT_MAX 400

struct decimal {
	bool negative;
	int n;     /* digits kept */
	int point; /* digits before the point, may lie outside 0 .. n */
	bool more; /* a digit beyond those kept is not 0 */
	uint8_t d[DIGITS_MAX];
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Keep a digit; leading zeros are not kept, so that the limit is on digits that count.
 */
static void
keep(struct decimal *x, char c, bool fraction)
{
	uint8_t d = (uint8_t)(c - '0');

	if (x->n == 0 && d == 0) {
		x->point -= fraction;
		return;
	}
	x->point += !fraction;
	if (x->n < DIGITS_MAX)
		x->d[x->n++] = d;
	else
		x->more = x->more || d != 0;
}

static const char *
take_exponent(const char *s, struct decimal *x)
{
	bool negative;
	int v = 0;

	if (*s != 'e' && *s != 'E')
		return s;
	s++;
	negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if (!is_digit(*s))
		return NULL;
	for (; is_digit(*s); s++)
		if (v <= EXPONENT_MAX)
			v = v * 10 + (*s - '0');
	x->point += negative ? -v : v;
	return s;
}

static bool
parse(const char *s, struct decimal *x)
{
	int digits = 0;

	memset(x, 0, sizeof *x);
	x->negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	for (; is_digit(*s); s++, digits++)
		keep(x, *s, false);
	if (*s == '.')
		for (s++; is_digit(*s); s++, digits++)
			keep(x, *s, true);
	if (digits == 0)
		return false;
	s = take_exponent(s, x);
	return s != NULL && *s == '\0';
}

/* Digits before the point, as one number; false if it does not fit. */
static bool
whole_part(const struct decimal *x, uint64_t *v)
{
	int i;

	*v = 0;
	if (x->n == 0 || x->point <= 0)
		return true;
	if (x->point > 20)
		return false;
	for (i = 0; i < x->point; i++) {
		uint8_t d = i < x->n ? x->d[i] : 0;

		if (*v > (UINT64_MAX - d) / 10)
			return false;
		*v = *v * 10 + d;
	}
	return true;
}

enum number_status
number_scaled(const char *text, int shift, int64_t *v)
{
	struct decimal x;
	uint64_t u;

	if (!parse(text, &x))
		return NUMBER_BAD;
	x.point += shift;
	if (!whole_part(&x, &u) || u > INT64_MAX)
		return NUMBER_RANGE;
	if (x.point >= 0 && x.point < x.n && x.d[x.point] >= 5)
		u++;
	if (u > INT64_MAX)
		return NUMBER_RANGE;
	*v = x.negative ? -(int64_t)u : (int64_t)u;
	return NUMBER_OK;
}

static bool
is_whole(const struct decimal *x)
{
	int i;

	for (i = x->point > 0 ? x->point : 0; i < x->n; i++)
		if (x->d[i] != 0)
			return false;
	return !x->more;
}

enum number_status
number_whole(const char *text, uint64_t most, uint64_t *v)
{
	struct decimal x;

	if (!parse(text, &x))
		return NUMBER_BAD;
	if (!is_whole(&x))
		return NUMBER_FRACTION;
	if (!whole_part(&x, v) || *v > most || (x.negative && *v != 0))
		return NUMBER_RANGE;
	return NUMBER_OK;
}

enum number_status
number_address(const char *text, uint8_t a[16])
{
	struct decimal x;
	unsigned carry;
	uint64_t u;
	int i, k;

	if (!parse(text, &x))
		return NUMBER_BAD;
	if (!is_whole(&x))
		return NUMBER_FRACTION;
	if (x.negative || x.point > 39)
		return NUMBER_RANGE;
	if (whole_part(&x, &u) && u <= UINT32_MAX) {
		addr_from_v4(a, (uint32_t)u);
		return NUMBER_OK;
	}
	memset(a, 0, 16);
	for (i = 0; i < x.point; i++) {
		carry = i < x.n ? x.d[i] : 0;
		for (k = 15; k >= 0; k--) {
			carry += a[k] * 10u;
			a[k] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry != 0)
			return NUMBER_RANGE;
	}
	return NUMBER_OK;
}
