/*
 * What pcap and CSV have no place for: FILE.privacy beside them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "decode.h"

static bool
is_file(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
is_mute(enum format f)
{
	return f == FORMAT_PCAP || f == FORMAT_CSV;
}

/* Beside what stands under a name or will stand there. */
static bool
has_beside(const char *output)
{
	struct stat st;

	return output != NULL && strcmp(output, "-") != 0 &&
	    (stat(output, &st) != 0 || S_ISREG(st.st_mode));
}

void
notice_begin(struct notice *n, const struct decode_opts *o, const char *output)
{
	struct buf b = {0};

	memset(n, 0, sizeof *n);
	if (!has_beside(output))
		return;
	buf_printf(&b, "%s.privacy", output);
	n->path = (char *)b.p;
	n->stale = is_file(n->path);
	if (!n->stale && !is_mute(o->format))
		notice_end(n);
}

void
notice_end(struct notice *n)
{
	free(n->path);
	n->path = NULL;
}

int
notice_withdraw(struct notice *n, struct ns_err *e)
{
	if (n->path != NULL && n->stale && unlink(n->path) != 0 && errno != ENOENT)
		return ns_fail_errno(e, NS_ECREATE, "cannot remove '%s'", n->path);
	return NS_OK;
}

static int
add_line(void *arg, const char *key, const char *value, struct ns_err *e)
{
	(void)e;
	buf_printf(arg, "%s=%s\n", key, value);
	return NS_OK;
}

static void
tell(const struct intake *in)
{
	struct buf b = {0};
	struct claim all;

	guarantee_all(&in->guarantee, &all);
	if (!all.none && is_mute(in->opts->format)) {
		guarantee_text(&in->guarantee, &b);
		log_warn("privacy: %s; -o FILE keeps that in FILE.privacy",
		    (const char *)b.p);
	}
	buf_free(&b);
}

int
notice_write(const struct notice *n, const char *output, const struct intake *in,
    struct ns_err *e)
{
	const struct guarantee nothing = {0};
	struct buf b = {0};
	int rc;

	if (!in->synthetic && !n->stale)
		return NS_OK;
	if (n->path == NULL) {
		if (!has_beside(output))
			tell(in);
		return NS_OK;
	}
	guarantee_list(in->synthetic ? &in->guarantee : &nothing, add_line, &b, e);
	rc = out_whole(n->path, b.p, b.len, e);
	buf_free(&b);
	return rc;
}
