/* The bytes of small captures and lines of CSV, looked at one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../tools/ns-decode/decode.h"
#include "base/le.h"
#include "base/mem.h"

static char dir[] = "/tmp/netshare-test.XXXXXX";
static const char *const out_name = "out";

static const char *
out_path(char path[300])
{
	snprintf(path, 300, "%s/%s", dir, out_name);
	return path;
}

/* What a file holds; *n bytes, and one NUL behind. */
static uint8_t *
slurp(size_t *n)
{
	char path[300];
	FILE *f = fopen(out_path(path), "rb");
	uint8_t *p = xcalloc(1, 100000);

	assert_non_null(f);
	*n = fread(p, 1, 99999, f);
	fclose(f);
	unlink(path);
	return p;
}

static struct out *
create(void)
{
	char path[300];
	struct ns_err e;
	struct out *o = out_open(out_path(path), true, &e);

	assert_non_null(o);
	return o;
}

static void
udp_packet(struct packet *p)
{
	memset(p, 0, sizeof *p);
	p->t_ns = 1500000000123456789;
	addr_from_v4(p->key.src_ip, 0x0a000001);
	addr_from_v4(p->key.dst_ip, 0x0a000002);
	p->key.src_port = 53;
	p->key.dst_port = 1025;
	p->key.proto = PROTO_UDP;
	p->ip_len = 31;
	p->ip_id = 0x1234;
	p->ip_flags = 2;
	p->ttl = 64;
}

static void
write_one(struct intake *in, const struct packet *p)
{
	struct frame *f = xcalloc(1, sizeof *f);
	struct frame_counts n = {0};
	struct capture c;
	struct out *o = create();
	struct ns_err e;

	assert_int_equal(capture_begin(&c, o, in, &e), NS_OK);
	frame_build(f, in->opts, p, 7, frame_ack(&p->key), &n);
	assert_int_equal(capture_put(&c, o, p->t_ns, f, &e), NS_OK);
	assert_int_equal(out_commit(o, &e), NS_OK);
	free(f);
}

/* 20 + 8 bytes of header: total 31, id 0x1234, DF, TTL 64; sums by hand (RFC 1071). */
static const uint8_t ip_udp[] = {0x45, 0, 0, 31, 0x12, 0x34, 0x40, 0, 64, 17, 0x14,
    0x98, 10, 0, 0, 1, 10, 0, 0, 2, 0, 53, 4, 1, 0, 11, 0xe7, 0x9f};

static void
pcap_bytes(void **state)
{
	static const uint8_t head[] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
	    0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0,
	    /* 1500000000 s, 123456 us, 28 of 31 bytes */
	    0x00, 0x2f, 0x68, 0x59, 0x40, 0xe2, 0x01, 0x00, 28, 0, 0, 0, 31, 0, 0, 0};
	struct decode_opts o = {.format = FORMAT_PCAP, .link = LINK_RAW};
	struct intake in = {.opts = &o};
	struct packet p;
	uint8_t *got;
	size_t n;

	(void)state;
	udp_packet(&p);
	write_one(&in, &p);
	got = slurp(&n);
	assert_int_equal(n, sizeof head + sizeof ip_udp);
	assert_memory_equal(got, head, sizeof head);
	assert_memory_equal(got + sizeof head, ip_udp, sizeof ip_udp);
	free(got);
	in.unit_ns = 1;
	o.pad = true;
	write_one(&in, &p);
	got = slurp(&n);
	assert_int_equal(n, 24 + 16 + 31);
	assert_int_equal(get_le32(got), 0xa1b23c4d);
	assert_int_equal(get_le32(got + 28), 123456789);
	assert_int_equal(get_le32(got + 32), 31);
	assert_memory_equal(got + 40, ip_udp, sizeof ip_udp);
	assert_memory_equal(got + 40 + 28, "\0\0\0", 3);
	free(got);
}

