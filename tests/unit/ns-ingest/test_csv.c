/* CSV: what each column becomes, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-ingest/csv.h"
#include "base/mem.h"

/* The first row of a text, and what came of it. */
struct result {
	struct packet p;
	struct flow f;
	enum skip why;
	bool no_ports, of_flows;
	enum time_unit unit;
	char type[64], label[64], unknown[200];
	struct ns_err e;
	int rc;   /* of csv_open if that failed, else of the first csv_next */
	int rows; /* all that could be read */
};

static void
read_text(struct result *r, const char *text, enum time_unit unit)
{
	struct labels l;
	struct packet p;
	struct flow f;
	struct input in;
	struct csv c;
	enum skip why;
	bool no_ports;

	memset(r, 0, sizeof *r);
	labels_init(&l);
	input_mem(&in, (const uint8_t *)text, strlen(text));
	r->rc = csv_open(&c, &in, &l, unit, &r->e);
	if (r->rc == NS_OK) {
		r->rc = csv_next(&c, &r->p, &r->f, &r->why, &r->no_ports, &r->e);
		r->rows = r->rc > 0;
		if (r->rc > 0 && r->why == SKIP_NONE) {
			snprintf(r->type, sizeof r->type, "%s",
			    labels_text(&l, r->f.type));
			snprintf(r->label, sizeof r->label, "%s",
			    labels_text(&l, c.of_flows ? r->f.label : r->p.label));
		}
		while (r->rows > 0 && csv_next(&c, &p, &f, &why, &no_ports, &r->e) > 0)
			r->rows++;
	}
	r->of_flows = c.of_flows;
	r->unit = c.unit;
	strcpy(r->unknown, c.unknown);
	csv_close(&c);
	input_close(&in);
	labels_free(&l);
}

#define FLOW_COLUMNS "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type\n"

static void
test_flow(void **state)
{
	struct result r;

	(void)state;
	read_text(&r,
	    FLOW_COLUMNS "1730436467,719036359,0,53,UDP,1458298072364000.0,"
			 "305.63599999999997,62,1736.0,background\n",
	    UNIT_AUTO);
	assert_int_equal(r.rc, 1);
	assert_true(r.of_flows);
	assert_int_equal(r.unit, UNIT_US);
	assert_true(r.f.t_start_ns == INT64_C(1458298072364000000));
	assert_true(r.f.dur_ns == INT64_C(305636000000));
	assert_int_equal(addr_to_v4(r.f.key.src_ip), 1730436467);
	assert_int_equal(r.f.key.dst_port, 53);
	assert_int_equal(r.f.key.proto, PROTO_UDP);
	assert_int_equal(r.f.n_pkts, 62);
	assert_int_equal(r.f.n_bytes, 1736);
	assert_string_equal(r.type, "background");
}

/* Any order, quotes, CRLF, a byte order mark, a column not known, an empty last line.
 */
static void
test_shape(void **state)
{
	struct result r;

	(void)state;
	read_text(&r,
	    "\xef\xbb\xbf\"byt\",pkt , "
	    "td,label,TS,foo,dstport,srcport,proto,dstip,srcip\r\n"
	    "100,2,1e-3,\"a \"\"b\"\", c\",12.5,x,80,1,tcp,\"2001:db8::1\",::1\r\n\r\n",
	    UNIT_S);
	assert_int_equal(r.rc, 1);
	assert_int_equal(r.rows, 1);
	assert_string_equal(r.unknown, "'foo'");
	assert_string_equal(r.label, "a \"b\", c");
	assert_true(r.f.t_start_ns == INT64_C(12500000000));
	assert_true(r.f.dur_ns == 1000000);
	assert_int_equal(r.f.key.src_ip[15], 1);
	assert_int_equal(r.f.key.dst_ip[0], 0x20);
}

#define PACKET_COLUMNS                                                                 \
	"srcip,dstip,srcport,dstport,proto,ts,pkt_len,tos,id,flag,off,ttl"

