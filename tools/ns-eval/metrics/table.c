/* table.c: every metric, in the order of the report. */
#include <string.h>

#include "base/mem.h"
#include "fidelity/fidelity.h"
#include "leak/leakage.h"
#include "metrics/metrics.h"
#include "rules/battery.h"
#include "stream/schema.h"
#include "task/anomaly.h"
#include "task/detect.h"
#include "task/telemetry.h"
#include "task/types.h"

#define PKT (1u << NSR_PACKET)
#define FLW (1u << NSR_FLOW)
#define ALL (PKT | FLW)
#define CLASS(s) (KEY_CLASS + SAMPLE_##s)

#define JOINT_NAMES                                                                    \
	"joint_ports joint_addresses joint_src_port_proto joint_dst_port_proto "       \
	"joint_src_port_size joint_dst_port_size joint_proto_size "                    \
	"joint_packets_bytes "                                                         \
	"joint_type_src_port joint_type_dst_port"
/* Ports of clients are as good as random, so that pairs with them as they are have
 * large floors.  These are the same pairs, but with rare ports in classes. */
#define CLASS_NAMES                                                                    \
	"joint_ports joint_addresses joint_src_class_proto joint_dst_class_proto "     \
	"joint_src_class_size joint_dst_class_size joint_proto_size "                  \
	"joint_packets_bytes "                                                         \
	"joint_type_src_class joint_type_dst_class"

/* Slack: what an area under a curve, an accuracy or a rank correlation of few items
 * differs by for no reason. */
#define S_AUC .01
#define S_SHARE .01
#define S_RANK .1

