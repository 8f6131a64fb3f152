/*
 * What codec_decode gives back of what codec_encode was given: every field of every
 * record, through a codec that went into a stream and came back.  The traces are
 * generated; with CODEC_SERIES set to a space-separated list of series streams (one
 * trace a file, as ns-chunk writes) those are checked instead.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "codec/codec.h"

#define STEP 0x1p-24 /* half of what floats below 1 differ by, and a little more */

/* The codec under test. */
static const char *profile;
static bool
is_symbol(void)
{
	return strcmp(profile, "symbol") == 0;
}

/* One series of a trace, owned. */
struct item {
	struct series s;
	int chunk;
};

struct trace {
	struct item *v;
	size_t n, cap;
	bool of_flows;
	int chunks;
	struct chunk_info k[CHUNKS_MAX];
	struct labels labels;
};

static void
trace_init(struct trace *t, bool of_flows, int chunks)
{
	memset(t, 0, sizeof *t);
	t->of_flows = of_flows;
	t->chunks = chunks;
	labels_init(&t->labels);
}

static void
trace_free(struct trace *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->v[i].s.packets);
		free(t->v[i].s.flows);
	}
	free(t->v);
	labels_free(&t->labels);
}

/* Copies s. */
static void
trace_add(struct trace *t, const struct series *s, int chunk)
{
	struct item *it;

	xgrow(&t->v, &t->cap, t->n + 1, sizeof *t->v);
	it = &t->v[t->n++];
	it->s = *s;
	it->chunk = chunk;
	if (t->of_flows) {
		it->s.flows = xmalloc(s->n * sizeof *s->flows);
		memcpy(it->s.flows, s->flows, s->n * sizeof *s->flows);
	} else {
		it->s.packets = xmalloc(s->n * sizeof *s->packets);
		memcpy(it->s.packets, s->packets, s->n * sizeof *s->packets);
	}
}

static struct codec *
fitted(const struct trace *t)
{
	struct codec *c;
	struct ns_err e;
	size_t i;

	c = codec_new(&(struct codec_config){.profile = profile,
			  .seed = 1,
			  .min_count = 5},
	    t->of_flows, t->chunks, &e);
	assert_non_null(c);
	for (i = 0; i < t->n; i++)
		if (codec_fit_series(c, &t->v[i].s, &t->k[t->v[i].chunk], &t->labels,
			&e) < 0)
			fail_msg("fit: %s", e.msg);
	if (codec_fit_end(c, NULL, &e) < 0)
		fail_msg("fit: %s", e.msg);
	return c;
}

/* An empty file in TMPDIR; its name in path. */
static int
scratch(char *path, size_t n)
{
	const char *dir = getenv("TMPDIR");

	snprintf(path, n, "%s/codec-XXXXXX", dir != NULL ? dir : "/tmp");
	return mkstemp(path);
}

/* The codec that comes back from a stream. */
static struct codec *
reloaded(const struct codec *c)
{
	char path[4096];
	const struct tool tool = {.name = "test", .cmdline = ""};
	struct nsr_schema s;
	struct nsr_reader *r;
	struct nsr_writer *w;
	struct codec *back;
	struct out *o;
	struct ns_err e = {0};
	int fd = scratch(path, sizeof path);

	assert_true(fd >= 0);
	close(fd);
	o = out_open(path, true, &e);
	assert_non_null(o);
	w = nsr_writer_new(o, 3);
	tensor_schema_to_nsr(codec_schema(c), &s);
	assert_int_equal(nsr_begin(w, &s, &e), NS_OK);
	assert_int_equal(codec_put(c, w, &e), NS_OK);
	assert_int_equal(nsr_put_prov(w, &tool, NULL, NULL, &e), NS_OK);
	assert_int_equal(nsr_end(w, &e), NS_OK);
	nsr_writer_free(w);
	assert_int_equal(out_commit(o, &e), NS_OK);
	r = nsr_reader_new(in_open(path, &e), path);
	assert_int_equal(nsr_stream(r, &e), 1);
	back = codec_load(r, &e);
	if (back == NULL)
		fail_msg("load: %s", e.msg);
	nsr_reader_free(r);
	unlink(path);
	assert_int_equal(codec_hash(back), codec_hash(c));
	return back;
}

