/* Well-framed streams: frames of another time are kept, nonsense is refused. */
#include "bytes.h"

/* Cut b's frames, insert one more and say what reading gives. */
static int
with_frame(const struct buf *b, size_t at, uint32_t type, uint16_t flags, uint32_t rows,
    const void *p, uint32_t n)
{
	struct buf d = {0};
	struct pieces c;
	int rc;

	cut(&c, b);
	insert(&c, at, type, flags, rows, p, n);
	sew(&d, &c, 0, 0);
	rc = read_code(&d);
	pieces_free(&c);
	buf_free(&d);
	return rc;
}

static void
test_unknown_frames(void **state)
{
	const uint32_t type = FRAME_TYPE('X', 'T', 'R', 'A');
	struct buf b = {0};
	size_t i;

	(void)state;
	make_stream(&b, 0, 3, 1);
	for (i = 1; i < 6; i++) {
		assert_int_equal(with_frame(&b, i, type, 0, 0, "abc", 3), NS_OK);
		assert_int_equal(with_frame(&b, i, type, 0, 5, "", 0), NS_OK);
		assert_int_equal(with_frame(&b, i, type, FRAME_CRITICAL, 0, "abc", 3),
		    NS_EVERSION);
		assert_int_equal(with_frame(&b, i, type, 4, 0, "abc", 3), NS_ECORRUPT);
		assert_int_equal(with_frame(&b, i, 0x01010101, 0, 0, "", 0),
		    NS_ECORRUPT);
	}
	assert_int_equal(with_frame(&b, 0, type, 0, 0, "abc", 3), NS_ECORRUPT);
	buf_free(&b);
}

