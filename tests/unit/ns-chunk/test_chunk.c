/* Chunks of random traces against a plain reading of what they should hold. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../tools/ns-chunk/chunk.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/rng.h"

#define RECORDS 700

static char dir[] = "/tmp/netshare-test.XXXXXX";

/* A trace of packets or of flows whose first column of numbers is its place. */
struct trace {
	bool of_flows;
	size_t n;
	struct {
		union {
			struct packet packet;
			struct flow flow;
		} u;
	} * r;
};

static int64_t
rec_time(const struct trace *t, size_t i)
{
	return t->of_flows ? t->r[i].u.flow.t_start_ns : t->r[i].u.packet.t_ns;
}

static const struct tuple *
rec_key(const struct trace *t, size_t i)
{
	return t->of_flows ? &t->r[i].u.flow.key : &t->r[i].u.packet.key;
}

static void
random_trace(struct trace *t, size_t n, bool of_flows, int64_t span, uint32_t flows,
    uint64_t seed)
{
	struct tuple key;
	struct rng rng;
	int64_t time;
	size_t i;

	rng_init(&rng, seed, 0);
	t->of_flows = of_flows;
	t->n = n;
	t->r = xcalloc(n, sizeof *t->r);
	for (i = 0; i < n; i++) {
		memset(&key, 0, sizeof key);
		addr_from_v4(key.src_ip, 0x0a000000 + rng_below(&rng, flows));
		addr_from_v4(key.dst_ip, 0x0a000001);
		key.proto = PROTO_UDP;
		key.src_port = 1;
		time = 1000000 + rng_below(&rng, (uint32_t)span);
		if (of_flows) {
			t->r[i].u.flow.key = key;
			t->r[i].u.flow.t_start_ns = time;
			t->r[i].u.flow.n_pkts = i;
		} else {
			t->r[i].u.packet.key = key;
			t->r[i].u.packet.t_ns = time;
			t->r[i].u.packet.ip_len = 28;
			t->r[i].u.packet.ip_id = (uint32_t)i & 0xffff;
		}
	}
}

static const char *
in_dir(const char *name, char path[300])
{
	snprintf(path, 300, "%s/%s", dir, name);
	return path;
}