static void
check_time(const struct chunk_info *k, const struct series *a, const struct series *b,
    uint32_t i)
{
	double err = fabs((double)(series_time(b, i) - series_time(a, i)));
	double since = (double)(series_time(a, i) - series_time(a, 0));
	double bound = ((double)k->len_ns + 2 * since) * STEP + 1.5;

	if (is_symbol()) /* what a float leaves of a bin in the logarithm, each step */
		bound *= 8;
	if (err > bound)
		fail_msg("step %u: time off by %g ns of %g", i, err, bound);
	assert_true(series_time(b, i) >= k->t0_ns);
	assert_true(series_time(b, i) - k->t0_ns < k->len_ns);
	if (i > 0)
		assert_true(series_time(b, i) >= series_time(b, i - 1));
}

static void
check_packet(const struct packet *a, const struct packet *b, uint32_t id_max)
{
	assert_int_equal(a->ip_len, b->ip_len);
	assert_int_equal(a->tos, b->tos);
	if (id_max < 1u << 24)
		assert_int_equal(a->ip_id, b->ip_id);
	else
		assert_true(fabs((double)a->ip_id - (double)b->ip_id) <=
		    (double)id_max * STEP + .5);
	assert_int_equal(a->ip_flags, b->ip_flags);
	assert_int_equal(a->frag_off, b->frag_off);
	assert_int_equal(a->ttl, b->ttl);
	assert_int_equal(a->tcp_flags, b->tcp_flags);
	assert_int_equal(a->icmp_type, b->icmp_type);
	assert_int_equal(a->icmp_code, b->icmp_code);
}

/* Within one float step of the logarithm, and exact where that is below one half. */
static void
check_log(const char *what, double a, double b, double unit, double max)
{
	double x = log1p(a * unit), y = log1p(b * unit);
	double step = log1p(max * unit) * STEP;

	if (is_symbol()) {
		if (fabs(a - b) > max * 16 * STEP + 1.5)
			fail_msg("%s: %.17g came back as %.17g", what, a, b);
		return;
	}
	if (fabs(x - y) > step && fabs(a - b) > .5 + 1e-15 * a)
		fail_msg("%s: %.17g came back as %.17g (%g, step %g)", what, a, b,
		    fabs(x - y), step);
}

static void
check_flow(const struct flow *a, const struct flow *b, const struct flow *max)
{
	check_log("dur_ns", (double)a->dur_ns, (double)b->dur_ns, 1e-9,
	    (double)max->dur_ns);
	check_log("n_pkts", (double)a->n_pkts, (double)b->n_pkts, 1,
	    (double)max->n_pkts);
	check_log("n_bytes", (double)a->n_bytes, (double)b->n_bytes, 1,
	    (double)max->n_bytes);
	assert_int_equal(a->tcp_flags, b->tcp_flags);
}

struct maxima {
	struct flow flow;
	uint32_t ip_id;
};

static void
find_maxima(const struct trace *t, struct maxima *m)
{
	const struct series *s;
	size_t i;
	uint32_t k;

	memset(m, 0, sizeof *m);
	for (i = 0; i < t->n; i++) {
		s = &t->v[i].s;
		for (k = 0; k < s->n; k++) {
			if (!t->of_flows) {
				if (s->packets[k].ip_id > m->ip_id)
					m->ip_id = s->packets[k].ip_id;
				continue;
			}
			if (s->flows[k].dur_ns > m->flow.dur_ns)
				m->flow.dur_ns = s->flows[k].dur_ns;
			if (s->flows[k].n_pkts > m->flow.n_pkts)
				m->flow.n_pkts = s->flows[k].n_pkts;
			if (s->flows[k].n_bytes > m->flow.n_bytes)
				m->flow.n_bytes = s->flows[k].n_bytes;
		}
	}
}

