#include "html.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "page.h"
#include "plot/gnuplot.h"
#include "plot/plot.h"
#include "plot/svg.h"

#define SVG_MAX (64u << 20) /* bytes of one drawing */

/* The path "a/b" followed by an ending, to be freed. */
static char *
path_of(const char *folder, const char *name, const char *ending)
{
	struct buf b = {0};

	buf_printf(&b, "%s/%s%s", folder, name, ending);
	return (char *)b.p;
}

static int
read_all(int fd, struct buf *b, struct ns_err *e)
{
	enum { STEP = 1 << 16 };
	ssize_t got;

	do {
		got = io_read(fd, buf_room(b, STEP), STEP, e);
		if (got < 0)
			return (int)got;
		b->len -= (size_t)(STEP - got);
		if (b->len > SVG_MAX)
			return ns_fail(e, NS_ECORRUPT, "larger than a drawing can be");
	} while (got == STEP);
	return NS_OK;
}

static int
read_file(const char *path, struct buf *b, struct ns_err *e)
{
	int fd = in_open(path, e), rc;

	if (fd < 0)
		return fd;
	rc = read_all(fd, b, e);
	close(fd);
	return rc < 0 ? ns_fail_in(e, path) : NS_OK;
}

static int
take_svg(const char *plots, const struct figure *f, int height, struct drawing *d,
    struct ns_err *e)
{
	char *path = path_of(plots, f->name, ".svg");
	struct buf svg = {0};
	int rc = read_file(path, &svg, e);

	if (rc == NS_OK)
		rc = svg_inline(&d->svg, (char *)svg.p, svg.len, f->title, PLOT_WIDTH,
		    height, e);
	buf_free(&svg);
	free(path);
	return rc;
}

/* Write the script, and run it unless *no_gnuplot. */
static int
draw(const char *plots, const struct figure *f, struct drawing *d, bool *no_gnuplot,
    struct ns_err *e)
{
	struct buf script = {0}, name = {0};
	char *path = path_of(plots, f->name, ".gp");
	int height, rc = NS_OK;

	d->empty = !plot_script(&script, f, &height);
	if (d->empty)
		goto out;
	rc = out_whole(path, script.p, script.len, e);
	if (rc < 0 || *no_gnuplot)
		goto out;
	buf_printf(&name, "%s.gp", f->name);
	rc = gnuplot_run(plots, (char *)name.p, e);
	*no_gnuplot = rc == 0;
	if (rc > 0)
		rc = take_svg(plots, f, height, d, e);
out:
	buf_free(&script);
	buf_free(&name);
	free(path);
	return rc;
}

static int
draw_all(const struct figures *f, const char *plots, struct drawing *d,
    bool *no_gnuplot, struct ns_err *e)
{
	int rc = NS_OK;

	*no_gnuplot = false;
	for (size_t i = 0; i < f->n && rc >= 0; i++)
		rc = draw(plots, &f->v[i], &d[i], no_gnuplot, e);
	return rc;
}

static int
write_index(const struct page *p, const char *dir, const struct drawing *d,
    struct ns_err *e)
{
	char *path = path_of(dir, "index", ".html");
	struct buf b = {0};
	int rc;

	put_page(&b, p, d);
	rc = out_whole(path, b.p, b.len, e);
	buf_free(&b);
	free(path);
	return rc;
}

int
page_write(const struct page *p, const char *dir, bool *no_gnuplot, struct ns_err *e)
{
	struct drawing *d = xcalloc(p->figures->n + 1, sizeof *d);
	char *plots = path_of(dir, "plots", "");
	int rc;

	rc = folder_make(dir, e);
	if (rc == NS_OK)
		rc = folder_make(plots, e);
	if (rc == NS_OK)
		rc = draw_all(p->figures, plots, d, no_gnuplot, e);
	if (rc >= 0)
		rc = write_index(p, dir, d, e);
	for (size_t i = 0; i < p->figures->n; i++)
		buf_free(&d[i].svg);
	free(d);
	free(plots);
	return rc;
}
