#include "base/timetext.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>

#define NS_PER_S INT64_C(1000000000)

/* Exactly n digits at *p, which moves past them. */
static bool
digits(const char **p, int n, int *v)
{
	for (*v = 0; n > 0; n--, (*p)++) {
		if (!isdigit((unsigned char)**p))
			return false;
		*v = 10 * *v + **p - '0';
	}
	return true;
}

/* A fraction of a second behind a '.', at most 9 digits, or nothing. */
static bool
fraction(const char **p, int64_t *ns)
{
	int64_t unit = NS_PER_S / 10;

	*ns = 0;
	if (**p != '.')
		return true;
	(*p)++;
	if (!isdigit((unsigned char)**p))
		return false;
	for (; isdigit((unsigned char)**p); (*p)++, unit /= 10) {
		if (unit == 0)
			return false;
		*ns += unit * (**p - '0');
	}
	return true;
}

/* Days since 1970 in the Gregorian calendar; years are counted from March, so that the
 * leap day comes last. */
static int64_t
days_from_date(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;

	return INT64_C(365) * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	    1 - 719468;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool
parse_date(const char **p, int64_t *s)
{
	int year, month, day;

	if (!digits(p, 4, &year) || *(*p)++ != '-' || !digits(p, 2, &month) ||
	    *(*p)++ != '-' || !digits(p, 2, &day))
		return false;
	/* int64_t nanoseconds reach from 1677-09-21 to 2262-04-11 */
	if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	*s = days_from_date(year, month, day) * 86400;
	return true;
}

static bool
parse_clock(const char **p, int64_t *s, int64_t *ns)
{
	int hour, minute, second = 0;

	if (!digits(p, 2, &hour) || *(*p)++ != ':' || !digits(p, 2, &minute))
		return false;
	*ns = 0;
	if (**p == ':') {
		(*p)++;
		if (!digits(p, 2, &second) || !fraction(p, ns))
			return false;
	}
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*s = hour * 3600 + minute * 60 + second;
	return true;
}

static bool
parse_iso(const char *p, int64_t *t_ns)
{
	int64_t day, clock = 0, ns = 0;

	if (!parse_date(&p, &day))
		return false;
	if (*p == 'T' || *p == ' ') {
		p++;
		if (!parse_clock(&p, &clock, &ns))
			return false;
	}
	if (*p == 'Z')
		p++;
	*t_ns = (day + clock) * NS_PER_S + ns;
	return *p == '\0';
}

static bool
parse_seconds(const char *p, int64_t *t_ns)
{
	bool negative = *p == '-';
	int64_t s = 0, ns;

	p += negative;
	if (!isdigit((unsigned char)*p))
		return false;
	for (; isdigit((unsigned char)*p); p++) {
		s = 10 * s + *p - '0';
		if (s >= INT64_MAX / NS_PER_S)
			return false;
	}
	if (!fraction(&p, &ns) || *p != '\0')
		return false;
	*t_ns = s * NS_PER_S + ns;
	if (negative)
		*t_ns = -*t_ns;
	return true;
}

int
time_parse(const char *text, int64_t *t_ns, struct ns_err *e)
{
	if (parse_seconds(text, t_ns) || parse_iso(text, t_ns))
		return NS_OK;
	return ns_fail(e, NS_EUSAGE,
	    "'%s' is no time; give seconds since 1970 or 2016-03-18T10:47:52.5Z (UTC)",
	    text);
}

/* Nanoseconds of a second behind a '.', without zeros at the end, and the end. */
static void
put_fraction(char *p, size_t room, int64_t ns)
{
	int digits = 9;

	for (; digits > 0 && ns % 10 == 0; ns /= 10)
		digits--;
	if (digits > 0)
		snprintf(p, room, ".%0*dZ", digits, (int)ns);
	else
		snprintf(p, room, "Z");
}

void
time_text(int64_t t_ns, char text[TIME_TEXT])
{
	int64_t ns = (t_ns % NS_PER_S + NS_PER_S) % NS_PER_S;
	int64_t s = t_ns / NS_PER_S - (t_ns % NS_PER_S < 0), day, clock;
	int year = 1677, month = 1, n;

	clock = (s % 86400 + 86400) % 86400;
	day = (s - clock) / 86400;
	while (days_from_date(year + 1, 1, 1) <= day)
		year++;
	while (month < 12 && days_from_date(year, month + 1, 1) <= day)
		month++;
	n = snprintf(text, TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", year, month,
	    (int)(day - days_from_date(year, month, 1)) + 1, (int)(clock / 3600),
	    (int)(clock / 60 % 60), (int)(clock % 60));
	put_fraction(text + n, TIME_TEXT - (size_t)n, ns);
}
