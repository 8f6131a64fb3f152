/* Figures, their axes and points, and texts that go into scripts and pages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "plot/markup.h"
#include "plot/plot.h"
#include "plot/view.h"

static struct figure *
some_figure(struct figures *f, enum figure_kind kind, const char *name)
{
	return figure_add(f, kind, name, "Section", "Title", "Caption.", "x", "y");
}

static const char *
text_of(struct buf *b)
{
	buf_put(b, "", 1);
	return (char *)b->p;
}

static void
figures_own_copies(void **state)
{
	struct figures f = {0};
	char label[] = "real";
	const char *names[] = {"a", "b"};
	double x[] = {1, 2}, y[] = {3, 4};
	struct figure *g;

	(void)state;
	for (int i = 0; i < 40; i++) {
		char name[8];

		snprintf(name, sizeof name, "f%d", i);
		g = some_figure(&f, FIGURE_BARS, name);
		series_add(g, label, ROLE_REAL, NULL, y, 2, y);
	}
	label[0] = '?';
	y[0] = x[0];
	g = figures_find(&f, "f7");
	assert_non_null(g);
	assert_string_equal(g->series[0].label, "real");
	assert_true(g->series[0].x[1] == 1 && g->series[0].y[0] == 3);
	assert_true(g->series[0].dev[1] == 4 && isnan(g->y_max));
	figure_categories(g, names, 2);
	figure_categories(g, names, 1);
	assert_int_equal(g->n_categories, 1);
	assert_null(figures_find(&f, "f"));
	figures_free(&f);
	assert_int_equal(f.n, 0);
}

static void
expect_ticks(double lo, double hi, bool log, const char *expected)
{
	struct axis a;
	struct buf b = {0};

	axis_fit(&a, lo, hi, log, false, 6);
	for (size_t i = 0; i < a.n; i++) {
		assert_true(a.tick[i].at >= a.lo * 0.999999);
		assert_true(a.tick[i].at <= a.hi * 1.000001);
		buf_printf(&b, "%s ", a.tick[i].label);
	}
	assert_string_equal(text_of(&b), expected);
	buf_free(&b);
}

static void
ticks_are_round(void **state)
{
	char label[24];

	(void)state;
	expect_ticks(0, 1, false, "0 0.2 0.4 0.6 0.8 1.0 ");
	expect_ticks(3, 27000, false, "5k 10k 15k 20k 25k ");
	expect_ticks(-0.0123, 0.021, false, "-0.01 0 0.01 0.02 ");
	expect_ticks(64, 64, false, "60 65 70 ");
	expect_ticks(1, 1e6, true, "1 10 100 1k 10k 100k 1M ");
	expect_ticks(1e-9, 3, true, "10⁻⁹ 10⁻⁷ 10⁻⁵ 0.001 0.1 ");
	expect_ticks(3, 60, true, "5 10 20 50 ");
	number_label(label, sizeof label, 1.6e-5);
	assert_string_equal(label, "1.6·10⁻⁵");
	number_label(label, sizeof label, 1500);
	assert_string_equal(label, "1.5k");
}

/* Share of the n sorted values that are at most x. */
static double
share_below(const double *v, size_t n, double x)
{
	size_t i = 0;

	while (i < n && v[i] <= x)
		i++;
	return (double)i / (double)n;
}

static int
by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

enum { N = 20000 };

/* Squares of uniform numbers, with many zeros if so asked. */
static struct curve *
random_steps(struct figure *g, bool zeros)
{
	double *x = xmalloc(N * sizeof *x), *y = xmalloc(N * sizeof *y);
	struct curve *s;
	struct rng r;

	rng_init(&r, 3, 0);
	for (size_t i = 0; i < N; i++) {
		double u = (double)rng_below(&r, 1000000);

		x[i] = zeros && i % 4 == 0 ? 0 : 1 + u * u;
		y[i] = (double)(i + 1) / N;
	}
	qsort(x, N, sizeof *x, by_value);
	s = series_add(g, "real", ROLE_REAL, x, y, N, NULL);
	free(x);
	free(y);
	return s;
}

