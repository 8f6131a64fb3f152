/* The schemas of packet, flow and series records, as ns-fields(7) lists them. */
#include <string.h>

#include "base/mem.h"
#include "trace/layout.h"
#include "trace/rstream.h"

struct field {
	const char *name;
	int type;
	uint32_t shape;
	const char *unit;
	int ipfix;
};

static void
add_all(struct nsr_schema *s, const struct field *f, size_t n, int role)
{
	size_t i;

	for (i = 0; i < n; i++)
		nsr_schema_add(s, f[i].name, f[i].type, role, f[i].shape, f[i].unit,
		    f[i].ipfix);
}

static const struct field tuple_fields[] = {{"src_ip", NSR_ADDR, 1, "", 8},
    {"dst_ip", NSR_ADDR, 1, "", 12}, {"src_port", NSR_U16, 1, "", 7},
    {"dst_port", NSR_U16, 1, "", 11}, {"proto", NSR_U8, 1, "", 4}};
static const struct field packet_time[] = {{"t_ns", NSR_I64, 1, "ns", 325}};
static const struct field packet_rest[] = {{"ip_len", NSR_U32, 1, "byte", 224},
    {"ip_id", NSR_U32, 1, "", 54}, {"frag_off", NSR_U16, 1, "8byte", 88},
    {"tcp_flags", NSR_U16, 1, "", 6}, {"label", NSR_U16, 1, "labels", 0},
    {"ip_flags", NSR_U8, 1, "", 197}, {"tos", NSR_U8, 1, "", 5},
    {"ttl", NSR_U8, 1, "", 192}, {"icmp_type", NSR_U8, 1, "", 176},
    {"icmp_code", NSR_U8, 1, "", 177}};
static const struct field flow_time[] = {{"t_start_ns", NSR_I64, 1, "ns", 156},
    {"dur_ns", NSR_I64, 1, "ns", 0}};
static const struct field flow_rest[] = {{"n_pkts", NSR_U64, 1, "packet", 2},
    {"n_bytes", NSR_U64, 1, "byte", 1}, {"tcp_flags", NSR_U16, 1, "", 6},
    {"type", NSR_U16, 1, "labels", 0}, {"label", NSR_U16, 1, "labels", 0}};
static const struct field series_head[] = {{"flow_starts", NSR_U8, 1, "", 0},
    {"n_steps", NSR_U32, 1, "", 0}};
static const struct field series_unit[] = {{"unit", NSR_U64, 1, "", 0}};
static const struct field series_tail[] = {{"flow_chunks", NSR_BYTES, 0, "", 0}};

static void
begin(struct nsr_schema *s, int kind, int version, uint32_t width)
{
	memset(s, 0, sizeof *s);
	s->kind = (uint8_t)kind;
	s->version = (uint8_t)version;
	s->width = width;
}

void
packet_schema(struct nsr_schema *s)
{
	begin(s, NSR_PACKET, PACKET_VERSION, PACKET_BYTES);
	add_all(s, packet_time, LEN(packet_time), NSR_PLAIN);
	add_all(s, tuple_fields, LEN(tuple_fields), NSR_PLAIN);
	add_all(s, packet_rest, LEN(packet_rest), NSR_PLAIN);
}

void
flow_schema(struct nsr_schema *s)
{
	begin(s, NSR_FLOW, FLOW_VERSION, FLOW_BYTES);
	add_all(s, flow_time, LEN(flow_time), NSR_PLAIN);
	add_all(s, tuple_fields, LEN(tuple_fields), NSR_PLAIN);
	add_all(s, flow_rest, LEN(flow_rest), NSR_PLAIN);
}

void
series_schema(struct nsr_schema *s, bool of_flows, bool units)
{
	begin(s, NSR_SERIES, units ? SERIES_UNITS_VERSION : SERIES_VERSION, 0);
	add_all(s, tuple_fields, LEN(tuple_fields), NSR_ATTRIBUTE);
	add_all(s, series_head, LEN(series_head), NSR_ATTRIBUTE);
	if (of_flows) {
		add_all(s, flow_time, LEN(flow_time), NSR_FEATURE);
		add_all(s, flow_rest, LEN(flow_rest), NSR_FEATURE);
	} else {
		add_all(s, packet_time, LEN(packet_time), NSR_FEATURE);
		add_all(s, packet_rest, LEN(packet_rest), NSR_FEATURE);
	}
	if (units)
		add_all(s, series_unit, LEN(series_unit), NSR_ATTRIBUTE);
	add_all(s, series_tail, LEN(series_tail), NSR_ATTRIBUTE);
}
