/* Records through streams: what was put is what comes back, and damage is found. */
#include "../stream/bytes.h"
#include "base/rng.h"
#include "trace/header.h"
#include "trace/rstream.h"

/* One stream being written, and its labels. */
struct writing {
	struct scratch s;
	struct labels labels;
	struct trace_writer t;
};

static void
writing_begin(struct writing *w, void (*schema)(struct nsr_schema *))
{
	struct nsr_schema *s = xcalloc(1, sizeof *s);
	struct ns_err e;

	scratch_open(&w->s, 3);
	labels_init(&w->labels);
	schema(s);
	assert_int_equal(nsr_begin(w->s.w, s, &e), NS_OK);
	trace_writer_init(&w->t, w->s.w, &w->labels);
	free(s);
}

static void
writing_end(struct writing *w, struct buf *b)
{
	struct ns_err e;

	assert_int_equal(nsr_end(w->s.w, &e), NS_OK);
	trace_writer_free(&w->t);
	labels_free(&w->labels);
	scratch_close(&w->s, b);
}

static void
some_packet(struct rng *r, uint32_t i, struct packet *p)
{
	memset(p, 0, sizeof *p);
	p->t_ns = (int64_t)i * 1000 - 5000;
	addr_from_v4(p->key.src_ip, rng_u32(r));
	addr_from_v4(p->key.dst_ip, rng_u32(r));
	p->key.proto = i % 2 ? PROTO_TCP : PROTO_ICMP;
	if (i % 2) {
		p->key.src_port = (uint16_t)rng_u32(r);
		p->key.dst_port = (uint16_t)rng_u32(r);
		p->tcp_flags = (uint16_t)rng_below(r, 512);
	} else {
		p->icmp_type = (uint8_t)rng_u32(r);
		p->icmp_code = (uint8_t)rng_u32(r);
	}
	p->ip_len = 20 + rng_below(r, 65516);
	p->ip_id = rng_below(r, 65536);
	p->frag_off = (uint16_t)rng_below(r, 8192);
	p->ip_flags = (uint8_t)rng_below(r, 8);
	p->tos = (uint8_t)rng_u32(r);
	p->ttl = (uint8_t)rng_u32(r);
}

static void
some_flow(struct rng *r, uint32_t i, struct flow *f)
{
	struct packet p;

	some_packet(r, i, &p);
	memset(f, 0, sizeof *f);
	f->key = p.key;
	f->t_start_ns = p.t_ns;
	f->dur_ns = (int64_t)rng_u32(r) * 1000;
	f->n_pkts = rng_u64(r);
	f->n_bytes = rng_u64(r);
	f->tcp_flags = p.tcp_flags;
}

/* The label of record i: a new one at every hundredth, so that the table grows. */
static uint16_t
some_label(struct labels *l, uint32_t i)
{
	char text[32];

	if (i % 100 < 10)
		return 0;
	snprintf(text, sizeof text, "label %u", i / 100);
	return (uint16_t)labels_intern(l, text);
}

static void
reading_begin(struct trace_reader *t, const struct buf *b, struct labels *l)
{
	labels_init(l);
	trace_reader_init(t, read_bytes(b->p, b->len), l);
}

static void
reading_end(struct trace_reader *t)
{
	nsr_reader_free(t->r);
	labels_free(t->labels);
	trace_reader_free(t);
}

static void
check_packet(const struct packet *a, const struct packet *b)
{
	assert_true(a->t_ns == b->t_ns);
	assert_int_equal(tuple_cmp(&a->key, &b->key), 0);
	assert_int_equal(a->ip_len, b->ip_len);
	assert_int_equal(a->ip_id, b->ip_id);
	assert_int_equal(a->frag_off, b->frag_off);
	assert_int_equal(a->tcp_flags, b->tcp_flags);
	assert_int_equal(a->ip_flags, b->ip_flags);
	assert_int_equal(a->tos, b->tos);
	assert_int_equal(a->ttl, b->ttl);
	assert_int_equal(a->icmp_type, b->icmp_type);
	assert_int_equal(a->icmp_code, b->icmp_code);
}

