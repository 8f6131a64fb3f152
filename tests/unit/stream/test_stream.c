/* What is written is what is read, and the bytes are those of ns-stream(5). */
#include "bytes.h"

/* A stream of one record without compression, made by an independent writer. */
static const char golden[] =
    "8e4e53520d0a1a0a010000007b57ab6f5343484d020000001300000013000000"
    "00000000d9355d14010101000400000003000000010000000178000000000000"
    "4d455441000001000e0000000e00000000000000c58b63336368756e6b2e696e"
    "6465783d330a000044494354000002000f0000000f00000000000000467c9575"
    "00066c6162656c7362656e69676e0a00524f5753020003000400000004000000"
    "01000000f225e9db00000000000000004d455441000004000400000004000000"
    "00000000309552dd6e3d300a000000004e4f5445000005000600000006000000"
    "000000002ae2327461206e6f74650000454e4420020006002000000020000000"
    "0000000002194100060000000000000001000000000000003e00000000000000"
    "9e64c75c00000000";

static void
test_golden(void **state)
{
	struct buf b = {0};
	char *hex;
	size_t i;

	(void)state;
	make_stream(&b, 0, 1, 1);
	hex = xcalloc(b.len + 1, 2);
	for (i = 0; i < b.len; i++)
		snprintf(hex + 2 * i, 3, "%02x", b.p[i]);
	assert_string_equal(hex, golden);
	free(hex);
	buf_free(&b);
}

static void
check_records(const struct buf *b, uint32_t n, int frames)
{
	struct nsr_reader *r = read_bytes(b->p, b->len);
	const uint8_t *rec;
	struct ns_err e;
	size_t len;
	uint32_t i;
	int k;

	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(nsr_expect(r, NSR_PACKET, 1, &e), NS_OK);
	assert_string_equal(nsr_meta(r, "chunk.index"), "3");
	assert_memory_equal(nsr_dict(r, "labels").data, "benign\n", 7);
	for (k = 0; k < frames; k++)
		for (i = 0; i < n; i++) {
			assert_int_equal(nsr_next(r, &rec, &len, &e), 1);
			assert_int_equal(len, 4);
			assert_int_equal(get_le32(rec), i);
		}
	assert_int_equal(nsr_next(r, &rec, &len, &e), 0);
	assert_int_equal(nsr_next(r, &rec, &len, &e), 0);
	assert_int_equal(nsr_rows(r), n * (unsigned)frames);
	assert_int_equal(nsr_note_count(r), 1);
	assert_string_equal(nsr_note_at(r, 0), "a note");
	assert_int_equal(nsr_stream(r, &e), 0);
	nsr_reader_free(r);
}

static void
test_records(void **state)
{
	static const uint32_t counts[] = {0, 1, 65536, 65537, 200000};
	struct buf b = {0};
	size_t i;
	int level;

	(void)state;
	for (i = 0; i < LEN(counts); i++)
		for (level = 0; level <= 3; level += 3) {
			b.len = 0;
			make_stream(&b, level, counts[i], 2);
			check_records(&b, counts[i], 2);
		}
	buf_free(&b);
}

static void
test_compression(void **state)
{
	struct buf plain = {0}, packed = {0}, again = {0};
	struct pieces c;
	size_t i;

	(void)state;
	make_stream(&plain, 0, 5000, 1);
	make_stream(&packed, 3, 5000, 1);
	make_stream(&again, 3, 5000, 1);
	assert_true(packed.len < plain.len);
	assert_int_equal(packed.len, again.len);
	assert_memory_equal(packed.p, again.p, again.len);
	cut(&c, &packed);
	for (i = 0; i < c.n; i++)
		if (c.v[i].f.flags & FRAME_ZSTD)
			assert_true(c.v[i].f.stored < c.v[i].f.raw);
		else
			assert_int_equal(c.v[i].f.stored, c.v[i].f.raw);
	pieces_free(&c);
	buf_free(&plain);
	buf_free(&packed);
	buf_free(&again);
}

