/* NetML features against NumPy's (tests/ref/netml_numpy.py), and edges by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "netml_rows.h"
#include "stream/schema.h"
#include "task/netml.h"

enum { LINE = 2000 };

/* Host n: 10.0.0.n, from 100 on 2001:db8::n. */
static void
host(uint8_t a[16], int n)
{
	if (n < 100) {
		addr_from_v4(a, 0x0a000000u + (uint32_t)n);
		return;
	}
	memset(a, 0, 16);
	memcpy(a, "\x20\x01\x0d\xb8", 4);
	a[15] = (uint8_t)n;
}

static void
read_traces(struct trace *t[2], struct tables *tb)
{
	FILE *f = fopen("tests/data/eval/netml-trace.tsv", "r");
	int side, src, dst, sport, dport, proto, len, frag;
	long long at;

	assert_non_null(f);
	while (fscanf(f, "%d %lld %d %d %d %d %d %d %d", &side, &at, &src, &dst, &sport,
		   &dport, &proto, &len, &frag) == 9) {
		struct packet p = {0};

		host(p.key.src_ip, src);
		host(p.key.dst_ip, dst);
		p.key.src_port = (uint16_t)sport;
		p.key.dst_port = (uint16_t)dport;
		p.key.proto = (uint8_t)proto;
		p.t_ns = at;
		p.ip_len = (uint32_t)len;
		p.frag_off = (uint16_t)frag;
		trace_add_packet(t[side], tb, &p);
	}
	fclose(f);
	assert_int_equal(t[0]->n, 500);
	assert_int_equal(t[1]->n, 300);
}

struct fixture {
	struct tables tb;
	struct trace *t[2];
	struct side s[2];
};

static void
set_up(struct fixture *x)
{
	tables_init(&x->tb);
	for (int k = 0; k < 2; k++)
		x->t[k] = trace_new("side", NSR_PACKET);
	read_traces(x->t, &x->tb);
	for (int k = 0; k < 2; k++)
		side_init(&x->s[k], x->t[k], SIDE_CAND);
}

static void
tear_down(struct fixture *x)
{
	for (int k = 0; k < 2; k++) {
		side_free(&x->s[k]);
		trace_free(x->t[k]);
	}
	tables_free(&x->tb);
}

static void
assert_close(double got, double want)
{
	if (fabs(got - want) <= 1e-6 * (fabs(want) > 1e-3 ? fabs(want) : 1e-3))
		return;
	print_error("got %.9g, want %.9g\n", got, want);
	fail();
}

/* The next lines of the file are the rows of one side and mode. */
static void
compare_mode(FILE *f, const struct fixture *x, int side, int mode,
    const struct netml_scale *sc)
{
	int d = netml_width(mode, sc), file_side;
	char line[LINE], name[20];
	size_t n;
	float *rows = all_rows(&x->s[side], mode, sc, &n);

	assert_true(n > 30);
	for (size_t i = 0; i < n; i++) {
		char *s = line;
		int used;

		assert_non_null(fgets(line, sizeof line, f));
		assert_int_equal(sscanf(s, "%d %19s%n", &file_side, name, &used), 2);
		assert_int_equal(file_side, side);
		assert_string_equal(name, netml_mode_name(mode));
		s += used;
		for (int k = 0; k < d; k++) {
			assert_true(*s == '\t');
			assert_close(rows[i * (size_t)d + (size_t)k], strtod(s, &s));
		}
		assert_true(*s == '\n');
	}
	free(rows);
}

static void
features_agree_with_numpy(void **state)
{
	FILE *f = fopen("tests/data/eval/netml-rows.tsv", "r");
	struct netml_scale sc;
	double interval, window;
	struct fixture x;
	int dim;

	(void)state;
	assert_non_null(f);
	set_up(&x);
	assert_true(netml_scale_of(&sc, &x.s[0]));
	assert_int_equal(fscanf(f, "scale %lf %lf %d\n", &interval, &window, &dim), 3);
	assert_close(sc.interval_ns / 1e9, interval);
	assert_close(sc.window_ns / 1e9, window);
	assert_int_equal(sc.dim, dim);
	for (int side = 0; side < 2; side++)
		for (int m = 0; m < NETML_MODES; m++)
			compare_mode(f, &x, side, m, &sc);
	assert_int_equal(fgetc(f), EOF);
	fclose(f);
	tear_down(&x);
}

