#include "metrics.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "stream/schema.h"

#define PKT (1u << NSR_PACKET)
#define FLW (1u << NSR_FLOW)
#define ALL (PKT | FLW)
#define CLASS(s) (KEY_CLASS + SAMPLE_##s)

#define JOINT_NAMES                                                                    \
	"joint_ports joint_addresses joint_src_port_proto joint_dst_port_proto "       \
	"joint_src_port_size joint_dst_port_size joint_proto_size "                    \
	"joint_packets_bytes "                                                         \
	"joint_type_src_port joint_type_dst_port"

/* clang-format off */
#define RANK(n, c) {n, GROUP_FIELDS, ALL, "rank JSD", "", jsd_of_ranks, c, 0, NULL}
#define VALUE(n, k, key) {n, GROUP_FIELDS, k, "JSD", "", jsd_of_values, key, 0, NULL}
#define EMD(n, k, u, s) {n, GROUP_FIELDS, k, "EMD", u, emd_of_sample, s, 0, NULL}
#define NORM(n, k, s, o) {n, GROUP_FIELDS, k, "EMD", "range", emd_by_range, s, 0, o}
#define JOINT(n, k, a, b) {n, GROUP_JOINT, k, "JSD", "", jsd_of_pairs, a, b, NULL}
#define LOGS(n, s) {n, GROUP_FLOW, ALL, "log EMD", "sd", emd_of_logs, s, 0, NULL}
#define TIME(n, w, u, fn, a) {n, GROUP_FLOW, ALL, w, u, fn, a, 0, NULL}
#define MEAN(n, g, w, o) {n, g, ALL, w, "", mean_of, 0, 0, o}

const struct metric metrics[] = {
    RANK("SA", COL_SRC_IP),
    RANK("DA", COL_DST_IP),
    VALUE("SP", ALL, COL_SRC_PORT),
    VALUE("DP", ALL, COL_DST_PORT),
    VALUE("PR", ALL, COL_PROTO),
    EMD("PS", PKT, "bytes", SAMPLE_IP_LEN),
    EMD("PAT", PKT, "us", SAMPLE_TIME),
    EMD("FS", PKT, "packets", SAMPLE_FLOW_SIZE),
    EMD("TS", FLW, "us", SAMPLE_TIME),
    EMD("TD", FLW, "s", SAMPLE_DUR),
    EMD("PKT", FLW, "packets", SAMPLE_PKTS),
    EMD("BYT", FLW, "bytes", SAMPLE_BYTES),
    NORM("PS_n", PKT, SAMPLE_IP_LEN, "PS"),
    NORM("PAT_n", PKT, SAMPLE_TIME, "PAT"),
    NORM("FS_n", PKT, SAMPLE_FLOW_SIZE, "FS"),
    NORM("TS_n", FLW, SAMPLE_TIME, "TS"),
    NORM("TD_n", FLW, SAMPLE_DUR, "TD"),
    NORM("PKT_n", FLW, SAMPLE_PKTS, "PKT"),
    NORM("BYT_n", FLW, SAMPLE_BYTES, "BYT"),
    MEAN("mean_jsd", GROUP_FIELDS, "mean JSD", "SA DA SP DP PR"),
    MEAN("mean_emd_n", GROUP_FIELDS, "mean EMD",
        "PS_n PAT_n FS_n TS_n TD_n PKT_n BYT_n"),
    VALUE("src_ip_value", ALL, COL_SRC_IP),
    VALUE("dst_ip_value", ALL, COL_DST_IP),
    VALUE("tos", PKT, COL_TOS),
    VALUE("ttl", PKT, COL_TTL),
    VALUE("ip_id", PKT, KEY_ID_BIN),
    VALUE("ip_flags", PKT, COL_IP_FLAGS),
    VALUE("fragment", PKT, KEY_FRAGMENT),
    VALUE("tcp_flags", ALL, COL_TCP_FLAGS),
    VALUE("icmp", PKT, COL_ICMP),
    VALUE("type", FLW, COL_TYPE),
    VALUE("label", ALL, COL_LABEL),
    JOINT("joint_ports", ALL, COL_SRC_PORT, COL_DST_PORT),
    JOINT("joint_addresses", ALL, COL_SRC_IP, COL_DST_IP),
    JOINT("joint_src_port_proto", ALL, COL_SRC_PORT, COL_PROTO),
    JOINT("joint_dst_port_proto", ALL, COL_DST_PORT, COL_PROTO),
    JOINT("joint_src_port_size", ALL, COL_SRC_PORT, KEY_SIZE),
    JOINT("joint_dst_port_size", ALL, COL_DST_PORT, KEY_SIZE),
    JOINT("joint_proto_size", ALL, COL_PROTO, KEY_SIZE),
    JOINT("joint_packets_bytes", FLW, CLASS(PKTS), CLASS(BYTES)),
    JOINT("joint_type_src_port", FLW, COL_TYPE, COL_SRC_PORT),
    JOINT("joint_type_dst_port", FLW, COL_TYPE, COL_DST_PORT),
    MEAN("mean_joint_jsd", GROUP_JOINT, "mean JSD", JOINT_NAMES),
    LOGS("flow_size", SAMPLE_FLOW_SIZE),
    LOGS("flow_bytes", SAMPLE_FLOW_BYTES),
    LOGS("flow_duration", SAMPLE_FLOW_DUR),
    LOGS("inter_arrival", SAMPLE_IAT),
    TIME("record_rate", "EMD", "records/s", emd_of_rates, 0),
    TIME("new_flow_rate", "EMD", "flows/s", emd_of_rates, 1),
    TIME("rate_acf_mean", "difference", "", acf_mean, 0),
    TIME("rate_acf_max", "difference", "", acf_max, 0),
    TIME("flow_chunks", "JSD", "", jsd_of_chunks, 0),
    TIME("cross_chunk_share", "difference", "", cross_chunk_gap, 0),
};
/* clang-format on */

const size_t n_metrics = LEN(metrics);
_Static_assert(LEN(metrics) <= METRICS_MAX, "METRICS_MAX is too small");

int
metric_find(const char *name, size_t len)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (strlen(metrics[i].name) == len &&
		    memcmp(metrics[i].name, name, len) == 0)
			return (int)i;
	return -1;
}

const char *
metric_group_name(enum group g)
{
	static const char *const names[GROUPS] = {"fields", "joint", "flow"};

	return names[g];
}

void
score(const struct pair *p, const struct selection *s, double v[METRICS_MAX])
{
	assert(p->ref->t->kind == p->cand->t->kind);
	for (size_t i = 0; i < METRICS_MAX; i++)
		v[i] = NAN;
	for (size_t i = 0; i < n_metrics; i++)
		if (s->need[i] && metrics[i].kinds & 1u << p->ref->t->kind)
			v[i] = metrics[i].fn(p, &metrics[i], v);
}