static void
check_flow(const struct flow *a, const struct flow *b)
{
	assert_true(a->t_start_ns == b->t_start_ns && a->dur_ns == b->dur_ns);
	assert_int_equal(tuple_cmp(&a->key, &b->key), 0);
	assert_true(a->n_pkts == b->n_pkts && a->n_bytes == b->n_bytes);
	assert_int_equal(a->tcp_flags, b->tcp_flags);
}

#define N_RECORDS 9000 /* more than one frame */

static void
make_packets(struct buf *b, uint64_t seed)
{
	struct writing w;
	struct packet p;
	struct ns_err e;
	struct rng r;
	uint32_t i;

	rng_init(&r, seed, 0);
	writing_begin(&w, packet_schema);
	for (i = 0; i < N_RECORDS; i++) {
		some_packet(&r, i, &p);
		p.label = some_label(&w.labels, i);
		assert_int_equal(trace_put_packet(&w.t, &p, &e), NS_OK);
	}
	writing_end(&w, b);
}

static void
check_packets(struct trace_reader *t, uint64_t seed)
{
	struct packet p, q;
	struct ns_err e;
	char text[32];
	struct rng r;
	uint32_t i;

	rng_init(&r, seed, 0);
	assert_int_equal(trace_stream(t, 1u << NSR_PACKET, &e), 1);
	for (i = 0; i < N_RECORDS; i++) {
		assert_int_equal(trace_next_packet(t, &q, &e), 1);
		some_packet(&r, i, &p);
		check_packet(&p, &q);
		snprintf(text, sizeof text, "label %u", i / 100);
		assert_string_equal(labels_text(t->labels, q.label),
		    i % 100 < 10 ? "" : text);
	}
	assert_int_equal(trace_next_packet(t, &q, &e), 0);
}

/* Two streams joined: the same labels stay the same indices. */
static void
test_packets(void **state)
{
	struct trace_reader t;
	struct labels l;
	struct buf b = {0};
	struct ns_err e;

	(void)state;
	make_packets(&b, 1);
	make_packets(&b, 2);
	reading_begin(&t, &b, &l);
	check_packets(&t, 1);
	check_packets(&t, 2);
	assert_int_equal(l.n, 1 + N_RECORDS / 100);
	assert_int_equal(trace_stream(&t, 1u << NSR_PACKET, &e), 0);
	reading_end(&t);
	buf_free(&b);
}

static void
test_flows(void **state)
{
	struct trace_reader t;
	struct writing w;
	uint8_t want[RECORD_MAX], got[RECORD_MAX];
	struct flow f, g;
	struct buf b = {0};
	struct labels l;
	struct ns_err e;
	struct rng r;
	uint32_t i;

	(void)state;
	rng_init(&r, 3, 0);
	writing_begin(&w, flow_schema);
	for (i = 0; i < N_RECORDS; i++) {
		some_flow(&r, i, &f);
		f.type = some_label(&w.labels, i);
		f.label = some_label(&w.labels, i + 5);
		assert_int_equal(trace_put_flow(&w.t, &f, &e), NS_OK);
	}
	writing_end(&w, &b);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, 1u << NSR_FLOW, &e), 1);
	rng_init(&r, 3, 0);
	for (i = 0; i < N_RECORDS; i++) {
		assert_int_equal(trace_next_flow(&t, &g, &e), 1);
		some_flow(&r, i, &f);
		check_flow(&f, &g);
		assert_int_equal(g.type != 0, i % 100 >= 10);
		assert_int_equal(g.label != 0, (i + 5) % 100 >= 10);
	}
	assert_int_equal(trace_next_flow(&t, &g, &e), 0);
	reading_end(&t);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, 1u << NSR_FLOW, &e), 1);
	rng_init(&r, 3, 0);
	for (i = 0; i < N_RECORDS; i++) {
		assert_int_equal(trace_next_record(&t, got, &e), 1);
		some_flow(&r, i, &f);
		f.type = i % 100 < 10 ? 0 : (uint16_t)(1 + i / 100);
		flow_put(want, &f);
		assert_memory_equal(got, want, record_bytes(true) - 2);
	}
	reading_end(&t);
	buf_free(&b);
}