/* An unknown frame, compressed payload and all, goes through the history as it was. */
static void
test_unknown_copied(void **state)
{
	const uint32_t type = FRAME_TYPE('X', 'T', 'R', 'A');
	struct tool tool = {.name = "t"};
	struct nsr_history *h = nsr_history_new();
	struct nsr_schema schema;
	struct buf b = {0}, d = {0};
	struct nsr_reader *r;
	struct pieces c;
	struct scratch s;
	struct ns_err e;
	const struct piece *x;

	(void)state;
	make_stream(&b, 0, 3, 1);
	cut(&c, &b);
	insert(&c, 2, type, FRAME_ZSTD, 5, "abc", 3);
	c.v[2].f.raw = 40;
	sew(&d, &c, 0, 0);
	pieces_free(&c);
	r = read_bytes(d.p, d.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(nsr_skip(r, &e), 0);
	nsr_history_add(h, r);
	nsr_history_add(h, r);
	nsr_reader_free(r);

	u32_schema(&schema);
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_prov(s.w, &tool, NULL, h, &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	b.len = 0;
	scratch_close(&s, &b);
	assert_int_equal(read_code(&b), NS_OK);
	cut(&c, &b);
	assert_int_equal(c.n, 5);
	x = &c.v[find(&c, type)];
	assert_int_equal(x->f.flags, FRAME_ZSTD);
	assert_int_equal(x->f.rows, 5);
	assert_int_equal(x->f.raw, 40);
	assert_int_equal(x->f.stored, 3);
	assert_memory_equal(x->p, "abc", 3);
	pieces_free(&c);
	nsr_history_free(h);
	buf_free(&b);
	buf_free(&d);
}

/* Well-framed nonsense: right checksums around wrong contents. */
static void
test_contents(void **state)
{
	static const struct {
		uint32_t type;
		uint16_t flags;
		uint32_t rows;
		const char *p;
		uint32_t n;
	} bad[] = {
	    {T_META, 0, 0, "a=b", 3},
	    {T_META, 0, 0, "ab\n", 3},
	    {T_META, 0, 0, "=b\n", 3},
	    {T_META, 0, 0, "a=\0\n", 4},
	    {T_META, 0, 1, "a=b\n", 4},
	    {T_META, FRAME_CRITICAL, 0, "a=b\n", 4},
	    {T_DICT, 0, 0, "", 0},
	    {T_DICT, 0, 0, "\0\5abc", 5},
	    {T_DICT, 0, 0, "\0\0abc", 5},
	    {T_DICT, 0, 0, "\2\3abc", 5},
	    {T_DICT, 0, 0, "\0\3a\033c", 5},
	    {T_DICT, 0, 0, "\1\6labelsx", 9},
	    {T_NOTE, 0, 0, "a\0b", 3},
	    {T_PROV, 0, 0, "a\0b", 3},
	    {T_ROWS, 0, 1, "1234", 4},
	    {T_ROWS, FRAME_CRITICAL, 0, "", 0},
	    {T_ROWS, FRAME_CRITICAL, 1, "123", 3},
	    {T_ROWS, FRAME_CRITICAL, 2, "1234", 4},
	    {T_ROWS, FRAME_CRITICAL, 0x40000001, "1234", 4},
	    {T_SCHM, FRAME_CRITICAL, 0, "\1\1\0\0\4\0\0\0", 8},
	    {T_NOTE, FRAME_ZSTD, 0, "abc", 3},
	};
	struct buf b = {0};
	size_t i;

	(void)state;
	make_stream(&b, 0, 3, 1);
	for (i = 0; i < LEN(bad); i++)
		assert_int_equal(with_frame(&b, 3, bad[i].type, bad[i].flags,
				     bad[i].rows, bad[i].p, bad[i].n),
		    NS_ECORRUPT);
	assert_int_equal(with_frame(&b, 3, T_ROWS, FRAME_CRITICAL, 1, "1234", 4),
	    NS_OK);
	assert_int_equal(with_frame(&b, 3, T_TNSR, FRAME_CRITICAL, 0, "1234", 4),
	    NS_ECORRUPT);
	buf_free(&b);
}

/* Records with their lengths before them. */
static void
test_variable_contents(void **state)
{
	static const struct {
		const char *p;
		uint32_t n, rows;
		int rc;
	} t[] = {
	    {"\1\0\0\0x", 5, 1, NS_OK},
	    {"\0\0\0\0\1\0\0\0x", 9, 2, NS_OK},
	    {"\2\0\0\0x", 5, 1, NS_ECORRUPT},
	    {"\0\0\0\0x", 5, 1, NS_ECORRUPT},
	    {"\1\0\0\0x", 5, 2, NS_ECORRUPT},
	    {"\1\0\0", 3, 1, NS_ECORRUPT},
	    {"\377\377\377\377x", 5, 1, NS_ECORRUPT},
	};
	struct nsr_schema schema;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	size_t i;

	(void)state;
	u32_schema(&schema);
	schema.width = 0;
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);
	for (i = 0; i < LEN(t); i++)
		assert_int_equal(with_frame(&b, 1, T_ROWS, FRAME_CRITICAL, t[i].rows,
				     t[i].p, t[i].n),
		    t[i].rc);
	buf_free(&b);
}

/* One TNSR payload: f32, 1 dimension, named w. */
static uint32_t
part(uint8_t p[64], uint64_t dim, uint64_t first, uint64_t count, uint32_t elements)
{
	memset(p, 0, 64);
	p[0] = NSR_F32;
	p[1] = 1;
	p[2] = 1;
	put_le64(p + 8, dim);
	put_le64(p + 16, first);
	put_le64(p + 24, count);
	p[32] = 'w';
	return 40 + 4 * elements;
}

static void
test_tensor_contents(void **state)
{
	static const struct {
		uint64_t dim, first, count;
		uint32_t elements;
		int rc;
	} t[] = {
	    {2, 0, 2, 2, NS_OK},
	    {0, 0, 0, 0, NS_OK},
	    {2, 0, 1, 1, NS_ECORRUPT},
	    {2, 1, 1, 1, NS_ECORRUPT},
	    {2, 0, 2, 1, NS_ECORRUPT},
	    {2, 0, 1, 2, NS_ECORRUPT},
	    {1, 0, 2, 2, NS_ECORRUPT},
	    {2, 0, 0, 0, NS_ECORRUPT},
	    {2, UINT64_MAX, 2, 2, NS_ECORRUPT},
	    {UINT64_MAX, 0, 2, 2, NS_ECORRUPT},
	    {2, 0, UINT64_MAX, 2, NS_ECORRUPT},
	};
	struct nsr_schema schema = {.kind = NSR_MODEL, .version = 1};
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	uint8_t p[64];
	uint32_t n;
	size_t i;

	(void)state;
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);
	for (i = 0; i < LEN(t); i++) {
		n = part(p, t[i].dim, t[i].first, t[i].count, t[i].elements);
		assert_int_equal(with_frame(&b, 1, T_TNSR, FRAME_CRITICAL, 0, p, n),
		    t[i].rc);
	}
	for (i = 0; i < 40; i++) {
		n = part(p, 2, 0, 2, 2);
		p[i] = 0xff;
		assert_int_equal(with_frame(&b, 1, T_TNSR, FRAME_CRITICAL, 0, p, n),
		    NS_ECORRUPT);
	}
	for (i = 0; i < 48; i++) {
		part(p, 2, 0, 2, 2);
		assert_int_equal(with_frame(&b, 1, T_TNSR, FRAME_CRITICAL, 0, p,
				     (uint32_t)i),
		    NS_ECORRUPT);
	}
	assert_int_equal(with_frame(&b, 1, T_ROWS, FRAME_CRITICAL, 1, "", 0),
	    NS_ECORRUPT);
	buf_free(&b);
}