static void
test_packet(void **state)
{
	struct result r;

	(void)state;
	read_text(&r,
	    PACKET_COLUMNS ",tcpflags,label,version,ihl,chksum\n"
			   "192.0.2.1,192.0.2.2,1234,443,6,1521118773289502,1500,8,"
			   "54321,2,0,57,18,benign,4,5,1\n",
	    UNIT_AUTO);
	assert_int_equal(r.rc, 1);
	assert_int_equal(r.why, SKIP_NONE);
	assert_false(r.of_flows);
	assert_string_equal(r.unknown, "");
	assert_true(r.p.t_ns == INT64_C(1521118773289502000));
	assert_int_equal(r.p.ip_len, 1500);
	assert_int_equal(r.p.tos, 8);
	assert_int_equal(r.p.ip_id, 54321);
	assert_int_equal(r.p.ip_flags, 2);
	assert_int_equal(r.p.ttl, 57);
	assert_int_equal(r.p.tcp_flags, 18);
	assert_string_equal(r.label, "benign");
}

static enum skip
skipped(const char *src, const char *dst, const char *proto, const char *len)
{
	struct result r;
	char text[500];

	snprintf(text, sizeof text, PACKET_COLUMNS "\n%s,%s,1,2,%s,0,%s,0,0,0,0,1\n",
	    src, dst, proto, len);
	read_text(&r, text, UNIT_US);
	assert_int_equal(r.rc, 1);
	assert_int_equal(r.no_ports, r.why == SKIP_NONE && strcmp(proto, "ICMP") == 0);
	return r.why;
}

static void
test_skips(void **state)
{
	(void)state;
	assert_int_equal(skipped("1.2.3.4", "5.6.7.8", "TCP", "40"), SKIP_NONE);
	assert_int_equal(skipped("1.2.3.4", "5.6.7.8", "ICMP", "40"), SKIP_NONE);
	assert_int_equal(skipped("1.2.3.4", "5.6.7.8", "ARP", "40"), SKIP_PROTOCOL);
	assert_int_equal(skipped("b8:27:eb:15:88:9c", "5.6.7.8", "TCP", "40"),
	    SKIP_ADDRESS);
	assert_int_equal(skipped("1.2.3.4", "host", "TCP", "40"), SKIP_ADDRESS);
	assert_int_equal(skipped("1.2.3.4", "", "TCP", "40"), SKIP_ADDRESS);
	assert_int_equal(skipped("1.2.3.4", "::1", "TCP", "40"), SKIP_VERSIONS);
	assert_int_equal(skipped("::ffff:1.2.3.4", "5.6.7.8", "TCP", "40"), SKIP_NONE);
	assert_int_equal(skipped("1.2.3.4", "5.6.7.8", "TCP", "19"),
	    SKIP_HEADER + HEADER_IP_LEN);
	assert_int_equal(skipped("::1", "::2", "TCP", "39"),
	    SKIP_HEADER + HEADER_IP_LEN);
	assert_int_equal(skipped("::1", "::2", "TCP", "65575"), SKIP_NONE);
	assert_int_equal(skipped("1.2.3.4", "5.6.7.8", "TCP", "65536"),
	    SKIP_HEADER + HEADER_IP_LEN);
}

static void
check_message(const char *text, int code, const char *message)
{
	struct result r;

	read_text(&r, text, UNIT_US);
	assert_int_equal(r.rc, code);
	assert_string_equal(r.e.msg, message);
}

