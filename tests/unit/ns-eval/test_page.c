/* What gnuplot drew, and the page around it, with texts of the worst sort. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "page/html.h"
#include "plot/gnuplot.h"
#include "plot/svg.h"

static const char evil[] = "x\"'<b>\n$(touch owned) `touch owned` %d @a \\";

static const char *
text_of(struct buf *b)
{
	buf_put(b, "", 1);
	return (char *)b->p;
}

static const char drawing[] =
    "<?xml version=\"1.0\"?>\n<svg \n viewBox=\"0 0 9 9\"\n xmlns:xlink=\"l\"\n>\n"
    "<title>Gnuplot</title><defs>\n<circle id='gpDot' r='1'/></defs>\n"
    "<g id=\"g\" fill=\"none\" color=\"black\">\n</g>\n<g id=\"h\" color=\"black\">"
    "<path stroke='rgb(  0, 114, 178)'  d='M1.04,2.00 L5.06,2.00 L5.06,3.25 '/>"
    "<g fill=\"rgb(1,2,3)\"><text> a > &lt;b</text></g>"
    "<polygon fill = 'rgb(238, 243, 248)' points = '1,5 2,5 2,4 1,4 '/>"
    "<polygon fill = 'rgb(  8,  38,  77)' points = '2,5 3,5 3,4 2,4 '/>"
    "<polygon fill = 'rgb(238, 243, 248)' points = '3,5 4,5 4,4 3,4 '/>"
    "<use xlink:href='#gpPt6' transform='scale(2)' color='rgb(213,  94,   0)'/>\n"
    "</g>\n</svg>\n";

static void
drawings_fit_the_page(void **state)
{
	struct buf b = {0};
	struct ns_err e;
	size_t n = strlen(drawing);

	(void)state;
	assert_int_equal(svg_inline(&b, drawing, n, "a<b", 480, 300, &e), NS_OK);
	assert_string_equal(text_of(&b),
	    "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 480 300\">"
	    "<title>a&lt;b</title><g>"
	    "<path stroke=\"var(--s0)\" d=\"M1 2H5.1V3.3\"/>"
	    "<g fill=\"rgb(1,2,3)\"><text>a > &lt;b</text></g>"
	    "<path fill=\"var(--h0)\" d=\"M1 5H2V4H1zM3 5H4V4H3z\"/>"
	    "<path fill=\"var(--h15)\" d=\"M2 5H3V4H2z\"/>"
	    "<circle r=\"1\" stroke=\"none\" fill=\"var(--s1)\" "
	    "transform=\"scale(2)\"/>"
	    "</g></svg>\n");
	for (size_t i = 0; i < n - 7; i++) {
		char *part = xmalloc(i + 1);

		memcpy(part, drawing, i);
		b.len = 0;
		assert_int_equal(svg_inline(&b, part, i, "t", 1, 1, &e), NS_ECORRUPT);
		assert_int_equal(b.len, 0);
		free(part);
	}
	buf_free(&b);
}

static char *
new_folder(void)
{
	char *dir = xstrdup("/tmp/ns-page.XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static void
remove_folder(char *dir)
{
	char command[128];

	snprintf(command, sizeof command, "rm -r '%s'", dir);
	assert_int_equal(system(command), 0);
	free(dir);
}

static struct buf
slurp(const char *dir, const char *name)
{
	char path[256], bytes[4096];
	struct buf b = {0};
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "r");
	if (f == NULL)
		return b;
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_put(&b, bytes, n);
	fclose(f);
	return b;
}

/* One figure of each kind, with texts of the worst sort everywhere. */
static void
fill_figures(struct figures *f)
{
	const char *label[] = {evil, "b", "", "a very long name that has to turn"};
	double y[] = {0, 0.25, NAN, 1}, dev[] = {0.1, NAN, 0, 0.1};

	for (int kind = FIGURE_STEPS; kind <= FIGURE_HEAT; kind++) {
		char name[] = "plot0";
		struct figure *g;

		name[4] += (char)kind;
		g = figure_add(f, (enum figure_kind)kind, name, evil, evil, evil, evil,
		    evil);
		figure_categories(g, label, kind == FIGURE_HEAT ? 2 : 4);
		figure_rows(g, label, 2);
		g->log_x = kind == FIGURE_STEPS;
		g->log_y = kind == FIGURE_LINES;
		series_add(g, "real", ROLE_REAL, kind == FIGURE_HEAT ? NULL : y, y, 4,
		    dev);
		series_add(g, "empty", ROLE_FLOOR, y, y, 0, NULL);
		series_add(g, evil, ROLE_SYNTHETIC, kind == FIGURE_HEAT ? NULL : y, y,
		    4, NULL);
	}
	figure_add(f, FIGURE_LINES, "nothing", "s", "t", "c", "x", "y");
}