static void
write_trace(const struct trace *t, const char *path)
{
	struct nsr_schema schema;
	struct trace_writer tw;
	struct nsr_writer *w;
	struct tool tool = {.name = "test", .cmdline = ""};
	struct labels labels;
	struct ns_err e;
	struct out *o;
	size_t i;
	int rc;

	if (t->of_flows)
		flow_schema(&schema);
	else
		packet_schema(&schema);
	labels_init(&labels);
	assert_non_null(o = out_open(path, true, &e));
	w = nsr_writer_new(o, 1);
	assert_int_equal(nsr_begin(w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_meta(w, &e, "source.time_unit", "us"), NS_OK);
	trace_writer_init(&tw, w, &labels);
	for (i = 0; i < t->n; i++) {
		rc = t->of_flows ? trace_put_flow(&tw, &t->r[i].u.flow, &e)
				 : trace_put_packet(&tw, &t->r[i].u.packet, &e);
		assert_int_equal(rc, NS_OK);
	}
	assert_int_equal(nsr_put_prov(w, &tool, NULL, NULL, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	trace_writer_free(&tw);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
	labels_free(&labels);
}

static int
chunk_file(const struct chunk_opts *o, const char *in, const char *out)
{
	char path[300], *args[] = {path, NULL};
	struct tool t = {.name = "ns-chunk", .output = out, .argc = 1, .argv = args};
	struct ns_err e;
	int rc;

	snprintf(path, sizeof path, "%s", in);
	t.cmdline = xstrdup("");
	rc = chunk_run(&t, o, &e);
	free(t.cmdline);
	return rc;
}

/* Records by time, equal times by place: what the naive side walks through. */
static size_t *
time_order(const struct trace *t)
{
	size_t *v = xcalloc(t->n, sizeof *v), i, k;

	for (i = 0; i < t->n; i++) {
		for (k = i; k > 0 && rec_time(t, v[k - 1]) > rec_time(t, i); k--)
			v[k] = v[k - 1];
		v[k] = i;
	}
	return v;
}

/* Edges as the manual says them; lengths are small, so nothing can overflow. */
static void
naive_edges(const struct chunk_opts *o, const struct trace *t, const size_t *v,
    int64_t *edge)
{
	size_t first = 0, last = t->n - 1, n;
	int64_t lo, hi;
	int i;

	while (o->has_from && rec_time(t, v[first]) < o->from_ns)
		first++;
	while (o->has_to && rec_time(t, v[last]) >= o->to_ns)
		last--;
	n = last - first + 1;
	lo = o->has_from ? o->from_ns : rec_time(t, v[first]);
	hi = o->has_to ? o->to_ns : rec_time(t, v[last]) + 1;
	if (!o->by_count && hi < lo + o->count)
		hi = lo + o->count;
	edge[0] = lo;
	for (i = 1; i < o->count; i++) {
		if (o->by_count) {
			edge[i] =
			    rec_time(t, v[first + n * (size_t)i / (size_t)o->count]);
			if (edge[i] <= edge[i - 1])
				edge[i] = edge[i - 1] + 1;
		} else {
			edge[i] = lo + (hi - lo) * i / o->count;
		}
	}
	edge[o->count] = hi > edge[o->count - 1] ? hi : edge[o->count - 1] + 1;
}

static bool
inside(const struct trace *t, size_t i, int64_t lo, int64_t hi)
{
	return rec_time(t, i) >= lo && rec_time(t, i) < hi;
}

static void
check_tags(const struct trace *t, const struct series *s, const int64_t *edge,
    int count, int chunk)
{
	bool *in = xcalloc((size_t)count, 1), earlier = false;
	size_t i;
	int c;

	for (i = 0; i < t->n; i++)
		for (c = 0; c < count && tuple_cmp(rec_key(t, i), &s->key) == 0; c++)
			in[c] |= inside(t, i, edge[c], edge[c + 1]);
	for (c = 0; c < count; c++) {
		assert_int_equal(series_in_chunk(s, c), in[c]);
		earlier |= c < chunk && in[c];
	}
	assert_int_equal(s->starts, !earlier);
	free(in);
}

static void
check_step(const struct trace *t, const struct series *s, uint32_t i, size_t place)
{
	assert_int_equal(tuple_cmp(&s->key, rec_key(t, place)), 0);
	assert_true(series_time(s, i) == rec_time(t, place));
	if (t->of_flows)
		assert_true(s->flows[i].n_pkts == place);
	else
		assert_true(s->packets[i].ip_id == (place & 0xffff));
}

/* One chunk's stream against the records between two edges. */
static void
check_chunk(struct trace_reader *tr, const struct trace *t, const size_t *v,
    const struct chunk_opts *o, const int64_t *edge, int chunk)
{
	bool *done = xcalloc(t->n, 1);
	const struct series *s = NULL;
	uint64_t n_series = 0, n_records = 0;
	struct chunk_info info;
	struct ns_err e;
	size_t i, k;
	uint32_t step;

	assert_int_equal(chunk_info_get(&info, tr->r, &e), NS_OK);
	assert_int_equal(info.index, chunk);
	assert_int_equal(info.count, o->count);
	assert_true(info.t0_ns == edge[chunk]);
	assert_true(info.len_ns == edge[chunk + 1] - edge[chunk]);
	for (i = 0; i < t->n; i++) {
		if (done[v[i]] || !inside(t, v[i], edge[chunk], edge[chunk + 1]))
			continue;
		step = o->max_steps;
		for (k = i; k < t->n; k++) {
			if (tuple_cmp(rec_key(t, v[k]), rec_key(t, v[i])) != 0 ||
			    !inside(t, v[k], edge[chunk], edge[chunk + 1]))
				continue;
			if (step == o->max_steps) {
				assert_true(s == NULL || step == s->n);
				assert_int_equal(trace_next_series(tr, &s, &e), 1);
				check_tags(t, s, edge, o->count, chunk);
				n_series++;
				step = 0;
			}
			assert_true(step < s->n);
			check_step(t, s, step++, v[k]);
			done[v[k]] = true;
			n_records++;
		}
		assert_int_equal(step, s->n);
		s = NULL;
	}
	assert_int_equal(trace_next_series(tr, &s, &e), 0);
	assert_true(info.n_series == n_series && info.n_records == n_records);
	free(done);
}

static void
compare(const struct chunk_opts *o, const struct trace *t)
{
	char in[300], out[300];
	int64_t edge[CHUNKS_MAX + 1];
	struct trace_reader tr;
	struct nsr_reader *r;
	struct labels labels;
	struct ns_err e;
	size_t *v = time_order(t);
	int c, fd;

	write_trace(t, in_dir("in", in));
	assert_int_equal(chunk_file(o, in, in_dir("out", out)), NS_OK);
	naive_edges(o, t, v, edge);
	assert_true((fd = in_open(out, &e)) >= 0);
	r = nsr_reader_new(fd, "out");
	labels_init(&labels);
	trace_reader_init(&tr, r, &labels);
	for (c = 0; c < o->count; c++) {
		assert_int_equal(trace_stream(&tr, 1u << NSR_SERIES, &e), 1);
		check_chunk(&tr, t, v, o, edge, c);
	}
	assert_int_equal(trace_stream(&tr, 1u << NSR_SERIES, &e), 0);
	trace_reader_free(&tr);
	nsr_reader_free(r);
	labels_free(&labels);
	free(v);
	unlink(in);
	unlink(out);
}

static void
against_naive(void **state)
{
	static const struct {
		int count;
		uint32_t max_steps;
		int64_t span;
		uint32_t flows;
	} shapes[] = {{10, 1000, 3000, 40}, {1, 1000, 3000, 40}, {7, 3, 100, 5},
	    {64, 2, 50, 3}, {65, 1000, 100000, 300}, {600, 5, 2000, 8}, {5, 100, 1, 4},
	    {3, 1, 40, 700}};
	struct chunk_opts o = {.memory = 64 << 20, .level = 1};
	struct trace t;
	size_t i;
	int v;

	(void)state;
	for (i = 0; i < LEN(shapes); i++) {
		for (v = 0; v < 4; v++) {
			o.count = shapes[i].count;
			o.max_steps = shapes[i].max_steps;
			o.by_count = v & 1;
			random_trace(&t, RECORDS, v & 2, shapes[i].span,
			    shapes[i].flows, i);
			compare(&o, &t);
			free(t.r);
		}
	}
}

static void
with_window(void **state)
{
	struct chunk_opts o = {.memory = 64 << 20, .level = 1, .max_steps = 1000};
	struct trace t;
	int v;

	(void)state;
	random_trace(&t, RECORDS, false, 3000, 40, 3);
	for (v = 1; v < 8; v++) {
		o.count = 9;
		o.has_from = v & 1;
		o.has_to = v & 2;
		o.by_count = v & 4;
		o.from_ns = 1000000 + (v & 4 ? 500 : -500);
		o.to_ns = 1002500;
		compare(&o, &t);
	}
	free(t.r);
}

/* Ten chunks of one instant can be made, of no record they cannot. */
static void
single_record(void **state)
{
	struct chunk_opts o = {.memory = 1 << 20,
	    .max_steps = 1000,
	    .count = 10,
	    .level = 1};
	char in[300], out[300];
	struct trace t;

	(void)state;
	random_trace(&t, 1, false, 1, 1, 0);
	compare(&o, &t);
	o.by_count = true;
	compare(&o, &t);
	write_trace(&t, in_dir("in", in));
	o.has_from = true;
	o.from_ns = 5000000;
	assert_int_equal(chunk_file(&o, in, in_dir("out", out)), NS_ECORRUPT);
	o.has_from = false;
	t.n = 0;
	write_trace(&t, in);
	assert_int_equal(chunk_file(&o, in, out), NS_ECORRUPT);
	assert_int_not_equal(access(out, F_OK), 0);
	unlink(in);
	free(t.r);
}

static void
same_bytes(const char *a, const char *b)
{
	char cmd[700];

	snprintf(cmd, sizeof cmd, "cmp -s %s %s", a, b);
	assert_int_equal(system(cmd), 0);
}

static void
small_memory(void **state)
{
	struct chunk_opts o = {.level = 1, .max_steps = 50, .count = 600};
	char in[300], small[300], large[300];
	struct trace t;
	int v;

	(void)state;
	for (v = 0; v < 2; v++) {
		random_trace(&t, 60000, v, 1000000, 3000, 9);
		write_trace(&t, in_dir("in", in));
		free(t.r);
		o.by_count = v;
		o.memory = 256 << 20;
		assert_int_equal(chunk_file(&o, in, in_dir("large", large)), NS_OK);
		o.memory = 1;
		assert_int_equal(chunk_file(&o, in, in_dir("small", small)), NS_OK);
		same_bytes(small, large);
		unlink(in);
		unlink(small);
		unlink(large);
	}
}

static void
one_file_a_chunk(void **state)
{
	struct chunk_opts o = {.level = 1, .max_steps = 50, .count = 12};
	char in[300], all[300], pattern[300], cmd[1000];
	struct trace t;

	(void)state;
	random_trace(&t, 500, false, 1000, 30, 5);
	write_trace(&t, in_dir("in", in));
	free(t.r);
	assert_int_equal(chunk_file(&o, in, in_dir("all", all)), NS_OK);
	assert_int_equal(chunk_file(&o, in, in_dir("c%02d", pattern)), NS_OK);
	snprintf(cmd, sizeof cmd, "cat %s/c?? >%s/joined && rm %s/c??", dir, dir, dir);
	assert_int_equal(system(cmd), 0);
	same_bytes(all, in_dir("joined", pattern));
	unlink(in);
	unlink(all);
	unlink(pattern);
}

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(against_naive),
	    cmocka_unit_test(with_window),
	    cmocka_unit_test(single_record),
	    cmocka_unit_test(small_memory),
	    cmocka_unit_test(one_file_a_chunk),
	};

	return cmocka_run_group_tests_name("ns-chunk", tests, setup, teardown);
}