static void
pcapng_bytes(void **state)
{
	static const uint8_t section[] = {0x0a, 0x0d, 0x0d, 0x0a, 96, 0, 0, 0, 0x4d,
	    0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0,
	    27, 0};
	static const uint8_t interface[] = {1, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 255,
	    255, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0};
	struct decode_opts o = {.format = FORMAT_PCAPNG, .link = LINK_ETHERNET};
	struct intake in = {.opts = &o, .synthetic = true};
	struct packet p;
	uint8_t *got, *b;
	size_t n, first;

	(void)state;
	udp_packet(&p);
	write_one(&in, &p);
	got = slurp(&n);
	first = get_le32(got + 4);
	assert_int_equal(first % 4, 0);
	assert_memory_equal(got, section, 4);
	assert_memory_equal(got + 8, section + 8, sizeof section - 8);
	assert_memory_equal(got + 28, "synthetic, made by netshare\0", 28);
	assert_memory_equal(got + 56,
	    "\1\0\35\0privacy: NO PRIVACY GUARANTEE\0\0\0\4\0", 38);
	assert_int_equal(get_le32(got + first - 4), first);
	assert_memory_equal(got + first, interface, sizeof interface);
	b = got + first + sizeof interface;
	assert_int_equal(n, first + sizeof interface + 32 + 44);
	assert_int_equal(get_le32(b), 6);
	assert_int_equal(get_le32(b + 4), 76);
	assert_true(((uint64_t)get_le32(b + 12) << 32 | get_le32(b + 16)) ==
	    1500000000123456789);
	assert_int_equal(get_le32(b + 20), 42);
	assert_int_equal(get_le32(b + 24), 45);
	assert_memory_equal(b + 40, "\x08\0", 2);
	assert_memory_equal(b + 42, ip_udp, sizeof ip_udp);
	assert_memory_equal(b + 70, "\0\0", 2);
	assert_int_equal(get_le32(b + 72), 76);
	free(got);
}

static void
times_out_of_range(void **state)
{
	struct capture c = {.format = FORMAT_PCAP};
	struct frame *f = xcalloc(1, sizeof *f);
	struct out *o = create();
	struct ns_err e;

	(void)state;
	assert_int_equal(capture_put(&c, o, -1, f, &e), NS_EKIND);
	assert_int_equal(capture_put(&c, o, 4294967295999999999, f, &e), NS_OK);
	assert_int_equal(capture_put(&c, o, 4294967296000000000, f, &e), NS_EKIND);
	c.format = FORMAT_PCAPNG;
	assert_int_equal(capture_put(&c, o, 4294967296000000000, f, &e), NS_OK);
	assert_int_equal(capture_put(&c, o, -1, f, &e), NS_EKIND);
	out_abort(o);
	free(f);
}

/* Destination, source and type of the Ethernet header. */
static void
ethernet(uint8_t out[14], const struct packet *p)
{
	struct decode_opts o = {.format = FORMAT_PCAP, .link = LINK_ETHERNET};
	struct frame *f = xcalloc(1, sizeof *f);
	struct frame_counts n = {0};

	frame_build(f, &o, p, 0, 0, &n);
	memcpy(out, f->bytes, 14);
	free(f);
}

static void
mac_addresses(void **state)
{
	uint8_t a[14], b[14];
	struct packet p;

	(void)state;
	udp_packet(&p);
	ethernet(a, &p);
	assert_int_equal(a[0], 2);
	assert_int_equal(a[6], 2);
	assert_memory_not_equal(a, a + 6, 6);
	memcpy(p.key.src_ip, p.key.dst_ip, 16);
	addr_from_v4(p.key.dst_ip, 0xe08a0203);
	ethernet(b, &p);
	assert_memory_equal(b + 6, a, 6);
	assert_memory_equal(b, "\x01\x00\x5e\x0a\x02\x03", 6);
	addr_from_v4(p.key.dst_ip, 0xffffffff);
	ethernet(b, &p);
	assert_memory_equal(b, "\xff\xff\xff\xff\xff\xff", 6);
	memset(p.key.src_ip, 1, 16);
	memset(p.key.dst_ip, 0xff, 16);
	p.ip_len = 48;
	ethernet(b, &p);
	assert_memory_equal(b, "\x33\x33\xff\xff\xff\xff", 6);
	assert_int_equal(b[6], 2);
	assert_memory_equal(b + 12, "\x86\xdd", 2);
}

static void
frame_lengths(void **state)
{
	struct decode_opts o = {.format = FORMAT_PCAP,
	    .link = LINK_ETHERNET,
	    .pad = true};
	struct frame *f = xcalloc(1, sizeof *f);
	struct frame_counts n = {0};
	struct packet p;

	(void)state;
	udp_packet(&p);
	p.ip_len = 65535;
	frame_build(f, &o, &p, 0, 0, &n);
	assert_int_equal(f->captured, 65535);
	assert_int_equal(f->original, 65549);
	assert_int_equal(n.capped, 1);
	o.pad = false;
	frame_build(f, &o, &p, 0, 0, &n);
	assert_int_equal(f->captured, 42);
	assert_int_equal(f->original, 65549);
	assert_int_equal(n.capped, 1);
	p.ip_len = 26; /* a cut UDP header is what was asked for */
	frame_build(f, &o, &p, 0, 0, &n);
	assert_int_equal(f->captured, 40);
	assert_int_equal(f->original, 40);
	assert_int_equal(n.raised, 0);
	memset(p.key.src_ip, 1, 16);
	memset(p.key.dst_ip, 2, 16);
	p.ip_flags = 1;
	p.ip_len = 40; /* no room for the fragment header */
	frame_build(f, &o, &p, 0, 0, &n);
	assert_int_equal(n.raised, 1);
	assert_true(f->original >= 14 + 48);
	free(f);
}