static int
write_page(const char *dir, bool *no_gnuplot, struct ns_err *e)
{
	static const struct page_headline head = {evil, evil, PAGE_BAD};
	static const struct page_term term = {evil, evil};
	static const char *const line[] = {evil};
	struct page_trace trace = {evil, 1234567, 8, {1, 0, 2, 0}, &head, 1, evil,
	    evil};
	struct page_value value = {0.5, NAN, evil, PAGE_FAIR};
	struct page_row row = {evil, evil, evil, &value, NAN, 0.25, 123456};
	struct page_group group = {"fields", evil, evil, &row, 1};
	struct figures f = {0};
	struct page p = {evil, "flow", line, 1, {evil, evil, evil, evil}, &trace, 1,
	    &term, 1, &group, 1, &f, line, 1};
	int rc;

	fill_figures(&f);
	rc = page_write(&p, dir, no_gnuplot, e);
	figures_free(&f);
	return rc;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

static void
check_page(const char *text)
{
	assert_int_equal(count(text, "<figure"), 5);
	assert_int_equal(count(text, "<b>\n"), 0);
	assert_int_equal(count(text, "'<b"), 0);
	assert_true(count(text, "&#39;&lt;b&gt; $(touch owned)") > 20);
	assert_int_equal(count(text, "<script"), 0);
	assert_non_null(strstr(text, "1\u202f234\u202f567 records"));
	assert_non_null(strstr(text, "123\u202f456</td>"));
	assert_non_null(strstr(text, ">–</span></td>"));
	assert_non_null(strstr(text, "No trace has values"));
}

static void
page_is_whole_and_the_same_again(void **state)
{
	char *dir = new_folder(), *again = new_folder();
	struct buf a, b;
	struct ns_err e = {0};
	bool no_gnuplot;

	(void)state;
	if (write_page(dir, &no_gnuplot, &e) != NS_OK)
		fail_msg("%s", e.msg);
	a = slurp(dir, "index.html");
	check_page(text_of(&a));
	if (no_gnuplot) {
		assert_int_equal(count((char *)a.p, "<svg"), 0);
	} else {
		assert_int_equal(count((char *)a.p, "<svg class=\"plot\""), 4);
		assert_int_equal(write_page(again, &no_gnuplot, &e), NS_OK);
		b = slurp(again, "index.html");
		assert_string_equal((char *)a.p, text_of(&b));
		buf_free(&b);
		buf_free(&a);
		a = slurp(dir, "plots/plot1.png");
		b = slurp(again, "plots/plot1.png");
		assert_true(a.len > 1000 && a.len == b.len);
		assert_memory_equal(a.p, b.p, a.len);
		buf_free(&b);
	}
	buf_free(&a);
	a = slurp(dir, "plots/owned");
	assert_int_equal(a.len, 0);
	assert_int_not_equal(access("owned", F_OK), 0);
	remove_folder(dir);
	remove_folder(again);
}

static void
page_does_without_gnuplot(void **state)
{
	char *dir = new_folder(), *path = xstrdup(getenv("PATH"));
	struct ns_err e = {0};
	bool no_gnuplot = false;
	struct buf a;

	(void)state;
	setenv("PATH", "/nowhere", 1);
	assert_int_equal(write_page(dir, &no_gnuplot, &e), NS_OK);
	setenv("PATH", path, 1);
	assert_true(no_gnuplot);
	a = slurp(dir, "index.html");
	check_page(text_of(&a));
	assert_int_equal(count((char *)a.p, "gnuplot is not installed"), 4);
	assert_int_equal(count((char *)a.p, "plots/plot0.png"), 0);
	buf_free(&a);
	a = slurp(dir, "plots/plot3.gp");
	assert_true(a.len > 0);
	buf_free(&a);
	free(path);
	remove_folder(dir);
}

static void
failures_are_named(void **state)
{
	char *dir = new_folder(), file[128];
	struct ns_err e = {0};
	bool no_gnuplot;
	FILE *f;
	int rc;

	(void)state;
	snprintf(file, sizeof file, "%s/bad.gp", dir);
	f = fopen(file, "w");
	assert_non_null(f);
	fputs("x = 1\nplot nonsense(x)\n", f);
	fclose(f);
	rc = gnuplot_run(dir, "bad.gp", &e);
	if (rc != 0) {
		assert_int_equal(rc, NS_EINTERNAL);
		assert_non_null(strstr(e.msg, "line 2"));
	}
	assert_int_equal(write_page(file, &no_gnuplot, &e), NS_ECREATE);
	assert_non_null(strstr(e.msg, "bad.gp"));
	remove_folder(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(drawings_fit_the_page),
	    cmocka_unit_test(page_is_whole_and_the_same_again),
	    cmocka_unit_test(page_does_without_gnuplot),
	    cmocka_unit_test(failures_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