/* Records as bytes are those of the structs, labels of the reader's table included. */
static void
test_bytes(void **state)
{
	uint8_t want[RECORD_MAX], got[RECORD_MAX];
	struct trace_reader a, b;
	struct labels la, lb;
	struct buf stream = {0};
	struct packet p;
	struct ns_err e;
	uint32_t i, k;

	(void)state;
	make_packets(&stream, 1);
	make_packets(&stream, 2);
	reading_begin(&a, &stream, &la);
	reading_begin(&b, &stream, &lb);
	labels_intern(&la, "another");
	labels_intern(&lb, "another");
	for (k = 0; k < 2; k++) {
		assert_int_equal(trace_stream(&a, 1u << NSR_PACKET, &e), 1);
		assert_int_equal(trace_stream(&b, 1u << NSR_PACKET, &e), 1);
		for (i = 0; i < N_RECORDS; i++) {
			assert_int_equal(trace_next_packet(&a, &p, &e), 1);
			assert_int_equal(trace_next_record(&b, got, &e), 1);
			packet_put(want, &p);
			assert_memory_equal(got, want, record_bytes(false));
			assert_true(record_time(got) == p.t_ns);
		}
		assert_int_equal(trace_next_packet(&a, &p, &e), 0);
		assert_int_equal(trace_next_record(&b, got, &e), 0);
	}
	reading_end(&a);
	reading_end(&b);
	buf_free(&stream);
}

static void
packet_series(struct nsr_schema *s)
{
	series_schema(s, false, false);
}

static void
flow_series(struct nsr_schema *s)
{
	series_schema(s, true, false);
}

static void
packet_units(struct nsr_schema *s)
{
	series_schema(s, false, true);
}

static void
flow_units(struct nsr_schema *s)
{
	series_schema(s, true, true);
}

/* The version says that there are units, the fields that there are none. */
static void
half_units(struct nsr_schema *s)
{
	series_schema(s, false, false);
	s->version = SERIES_UNITS_VERSION;
}

#define N_CHUNKS 11

static void
put_info(struct nsr_writer *w, bool of_flows)
{
	const struct chunk_info c = {2, N_CHUNKS, -7000, 500000000, of_flows, 3, 60};
	struct ns_err e;

	assert_int_equal(chunk_info_put(w, &c, &e), NS_OK);
}

/* A series of n steps in chunks 2 and 10. */
static void
make_series(struct series *s, struct rng *r, uint32_t n, bool of_flows)
{
	uint32_t i;

	memset(s, 0, sizeof *s);
	s->n = n;
	s->starts = n % 2;
	s->unit = UNIT_END - n;
	s->tags[0] = 1 << 2;
	s->tags[1] = 1 << 2;
	if (of_flows)
		s->flows = xcalloc(n, sizeof *s->flows);
	else
		s->packets = xcalloc(n, sizeof *s->packets);
	for (i = 0; i < n; i++) {
		if (of_flows)
			some_flow(r, i, &s->flows[i]);
		else
			some_packet(r, i, &s->packets[i]);
	}
	s->key = of_flows ? s->flows[0].key : s->packets[0].key;
}

static void
free_series(struct series *s)
{
	free(s->packets);
	free(s->flows);
}

static void
check_series(const struct series *a, const struct series *b, bool units)
{
	uint32_t i;

	assert_int_equal(a->n, b->n);
	assert_int_equal(a->starts, b->starts);
	assert_true(b->unit == (units ? a->unit : 0));
	assert_memory_equal(a->tags, b->tags, sizeof a->tags);
	assert_int_equal(tuple_cmp(&a->key, &b->key), 0);
	for (i = 0; i < a->n; i++) {
		if (a->flows != NULL) {
			a->flows[i].key = a->key;
			check_flow(&a->flows[i], &b->flows[i]);
		} else {
			a->packets[i].key = a->key;
			check_packet(&a->packets[i], &b->packets[i]);
		}
	}
}