static void
test_level(void **state)
{
	struct nsr_schema schema;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;

	(void)state;
	u32_schema(&schema);
	scratch_open(&s, 20);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_EUSAGE);
	scratch_close(&s, &b);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

/* Records of any length, the largest that fits a frame among them. */
static void
test_variable(void **state)
{
	static const size_t lens[] = {0, 1, 300000, NSR_RECORD_MAX, 0, 7, 262140,
	    262141};
	uint8_t *big = xmalloc(NSR_RECORD_MAX + 1);
	struct nsr_schema schema;
	struct nsr_reader *r;
	const uint8_t *rec;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	size_t i, len;

	(void)state;
	for (i = 0; i <= NSR_RECORD_MAX; i++)
		big[i] = (uint8_t)(i * 2654435761u >> 16);
	u32_schema(&schema);
	schema.width = 0;
	scratch_open(&s, 1);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	for (i = 0; i < LEN(lens); i++)
		assert_int_equal(nsr_put(s.w, big, lens[i], &e), NS_OK);
	assert_int_equal(nsr_put(s.w, big, NSR_RECORD_MAX + 1, &e), NS_EINTERNAL);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);

	r = read_bytes(b.p, b.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	for (i = 0; i < LEN(lens); i++) {
		assert_int_equal(nsr_next(r, &rec, &len, &e), 1);
		assert_int_equal(len, lens[i]);
		assert_memory_equal(rec, big, len);
	}
	assert_int_equal(nsr_next(r, &rec, &len, &e), 0);
	nsr_reader_free(r);
	buf_free(&b);
	free(big);
}

static void
test_meta(void **state)
{
	struct nsr_schema schema;
	struct nsr_reader *r;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	int64_t i;
	double d;

	(void)state;
	u32_schema(&schema);
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_meta(s.w, &e, "a", "%d", -5), NS_OK);
	assert_int_equal(nsr_put_meta(s.w, &e, "b", "x=%s", "y"), NS_OK);
	assert_int_equal(nsr_put_meta(s.w, &e, "f", "%s", "1.5e3"), NS_OK);
	assert_int_equal(nsr_put_meta(s.w, &e, "long", "%0700d", 1), NS_OK);
	assert_int_equal(nsr_put_meta(s.w, &e, "a", "%d", 6), NS_OK);
	assert_int_equal(nsr_put_meta(s.w, &e, "", "x"), NS_EINTERNAL);
	assert_int_equal(nsr_put_meta(s.w, &e, "k", "two\nlines"), NS_EINTERNAL);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);

	r = read_bytes(b.p, b.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(nsr_meta_count(r), 4);
	assert_int_equal(nsr_meta_i64(r, "a", &i, &e), NS_OK);
	assert_int_equal(i, 6);
	assert_string_equal(nsr_meta(r, "b"), "x=y");
	assert_int_equal(strlen(nsr_meta(r, "long")), 700);
	assert_int_equal(nsr_meta_f64(r, "f", &d, &e), NS_OK);
	assert_true(d == 1500);
	assert_int_equal(nsr_meta_i64(r, "f", &i, &e), NS_EKIND);
	assert_int_equal(nsr_meta_i64(r, "none", &i, &e), NS_EKIND);
	assert_int_equal(nsr_meta_f64(r, "b", &d, &e), NS_EKIND);
	assert_null(nsr_meta(r, "none"));
	nsr_reader_free(r);
	buf_free(&b);
}

