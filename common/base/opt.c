#include "base/opt.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
bad(const struct opt_def *o, const char *text, const char *want, struct ns_err *e)
{
	return ns_fail(e, NS_EUSAGE, "option --%s: '%s' is not %s", o->name, text,
	    want);
}

/* Digits only: strtoull alone would take signs and leading blanks. */
static int
parse_u64(const char *s, char **end, uint64_t *v)
{
	if (*s < '0' || *s > '9')
		return -1;
	errno = 0;
	*v = strtoull(s, end, 10);
	return errno != 0 ? -1 : 0;
}

static int
set_u64(const struct opt_def *o, const char *text, uint64_t max, uint64_t *v,
    struct ns_err *e)
{
	char *end;

	if (parse_u64(text, &end, v) < 0 || *end != '\0' || *v > max)
		return bad(o, text, "a whole number in range", e);
	return NS_OK;
}

static int
set_size(const struct opt_def *o, const char *text, struct ns_err *e)
{
	uint64_t v, unit = 1;
	char *end;

	if (parse_u64(text, &end, &v) < 0)
		return bad(o, text, "a size such as 256M", e);
	if (*end == 'K' || *end == 'k')
		unit = 1u << 10;
	else if (*end == 'M' || *end == 'm')
		unit = 1u << 20;
	else if (*end == 'G' || *end == 'g')
		unit = 1u << 30;
	if (end[unit != 1] != '\0' || v > UINT64_MAX / 2 / unit)
		return bad(o, text, "a size such as 256M", e);
	*(uint64_t *)o->var = v * unit;
	return NS_OK;
}

static int
set_f64(const struct opt_def *o, const char *text, struct ns_err *e)
{
	char *end;
	double v;

	errno = 0;
	v = strtod(text, &end);
	if (end == text || *end != '\0' || errno != 0 || !isfinite(v))
		return bad(o, text, "a finite number", e);
	*(double *)o->var = v;
	return NS_OK;
}

static int
set_duration(const struct opt_def *o, const char *text, struct ns_err *e)
{
	static const struct {
		const char *suffix;
		double ns;
	} units[] = {{"", 1e9}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9},
	    {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
	char *end;
	double v;
	size_t i;

	errno = 0;
	v = strtod(text, &end);
	for (i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(end, units[i].suffix) != 0)
			continue;
		if (end == text || errno != 0 || !(v > 0) || v * units[i].ns > 9e18)
			break;
		*(int64_t *)o->var = (int64_t)(v * units[i].ns + .5);
		return NS_OK;
	}
	return bad(o, text, "a duration such as 90s, 15m or 24h", e);
}

static int
add_to_list(const struct opt_def *o, const char *text, struct ns_err *e)
{
	struct opt_list *l = o->var;

	if (l->n == OPT_LIST_MAX)
		return ns_fail(e, NS_EUSAGE, "option --%s is given more than %d times",
		    o->name, OPT_LIST_MAX);
	l->v[l->n++] = text;
	return NS_OK;
}

int
opt_value(const struct opt_def *o, const char *text, struct ns_err *e)
{
	uint64_t v = 0;
	int rc = NS_OK;

	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->var = true;
		break;
	case OPT_INT:
		if ((rc = set_u64(o, text, INT_MAX, &v, e)) == NS_OK)
			*(int *)o->var = (int)v;
		break;
	case OPT_U64:
		if ((rc = set_u64(o, text, UINT64_MAX, &v, e)) == NS_OK)
			*(uint64_t *)o->var = v;
		break;
	case OPT_F64:
		rc = set_f64(o, text, e);
		break;
	case OPT_SIZE:
		rc = set_size(o, text, e);
		break;
	case OPT_DUR:
		rc = set_duration(o, text, e);
		break;
	case OPT_STR:
		*(const char **)o->var = text;
		break;
	case OPT_LIST:
		rc = add_to_list(o, text, e);
		break;
	}
	if (rc == NS_OK && o->given != NULL)
		*o->given = true;
	return rc;
}

const struct opt_def *
opt_find_long(const struct opt_def *o, size_t n, const char *name)
{
	size_t len = strcspn(name, "="), i;

	for (i = 0; i < n; i++)
		if (strlen(o[i].name) == len && memcmp(o[i].name, name, len) == 0)
			return &o[i];
	return NULL;
}

const struct opt_def *
opt_find_short(const struct opt_def *o, size_t n, char letter)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (o[i].letter != 0 && o[i].letter == letter)
			return &o[i];
	return NULL;
}

void
opt_print(FILE *f, const struct opt_def *o, size_t n)
{
	char left[64];
	size_t i;
	int k;

	for (i = 0; i < n; i++) {
		if (o[i].letter != 0)
			k = snprintf(left, sizeof left, "-%c, --%s", o[i].letter,
			    o[i].name);
		else
			k = snprintf(left, sizeof left, "    --%s", o[i].name);
		if (o[i].arg != NULL && k > 0 && (size_t)k < sizeof left)
			snprintf(left + k, sizeof left - (size_t)k, " %s", o[i].arg);
		fprintf(f, "  %-30s %s\n", left, o[i].help);
	}
}
