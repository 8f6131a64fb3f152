/* pcap and pcapng, of all byte orders and resolutions, whole and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-ingest/capture.h"
#include "base/le.h"
#include "base/mem.h"

/* A file being put together, in one byte order. */
struct file {
	struct buf b;
	bool big;
};

static void
u16(struct file *f, uint16_t v)
{
	if (f->big)
		put_be16(buf_room(&f->b, 2), v);
	else
		put_le16(buf_room(&f->b, 2), v);
}

static void
u32(struct file *f, uint32_t v)
{
	if (f->big)
		put_be32(buf_room(&f->b, 4), v);
	else
		put_le32(buf_room(&f->b, 4), v);
}

static void
bytes(struct file *f, size_t n)
{
	memset(buf_room(&f->b, n), 0xab, n);
}

static void
pcap_head(struct file *f, uint32_t magic, uint16_t minor, uint32_t link)
{
	f->b.len = 0;
	u32(f, magic);
	u16(f, 2);
	u16(f, minor);
	u32(f, 0);
	u32(f, 0);
	u32(f, 0xffffffff); /* snapshot length: means nothing here */
	u32(f, link);
}

static void
pcap_record(struct file *f, uint32_t s, uint32_t frac, uint32_t caplen, uint32_t len)
{
	u32(f, s);
	u32(f, frac);
	u32(f, caplen);
	u32(f, len);
}

/* Read the first n bytes of a file to the end: frames, or the error. */
static int
read_all(const struct file *f, size_t n, struct frame *last)
{
	struct capture c;
	struct input in;
	struct frame now;
	struct ns_err e;
	int rc, frames = 0;

	input_mem(&in, f->b.p, n);
	rc = capture_open(&c, &in, &e);
	while (rc >= 0 && (rc = capture_next(&c, &now, &e)) > 0) {
		*last = now;
		frames++;
	}
	capture_close(&c);
	input_close(&in);
	return rc < 0 ? rc : frames;
}

static void
test_pcap(void **state)
{
	static const struct {
		uint32_t magic;
		int64_t frac_ns;
		bool patched;
	} t[] = {{0xa1b2c3d4, 1000, false}, {0xa1b23c4d, 1, false},
	    {0xa1b2cd34, 1000, true}};
	struct frame last;
	struct file f = {.big = false};
	size_t i, n;
	int big;

	(void)state;
	for (i = 0; i < LEN(t); i++)
		for (big = 0; big < 2; big++) {
			f.big = big;
			pcap_head(&f, t[i].magic, 4, 101);
			pcap_record(&f, 0xfffffff0, 999999, 60, 1500);
			if (t[i].patched)
				bytes(&f, 8);
			bytes(&f, 60);
			assert_int_equal(read_all(&f, f.b.len, &last), 1);
			assert_true(last.t_ns ==
			    INT64_C(4294967280000000000) + 999999 * t[i].frac_ns);
			assert_int_equal(last.caplen, 60);
			assert_int_equal(last.wire_len, 1500);
			assert_int_equal(last.link, 101);
			for (n = 0; n < f.b.len; n++)
				assert_int_equal(read_all(&f, n, &last),
				    n == 24 ? 0 : NS_ETRUNC);
		}
	buf_free(&f.b);
}

/* A fraction beyond a second carries; the lengths of old versions are swapped. */
static void
test_pcap_oddities(void **state)
{
	struct frame last;
	struct file f = {.big = false};

	(void)state;
	pcap_head(&f, 0xa1b2c3d4, 4, 1);
	pcap_record(&f, 1, 2500000, 0, 0);
	assert_int_equal(read_all(&f, f.b.len, &last), 1);
	assert_true(last.t_ns == INT64_C(3500000000));
	pcap_head(&f, 0xa1b2c3d4, 2, 0xf0000001);
	pcap_record(&f, 1, 0, 100, 40);
	bytes(&f, 40);
	assert_int_equal(read_all(&f, f.b.len, &last), 1);
	assert_int_equal(last.caplen, 40);
	assert_int_equal(last.wire_len, 100);
	assert_int_equal(last.link, 1);
	pcap_head(&f, 0xa1b2c3d4, 4, 1);
	pcap_record(&f, 1, 0, 0xfffffff0, 40);
	assert_int_equal(read_all(&f, f.b.len, &last), NS_ECORRUPT);
	pcap_head(&f, 0xa1b2c3d4, 4, 1);
	put_le16(f.b.p + 4, 3);
	assert_int_equal(read_all(&f, f.b.len, &last), NS_EVERSION);
	buf_free(&f.b);
}