/* Its records as bytes, one after the other. */
static int
put_series(struct trace_writer *t, const struct series *s, bool units, struct ns_err *e)
{
	struct series_head h = {.of_flows = s->flows != NULL,
	    .starts = s->starts,
	    .units = units,
	    .unit = s->unit,
	    .chunk_count = N_CHUNKS,
	    .tags = s->tags};
	uint8_t rec[RECORD_MAX];
	struct buf b = {0};
	uint32_t i;
	int rc;

	for (i = 0; i < s->n; i++) {
		if (h.of_flows)
			flow_put(rec, &s->flows[i]);
		else
			packet_put(rec, &s->packets[i]);
		if (i == 0)
			record_series_begin(&b, rec, h.of_flows);
		record_series_add(&b, rec, h.of_flows, &h.most_label);
	}
	rc = trace_put_series(t, &h, b.p, b.len, e);
	buf_free(&b);
	return rc;
}

static void
series_of(bool of_flows, bool units)
{
	static const uint32_t lengths[] = {1, 2, 400, 3};
	uint32_t most = series_steps_max(of_flows, units, N_CHUNKS);
	const struct series *got;
	struct trace_reader t;
	struct chunk_info c;
	struct writing w;
	struct series s;
	struct buf b = {0};
	struct labels l;
	struct ns_err e;
	struct rng r;
	size_t i;

	rng_init(&r, 4, 0);
	writing_begin(&w,
	    units          ? of_flows ? flow_units : packet_units
		: of_flows ? flow_series
			   : packet_series);
	put_info(w.s.w, of_flows);
	for (i = 0; i <= LEN(lengths); i++) {
		make_series(&s, &r, i < LEN(lengths) ? lengths[i] : most, of_flows);
		assert_int_equal(put_series(&w.t, &s, units, &e), NS_OK);
		free_series(&s);
	}
	make_series(&s, &r, most + 1, of_flows);
	assert_int_equal(put_series(&w.t, &s, units, &e), NS_EINTERNAL);
	free_series(&s);
	writing_end(&w, &b);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, 1u << NSR_SERIES, &e), 1);
	assert_int_equal(chunk_info_get(&c, t.r, &e), NS_OK);
	assert_int_equal(c.index, 2);
	assert_true(c.t0_ns == -7000 && c.len_ns == 500000000 && c.n_records == 60);
	rng_init(&r, 4, 0);
	for (i = 0; i <= LEN(lengths); i++) {
		assert_int_equal(trace_next_series(&t, &got, &e), 1);
		make_series(&s, &r, i < LEN(lengths) ? lengths[i] : most, of_flows);
		check_series(&s, got, units);
		free_series(&s);
	}
	assert_int_equal(trace_next_series(&t, &got, &e), 0);
	reading_end(&t);
	buf_free(&b);
}

static void
test_series(void **state)
{
	(void)state;
	series_of(false, false);
	series_of(true, false);
	series_of(false, true);
	series_of(true, true);
}

static void
test_kinds(void **state)
{
	struct trace_reader t;
	struct writing w;
	struct labels l;
	struct buf b = {0};
	struct ns_err e;

	(void)state;
	writing_begin(&w, packet_schema);
	writing_end(&w, &b);
	writing_begin(&w, flow_schema);
	writing_end(&w, &b);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, 1u << NSR_FLOW, &e), NS_EKIND);
	reading_end(&t);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, 1u << NSR_FLOW | 1u << NSR_PACKET, &e), 1);
	assert_int_equal(nsr_skip(t.r, &e), NS_OK);
	assert_int_equal(trace_stream(&t, 1u << NSR_FLOW | 1u << NSR_PACKET, &e),
	    NS_EKIND);
	reading_end(&t);
	buf_free(&b);
}

/* What is wrong with a record is so as bytes, too. */
static int
read_as_bytes(const struct buf *b)
{
	uint8_t rec[RECORD_MAX];
	struct trace_reader t;
	struct labels l;
	struct ns_err e;
	int rc;

	reading_begin(&t, b, &l);
	assert_int_equal(trace_stream(&t, ~0u, &e), 1);
	rc = trace_next_record(&t, rec, &e);
	reading_end(&t);
	return rc;
}