static void
check_series(const struct trace *t, const struct item *it, const struct series *b,
    const struct labels *l, const struct maxima *m)
{
	const struct series *a = &it->s;
	uint32_t i;

	assert_int_equal(tuple_cmp(&a->key, &b->key), 0);
	assert_memory_equal(a->tags, b->tags, sizeof a->tags);
	assert_int_equal(a->starts, b->starts);
	assert_int_equal(a->n, b->n);
	for (i = 0; i < a->n; i++) {
		check_time(&t->k[it->chunk], a, b, i);
		if (t->of_flows) {
			check_flow(&a->flows[i], &b->flows[i], &m->flow);
			assert_int_equal(tuple_cmp(&b->flows[i].key, &a->key), 0);
			assert_string_equal(labels_text(&t->labels, a->flows[i].type),
			    labels_text(l, b->flows[i].type));
			assert_string_equal(labels_text(&t->labels, a->flows[i].label),
			    labels_text(l, b->flows[i].label));
		} else {
			check_packet(&a->packets[i], &b->packets[i], m->ip_id);
			assert_int_equal(tuple_cmp(&b->packets[i].key, &a->key), 0);
			assert_string_equal(labels_text(&t->labels,
						a->packets[i].label),
			    labels_text(l, b->packets[i].label));
		}
	}
}

/* The whole trace there and back; nothing is mended. */
static void
check_trace(const struct trace *t)
{
	struct codec *c = fitted(t), *d = reloaded(c);
	struct codec_mends m = {0};
	struct maxima max;
	struct labels l;
	struct buf b = {0};
	const struct series *s;
	struct ns_err e;
	uint32_t steps;
	size_t i;

	labels_init(&l);
	find_maxima(t, &max);
	for (i = 0; i < t->n; i++) {
		if (codec_encode(d, &t->v[i].s, &t->k[t->v[i].chunk], &t->labels, &b,
			&e) < 0)
			fail_msg("encode: %s", e.msg);
		assert_int_equal(tensor_check(codec_schema(c), b.p, b.len, &steps, &e),
		    NS_OK);
		if (codec_decode(d, b.p, b.len, &t->k[t->v[i].chunk], &l, &s, &m, &e) <
		    0)
			fail_msg("decode: %s", e.msg);
		check_series(t, &t->v[i], s, &l, &max);
		if (m.clamped != 0 || m.fitted != 0)
			fail_msg("series %zu was mended", i);
	}
	labels_free(&l);
	buf_free(&b);
	codec_free(c);
	codec_free(d);
}

/* ---- Generated traces ---- */

static void
random_address(struct rng *r, uint8_t a[16], bool v4, uint32_t hosts)
{
	uint32_t h = rng_below(r, hosts), i;

	if (v4) {
		addr_from_v4(a, 0x0a000000u + h);
		return;
	}
	for (i = 0; i < 16; i++)
		a[i] = (uint8_t)(0x20 + h * (i + 1));
}

static void
random_packet(struct rng *r, struct packet *p, bool v4)
{
	bool icmp = p->key.proto == PROTO_ICMP || p->key.proto == PROTO_ICMP6;

	p->ip_len = (v4 ? 40 : 60) + rng_below(r, 1400);
	p->tos = (uint8_t)(rng_below(r, 4) * 4);
	p->ip_id = v4 ? rng_below(r, 65536) : 0;
	p->ip_flags = v4 && rng_below(r, 2) ? 2 : 0;
	p->ttl = (uint8_t)rng_below(r, 256);
	if (p->key.proto == PROTO_TCP)
		p->tcp_flags = (uint16_t)rng_below(r, 512);
	if (icmp) {
		p->icmp_type = (uint8_t)((v4 ? 0 : 128) + rng_below(r, 12));
		p->icmp_code = (uint8_t)rng_below(r, 3);
	}
}

static void
random_flow(struct rng *r, struct flow *f)
{
	f->n_pkts = 1 + (rng_u64(r) >> (24 + rng_below(r, 40)));
	f->n_bytes = f->n_pkts * (40 + rng_below(r, 1460));
	f->dur_ns =
	    f->n_pkts == 1 ? 0 : 1 + (int64_t)(rng_u64(r) >> (20 + rng_below(r, 40)));
	f->tcp_flags = f->key.proto == PROTO_TCP ? (uint16_t)rng_below(r, 64) : 0;
}