/* A block around what has been added since mark. */
static void
close_block(struct file *f, size_t mark, uint32_t type)
{
	size_t n = f->b.len - mark;

	while (n % 4 != 0) {
		*buf_room(&f->b, 1) = 0;
		n++;
	}
	buf_room(&f->b, 12);
	memmove(f->b.p + mark + 8, f->b.p + mark, n);
	f->b.len = mark;
	u32(f, type);
	u32(f, (uint32_t)n + 12);
	f->b.len += n;
	u32(f, (uint32_t)n + 12);
}

static void
section(struct file *f)
{
	size_t mark = f->b.len;

	u32(f, 0x1a2b3c4d);
	u16(f, 1);
	u16(f, 0);
	u32(f, 0xffffffff);
	u32(f, 0xffffffff);
	close_block(f, mark, 0x0a0d0d0a);
}

/* resolution 6 and offset 0 are left out, as they may be. */
static void
interface(struct file *f, uint16_t link, uint8_t resolution, int64_t offset)
{
	size_t mark = f->b.len;
	uint64_t o = (uint64_t)offset;

	u16(f, link);
	u16(f, 0);
	u32(f, 65535);
	if (resolution != 6) {
		u16(f, 9);
		u16(f, 1);
		*buf_room(&f->b, 1) = resolution;
		bytes(f, 3);
	}
	if (offset != 0) {
		u16(f, 14);
		u16(f, 8);
		u32(f, (uint32_t)(f->big ? o >> 32 : o));
		u32(f, (uint32_t)(f->big ? o : o >> 32));
	}
	close_block(f, mark, 1);
}

static void
enhanced(struct file *f, uint32_t iface, uint64_t t, uint32_t caplen, uint32_t len)
{
	size_t mark = f->b.len;

	u32(f, iface);
	u32(f, (uint32_t)(t >> 32));
	u32(f, (uint32_t)t);
	u32(f, caplen);
	u32(f, len);
	bytes(f, caplen < 4096 ? caplen : 0);
	close_block(f, mark, 6);
}

static void
test_pcapng(void **state)
{
	struct frame last;
	struct file f = {.big = false};
	size_t n;
	int big, rc;

	(void)state;
	for (big = 0; big < 2; big++) {
		f.big = big;
		f.b.len = 0;
		section(&f);
		interface(&f, 101, 6, 0);
		interface(&f, 1, 9, 100);
		enhanced(&f, 0, 1500000, 61, 1500);
		enhanced(&f, 1, 1500000001, 30, 30);
		assert_int_equal(read_all(&f, f.b.len, &last), 2);
		assert_true(last.t_ns == INT64_C(101500000001));
		assert_int_equal(last.link, 1);
		assert_int_equal(last.caplen, 30);
		for (n = 0; n < f.b.len; n++) {
			rc = read_all(&f, n, &last);
			assert_true(rc == NS_ETRUNC || rc == 0 || rc == 1);
		}
	}
	/* A second section, in the other byte order, with interfaces of its own. */
	f.big = false;
	section(&f);
	interface(&f, 228, 6, 0);
	enhanced(&f, 0, 7, 20, 20);
	assert_int_equal(read_all(&f, f.b.len, &last), 3);
	assert_int_equal(last.link, 228);
	assert_true(last.t_ns == 7000);
	enhanced(&f, 1, 7, 20, 20);
	assert_int_equal(read_all(&f, f.b.len, &last), NS_ECORRUPT);
	buf_free(&f.b);
}

static void
check_time(uint8_t resolution, int64_t offset, uint64_t t, int64_t want_ns)
{
	struct frame last;
	struct file f = {.big = false};

	section(&f);
	interface(&f, 1, resolution, offset);
	enhanced(&f, 0, t, 14, 14);
	assert_int_equal(read_all(&f, f.b.len, &last), 1);
	if (want_ns == INT64_MAX) {
		assert_int_equal(last.why, SKIP_TIME);
	} else {
		assert_int_equal(last.why, SKIP_NONE);
		assert_true(last.t_ns == want_ns);
	}
	buf_free(&f.b);
}