/* A table grows in the body, in parts that may be longer than a frame. */
static void
test_dict(void **state)
{
	size_t n = 3 * NSR_FRAME_MAX + 5;
	uint8_t *data = xcalloc(n, 1), rec[4] = {0};
	const uint8_t *got;
	struct nsr_schema schema;
	struct nsr_reader *r;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	size_t len;

	(void)state;
	data[n - 1] = 9;
	u32_schema(&schema);
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_dict(s.w, "big", true, data, n, &e), NS_OK);
	assert_int_equal(nsr_put_dict(s.w, "none", false, NULL, 0, &e), NS_OK);
	assert_int_equal(nsr_put_dict(s.w, "grows", false, "a", 1, &e), NS_OK);
	assert_int_equal(nsr_put(s.w, rec, 4, &e), NS_OK);
	assert_int_equal(nsr_put_dict(s.w, "grows", false, "bc", 2, &e), NS_OK);
	assert_int_equal(nsr_put(s.w, rec, 4, &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);

	r = read_bytes(b.p, b.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(nsr_dict_count(r), 3);
	assert_true(nsr_dict(r, "big").is_public);
	assert_int_equal(nsr_dict(r, "big").len, n);
	assert_memory_equal(nsr_dict(r, "big").data, data, n);
	assert_non_null(nsr_dict(r, "none").data);
	assert_int_equal(nsr_dict(r, "none").len, 0);
	assert_null(nsr_dict(r, "other").data);
	assert_int_equal(nsr_next(r, &got, &len, &e), 1);
	assert_int_equal(nsr_next(r, &got, &len, &e), 1);
	assert_memory_equal(nsr_dict(r, "grows").data, "abc", 3);
	assert_int_equal(nsr_next(r, &got, &len, &e), 0);
	nsr_reader_free(r);
	buf_free(&b);
	free(data);
}

static void
put_arrays(struct nsr_writer *w, const float *v, uint64_t rows, uint64_t cols)
{
	const uint64_t dims[2] = {rows, cols}, none[1] = {0}, count = 77;
	const double norm = -2.5;
	struct ns_err e;

	assert_int_equal(nsr_put_tensor(w, "w", NSR_F32, 2, dims, v, &e), NS_OK);
	assert_int_equal(nsr_put_tensor(w, "norm", NSR_F64, 0, NULL, &norm, &e), NS_OK);
	assert_int_equal(nsr_put_tensor(w, "empty", NSR_F32, 1, none, NULL, &e), NS_OK);
	assert_int_equal(nsr_put_tensor(w, "count", NSR_U64, 0, NULL, &count, &e),
	    NS_OK);
}

static void
check_arrays(struct nsr_reader *r, const float *v, uint64_t n)
{
	struct nsr_tensor t;
	struct ns_err e;
	uint64_t done = 0, i;
	int parts = 0;

	for (; done < n; done += t.count, parts++) {
		assert_int_equal(nsr_next_tensor(r, &t, &e), 1);
		assert_string_equal(t.name, "w");
		assert_int_equal(t.first, done);
		assert_int_equal(t.rank, 2);
		for (i = 0; i < t.count; i++)
			assert_true(get_lef32(t.data + 4 * i) == v[done + i]);
	}
	assert_int_equal(done, n);
	assert_true(parts > 1);
	assert_int_equal(nsr_next_tensor(r, &t, &e), 1);
	assert_string_equal(t.name, "norm");
	assert_int_equal(get_le64(t.data), 0xc004000000000000);
	assert_int_equal(nsr_next_tensor(r, &t, &e), 1);
	assert_string_equal(t.name, "empty");
	assert_int_equal(t.count, 0);
	assert_int_equal(nsr_next_tensor(r, &t, &e), 1);
	assert_int_equal(get_le64(t.data), 77);
	assert_int_equal(nsr_next_tensor(r, &t, &e), 0);
	assert_int_equal(nsr_stream(r, &e), 0);
}

static void
test_tensors(void **state)
{
	const uint64_t rows = 1000, cols = 333;
	float *v = xcalloc(rows * cols, sizeof *v);
	struct nsr_schema schema = {.kind = NSR_MODEL, .version = 1};
	struct nsr_reader *r;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	uint64_t i;

	(void)state;
	for (i = 0; i < rows * cols; i++)
		v[i] = (float)i / 3;
	scratch_open(&s, 3);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	put_arrays(s.w, v, rows, cols);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);
	r = read_bytes(b.p, b.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	check_arrays(r, v, rows * cols);
	nsr_reader_free(r);
	buf_free(&b);
	free(v);
}

static void
test_schema(void **state)
{
	struct nsr_schema a, c;
	struct buf b = {0};
	struct ns_err e;
	size_t n;

	(void)state;
	u32_schema(&a);
	nsr_schema_add(&a, "ports", NSR_WORD, NSR_FEATURE, 10, "port", 7);
	nsr_schema_put(&a, &b);
	assert_int_equal(nsr_schema_get(&c, b.p, b.len, &e), NS_OK);
	assert_true(nsr_schema_same(&a, &c));
	c.fields[1].shape++;
	assert_false(nsr_schema_same(&a, &c));
	for (n = 0; n < b.len; n++)
		assert_int_equal(nsr_schema_get(&c, b.p, n, &e), NS_ECORRUPT);
	b.p[0] = 7;
	assert_int_equal(nsr_schema_get(&c, b.p, b.len, &e), NS_EVERSION);
	buf_free(&b);
}

/* The second tool carries the first one's provenance, its inputs and a note, once. */
static void
test_history(void **state)
{
	struct tool one = {.name = "one", .cmdline = (char *)(uintptr_t) "a -n 5"};
	struct tool two = {.name = "two",
	    .cmdline = (char *)(uintptr_t) "secret",
	    .no_prov = true};
	struct nsr_history *h = nsr_history_new();
	struct nsr_schema schema;
	struct nsr_reader *r;
	struct buf b = {0}, d = {0};
	struct scratch s;
	struct ns_err e;
	uint64_t seed = 7;
	char want[200];
	int i;

	(void)state;
	u32_schema(&schema);
	scratch_open(&s, 0);
	nsr_history_source(h, "folder/x.pcap", 0xabc, 24);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_note(s.w, "n", &e), NS_OK);
	assert_int_equal(nsr_put_prov(s.w, &one, &seed, h, &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);
	nsr_history_free(h);

	h = nsr_history_new();
	for (i = 0; i < 2; i++) {
		r = read_bytes(b.p, b.len);
		assert_int_equal(nsr_stream(r, &e), 1);
		assert_int_equal(nsr_skip(r, &e), 0);
		nsr_history_add(h, r);
		snprintf(want, sizeof want,
		    "tool=two\nversion=%s\ninput=stream crc32c:%08x\n"
		    "input=stream crc32c:%08x\n",
		    NS_VERSION, (unsigned)nsr_chain(r), (unsigned)nsr_chain(r));
		nsr_reader_free(r);
	}
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_prov(s.w, &two, NULL, h, &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &d);
	nsr_history_free(h);

	r = read_bytes(d.p, d.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(nsr_prov_count(r), 2);
	assert_string_equal(nsr_prov_at(r, 0),
	    "tool=one\nversion=" NS_VERSION "\nargs=a -n 5\nseed=7\n"
	    "input=x.pcap crc32c:00000abc bytes:24\n");
	assert_string_equal(nsr_prov_at(r, 1), want);
	assert_int_equal(nsr_note_count(r), 1);
	nsr_reader_free(r);
	buf_free(&b);
	buf_free(&d);
}

static void
test_copy_head(void **state)
{
	struct nsr_schema schema;
	struct buf b = {0}, d = {0};
	struct nsr_reader *r;
	struct scratch s;
	struct ns_err e;

	(void)state;
	u32_schema(&schema);
	make_stream(&b, 0, 1, 1);
	r = read_bytes(b.p, b.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(nsr_skip(r, &e), 0);
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_copy_head(s.w, r, "x. chunk.", &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &d);
	nsr_reader_free(r);

	r = read_bytes(d.p, d.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_null(nsr_meta(r, "chunk.index"));
	assert_string_equal(nsr_meta(r, "n"), "0");
	assert_int_equal(nsr_dict(r, "labels").len, 7);
	assert_int_equal(nsr_note_count(r), 0);
	nsr_reader_free(r);
	buf_free(&b);
	buf_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_records),
	    cmocka_unit_test(test_compression),
	    cmocka_unit_test(test_level),
	    cmocka_unit_test(test_variable),
	    cmocka_unit_test(test_meta),
	    cmocka_unit_test(test_dict),
	    cmocka_unit_test(test_tensors),
	    cmocka_unit_test(test_schema),
	    cmocka_unit_test(test_history),
	    cmocka_unit_test(test_copy_head),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