static void
csv_lines(void **state)
{
	static const char expected[] =
	    "srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl,tcpflags,"
	    "label\n"
	    "10.0.0.1,10.0.0.2,53,1025,17,1500000000123456.789,31,0,4660,2,0,64,0,\n"
	    "10.0.0.1,10.0.0.2,53,1025,17,-0.001,31,0,4660,2,0,64,0,\"a, \"\"b\"\"\"\n"
	    "101:101:101:101:101:101:101:101,::,53,1025,17,1500000000,31,0,4660,2,0,64,"
	    "0,plain\n";
	struct csv c = {.unit_ns = 1000, .label = true};
	struct labels l;
	struct packet p;
	struct ns_err e;
	struct out *o = create();
	uint8_t *got;
	size_t n;

	(void)state;
	labels_init(&l);
	assert_int_equal(labels_intern(&l, "a, \"b\""), 1);
	assert_int_equal(labels_intern(&l, "plain"), 2);
	c.labels = &l;
	udp_packet(&p);
	assert_int_equal(csv_begin(&c, o, false, &e), NS_OK);
	assert_int_equal(csv_put_packet(&c, o, &p, &e), NS_OK);
	p.t_ns = -1;
	p.label = 1;
	assert_int_equal(csv_put_packet(&c, o, &p, &e), NS_OK);
	memset(p.key.src_ip, 1, 16);
	memset(p.key.dst_ip, 0, 16);
	for (n = 0; n < 16; n += 2)
		p.key.src_ip[n] = 1;
	c.unit_ns = 1000000000;
	p.t_ns = 1500000000000000000;
	p.label = 2;
	assert_int_equal(csv_put_packet(&c, o, &p, &e), NS_OK);
	assert_int_equal(out_commit(o, &e), NS_OK);
	got = slurp(&n);
	assert_string_equal((char *)got, expected);
	free(got);
	labels_free(&l);
}

static void
csv_flows(void **state)
{
	static const char expected[] =
	    "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type\n"
	    "10.0.0.1,10.0.0.2,53,1025,17,1500000000.123456789,0,1,31,background\n"
	    "10.0.0.1,10.0.0.2,53,1025,17,-9223372036.854775808,305.636000001,"
	    "18446744073709551615,18446744073709551615,\n";
	struct csv c = {.unit_ns = 1000000000};
	struct flow f = {.n_pkts = 1, .n_bytes = 31, .type = 1};
	struct labels l;
	struct packet p;
	struct ns_err e;
	struct out *o = create();
	uint8_t *got;
	size_t n;

	(void)state;
	labels_init(&l);
	assert_int_equal(labels_intern(&l, "background"), 1);
	c.labels = &l;
	udp_packet(&p);
	f.key = p.key;
	f.t_start_ns = p.t_ns;
	assert_int_equal(csv_begin(&c, o, true, &e), NS_OK);
	assert_int_equal(csv_put_flow(&c, o, &f, &e), NS_OK);
	f.t_start_ns = INT64_MIN;
	f.dur_ns = 305636000001;
	f.n_pkts = f.n_bytes = UINT64_MAX;
	f.type = 0;
	assert_int_equal(csv_put_flow(&c, o, &f, &e), NS_OK);
	assert_int_equal(out_commit(o, &e), NS_OK);
	got = slurp(&n);
	assert_string_equal((char *)got, expected);
	free(got);
	labels_free(&l);
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
	    cmocka_unit_test(pcap_bytes),
	    cmocka_unit_test(pcapng_bytes),
	    cmocka_unit_test(times_out_of_range),
	    cmocka_unit_test(mac_addresses),
	    cmocka_unit_test(frame_lengths),
	    cmocka_unit_test(csv_lines),
	    cmocka_unit_test(csv_flows),
	};

	return cmocka_run_group_tests_name("ns-decode write", tests, setup, teardown);
}
