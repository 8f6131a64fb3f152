#include "base/pattern.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

#define WIDTH_DIGITS 2

int
pattern_check(const char *name, struct ns_err *e)
{
	const char *p = strchr(name, '%');
	size_t digits;

	if (p == NULL)
		return 0;
	p++;
	p += *p == '0';
	digits = strspn(p, "0123456789");
	if (digits <= WIDTH_DIGITS && p[digits] == 'd' && strchr(p, '%') == NULL)
		return 1;
	return ns_fail(e, NS_EUSAGE,
	    "-o '%s' may hold one %%d (or %%3d, %%03d), the chunk's number, and no "
	    "other %%",
	    name);
}

char *
pattern_name(const char *name, int chunk)
{
	const char *p = strchr(name, '%') + 1, *rest = strchr(p, 'd') + 1;
	bool zeros = *p == '0';
	struct buf b = {0};
	int width = 0;

	for (; *p != 'd'; p++)
		width = 10 * width + (*p - '0');
	buf_put(&b, name, (size_t)(strchr(name, '%') - name));
	if (zeros)
		buf_printf(&b, "%0*d", width, chunk);
	else
		buf_printf(&b, "%*d", width, chunk);
	buf_put(&b, rest, strlen(rest) + 1);
	return (char *)b.p;
}