/* A stream of one record whose bytes are given, whatever they say. */
static int
read_raw(void (*schema)(struct nsr_schema *), const uint8_t *rec, size_t n)
{
	const struct series *s;
	struct trace_reader t;
	struct packet p;
	struct writing w;
	struct labels l;
	struct buf b = {0};
	struct flow f;
	struct ns_err e;
	int rc;

	writing_begin(&w, schema);
	put_info(w.s.w, schema == flow_series);
	assert_int_equal(nsr_put(w.s.w, rec, n, &e), NS_OK);
	writing_end(&w, &b);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, ~0u, &e), 1);
	rc = t.kind == NSR_PACKET ? trace_next_packet(&t, &p, &e)
	    : t.kind == NSR_FLOW  ? trace_next_flow(&t, &f, &e)
				  : trace_next_series(&t, &s, &e);
	if (t.kind != NSR_SERIES)
		assert_int_equal(read_as_bytes(&b), rc);
	reading_end(&t);
	buf_free(&b);
	return rc;
}

/* Byte at of a good record changed to v. */
static int
with_byte(void (*schema)(struct nsr_schema *), const uint8_t *good, size_t n, size_t at,
    uint8_t v)
{
	uint8_t rec[256];

	assert_true(n <= sizeof rec && at < n);
	memcpy(rec, good, n);
	rec[at] = v;
	return read_raw(schema, rec, n);
}

static void
put_v4_tuple(uint8_t *p, uint8_t proto)
{
	p[10] = p[11] = p[26] = p[27] = 0xff;
	p[36] = proto;
}

static void
test_packet_checks(void **state)
{
	uint8_t rec[64] = {0};

	(void)state;
	put_v4_tuple(rec + 8, PROTO_ICMP);
	put_le32(rec + 45, 28);
	assert_int_equal(read_raw(packet_schema, rec, 64), 1);
	assert_int_equal(with_byte(packet_schema, rec, 64, 18, 0), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 40, 1), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 45, 19), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 47, 1), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 51, 1), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 54, 0x20), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 56, 2), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 57, 1), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_schema, rec, 64, 59, 8), NS_ECORRUPT);
}

static void
test_flow_checks(void **state)
{
	uint8_t rec[75] = {0};

	(void)state;
	put_v4_tuple(rec + 16, PROTO_UDP);
	assert_int_equal(read_raw(flow_schema, rec, 75), 1);
	assert_int_equal(with_byte(flow_schema, rec, 75, 15, 0x80), NS_ECORRUPT);
	assert_int_equal(with_byte(flow_schema, rec, 75, 26, 0), NS_ECORRUPT);
	assert_int_equal(with_byte(flow_schema, rec, 75, 70, 2), NS_ECORRUPT);
	assert_int_equal(with_byte(flow_schema, rec, 75, 71, 1), NS_ECORRUPT);
	assert_int_equal(with_byte(flow_schema, rec, 75, 73, 1), NS_ECORRUPT);
	put_le64(rec, INT64_MAX);
	rec[8] = 1;
	assert_int_equal(read_raw(flow_schema, rec, 75), NS_ECORRUPT);
}

static void
test_series_checks(void **state)
{
	enum { N = 37 + 5 + 2 * 27 + 2 };
	uint8_t rec[N] = {0};
	size_t n;

	(void)state;
	put_v4_tuple(rec, PROTO_ICMP);
	rec[38] = 2;
	rec[42] = 5;
	rec[42 + 8] = 28;
	rec[42 + 27] = 5;
	rec[42 + 27 + 8] = 28;
	rec[N - 2] = 4;
	assert_int_equal(read_raw(packet_series, rec, N), 1);
	for (n = 1; n < N; n++)
		assert_int_equal(read_raw(packet_series, rec, n), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, 37, 2), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, 38, 0), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, 38, 3), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, 41, 0xff), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, 42, 6), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, N - 2, 0), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, N - 1, 8), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_series, rec, N, N - 1, 4), 1);
}

/* A unit is 8 bytes before the tags, below UNIT_END, and of all streams of an input or
 * of none. */