static void
test_errors(void **state)
{
	(void)state;
	check_message("", NS_ETRUNC, "memory: no line with column names");
	check_message("\n\r\n", NS_ETRUNC, "memory: no line with column names");
	check_message("srcip,dstip,srcport,dstport,proto,ts,td,pkt,type\n", NS_EKIND,
	    "memory: line 1: column 'byt' is missing");
	check_message("once upon a time\n", NS_EKIND,
	    "memory: neither a capture nor CSV: line 1 names none of the columns");
	check_message(PACKET_COLUMNS ",pkt\n", NS_EKIND,
	    "memory: line 1: columns of packets and of flows mixed");
	check_message(PACKET_COLUMNS ",srcIP\n", NS_ECORRUPT,
	    "memory: line 1: column 'srcIP' twice");
	check_message(FLOW_COLUMNS "1,2,3,4,6,5,6,7,x12,t\n", NS_ECORRUPT,
	    "memory: line 2, column 'byt': 'x12' is not a number");
	check_message(FLOW_COLUMNS "1,2,3,4,6,5,6,7.5,8,t\n", NS_ECORRUPT,
	    "memory: line 2, column 'pkt': '7.5' is not a whole number");
	check_message(FLOW_COLUMNS "1,2,3,65536,6,5,6,7,8,t\n", NS_ECORRUPT,
	    "memory: line 2, column 'dstport': '65536' is not in 0 .. 65535");
	check_message(FLOW_COLUMNS "1,2,3,4,6,5,-6,7,8,t\n", NS_ECORRUPT,
	    "memory: line 2, column 'td': '-6' is out of range");
	check_message(FLOW_COLUMNS "1,2,3,4,6,5,6,7,8\n", NS_ECORRUPT,
	    "memory: line 2: 9 fields where line 1 has 10");
	check_message(FLOW_COLUMNS "1,2,3,4,6,5,6,7,8,\"t\n", NS_ECORRUPT,
	    "memory: line 2: a quote is not closed");
	check_message(FLOW_COLUMNS "1,2,3,4,6,5,6,7,8,a\x01\n", NS_ECORRUPT,
	    "memory: line 2, column 'type': 'a\x01' is no label or one too many");
}

static void
test_limits(void **state)
{
	char *text = xmalloc(CSV_LINE_MAX + 300);
	struct result r;
	size_t n;

	(void)state;
	n = (size_t)sprintf(text, "%s", FLOW_COLUMNS);
	memset(text + n, '1', CSV_LINE_MAX + 1);
	text[n + CSV_LINE_MAX + 1] = '\0';
	read_text(&r, text, UNIT_US);
	assert_int_equal(r.rc, NS_ECORRUPT);
	memset(text, ',', CSV_FIELDS_MAX);
	text[CSV_FIELDS_MAX] = '\0';
	read_text(&r, text, UNIT_US);
	assert_int_equal(r.rc, NS_ECORRUPT);
	free(text);
}

static enum time_unit
unit_of(const char *ts)
{
	struct result r;
	char text[200];

	snprintf(text, sizeof text, FLOW_COLUMNS "1,2,3,4,6,%s,6,7,8,t\n", ts);
	read_text(&r, text, UNIT_AUTO);
	assert_int_equal(r.rc, 1);
	return r.unit;
}

static void
test_units(void **state)
{
	(void)state;
	assert_int_equal(unit_of("1458298072"), UNIT_S);
	assert_int_equal(unit_of("1458298072.25"), UNIT_S);
	assert_int_equal(unit_of("1458298072364"), UNIT_MS);
	assert_int_equal(unit_of("1458298072364000"), UNIT_US);
	assert_int_equal(unit_of("1458298072364000.0"), UNIT_US);
	assert_int_equal(unit_of("1458298072364000123"), UNIT_NS);
	assert_int_equal(unit_of("0"), UNIT_US);
	assert_int_equal(unit_of("0.0"), UNIT_US);
	assert_int_equal(unit_of("0.000000"), UNIT_S);
	assert_int_equal(unit_of("3610157020"), UNIT_US);
	assert_int_equal(time_unit_of("ms"), UNIT_MS);
	assert_int_equal(time_unit_of("auto"), -1);
	assert_string_equal(time_unit_name(UNIT_NS), "ns");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_flow),
	    cmocka_unit_test(test_shape),
	    cmocka_unit_test(test_packet),
	    cmocka_unit_test(test_skips),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
