#include "folder.h"

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "draw/draw.h"
#include "sheaf.h"

static int
write_page(const struct report *r, const char *dir, struct ns_err *e)
{
	bool no_gnuplot = false;
	struct sheaf s;
	int rc;

	sheaf_init(&s, r);
	rc = page_write(&s.page, dir, &no_gnuplot, e);
	if (rc >= 0 && no_gnuplot)
		log_warn("gnuplot is not installed: '%s/index.html' has no plots", dir);
	sheaf_free(&s);
	return rc;
}

static void
form_figures(const struct report *r, struct buf *b)
{
	figures_table(b, &r->figures);
}

static int
write_file(const struct report *r, const char *dir, const char *name, report_form *form,
    struct ns_err *e)
{
	struct buf path = {0}, b = {0};
	int rc;

	buf_printf(&path, "%s/%s", dir, name);
	form(r, &b);
	rc = out_whole((const char *)path.p, b.p, b.len, e);
	buf_free(&path);
	buf_free(&b);
	return rc;
}

int
report_folder(struct report *r, const char *dir, struct ns_err *e)
{
	static const struct {
		const char *name;
		report_form *form;
	} files[] = {
	    {"scores.txt", report_text},
	    {"scores.tsv", report_tsv},
	    {"scores.json", report_json},
	    {"figures.tsv", form_figures},
	};
	int rc = folder_make(dir, e);

	draw_scores(r);
	for (size_t i = 0; rc == NS_OK && i < LEN(files); i++)
		rc = write_file(r, dir, files[i].name, files[i].form, e);
	return rc == NS_OK ? write_page(r, dir, e) : rc;
}
