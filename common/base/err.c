#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void NS_PRINTF(3, 0)
    fill(struct ns_err *e, int code, const char *fmt, va_list ap)
{
	e->code = code;
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
}

int
ns_fail(struct ns_err *e, int code, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL)
		return code;
	va_start(ap, fmt);
	fill(e, code, fmt, ap);
	va_end(ap);
	return code;
}

int
ns_fail_errno(struct ns_err *e, int code, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;
	size_t n;

	if (e == NULL)
		return code;
	va_start(ap, fmt);
	fill(e, code, fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof e->msg - n, ": %s", strerror(saved));
	errno = saved;
	return code;
}

int
ns_fail_in(struct ns_err *e, const char *where)
{
	char old[sizeof e->msg];

	if (e == NULL)
		return NS_EINTERNAL;
	memcpy(old, e->msg, sizeof old);
	snprintf(e->msg, sizeof e->msg, "%.150s: %.340s", where, old);
	return e->code;
}

int
ns_exit_status(int code)
{
	switch (code) {
	case NS_ENO:
		return 1;
	case NS_EUSAGE:
		return 2;
	case NS_ETRUNC:
	case NS_ECORRUPT:
	case NS_EKIND:
	case NS_EVERSION:
		return 65;
	case NS_ENOMEM:
		return 71;
	case NS_ECREATE:
		return 73;
	case NS_EIO:
		return 74;
	case NS_EAGAIN:
		return 75;
	case NS_EPERM:
		return 77;
	default:
		return code >= 0 ? 0 : 70;
	}
}