/* Sizes above the limits are refused before the bytes are asked for. */
static void
test_limits(void **state)
{
	static const uint32_t sizes[][2] = {{NSR_FRAME_MAX + 1, NSR_FRAME_MAX + 1},
	    {UINT32_MAX, UINT32_MAX}, {100, UINT32_MAX}, {3, 4}};
	struct buf b = {0}, d = {0};
	struct pieces c;
	size_t i, at;

	(void)state;
	make_stream(&b, 0, 3, 1);
	cut(&c, &b);
	at = PROLOGUE_LEN + FRAME_HEAD + c.v[0].f.stored + frame_pad(c.v[0].f.stored);
	for (i = 0; i < LEN(sizes); i++) {
		d.len = 0;
		buf_put(&d, b.p, at + FRAME_HEAD);
		put_le32(d.p + at + 8, sizes[i][0]);
		put_le32(d.p + at + 12, sizes[i][1]);
		assert_int_equal(read_code(&d), NS_ECORRUPT);
	}
	pieces_free(&c);
	buf_free(&b);
	buf_free(&d);
}

/* Compressed zeros: 300 frames of 1 MiB that take 15 kB are not all kept. */
static void
test_head_bound(void **state)
{
	uint8_t *zeros = xcalloc(1, NSR_FRAME_MAX);
	struct nsr_schema schema;
	struct nsr_reader *r;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	uint64_t rows;
	int i;

	(void)state;
	u32_schema(&schema);
	scratch_open(&s, 1);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	for (i = 0; i < 257; i++)
		assert_int_equal(nsr_put_dict(s.w, "z", true, zeros, NSR_FRAME_MAX, &e),
		    NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);
	assert_true(b.len < 200000);
	r = read_bytes(b.p, b.len);
	assert_int_equal(read_all(r, &rows, &e), NS_ECORRUPT);
	assert_non_null(strstr(e.msg, "256 MiB"));
	buf_free(&b);
	free(zeros);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_unknown_frames),
	    cmocka_unit_test(test_unknown_copied),
	    cmocka_unit_test(test_contents),
	    cmocka_unit_test(test_variable_contents),
	    cmocka_unit_test(test_tensor_contents),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_head_bound),
	};

	return cmocka_run_group_tests_name("stream contents", tests, NULL, NULL);
}