/* clang-format off */
#define ROW(n, g, k, w, u, f, x, y, o, t) \
	{n, GROUP_##g, k, w, u, 0, 0, false, f, NULL, x, y, o, t}
#define RANK(n, c, t) ROW(n, FIELDS, ALL, "rank JSD", "", jsd_of_ranks, c, 0, NULL, t)
#define VALUE(n, k, key, t) ROW(n, FIELDS, k, "JSD", "", jsd_of_values, key, 0, NULL, t)
#define EMD(n, k, u, s, t) ROW(n, FIELDS, k, "EMD", u, emd_of_sample, s, 0, NULL, t)
#define NORM(n, k, s, o, t) ROW(n, FIELDS, k, "EMD", "range", emd_by_range, s, 0, o, t)
#define JOINT(n, k, x, y, t) ROW(n, JOINT, k, "JSD", "", jsd_of_pairs, x, y, NULL, t)
#define LOGS(n, s, t) ROW(n, FLOW, ALL, "log EMD", "sd", emd_of_logs, s, 0, NULL, t)
#define TIME(n, w, u, f, x, t) ROW(n, FLOW, ALL, w, u, f, x, 0, NULL, t)
#define MEAN(n, g, w, o, t) ROW(n, g, ALL, w, "", mean_of, 0, 0, o, t)
#define VARIETY(n, f, t) \
	{n, GROUP_FIELDS, ALL, "share", "", 1, S_SHARE, true, f, NULL, 0, 0, NULL, t}
/* of a battery: best value, slack, whether more is better */
#define OF(b, n, g, k, w, u, best, slack, more, t) \
	{n, GROUP_##g, k, w, u, best, slack, more, NULL, b##_battery, 0, 0, NULL, t}

const struct metric metrics[] = {
    RANK("SA", COL_SRC_IP, "source addresses: how often the most frequent, the second ... occurs"),
    RANK("DA", COL_DST_IP, "destination addresses, likewise"),
    VALUE("SP", ALL, COL_SRC_PORT, "source port"),
    VALUE("DP", ALL, COL_DST_PORT, "destination port"),
    VALUE("PR", ALL, COL_PROTO, "protocol"),
    EMD("PS", PKT, "bytes", SAMPLE_IP_LEN, "IP length of a packet"),
    EMD("PAT", PKT, "us", SAMPLE_TIME, "arrival time since the first packet"),
    EMD("FS", PKT, "packets", SAMPLE_FLOW_SIZE, "packets of a five-tuple"),
    EMD("TS", FLW, "us", SAMPLE_TIME, "start since the first record"),
    EMD("TD", FLW, "s", SAMPLE_DUR, "duration of a record"),
    EMD("PKT", FLW, "packets", SAMPLE_PKTS, "packets of a record"),
    EMD("BYT", FLW, "bytes", SAMPLE_BYTES, "bytes of a record"),
    NORM("PS_n", PKT, SAMPLE_IP_LEN, "PS", "PS over the real range"),
    NORM("PAT_n", PKT, SAMPLE_TIME, "PAT", "PAT over the real range"),
    NORM("FS_n", PKT, SAMPLE_FLOW_SIZE, "FS", "FS over the real range"),
    NORM("TS_n", FLW, SAMPLE_TIME, "TS", "TS over the real range"),
    NORM("TD_n", FLW, SAMPLE_DUR, "TD", "TD over the real range"),
    NORM("PKT_n", FLW, SAMPLE_PKTS, "PKT", "PKT over the real range"),
    NORM("BYT_n", FLW, SAMPLE_BYTES, "BYT", "BYT over the real range"),
    MEAN("mean_jsd", FIELDS, "mean JSD", "SA DA SP DP PR", "mean of SA, DA, SP, DP and PR"),
    MEAN("mean_emd_n", FIELDS, "mean EMD",
        "PS_n PAT_n FS_n TS_n TD_n PKT_n BYT_n", "mean of the distances over the real range"),
    VALUE("src_ip_value", ALL, COL_SRC_IP, "source addresses as they are"),
    VALUE("dst_ip_value", ALL, COL_DST_IP, "destination addresses as they are"),
    VALUE("tos", PKT, COL_TOS, "type of service"),
    VALUE("ttl", PKT, COL_TTL, "time to live"),
    VALUE("ip_id", PKT, KEY_ID_BIN, "IP identification, in bins of 256"),
    VALUE("ip_flags", PKT, COL_IP_FLAGS, "IP flags"),
    VALUE("fragment", PKT, KEY_FRAGMENT, "whether a packet is a later fragment"),
    VALUE("tcp_flags", ALL, COL_TCP_FLAGS, "TCP flags"),
    VALUE("icmp", PKT, COL_ICMP, "ICMP type and code"),
    VALUE("type", FLW, COL_TYPE, "type of traffic"),
    VALUE("label", ALL, COL_LABEL, "label"),
    VARIETY("distinct", distinct_share, "how many values fields have, of those of the training trace"),
    VARIETY("entropy", entropy_share, "entropy of fields, of that of the training trace"),
    JOINT("joint_ports", ALL, KEY_SRC_PORT, KEY_DST_PORT, "source with destination port, rare ports in classes"),
    JOINT("joint_addresses", ALL, COL_SRC_IP, COL_DST_IP, "source with destination address: who talks to whom"),
    JOINT("joint_src_port_proto", ALL, COL_SRC_PORT, COL_PROTO, "source port with protocol"),
    JOINT("joint_dst_port_proto", ALL, COL_DST_PORT, COL_PROTO, "destination port with protocol"),
    JOINT("joint_src_port_size", ALL, COL_SRC_PORT, KEY_SIZE, "source port with size"),
    JOINT("joint_dst_port_size", ALL, COL_DST_PORT, KEY_SIZE, "destination port with size"),
    JOINT("joint_proto_size", ALL, COL_PROTO, KEY_SIZE, "protocol with size"),
    JOINT("joint_packets_bytes", FLW, CLASS(PKTS), CLASS(BYTES), "packets with bytes of a record"),
    JOINT("joint_type_src_port", FLW, COL_TYPE, COL_SRC_PORT, "type with source port"),
    JOINT("joint_type_dst_port", FLW, COL_TYPE, COL_DST_PORT, "type with destination port"),
    MEAN("mean_joint_jsd", JOINT, "mean JSD", JOINT_NAMES, "mean of the pairs"),
    JOINT("joint_src_class_proto", ALL, KEY_SRC_PORT, COL_PROTO, "source port with protocol, rare ports in classes"),
    JOINT("joint_dst_class_proto", ALL, KEY_DST_PORT, COL_PROTO, "destination port with protocol, rare ports in classes"),
    JOINT("joint_src_class_size", ALL, KEY_SRC_PORT, KEY_SIZE, "source port with size, rare ports in classes"),
    JOINT("joint_dst_class_size", ALL, KEY_DST_PORT, KEY_SIZE, "destination port with size, rare ports in classes"),
    JOINT("joint_type_src_class", FLW, COL_TYPE, KEY_SRC_PORT, "type with source port, rare ports in classes"),
    JOINT("joint_type_dst_class", FLW, COL_TYPE, KEY_DST_PORT, "type with destination port, rare ports in classes"),
    MEAN("mean_joint_classes", JOINT, "mean JSD", CLASS_NAMES, "mean of the pairs, rare ports in classes"),
    OF(correlation, "correlation_mean", JOINT, ALL, "difference", "", 0, 0, false,
        "rank correlation of numeric fields, mean over all pairs"),
    OF(correlation, "correlation_max", JOINT, ALL, "difference", "", 0, 0, false,
        "the same for the pair that differs most"),
    LOGS("flow_size", SAMPLE_FLOW_SIZE, "records of a flow"),
    LOGS("flow_bytes", SAMPLE_FLOW_BYTES, "bytes of a flow"),
    LOGS("flow_duration", SAMPLE_FLOW_DUR, "time from a flow's first to its last"),
    LOGS("inter_arrival", SAMPLE_IAT, "time between records of a flow"),
    TIME("record_rate", "EMD", "records/s", emd_of_rates, 0, "records a second, in 100 bins"),
    TIME("new_flow_rate", "EMD", "flows/s", emd_of_rates, 1, "new flows a second, in 100 bins"),
    TIME("rate_acf_mean", "difference", "", acf_mean, 0, "autocorrelation of the rate, mean over 20 lags"),
    TIME("rate_acf_max", "difference", "", acf_max, 0, "the same for the lag that differs most"),
    TIME("burst_size", "log EMD", "sd", emd_of_bursts, 0, "records in a row at short gaps"),
    TIME("flow_burst_size", "log EMD", "sd", emd_of_bursts, 1, "the same within flows"),
    TIME("flow_chunks", "JSD", "", jsd_of_chunks, 0, "in how many tenths of the trace a flow occurs"),
    TIME("cross_chunk_share", "difference", "", cross_chunk_gap, 0, "share of flows in more than one tenth"),
    TIME("answered_share", "difference", "", answered_gap, 0, "share of flows whose reverse five-tuple is one, too"),
    OF(two_sample, "classifier_records", CLASSIFIER, ALL, "ROC-AUC", "", .5, S_AUC, false,
        "a random forest tells synthetic records from real ones; .5: it cannot"),
    OF(two_sample, "classifier_flows", CLASSIFIER, ALL, "ROC-AUC", "", .5, S_AUC, false,
        "the same for whole flows"),
    OF(rules, "rule_addresses", RULES, ALL, "share", "", 1, S_SHARE, true,
        "neither source nor destination address is one that cannot be"),
    OF(rules, "rule_sizes", RULES, FLW, "share", "", 1, S_SHARE, true,
        "bytes fit the packets"),
    OF(rules, "rule_min_length", RULES, PKT, "share", "", 1, S_SHARE, true,
        "room for the headers"),
    OF(rules, "rule_port_proto", RULES, ALL, "share", "", 1, S_SHARE, true,
        "well-known ports with their protocol"),
    OF(rules, "rule_icmp_ports", RULES, ALL, "share", "", 1, S_SHARE, true,
        "no ports where the protocol has none"),
    OF(rules, "rule_duration", RULES, FLW, "share", "", 1, S_SHARE, true,
        "duration 0 with one packet only"),
    OF(rules, "rule_times", RULES, ALL, "share", "", 1, S_SHARE, true,
        "within the span of the reference"),
    OF(rules, "rule_tcp_flags", RULES, ALL, "share", "", 1, S_SHARE, true,
        "TCP flags that go together"),
    OF(rules, "rule_fragments", RULES, PKT, "share", "", 1, S_SHARE, true,
        "fragments that can be put together"),
    OF(rules, "rule_ttl", RULES, PKT, "share", "", 1, S_SHARE, true,
        "time to live above 0"),
    OF(rules, "rule_all", RULES, ALL, "share", "", 1, S_SHARE, true,
        "every rule that applies"),
    OF(leakage, "leak_records", LEAKAGE, ALL, "excess share", "", 0, 0, false,
        "records copied word for word, beyond what the hold-out has too"),
    OF(leakage, "leak_flows", LEAKAGE, ALL, "excess share", "", 0, 0, false,
        "flows of 3 records or more copied word for word"),
    OF(leakage, "leak_ngrams", LEAKAGE, ALL, "excess share", "", 0, 0, false,
        "runs of 4 records of a flow copied word for word"),
    OF(leakage, "leak_tuples", LEAKAGE, ALL, "excess share", "", 0, 0, false,
        "five-tuples of the training half"),
    OF(leakage, "leak_addresses", LEAKAGE, ALL, "excess share", "", 0, 0, false,
        "addresses of the training half alone"),
    OF(leakage, "leak_nearest", LEAKAGE, ALL, "share", "", 0.5, 0, false,
        "flows closer to the training half than to the hold-out; .5: no preference"),
    OF(leakage, "leak_mia_auc", LEAKAGE, ALL, "ROC-AUC", "", 0.5, 0, false,
        "membership inference by density ratio; .5: guessing"),
    OF(leakage, "leak_mia_tpr", LEAKAGE, ALL, "share", "", 0.01, 0, false,
        "members found at 1 % false alarms; .01: guessing"),
    OF(leakage, "leak_nearest_auc", LEAKAGE, ALL, "ROC-AUC", "", 0.5, 0, false,
        "membership inference by distance; .5: guessing"),
    OF(leakage, "leak_tuples_plain", LEAKAGE, ALL, "share", "", 0, 0, false,
        "five-tuples that occur in the training trace"),
    OF(leakage, "leak_records_plain", LEAKAGE, ALL, "share", "", 0, 0, false,
        "records that occur in the training trace word for word"),
    {"tshark", GROUP_COMPLIANCE, PKT, "complaints", "/10k", 0, 0, false, NULL, NULL, 0, 0, NULL,
        "what tshark finds wrong in the capture"},
    {"zeek", GROUP_COMPLIANCE, PKT, "complaints", "/10k", 0, 0, false, NULL, NULL, 0, 0, NULL,
        "what Zeek finds weird in the capture"},
    OF(telemetry, "sketch_dst_cm", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of Count-Min on heavy hitters by destination address"),
    OF(telemetry, "sketch_dst_cs", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of Count sketch on heavy hitters by destination address"),
    OF(telemetry, "sketch_dst_um", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of UnivMon on heavy hitters by destination address"),
    OF(telemetry, "sketch_dst_ns", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of NitroSketch on heavy hitters by destination address"),
    OF(telemetry, "sketch_src_cm", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of Count-Min on heavy hitters by source address"),
    OF(telemetry, "sketch_src_cs", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of Count sketch on heavy hitters by source address"),
    OF(telemetry, "sketch_src_um", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of UnivMon on heavy hitters by source address"),
    OF(telemetry, "sketch_src_ns", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of NitroSketch on heavy hitters by source address"),
    OF(telemetry, "sketch_tuple_cm", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of Count-Min on heavy hitters by five-tuple"),
    OF(telemetry, "sketch_tuple_cs", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of Count sketch on heavy hitters by five-tuple"),
    OF(telemetry, "sketch_tuple_um", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of UnivMon on heavy hitters by five-tuple"),
    OF(telemetry, "sketch_tuple_ns", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "error of NitroSketch on heavy hitters by five-tuple"),
    OF(telemetry, "sketch_mean", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "mean of the sketches' errors"),
    OF(telemetry, "sketch_rank_dst", TELEMETRY, ALL, "Spearman", "", 1, S_RANK, true,
        "order of the four sketches by destination address"),
    OF(telemetry, "sketch_rank_src", TELEMETRY, ALL, "Spearman", "", 1, S_RANK, true,
        "order of the four sketches by source address"),
    OF(telemetry, "sketch_rank_tuple", TELEMETRY, ALL, "Spearman", "", 1, S_RANK, true,
        "order of the four sketches by five-tuple"),
    OF(telemetry, "heavy_dst", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "number of heavy hitters by destination address"),
    OF(telemetry, "heavy_src", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "number of heavy hitters by source address"),
    OF(telemetry, "heavy_tuple", TELEMETRY, ALL, "relative error", "", 0, 0, false,
        "number of heavy hitters by five-tuple"),
    OF(telemetry, "countmin_dst", TELEMETRY, ALL, "difference", "points", 0, 0, false,
        "Count-Min error by destination address, mean over nine widths"),
    OF(telemetry, "countmin_src", TELEMETRY, ALL, "difference", "points", 0, 0, false,
        "Count-Min error by source address, mean over nine widths"),
    OF(telemetry, "countmin_tuple", TELEMETRY, ALL, "difference", "points", 0, 0, false,
        "Count-Min error by five-tuple, mean over nine widths"),
    OF(anomaly, "anomaly_iat", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "share of anomalies by inter-arrival times"),
    OF(anomaly, "anomaly_size", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "share of anomalies by packet sizes"),
    OF(anomaly, "anomaly_iat_size", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "share of anomalies by inter-arrival times and sizes"),
    OF(anomaly, "anomaly_stats", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "share of anomalies by statistics of flows"),
    OF(anomaly, "anomaly_samp_num", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "share of anomalies by packets in windows of time"),
    OF(anomaly, "anomaly_samp_size", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "share of anomalies by bytes in windows of time"),
    OF(anomaly, "anomaly_mean", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "mean of the six"),
    OF(anomaly, "anomaly_rank", ANOMALY, PKT, "Spearman", "", 1, S_RANK, true,
        "order of the six"),
    OF(anomaly, "anomaly_cross_iat", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "the same, learnt from the real flows: inter-arrival times"),
    OF(anomaly, "anomaly_cross_size", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "the same, learnt from the real flows: packet sizes"),
    OF(anomaly, "anomaly_cross_iat_size", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "the same, learnt from the real flows: inter-arrival times and sizes"),
    OF(anomaly, "anomaly_cross_stats", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "the same, learnt from the real flows: statistics of flows"),
    OF(anomaly, "anomaly_cross_samp_num", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "the same, learnt from the real flows: packets in windows of time"),
    OF(anomaly, "anomaly_cross_samp_size", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "the same, learnt from the real flows: bytes in windows of time"),
    OF(anomaly, "anomaly_cross_mean", ANOMALY, PKT, "relative error", "", 0, 0, false,
        "mean of these six"),
    OF(types, "type_tree", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "decision tree: learnt from synthetic, asked about real traffic"),
    OF(types, "type_logistic", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "logistic regression: learnt from synthetic, asked about real traffic"),
    OF(types, "type_forest", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "random forest: learnt from synthetic, asked about real traffic"),
    OF(types, "type_boosting", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "gradient boosting: learnt from synthetic, asked about real traffic"),
    OF(types, "type_bayes", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "naive Bayes: learnt from synthetic, asked about real traffic"),
    OF(types, "type_adaboost", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "AdaBoost: learnt from synthetic, asked about real traffic"),
    OF(types, "type_mlp", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "multilayer perceptron: learnt from synthetic, asked about real traffic"),
    OF(types, "type_tree_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "decision tree, all types weigh the same"),
    OF(types, "type_logistic_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "logistic regression, all types weigh the same"),
    OF(types, "type_forest_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "random forest, all types weigh the same"),
    OF(types, "type_boosting_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "gradient boosting, all types weigh the same"),
    OF(types, "type_bayes_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "naive Bayes, all types weigh the same"),
    OF(types, "type_adaboost_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "AdaBoost, all types weigh the same"),
    OF(types, "type_mlp_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "multilayer perceptron, all types weigh the same"),
    OF(types, "type_accuracy", TYPES, ALL, "accuracy", "", 1, S_SHARE, true,
        "mean of the classifiers"),
    OF(types, "type_f1", TYPES, ALL, "macro F1", "", 1, S_SHARE, true,
        "mean of the classifiers"),
    OF(types, "type_rank", TYPES, ALL, "Spearman", "", 1, S_RANK, true,
        "order of the classifiers, as if learnt from real traffic"),
    OF(botnet, "botnet_tree", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "decision tree: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_logistic", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "logistic regression: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_forest", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "random forest: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_boosting", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "gradient boosting: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_leaves", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "gradient boosting by leaves: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_bayes", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "naive Bayes: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_adaboost", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "AdaBoost: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_mlp", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "multilayer perceptron: learnt from synthetic, asked about real attacks"),
    OF(botnet, "botnet_accuracy", BOTNET, PKT, "accuracy", "", 1, S_SHARE, true,
        "mean of the classifiers"),
    OF(botnet, "botnet_gap", BOTNET, PKT, "difference", "", 0, S_SHARE, false,
        "accuracy within the synthetic trace against that within the real one"),
    OF(botnet, "botnet_rank", BOTNET, PKT, "Spearman", "", 1, S_RANK, true,
        "order of the classifiers within either trace"),
};
/* clang-format on */

const size_t n_metrics = LEN(metrics);
_Static_assert(LEN(metrics) <= METRICS_MAX, "METRICS_MAX is too small");

static const struct {
	const char *name, *title;
} groups[GROUPS] = {
    [GROUP_FIELDS] = {"fields", "Single fields"},
    [GROUP_JOINT] = {"joint", "Fields together"},
    [GROUP_FLOW] = {"flow", "Flows and time"},
    [GROUP_CLASSIFIER] = {"classifier", "Can a classifier tell it from the real one?"},
    [GROUP_RULES] = {"rules", "Consistency of records"},
    [GROUP_LEAKAGE] = {"leakage", "Does it copy its training data?"},
    [GROUP_COMPLIANCE] = {"compliance", "What protocol analysers complain about"},
    [GROUP_TELEMETRY] = {"telemetry", "Sketches for telemetry"},
    [GROUP_ANOMALY] = {"anomaly", "Anomaly detection"},
    [GROUP_TYPES] = {"types", "Traffic type prediction"},
    [GROUP_BOTNET] = {"botnet", "Botnet detection"},
};

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
	return groups[g].name;
}

const char *
metric_needs(enum group g)
{
	switch (g) {
	case GROUP_COMPLIANCE:
		return "--referees";
	case GROUP_BOTNET:
		return "--benign";
	default:
		return NULL;
	}
}

int
metric_first(enum group g)
{
	int i = 0;

	while (metrics[i].group != g)
		i++;
	return i;
}

const char *
metric_group_reason(enum group g)
{
	switch (g) {
	case GROUP_LEAKAGE:
		return "it needs --hold-out";
	case GROUP_COMPLIANCE:
		return "no referee is installed";
	case GROUP_TELEMETRY:
		return "it needs 20 addresses or five-tuples";
	case GROUP_ANOMALY:
		return "it needs 8 flows of two packets, and libsvm";
	case GROUP_TYPES:
		return "it needs a real trace with two types or labels";
	case GROUP_BOTNET:
		return "it needs 10 pairs of hosts in every trace";
	default:
		return "these traces have no such values";
	}
}

const char *
metric_group_title(enum group g)
{
	return groups[g].title;
}