static void
steps_keep_their_shape(void **state)
{
	struct figures f = {0};
	struct figure *g = some_figure(&f, FIGURE_STEPS, "steps");
	struct curve *s = random_steps(g, false);
	struct points p = {0};
	struct view v;
	double pixel;

	(void)state;
	assert_true(view_init(&v, g));
	pixel = (v.x.hi - v.x.lo) / 400 * 1.001;
	view_points(&v, s, &p);
	assert_in_range(p.n, 300, 500);
	assert_true(p.y[0] == 0 && p.x[0] == s->x[0]);
	assert_true(p.y[p.n - 1] == 1 && p.x[p.n - 1] == v.x.hi);
	for (size_t i = 1; i < p.n; i++) {
		assert_true(p.x[i] >= p.x[i - 1] && p.y[i] >= p.y[i - 1]);
		assert_true(p.y[i - 1] >= share_below(s->x, N, p.x[i] - pixel) - 1e-9);
		assert_true(p.y[i] <= share_below(s->x, N, p.x[i]) + 1e-9);
	}
	points_free(&p);
	figures_free(&f);
}

static void
zeros_stay_on_a_logarithmic_axis(void **state)
{
	struct figures f = {0};
	struct figure *g = some_figure(&f, FIGURE_STEPS, "zeros");
	struct curve *s = random_steps(g, true);
	struct points p = {0};
	struct buf note = {0};
	struct view v;

	(void)state;
	g->log_x = true;
	assert_true(view_init(&v, g));
	assert_true(v.x_moved && !v.y_moved);
	view_points(&v, s, &p);
	assert_true(p.x[0] == s->x[N / 4] && p.x[1] == p.x[0]);
	assert_true(p.y[1] >= 0.25);
	plot_note(&note, g);
	assert_non_null(strstr(text_of(&note), "0 and below"));
	buf_free(&note);
	points_free(&p);
	figures_free(&f);
}

static void
lines_keep_peaks_and_gaps(void **state)
{
	struct figures f = {0};
	struct figure *g = some_figure(&f, FIGURE_LINES, "lines");
	double x[5000], y[5000];
	struct points p = {0};
	struct view v;
	size_t gaps = 0, peaks = 0, dips = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		x[i] = i;
		y[i] = i == 3000 ? NAN : i % 10;
	}
	y[777] = y[1779] = 100;
	y[778] = y[1778] = -100;
	series_add(g, "real", ROLE_REAL, x, y, 5000, NULL);
	assert_true(view_init(&v, g));
	view_points(&v, &g->series[0], &p);
	assert_in_range(p.n, 700, 810);
	for (size_t i = 0; i < p.n; i++) {
		peaks += p.y[i] == 100;
		dips += p.y[i] == -100;
		gaps += isnan(p.y[i]);
	}
	assert_int_equal(peaks, 2);
	assert_int_equal(dips, 2);
	assert_int_equal(gaps, 1);
	points_free(&p);
	figures_free(&f);
}

static void
texts_are_harmless(void **state)
{
	struct buf b = {0};

	(void)state;
	put_html(&b, "<a b='1'>&\"\x01\xff é</a>");
	assert_string_equal(text_of(&b),
	    "&lt;a b=&#39;1&#39;&gt;&amp;&quot; ? é&lt;/a&gt;");
	b.len = 0;
	put_gnuplot(&b, "a'b\n\\%d", 99);
	assert_string_equal(text_of(&b), "'a''b \\%d'");
	b.len = 0;
	put_gnuplot_tick(&b, "100%'", 99);
	assert_string_equal(text_of(&b), "'100%%'''");
	b.len = 0;
	put_gnuplot(&b, "ééééé", 3);
	assert_string_equal(text_of(&b), "'éé…'");
	buf_free(&b);
	assert_int_equal(text_chars("\xc3\xa9t\xe2\x80\xa6\xed\xa0\x80"), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(figures_own_copies),
	    cmocka_unit_test(ticks_are_round),
	    cmocka_unit_test(steps_keep_their_shape),
	    cmocka_unit_test(zeros_stay_on_a_logarithmic_axis),
	    cmocka_unit_test(lines_keep_peaks_and_gaps),
	    cmocka_unit_test(texts_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