static void
test_units(void **state)
{
	enum { N = 37 + 5 + 27 + 8 + 2 };
	uint8_t rec[N] = {0};
	struct trace_reader t;
	struct writing w;
	struct buf b = {0};
	struct labels l;
	struct ns_err e;
	size_t n;

	(void)state;
	put_v4_tuple(rec, PROTO_ICMP);
	rec[38] = 1;
	rec[42 + 8] = 28;
	rec[N - 2] = 4;
	assert_int_equal(read_raw(packet_units, rec, N), 1);
	for (n = 1; n < N; n++)
		assert_int_equal(read_raw(packet_units, rec, n), NS_ECORRUPT);
	assert_int_equal(read_raw(packet_series, rec, N), NS_ECORRUPT);
	assert_int_equal(with_byte(packet_units, rec, N, N - 3, 0x7f), 1);
	assert_int_equal(with_byte(packet_units, rec, N, N - 3, 0x80), NS_ECORRUPT);
	writing_begin(&w, half_units);
	put_info(w.s.w, false);
	writing_end(&w, &b);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, ~0u, &e), NS_ECORRUPT);
	reading_end(&t);
	b.len = 0;
	writing_begin(&w, packet_series);
	put_info(w.s.w, false);
	writing_end(&w, &b);
	writing_begin(&w, packet_units);
	put_info(w.s.w, false);
	writing_end(&w, &b);
	reading_begin(&t, &b, &l);
	assert_int_equal(trace_stream(&t, ~0u, &e), 1);
	assert_int_equal(nsr_skip(t.r, &e), NS_OK);
	assert_int_equal(trace_stream(&t, ~0u, &e), NS_EKIND);
	reading_end(&t);
	buf_free(&b);
}

static int
info_with(const char *key, const char *value)
{
	static const char *const keys[] = {"trace.kind", "chunk.index", "chunk.count",
	    "chunk.t0_ns", "chunk.len_ns", "chunk.series", "chunk.records"};
	static const char *const values[] = {"flow", "1", "2", "0", "10", "5", "6"};
	struct trace_reader t;
	struct writing w;
	struct labels l;
	struct buf b = {0};
	struct ns_err e;
	size_t i;
	int rc;

	writing_begin(&w, flow_series);
	for (i = 0; i < LEN(keys); i++) {
		bool this = strcmp(keys[i], key) == 0;

		if (!this || value != NULL)
			nsr_put_meta(w.s.w, &e, keys[i], "%s",
			    this ? value : values[i]);
	}
	writing_end(&w, &b);
	reading_begin(&t, &b, &l);
	rc = trace_stream(&t, 1u << NSR_SERIES, &e);
	reading_end(&t);
	buf_free(&b);
	return rc;
}

static void
test_chunk_info(void **state)
{
	(void)state;
	assert_int_equal(info_with("", ""), 1);
	assert_int_equal(info_with("trace.kind", NULL), NS_EKIND);
	assert_int_equal(info_with("trace.kind", "fish"), NS_ECORRUPT);
	assert_int_equal(info_with("chunk.index", "2"), NS_ECORRUPT);
	assert_int_equal(info_with("chunk.index", "-1"), NS_ECORRUPT);
	assert_int_equal(info_with("chunk.count", "0"), NS_ECORRUPT);
	assert_int_equal(info_with("chunk.count", "4097"), NS_ECORRUPT);
	assert_int_equal(info_with("chunk.count", "4096"), 1);
	assert_true(info_with("chunk.count", NULL) < 0);
	assert_true(info_with("chunk.count", "two") < 0);
	assert_int_equal(info_with("chunk.len_ns", "0"), NS_ECORRUPT);
	assert_int_equal(info_with("chunk.t0_ns", "9223372036854775807"), NS_ECORRUPT);
	assert_int_equal(info_with("chunk.series", "-1"), NS_ECORRUPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_packets),
	    cmocka_unit_test(test_flows),
	    cmocka_unit_test(test_bytes),
	    cmocka_unit_test(test_series),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_packet_checks),
	    cmocka_unit_test(test_flow_checks),
	    cmocka_unit_test(test_series_checks),
	    cmocka_unit_test(test_units),
	    cmocka_unit_test(test_chunk_info),
	};

	return cmocka_run_group_tests_name("rstream", tests, NULL, NULL);
}