static void
test_times(void **state)
{
	(void)state;
	check_time(0, 0, 5, INT64_C(5000000000));
	check_time(3, 0, 5001, INT64_C(5001000000));
	check_time(12, 0, 5000000000123, INT64_C(5000000000));
	check_time(0x80, 0, 5, INT64_C(5000000000));
	check_time(0x80 | 10, 0, 1024 + 512, INT64_C(1500000000));
	check_time(0x80 | 32, 0, UINT64_C(3) << 31, INT64_C(1500000000));
	check_time(0x80 | 63, 0, UINT64_C(3) << 62, INT64_C(1500000000));
	check_time(0x80 | 64, 0, UINT64_C(1) << 63, INT64_C(500000000));
	check_time(255, 0, UINT64_MAX, 0);
	check_time(127, 0, UINT64_MAX, 0);
	check_time(6, -2, 500000, INT64_C(-1500000000));
	check_time(0, 0, UINT64_MAX, INT64_MAX);
	check_time(0, INT64_MAX, 1, INT64_MAX);
	check_time(0, INT64_MIN, 1, INT64_MAX);
	/* beyond 2106, where 32 bits of seconds end */
	check_time(6, 0, UINT64_C(5000000000000000), INT64_C(5000000000000000000));
}

static void
test_other_blocks(void **state)
{
	struct frame last;
	struct file f = {.big = false};
	size_t mark;

	(void)state;
	section(&f);
	interface(&f, 1, 6, 0);
	mark = f.b.len;
	bytes(&f, 100000); /* a block of no interest, larger than the window at hand */
	close_block(&f, mark, 0x00000bad);
	mark = f.b.len;
	u32(&f, 60); /* simple packet: original length, no time */
	bytes(&f, 40);
	close_block(&f, mark, 3);
	assert_int_equal(read_all(&f, f.b.len, &last), 1);
	assert_int_equal(last.why, SKIP_NO_TIME);
	assert_int_equal(last.caplen, 40);
	mark = f.b.len;
	u16(&f, 0); /* obsolete packet block: interface, drops */
	u16(&f, 9);
	u32(&f, 0);
	u32(&f, 250);
	u32(&f, 14);
	u32(&f, 20);
	bytes(&f, 14);
	close_block(&f, mark, 2);
	assert_int_equal(read_all(&f, f.b.len, &last), 2);
	assert_true(last.t_ns == 250000);
	assert_int_equal(last.wire_len, 20);
	buf_free(&f.b);
}

/* Each 32-bit word of the second block set to what it may not be. */
static int
damaged(size_t at, uint32_t v)
{
	struct frame last;
	struct file f = {.big = false};
	int rc;

	section(&f);                /* 28 bytes */
	interface(&f, 1, 6, 0);     /* 20 */
	enhanced(&f, 0, 1, 16, 16); /* 48 */
	put_le32(f.b.p + at, v);
	rc = read_all(&f, f.b.len, &last);
	buf_free(&f.b);
	return rc;
}

static void
test_damage(void **state)
{
	(void)state;
	assert_int_equal(damaged(8, 0x1a2b3c4d), 1);
	assert_int_equal(damaged(8, 0), NS_ECORRUPT);
	assert_int_equal(damaged(4, 0), NS_ECORRUPT);
	assert_int_equal(damaged(4, 24), NS_ECORRUPT);
	assert_int_equal(damaged(24, 24), NS_ECORRUPT);
	assert_int_equal(damaged(12, 2), NS_EVERSION);
	assert_int_equal(damaged(32, 0), NS_ECORRUPT);
	assert_int_equal(damaged(32, 21), NS_ECORRUPT);
	assert_int_equal(damaged(32, 0xfffffffc), NS_ECORRUPT);
	assert_int_equal(damaged(32, 400), NS_ETRUNC);
	assert_int_equal(damaged(44, 400), NS_ECORRUPT);
	assert_int_equal(damaged(52, 12), NS_ECORRUPT);
	assert_int_equal(damaged(56, 1), NS_ECORRUPT);
	assert_int_equal(damaged(68, 17), NS_ECORRUPT);
	assert_int_equal(damaged(68, 0xfffffff0), NS_ECORRUPT);
	assert_int_equal(damaged(28, 0xbad), NS_ECORRUPT); /* no interface left */
}

static void
test_interfaces_limit(void **state)
{
	struct frame last;
	struct file f = {.big = false};
	int i;

	(void)state;
	section(&f);
	for (i = 0; i < CAPTURE_IFACES_MAX; i++)
		interface(&f, 1, 6, 0);
	assert_int_equal(read_all(&f, f.b.len, &last), 0);
	interface(&f, 1, 6, 0);
	assert_int_equal(read_all(&f, f.b.len, &last), NS_ECORRUPT);
	buf_free(&f.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pcap),
	    cmocka_unit_test(test_pcap_oddities),
	    cmocka_unit_test(test_pcapng),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_other_blocks),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_interfaces_limit),
	};

	return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
}