/* n flows over the chunks, versions: 1 = IPv4, 2 = IPv6, 3 = both. */
static void
random_trace(struct trace *t, uint64_t seed, size_t n, int versions, int64_t len_ns)
{
	static const uint8_t protos[] = {6, 6, 6, 17, 17, 1, 47};
	static const char *const texts[] = {"", "benign", "attack of the day", "x"};
	struct packet packets[40] = {{0}};
	struct flow flows[40] = {{0}};
	struct series s;
	struct rng r;
	size_t i;
	uint32_t k;
	int c;

	rng_init(&r, seed, 0);
	for (c = 0; c < t->chunks; c++)
		t->k[c] = (struct chunk_info){.index = c,
		    .count = t->chunks,
		    .t0_ns = INT64_C(1700000000000000000) + c * len_ns,
		    .len_ns = len_ns,
		    .of_flows = t->of_flows};
	for (i = 0; i < n; i++) {
		bool v4 = versions == 3 ? rng_below(&r, 2) == 0 : versions == 1;
		int64_t at;

		memset(&s, 0, sizeof s);
		random_address(&r, s.key.src_ip, v4, 50);
		random_address(&r, s.key.dst_ip, v4, 5);
		s.key.proto = protos[rng_below(&r, 7)];
		if (s.key.proto == PROTO_ICMP && !v4)
			s.key.proto = PROTO_ICMP6;
		if (proto_has_ports(s.key.proto)) {
			s.key.src_port = (uint16_t)rng_below(&r, 65536);
			s.key.dst_port = (uint16_t)rng_below(&r, 20);
		}
		c = (int)rng_below(&r, (uint32_t)t->chunks);
		s.starts = true;
		for (k = (uint32_t)c; k < (uint32_t)t->chunks; k++)
			if (k == (uint32_t)c || rng_below(&r, 2))
				s.tags[k / 8] |= (uint8_t)(1u << k % 8);
		s.n = 1 + rng_below(&r, 40) * rng_below(&r, 2);
		at = t->k[c].t0_ns + (int64_t)(rng_uniform(&r) * (double)len_ns);
		for (k = 0; k < s.n; k++) {
			uint16_t label = (uint16_t)labels_intern(&t->labels,
			    texts[rng_below(&r, 4)]);

			at += (int64_t)(rng_uniform(&r) * (double)len_ns / 30);
			if (at >= t->k[c].t0_ns + len_ns)
				at = t->k[c].t0_ns + len_ns - 1;
			packets[k] =
			    (struct packet){.t_ns = at, .key = s.key, .label = label};
			random_packet(&r, &packets[k], v4);
			flows[k] = (struct flow){.t_start_ns = at,
			    .key = s.key,
			    .label = label,
			    .type = 0};
			random_flow(&r, &flows[k]);
		}
		if (t->of_flows)
			s.flows = flows;
		else
			s.packets = packets;
		trace_add(t, &s, c);
	}
}

static void
check_random(bool of_flows, int chunks, int versions, int64_t len_ns)
{
	struct trace *t = xmalloc(sizeof *t);

	trace_init(t, of_flows, chunks);
	random_trace(t, 7, 400, versions, len_ns);
	check_trace(t);
	trace_free(t);
	free(t);
}

static void
test_packets(void **state)
{
	(void)state;
	check_random(false, 1, 1, 1000000000);
	check_random(false, 3, 2, 3600 * INT64_C(1000000000));
	check_random(false, 10, 3, 86400 * INT64_C(1000000000));
	check_random(false, 9, 3, 1000);
}

static void
test_flows(void **state)
{
	(void)state;
	check_random(true, 1, 1, 1000000000);
	check_random(true, 10, 3, 86400 * INT64_C(1000000000));
	check_random(true, 17, 2, 365 * 86400 * INT64_C(1000000000));
}

/* One flow of one packet: everything is constant. */
static void
test_one_packet(void **state)
{
	struct trace *t = xmalloc(sizeof *t);

	(void)state;
	trace_init(t, false, 1);
	random_trace(t, 3, 1, 1, 1000);
	t->v[0].s.n = 1;
	check_trace(t);
	trace_free(t);
	free(t);
}

/* More ICMP types and codes than a category holds. */
static void
test_icmp_many(void **state)
{
	struct trace *t = xmalloc(sizeof *t);
	size_t i;

	(void)state;
	trace_init(t, false, 1);
	random_trace(t, 5, 400, 1, 1000000);
	for (i = 0; i < t->n; i++) {
		struct item *it = &t->v[i];
		uint32_t k;

		it->s.key.proto = PROTO_ICMP;
		it->s.key.src_port = it->s.key.dst_port = 0;
		for (k = 0; k < it->s.n; k++) {
			struct packet *p = &it->s.packets[k];

			p->key = it->s.key;
			p->tcp_flags = 0;
			p->icmp_type = (uint8_t)i;
			p->icmp_code = (uint8_t)(i / 256);
		}
	}
	check_trace(t);
	trace_free(t);
	free(t);
}

