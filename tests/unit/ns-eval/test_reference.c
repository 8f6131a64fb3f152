/* The three pairs of tests/data/eval against the values that SciPy gave for them
 * (tests/ref/eval_scipy.py). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <cmocka.h>

#include "metrics/metrics.h"
#include "stream/schema.h"

#define FIELDS 16

static void
address(uint8_t out[16], const char *text)
{
	struct in_addr v4;

	if (strchr(text, ':') != NULL) {
		assert_int_equal(inet_pton(AF_INET6, text, out), 1);
		return;
	}
	assert_int_equal(inet_pton(AF_INET, text, &v4), 1);
	addr_from_v4(out, ntohl(v4.s_addr));
}

/* The columns come in the order in which the script writes them. */
static void
add_line(struct trace *t, struct tables *tb, char *f[FIELDS])
{
	struct packet p = {0};
	struct flow w = {0};
	struct tuple k;

	address(k.src_ip, f[0]);
	address(k.dst_ip, f[1]);
	k.src_port = (uint16_t)atoi(f[2]);
	k.dst_port = (uint16_t)atoi(f[3]);
	k.proto = (uint8_t)atoi(f[4]);
	if (t->kind == NSR_FLOW) {
		w.key = k;
		w.t_start_ns = atoll(f[5]) * 1000;
		w.dur_ns = llround(atof(f[6]) * 1e9);
		w.n_pkts = strtoull(f[7], NULL, 10);
		w.n_bytes = strtoull(f[8], NULL, 10);
		w.type = (uint16_t)labels_intern(&tb->labels, f[9]);
		w.label = (uint16_t)labels_intern(&tb->labels, f[10]);
		trace_add_flow(t, tb, &w);
		return;
	}
	p.key = k;
	p.t_ns = atoll(f[5]) * 1000;
	p.ip_len = (uint32_t)atol(f[6]);
	p.tos = (uint8_t)atoi(f[7]);
	p.ip_id = (uint32_t)atol(f[8]);
	p.ip_flags = (uint8_t)atoi(f[9]);
	p.frag_off = (uint16_t)atoi(f[10]);
	p.ttl = (uint8_t)atoi(f[11]);
	p.tcp_flags = (uint16_t)atoi(f[12]);
	trace_add_packet(t, tb, &p);
}

static struct trace *
read_csv(const char *path, struct tables *tb)
{
	char line[300], *field[FIELDS];
	struct trace *t = NULL;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	t = trace_new(path, strstr(line, ",td,") != NULL ? NSR_FLOW : NSR_PACKET);
	while (fgets(line, sizeof line, f) != NULL) {
		char *s = line;

		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < FIELDS; i++) {
			field[i] = s;
			s += strcspn(s, ",");
			if (*s != '\0')
				*s++ = '\0';
		}
		add_line(t, tb, field);
	}
	fclose(f);
	return t;
}

/* Every row of the TSV against v; tells what differs. */
static void
compare(const char *path, const double *v)
{
	char line[200], name[64];
	int rows = 0, bad = 0;
	double want;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		int i;

		assert_int_equal(sscanf(line, "%63s %lf", name, &want), 2);
		i = metric_find(name, strlen(name));
		assert_true(i >= 0);
		rows++;
		if (fabs(v[i] - want) <= 1e-9 * (want > 1 ? want : 1))
			continue;
		print_error("%s: %s is %.17g, SciPy has %.17g\n", path, name, v[i],
		    want);
		bad++;
	}
	fclose(f);
	assert_true(rows > 30);
	assert_int_equal(bad, 0);
}

static void
check_pair(const char *name)
{
	char path[3][100];
	struct tables tb;
	struct selection all;
	struct trace *real, *syn;
	struct side sr, ss;
	struct scale scale;
	struct pair p = {.ref = &sr,
	    .cand = &ss,
	    .train = &sr,
	    .scale = &scale,
	    .tables = &tb};
	struct ns_err e;
	double v[METRICS_MAX];

	snprintf(path[0], sizeof path[0], "tests/data/eval/%s-real.csv", name);
	snprintf(path[1], sizeof path[1], "tests/data/eval/%s-synth.csv", name);
	snprintf(path[2], sizeof path[2], "tests/data/eval/%s.tsv", name);
	tables_init(&tb);
	real = read_csv(path[0], &tb);
	syn = read_csv(path[1], &tb);
	side_init(&sr, real, SIDE_CAND);
	side_init(&ss, syn, SIDE_CAND);
	scale_init(&scale, &sr);
	assert_int_equal(select_parse(&all, "fields,joint,flow", &e), NS_OK);
	score(&p, &all, v, NULL);
	compare(path[2], v);
	scale_free(&scale);
	side_free(&sr);
	side_free(&ss);
	trace_free(real);
	trace_free(syn);
	tables_free(&tb);
}

static void
flows(void **state)
{
	(void)state;
	check_pair("flows");
}

static void
packets(void **state)
{
	(void)state;
	check_pair("packets");
}

static void
odd_values(void **state)
{
	(void)state;
	check_pair("odd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(flows),
	    cmocka_unit_test(packets),
	    cmocka_unit_test(odd_values),
	};

	return cmocka_run_group_tests_name("eval_reference", tests, NULL, NULL);
}