/* Packets of one UDP flow at the times given, in seconds; 100, 200, ... bytes. */
static struct trace *
one_flow(struct tables *tb, const double *at, size_t n)
{
	struct trace *t = trace_new("flow", NSR_PACKET);

	for (size_t i = 0; i < n; i++) {
		struct packet p = {0};

		host(p.key.src_ip, 1);
		host(p.key.dst_ip, 2);
		p.key.proto = PROTO_UDP;
		p.t_ns = llround(at[i] * 1e9);
		p.ip_len = 100 * (uint32_t)(i + 1);
		trace_add_packet(t, tb, &p);
	}
	return t;
}

/* The first k values of the only row of that mode. */
static void
check_row(const double *at, size_t n, enum netml_mode m, const struct netml_scale *sc,
    const double *want, size_t k)
{
	struct tables tb;
	struct trace *t;
	struct side s;
	size_t rows;
	float *x;

	tables_init(&tb);
	t = one_flow(&tb, at, n);
	side_init(&s, t, SIDE_CAND);
	x = all_rows(&s, m, sc, &rows);
	assert_int_equal(rows, 1);
	for (size_t i = 0; i < k; i++)
		assert_close(x[i], want[i]);
	free(x);
	side_free(&s);
	trace_free(t);
	tables_free(&tb);
}

static void
windows_have_edges_and_a_limit(void **state)
{
	const struct netml_scale sc = {1e12, 1e9, 10}, wide = {1e12, 1e9, 600};
	const double edge[] = {0, 1, 1.5, 4.25}, num[] = {2, 1, 0, 0, 1, 0};
	const double size[] = {300, 300, 0, 0, 400, 0};
	const double far[] = {0, 502.5, 502.75}, cut[] = {1, 0, 0};
	const double near[] = {0, 500.5};
	double want[599] = {1};

	(void)state;
	check_row(edge, LEN(edge), NETML_SAMP_NUM, &sc, num, LEN(num));
	check_row(edge, LEN(edge), NETML_SAMP_SIZE, &sc, size, LEN(size));
	check_row(far, LEN(far), NETML_SAMP_NUM, &sc, cut, LEN(cut));
	/* a pause of 501 windows ends the row, whatever its width */
	check_row(far, LEN(far), NETML_SAMP_NUM, &wide, want, LEN(want));
	want[500] = 1;
	check_row(near, LEN(near), NETML_SAMP_NUM, &wide, want, LEN(want));
}

static void
long_pauses_cut_and_the_rest_stays(void **state)
{
	const struct netml_scale sc = {700e9, 1e9, 4}, tight = {2e9, 1e9, 4};
	const double idle[] = {0, 601, 602, 603}, iat[] = {1, 1, 0};
	/* 3.5 starts a part that counts from 2; 4.5 is farther from 2 than 2 */
	const double grid[] = {0, 3.5, 4.5, 5.5}, rest[] = {1, 0, 0};
	const struct netml_scale none = {0, 1e9, 4};
	const double bursts[] = {0, 1, 1}, still[] = {0, 0, 0};

	(void)state;
	check_row(idle, LEN(idle), NETML_IAT, &sc, iat, LEN(iat));
	check_row(grid, LEN(grid), NETML_IAT, &tight, rest, LEN(rest));
	check_row(bursts, LEN(bursts), NETML_IAT, &none, still, LEN(still));
}

/* Whether there is a scale of the flow with packets at those times. */
static bool
measure(struct netml_scale *sc, const double *at, size_t n)
{
	struct tables tb;
	struct trace *t;
	struct side s;
	bool some;

	tables_init(&tb);
	t = one_flow(&tb, at, n);
	side_init(&s, t, SIDE_CAND);
	some = netml_scale_of(sc, &s);
	side_free(&s);
	trace_free(t);
	tables_free(&tb);
	return some;
}

static void
scale_of_flat_flows_is_defined(void **state)
{
	const double same[] = {3, 3, 3};
	/* three flows that last 0 and one that lasts a half */
	const double most[] = {0, 0, 700, 700, 1400, 1400, 2100, 2100.25, 2100.5};
	struct netml_scale sc;

	(void)state;
	assert_true(measure(&sc, same, LEN(same)));
	assert_true(sc.interval_ns == 0 && sc.window_ns == 1e9 && sc.dim == 3);
	assert_true(measure(&sc, most, LEN(most)));
	assert_close(sc.interval_ns, .35e9);
	assert_true(sc.window_ns == .5e9 && sc.dim == 2);
	assert_false(measure(&sc, same, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(features_agree_with_numpy),
	    cmocka_unit_test(windows_have_edges_and_a_limit),
	    cmocka_unit_test(long_pauses_cut_and_the_rest_stays),
	    cmocka_unit_test(scale_of_flat_flows_is_defined),
	};

	return cmocka_run_group_tests_name("eval_netml", tests, NULL, NULL);
}
