/* No damage is taken for a stream: every prefix, every bit, every lost frame. */
#include "bytes.h"

/* Every proper prefix of the stream is refused, at the first byte as at the last. */
static void
sweep_prefixes(const struct buf *b)
{
	struct buf part = *b;
	size_t n;
	int rc;

	for (n = 0; n < b->len; n++) {
		part.len = n;
		rc = read_code(&part);
		assert_int_equal(rc, NS_ETRUNC);
	}
	assert_int_equal(read_code(b), NS_OK);
}

static void
sweep_bits(const struct buf *b)
{
	size_t i, accepted = 0;

	for (i = 0; i < 8 * b->len; i++) {
		b->p[i / 8] ^= (uint8_t)(1u << i % 8);
		accepted += read_code(b) == NS_OK;
		b->p[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	assert_int_equal(accepted, 0);
	assert_int_equal(read_code(b), NS_OK);
}

static void
test_sweeps(void **state)
{
	struct buf b = {0};

	(void)state;
	make_stream(&b, 0, 3, 2);
	sweep_prefixes(&b);
	sweep_bits(&b);
	b.len = 0;
	make_stream(&b, 3, 60, 2);
	sweep_prefixes(&b);
	sweep_bits(&b);
	buf_free(&b);
}

static void
test_model_sweeps(void **state)
{
	const float v[4] = {1, 2, 3, 4};
	const uint64_t dims[2] = {2, 2};
	struct nsr_schema schema = {.kind = NSR_MODEL, .version = 1};
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;

	(void)state;
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put_tensor(s.w, "w", NSR_F32, 2, dims, v, &e), NS_OK);
	assert_int_equal(nsr_end(s.w, &e), NS_OK);
	scratch_close(&s, &b);
	sweep_prefixes(&b);
	sweep_bits(&b);
	buf_free(&b);
}

/* Frames dropped, doubled and swapped, one at a time, all but the bytes kept. */
static void
test_frames_moved(void **state)
{
	struct buf b = {0}, d = {0};
	struct piece kept;
	struct pieces c;
	size_t i, n;

	(void)state;
	make_stream(&b, 0, 3, 3);
	cut(&c, &b);
	n = c.n;
	for (i = 0; i < n; i++) {
		kept = c.v[i];
		memmove(&c.v[i], &c.v[i + 1], (n - i - 1) * sizeof kept);
		c.n = n - 1;
		d.len = 0;
		sew(&d, &c, 0, KEEP_SEQUENCE | KEEP_CRC | KEEP_END);
		assert_true(read_code(&d) < 0);
		memmove(&c.v[i + 1], &c.v[i], (n - i - 1) * sizeof kept);
		c.v[i] = kept;
		c.n = n;
	}
	for (i = 0; i + 1 < n; i++) {
		kept = c.v[i];
		c.v[i] = c.v[i + 1];
		d.len = 0;
		sew(&d, &c, 0, KEEP_SEQUENCE | KEEP_CRC | KEEP_END);
		assert_true(read_code(&d) < 0);
		c.v[i + 1] = kept;
		d.len = 0;
		sew(&d, &c, 0, KEEP_SEQUENCE | KEEP_CRC | KEEP_END);
		assert_true(read_code(&d) < 0);
		c.v[i + 1] = c.v[i];
		c.v[i] = kept;
	}
	pieces_free(&c);
	buf_free(&b);
	buf_free(&d);
}

static void
set_version(struct buf *b, uint16_t major, uint16_t minor)
{
	put_le16(b->p + 8, major);
	put_le16(b->p + 10, minor);
	put_le32(b->p + 12, crc32c(0, b->p, 12));
}

static void
test_versions(void **state)
{
	struct buf b = {0};

	(void)state;
	make_stream(&b, 0, 3, 1);
	set_version(&b, 1, 7);
	assert_int_equal(read_code(&b), NS_OK);
	set_version(&b, 2, 0);
	assert_int_equal(read_code(&b), NS_EVERSION);
	set_version(&b, 0, 9);
	assert_int_equal(read_code(&b), NS_EVERSION);
	buf_free(&b);
}

static void
test_joined(void **state)
{
	struct buf b = {0};
	struct nsr_reader *r;
	struct ns_err e;
	uint64_t rows;
	size_t one;

	(void)state;
	make_stream(&b, 0, 3, 1);
	one = b.len;
	make_stream(&b, 3, 100, 2);
	make_stream(&b, 0, 0, 1);
	r = read_bytes(b.p, b.len);
	assert_int_equal(read_all(r, &rows, &e), NS_OK);
	assert_int_equal(rows, 203);
	b.len = one + 100;
	assert_int_equal(read_code(&b), NS_ETRUNC);
	b.len = one;
	buf_put(&b, "x", 1);
	assert_int_equal(read_code(&b), NS_ECORRUPT);
	b.len = one;
	buf_put(&b, "\0\0\0\0\0\0\0\0", 8);
	assert_int_equal(read_code(&b), NS_ECORRUPT);
	buf_free(&b);
}

/* LF to CRLF and back to LF, as transfers in text mode do. */
static void
test_text_mode(void **state)
{
	struct buf b = {0}, crlf = {0}, lf = {0};
	size_t i;

	(void)state;
	make_stream(&b, 0, 3, 1);
	for (i = 0; i < b.len; i++) {
		if (b.p[i] == '\n')
			buf_put(&crlf, "\r", 1);
		buf_put(&crlf, b.p + i, 1);
		if (b.p[i] != '\r')
			buf_put(&lf, b.p + i, 1);
	}
	assert_int_equal(read_code(&crlf), NS_ECORRUPT);
	assert_int_equal(read_code(&lf), NS_ECORRUPT);
	buf_free(&b);
	buf_free(&crlf);
	buf_free(&lf);
}

static void
test_other_files(void **state)
{
	static const char pcap[24] = "\xd4\xc3\xb2\xa1\2\0\4";
	struct nsr_reader *r;
	struct ns_err e;
	uint64_t rows;

	(void)state;
	r = read_bytes(pcap, sizeof pcap);
	assert_int_equal(read_all(r, &rows, &e), NS_EKIND);
	assert_string_equal(e.msg,
	    "'test' is not a netshare stream; read captures and CSV files with "
	    "ns-ingest");
	r = read_bytes("a", 1);
	assert_int_equal(read_all(r, &rows, &e), NS_EKIND);
	r = read_bytes("", 0);
	assert_int_equal(read_all(r, &rows, &e), NS_ETRUNC);
	assert_string_equal(e.msg, "'test' is empty, not a stream");
}

/* What wrote the stream failed and said so. */
static void
test_failed_writer(void **state)
{
	struct nsr_schema schema;
	struct nsr_reader *r;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	uint64_t rows;

	(void)state;
	u32_schema(&schema);
	scratch_open(&s, 0);
	assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
	assert_int_equal(nsr_put(s.w, "abcd", 4, &e), NS_OK);
	nsr_end_failed(s.w, 70);
	nsr_end_failed(s.w, 70);
	scratch_close(&s, &b);
	r = read_bytes(b.p, b.len);
	assert_int_equal(read_all(r, &rows, &e), NS_ETRUNC);
	assert_non_null(strstr(e.msg, "failed with status 70"));
	/* The same without a word: no END at all. */
	b.len -= FRAME_HEAD + END_LEN;
	assert_int_equal(read_code(&b), NS_ETRUNC);
	buf_free(&b);
}

/* A failure between streams, or before the first, is seen too. */
static void
test_failed_between(void **state)
{
	struct nsr_schema schema;
	struct buf b = {0};
	struct scratch s;
	struct ns_err e;
	int i;

	(void)state;
	u32_schema(&schema);
	for (i = 0; i < 2; i++) {
		b.len = 0;
		scratch_open(&s, 0);
		if (i > 0) {
			assert_int_equal(nsr_begin(s.w, &schema, &e), NS_OK);
			assert_int_equal(nsr_end(s.w, &e), NS_OK);
		}
		nsr_end_failed(s.w, 74);
		scratch_close(&s, &b);
		assert_int_equal(read_code(&b), NS_ETRUNC);
		b.len -= FRAME_HEAD + END_LEN;
		assert_int_equal(read_code(&b), NS_ETRUNC);
	}
	buf_free(&b);
}

/* After an error the reader says so again and reads nothing more. */
static void
test_no_reading_on(void **state)
{
	struct buf b = {0};
	struct nsr_reader *r;
	const uint8_t *rec;
	struct ns_err e;
	size_t len;

	(void)state;
	make_stream(&b, 0, 3, 1);
	b.p[b.len - 1] ^= 1;
	r = read_bytes(b.p, b.len);
	assert_int_equal(nsr_stream(r, &e), 1);
	assert_int_equal(nsr_skip(r, &e), NS_ECORRUPT);
	assert_int_equal(nsr_next(r, &rec, &len, &e), NS_ECORRUPT);
	assert_int_equal(nsr_stream(r, &e), NS_ECORRUPT);
	nsr_reader_free(r);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sweeps),
	    cmocka_unit_test(test_model_sweeps),
	    cmocka_unit_test(test_frames_moved),
	    cmocka_unit_test(test_versions),
	    cmocka_unit_test(test_joined),
	    cmocka_unit_test(test_text_mode),
	    cmocka_unit_test(test_other_files),
	    cmocka_unit_test(test_failed_writer),
	    cmocka_unit_test(test_failed_between),
	    cmocka_unit_test(test_no_reading_on),
	};

	return cmocka_run_group_tests_name("stream damage", tests, NULL, NULL);
}