/* Records that break every rule come back all the same. */
static void
test_odd_records(void **state)
{
	struct trace *t = xmalloc(sizeof *t);
	struct packet *p;
	size_t i;

	(void)state;
	trace_init(t, false, 2);
	random_trace(t, 9, 300, 3, 1000000);
	for (i = 0; i < t->n; i += 7) {
		p = &t->v[i].s.packets[0];
		p->ip_len = 20 + (uint32_t)(i % 5);
		p->ip_flags = (uint8_t)(i % 8);
		p->frag_off = (uint16_t)(i * 27 % 8192);
		p->tcp_flags = (uint16_t)(i % 512);
		p->ip_id = (uint32_t)i;
	}
	check_trace(t);
	trace_free(t);
	trace_init(t, true, 2);
	random_trace(t, 9, 300, 3, 1000000);
	for (i = 0; i < t->n; i += 7) {
		struct flow *f = &t->v[i].s.flows[0];

		f->n_pkts = i % 3;
		f->n_bytes = i % 11;
		f->dur_ns = i % 2;
		f->tcp_flags = (uint16_t)(i % 512);
	}
	check_trace(t);
	trace_free(t);
	free(t);
}

/* ---- Traces given ---- */

static void
read_trace(struct trace *t, const char *path)
{
	struct trace_reader tr;
	struct nsr_reader *r;
	const struct series *s;
	struct chunk_info k;
	struct ns_err e;
	int rc, fd = in_open(path, &e);

	assert_true(fd >= 0);
	r = nsr_reader_new(fd, path);
	trace_reader_init(&tr, r, &t->labels);
	while ((rc = trace_stream(&tr, 1u << NSR_SERIES, &e)) > 0) {
		assert_int_equal(chunk_info_get(&k, r, &e), NS_OK);
		t->k[k.index] = k;
		t->chunks = k.count;
		t->of_flows = k.of_flows;
		while ((rc = trace_next_series(&tr, &s, &e)) > 0)
			trace_add(t, s, k.index);
		if (rc < 0)
			break;
	}
	if (rc < 0)
		fail_msg("%s", e.msg);
	trace_reader_free(&tr);
	nsr_reader_free(r);
}

static void
test_given(void **state)
{
	const char *list = getenv("CODEC_SERIES");
	struct trace *t;
	char *copy, *p;

	(void)state;
	assert_non_null(list);
	copy = xstrdup(list);
	t = xmalloc(sizeof *t);
	for (p = strtok(copy, " "); p != NULL; p = strtok(NULL, " ")) {
		trace_init(t, false, 1);
		read_trace(t, p);
		print_message("%s: %zu series in %d chunks\n", p, t->n, t->chunks);
		if (t->n > 0)
			check_trace(t);
		trace_free(t);
	}
	free(copy);
	free(t);
}

static int
netshare(void **state)
{
	(void)state;
	profile = "netshare";
	return 0;
}

static int
symbol(void **state)
{
	(void)state;
	profile = "symbol";
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_packets, netshare),
	    cmocka_unit_test_setup(test_flows, netshare),
	    cmocka_unit_test_setup(test_one_packet, netshare),
	    cmocka_unit_test_setup(test_icmp_many, netshare),
	    cmocka_unit_test_setup(test_odd_records, netshare),
	    {"symbol_packets", test_packets, symbol, NULL, NULL},
	    {"symbol_flows", test_flows, symbol, NULL, NULL},
	    {"symbol_one_packet", test_one_packet, symbol, NULL, NULL},
	    {"symbol_icmp_many", test_icmp_many, symbol, NULL, NULL},
	    {"symbol_odd_records", test_odd_records, symbol, NULL, NULL},
	};
	const struct CMUnitTest given[] = {
	    cmocka_unit_test_setup(test_given, netshare),
	    {"symbol_given", test_given, symbol, NULL, NULL},
	};

	if (getenv("CODEC_SERIES") != NULL)
		return cmocka_run_group_tests_name("codec/given", given, NULL, NULL);
	return cmocka_run_group_tests_name("codec/roundtrip", tests, NULL, NULL);
}
