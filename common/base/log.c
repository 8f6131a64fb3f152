#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/sig.h"

/* Set once when the tool starts (log_chunk: when a chunk's work starts), then read. */
static char name[32] = "netshare";
static char prefix[64] = "netshare";
static int level = 1;

void
log_start(const char *tool, int lvl)
{
	snprintf(name, sizeof name, "%s", tool);
	snprintf(prefix, sizeof prefix, "%s", tool);
	level = lvl;
}

void
log_chunk(int chunk)
{
	snprintf(prefix, sizeof prefix, "%s[chunk %d]", name, chunk);
}

const char *
log_name(void)
{
	return name;
}

/* One write per line, so that lines of parallel jobs do not mix. */
static void NS_PRINTF(1, 0) say(const char *fmt, va_list ap)
{
	char line[1200];
	size_t n;

	n = (size_t)snprintf(line, sizeof line, "%s: ", prefix);
	vsnprintf(line + n, sizeof line - n - 1, fmt, ap);
	n = strlen(line);
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nowhere left to complain */
}

#define SAY(min)                                                                       \
	do {                                                                           \
		va_list ap;                                                            \
		if (level < (min))                                                     \
			return;                                                        \
		va_start(ap, fmt);                                                     \
		say(fmt, ap);                                                          \
		va_end(ap);                                                            \
	} while (0)

void
log_error(const char *fmt, ...)
{
	SAY(0);
}

void
log_warn(const char *fmt, ...)
{
	SAY(1);
}

void
log_info(const char *fmt, ...)
{
	SAY(2);
}

int64_t
mono_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void
progress_start(struct progress *p, const char *what, uint64_t total)
{
	memset(p, 0, sizeof *p);
	p->what = what;
	p->total = total;
	p->t0_ns = p->last_ns = mono_ns();
}

static void
progress_text(const struct progress *p, uint64_t done, char *line, size_t n)
{
	double s = (double)(mono_ns() - p->t0_ns) * 1e-9;

	if (p->total != 0)
		snprintf(line, n, "%llu of %llu %s, %.0f s, about %.0f s left",
		    (unsigned long long)done, (unsigned long long)p->total, p->what, s,
		    done != 0 ? s * ((double)p->total / (double)done - 1) : 0.0);
	else
		snprintf(line, n, "%llu %s, %.0f s", (unsigned long long)done, p->what,
		    s);
}

void
progress_at(struct progress *p, uint64_t done)
{
	char line[160];
	int64_t now;

	if (sig_asked()) {
		progress_text(p, done, line, sizeof line);
		fprintf(stderr, "%s: %s\n", prefix, line);
	}
	if (level < 1 || !isatty(STDERR_FILENO))
		return;
	now = mono_ns();
	if (now - p->t0_ns < 1000000000 || now - p->last_ns < 166000000)
		return;
	p->last_ns = now;
	p->drawn = true;
	progress_text(p, done, line, sizeof line);
	fprintf(stderr, "\r\033[K%s: %s", prefix, line);
}

void
progress_end(struct progress *p)
{
	if (p->drawn)
		fprintf(stderr, "\r\033[K");
	p->drawn = false;
}
