#!/usr/bin/env python3
"""Three pairs of small traces and what SciPy says about them.

    /usr/bin/python3 tests/ref/eval_scipy.py tests/data/eval

writes NAME-real.csv, NAME-synth.csv and NAME.tsv (metric, value) for the pairs
"flows", "packets" and "odd" (IPv6, extreme values, equal times).

    /usr/bin/python3 tests/ref/eval_scipy.py REAL.csv SYNTH.csv OUT.tsv

does the same for two real traces, as ns-decode -f csv writes them; so were
tests/data/eval/westermo.tsv (the halves of share/demo/westermo.pcap by ns-cat --part)
and, by tests/long/reference.t, the values for traces that are not shipped made.  The
stored values are SciPy 1.10.1's; tests/cli/ns-eval.t compares ns-eval's with them.  Where the two traces
of a pair have unlike numbers of records SA, DA, distinct and entropy are left out:
ns-eval compares those at equal counts, after a draw of its own.
"""
import csv
import ipaddress
import random
import sys
from collections import Counter, defaultdict

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy, spearmanr, wasserstein_distance

PACKET = "srcip dstip srcport dstport proto ts pkt_len tos id flag off ttl tcpflags".split()
FLOW = "srcip dstip srcport dstport proto ts td pkt byt type label".split()
BINS, BINS_MAX, LAGS, CHUNKS = 100, 1000, 20, 10


# ---- Traces ----

def zipf(rng, values):
    return values[min(int(rng.paretovariate(0.8)) - 1, len(values) - 1)]


def tuples(rng, n, v6):
    """n five-tuples; ports 0 where the protocol has none."""
    common = random.Random(7)  # both traces of a pair know the same hosts
    hosts = ["10.%d.%d.%d" % (common.randrange(4), common.randrange(8),
                             common.randrange(256)) for _ in range(40)]
    hosts6 = [str(ipaddress.ip_address((0x20010DB8 << 96) + common.getrandbits(20)))
              for _ in range(10)]
    out = []
    for _ in range(n):
        pool = hosts6 if v6 and rng.random() < 0.4 else hosts
        proto = rng.choices([6, 17, 1, 47], [60, 30, 6, 4])[0]
        if pool is hosts6 and proto == 1:
            proto = 58
        ports = (rng.randrange(1024, 65536), zipf(rng, [443, 53, 80, 22, 25, 123, 8080])) \
            if proto in (6, 17) else (0, 0)
        if rng.random() < 0.3:
            ports = ports[::-1]
        out.append((zipf(rng, pool), zipf(rng, pool)) + ports + (proto,))
    return out


def packets(seed, n, flows, span_us, v6=False):
    rng = random.Random(seed)
    keys = tuples(rng, flows, v6)
    rows = []
    for _ in range(n):
        key = zipf(rng, keys)
        size = rng.choice([40, 52, 60, 576, 1500, rng.randrange(40, 1501)])
        t = int(span_us * rng.random() ** 1.3)
        if v6:  # odd: few, equal times, extreme sizes, fragments
            t -= t % 250000
            size = rng.choice([28, 65535, size])
        is6 = ":" in key[0]
        rows.append(key + (1500000000000000 + t, max(size, 48 if is6 else 28),
                           rng.choice([0, 0, 8, 184, 255]), 0 if is6 else rng.randrange(65536),
                           0 if is6 else rng.choice([2, 2, 0, 1]),
                           0 if is6 or rng.random() < 0.9 else rng.randrange(1, 8000),
                           rng.choice([1, 57, 64, 128, 255]),
                           rng.choice([2, 16, 18, 24, 17]) if key[4] == 6 else 0))
    return sorted(rows, key=lambda r: r[5])


def flow_records(seed, n, flows, span_us):
    rng = random.Random(seed)
    keys = tuples(rng, flows, False)
    rows = []
    for _ in range(n):
        pkts = int(rng.paretovariate(0.9))
        td = "%.3f" % (rng.expovariate(0.2) if pkts > 1 else 0)
        kind = rng.choices(["background", "blacklist", "anomaly-spam"], [90, 7, 3])[0]
        rows.append(zipf(rng, keys) + (1459461600000000 + int(span_us * rng.random()), td,
                                       pkts, pkts * rng.randrange(40, 1500), kind,
                                       rng.choice(["", "a", "b"])))
    return sorted(rows, key=lambda r: r[5])


# ---- A trace as columns of numbers ----

class Trace:
    def __init__(self, names, rows):
        self.n = len(rows)
        self.col = {name: [r[i] for r in rows] for i, name in enumerate(names)}
        c = self.col
        self.is_flow = "td" in c
        self.t = [v * 1000 for v in c["ts"]]  # ns
        self.dur = [round(float(v) * 1e9) for v in c["td"]] if self.is_flow else [0] * self.n
        self.size = c["byt" if self.is_flow else "pkt_len"]
        self.t0, self.t1 = min(self.t), max(self.t)
        groups = defaultdict(list)
        for i, key in enumerate(zip(*(c[k] for k in names[:5]))):
            groups[key].append(i)
        self.keys = set(groups)
        self.flows = [sorted(g, key=lambda i: self.t[i]) for g in groups.values()]

    def samples(self):
        """name -> numbers in the unit printed."""
        f, t = self.flows, self.t
        s = {"time": [(v - self.t0) / 1e3 for v in t],
             "size": self.size,
             "flow_size": [len(g) for g in f],
             "flow_bytes": [sum(self.size[i] for i in g) for g in f],
             "flow_duration": [(max(t[i] + self.dur[i] for i in g) - t[g[0]]) / 1e3 for g in f],
             "inter_arrival": [(t[b] - t[a]) / 1e3 for g in f for a, b in zip(g, g[1:])]}
        if self.is_flow:
            s["dur"] = [v / 1e9 for v in self.dur]
            s["pkt"] = self.col["pkt"]
        return {k: np.array(v, float) for k, v in s.items()}

    def bins(self, width, times):
        n = min((self.t1 - self.t0) // width + 1, BINS_MAX)
        count = [0] * n
        for v in times:
            count[min((v - self.t0) // width, n - 1)] += 1
        return np.array(count, float)

    def chunks_per_flow(self):
        width = (self.t1 - self.t0) // CHUNKS + 1
        alive = [len({(self.t[i] - self.t0) // width for i in g}) for g in self.flows]
        return np.array([alive.count(k) for k in range(1, CHUNKS + 1)], float)


# ---- Measures ----

def jsd(p, q):
    return float(jensenshannon(p, q) ** 2)


def jsd_values(a, b):
    ca, cb = Counter(a), Counter(b)
    keys = sorted(set(ca) | set(cb), key=str)
    return jsd([ca[k] for k in keys], [cb[k] for k in keys])


def jsd_ranks(a, b):
    fa, fb = (sorted(Counter(v).values(), reverse=True) for v in (a, b))
    n = max(len(fa), len(fb))
    return jsd(fa + [0] * (n - len(fa)), fb + [0] * (n - len(fb)))


def acf(x):
    d = x - x.mean()
    var = (d * d).sum()
    return np.array([(d[:-k] * d[k:]).sum() / var if var > 0 and k < len(x) else 0
                     for k in range(1, LAGS + 1)])


def fields(real, syn, out):
    r, s = real.col, syn.col
    if real.n == syn.n:
        out["SA"] = jsd_ranks(r["srcip"], s["srcip"])
        out["DA"] = jsd_ranks(r["dstip"], s["dstip"])
    values = {"SP": "srcport", "DP": "dstport", "PR": "proto", "src_ip_value": "srcip",
              "dst_ip_value": "dstip"}
    if real.is_flow:
        values.update({n: n for n in ("type", "label") if n in r})
    else:
        values.update(tos="tos", ttl="ttl", ip_flags="flag", tcp_flags="tcpflags")
        out["ip_id"] = jsd_values([v // 256 for v in r["id"]], [v // 256 for v in s["id"]])
        out["fragment"] = jsd_values([v > 0 for v in r["off"]], [v > 0 for v in s["off"]])
    for name, col in values.items():
        out[name] = jsd_values(r[col], s[col])
    if real.n == syn.n:
        out["mean_jsd"] = np.mean([out[k] for k in ("SA", "DA", "SP", "DP", "PR")])
        variety(r, s, out)


def variety(r, s, out):
    """Distinct values and entropy as shares of the real ones'; both have equal counts."""
    distinct, nats = [], []
    for name in set(r) - {"ts", "id"}:
        a, b = (list(Counter(float(v) if name == "td" else v for v in c[name]).values())
                for c in (r, s))
        if len(a) > 1:
            distinct.append(min(1, len(b) / len(a)))
            nats.append(min(1, entropy(b) / entropy(a)))
    out["distinct"], out["entropy"] = np.mean(distinct), np.mean(nats)


def amounts(real, syn, out):
    r, s = real.samples(), syn.samples()
    codes = {"TS": "time", "TD": "dur", "PKT": "pkt", "BYT": "size"} if real.is_flow else \
        {"PS": "size", "PAT": "time", "FS": "flow_size"}
    norm = []
    for code, name in codes.items():
        out[code] = wasserstein_distance(r[name], s[name])
        lo, hi = r[name].min(), r[name].max()
        out[code + "_n"] = wasserstein_distance((r[name] - lo) / (hi - lo),
                                                (s[name] - lo) / (hi - lo))
        norm.append(out[code + "_n"])
    out["mean_emd_n"] = np.mean(norm)
    for name in ("flow_size", "flow_bytes", "flow_duration", "inter_arrival"):
        a, b = np.log1p(r[name]), np.log1p(s[name])
        out[name] = wasserstein_distance(a, b) / (a.std() or 1)


def joint(real, syn, out):
    def classes(of_real, values):
        edges = np.quantile(of_real, np.arange(1, 20) / 20, method="inverted_cdf")
        return list(np.searchsorted(edges, values, side="left"))

    def port_classes(of_real, values):
        """A port of at least 1 % of the records is a class of its own; the others are
        cut at the quantiles of their records."""
        n = len(of_real)
        count = Counter(of_real)
        often = [p for p in count if count[p] * 100 >= n]
        rare = [p for p in of_real if count[p] * 100 < n]
        edges = np.quantile(rare, np.arange(1, 20) / 20, method="inverted_cdf") if rare else []
        return [("port", p) if p in often else ("class", int(np.searchsorted(edges, p, side="left")))
                for p in values]

    def both(t, base):
        c = {k: t.col[v] for k, v in (("src_port", "srcport"), ("dst_port", "dstport"),
                                      ("proto", "proto"), ("src", "srcip"), ("dst", "dstip"))}
        c["size"] = classes(base.size, t.size)
        for k, name in (("src_class", "srcport"), ("dst_class", "dstport")):
            c[k] = port_classes(base.col[name], t.col[name])
        if base.is_flow:
            c["pkt"] = classes(base.col["pkt"], t.col["pkt"])
            c["type"] = t.col.get("type", [0] * t.n)
        return c

    r, s = both(real, real), both(syn, real)
    pairs = {"ports": ("src_class", "dst_class"), "addresses": ("src", "dst"),
             "src_port_proto": ("src_port", "proto"), "dst_port_proto": ("dst_port", "proto"),
             "src_port_size": ("src_port", "size"), "dst_port_size": ("dst_port", "size"),
             "proto_size": ("proto", "size")}
    in_classes = {k: pairs[k] for k in ("ports", "addresses", "proto_size")}
    in_classes.update(src_class_proto=("src_class", "proto"), dst_class_proto=("dst_class", "proto"),
                      src_class_size=("src_class", "size"), dst_class_size=("dst_class", "size"))
    if real.is_flow:
        pairs.update(packets_bytes=("pkt", "size"), type_src_port=("type", "src_port"),
                     type_dst_port=("type", "dst_port"))
        in_classes.update(packets_bytes=("pkt", "size"), type_src_class=("type", "src_class"),
                          type_dst_class=("type", "dst_class"))
    for mean, names in (("mean_joint_jsd", pairs), ("mean_joint_classes", in_classes)):
        for name, (a, b) in names.items():
            out["joint_" + name] = jsd_values(zip(r[a], r[b]), zip(s[a], s[b]))
        out[mean] = np.mean([out["joint_" + name] for name in names])


def correlations(real, syn, out):
    names = ["srcport", "dstport", "proto", "tcpflags", "pkt_len", "flag", "tos", "ttl", "td",
             "pkt", "byt"]

    def matrix(t):
        cols = [t.t] + [t.dur if n == "td" else t.col[n] for n in names if n in t.col]
        if t.is_flow:  # without flags the column is constant
            cols.append([0] * t.n)
        r = []
        for i, a in enumerate(cols):
            for b in cols[i + 1:]:
                constant = len(set(a)) == 1 or len(set(b)) == 1
                r.append(0 if constant else spearmanr(a, b).correlation)
        return np.array(r)

    gap = np.abs(matrix(real) - matrix(syn))
    out["correlation_mean"], out["correlation_max"] = gap.mean(), gap.max()


def bursts(real, syn, out):
    def lower_median(v):
        return sorted(v)[(len(v) - 1) // 2] if len(v) else 0

    def gaps(times):
        return [b - a for a, b in zip(times, times[1:])]

    def sizes(sequences, gap):
        s = []
        for times in sequences:
            s.append(1)
            for g in gaps(times):
                if g <= gap:
                    s[-1] += 1
                else:
                    s.append(1)
        return np.array(s, float)

    def whole(t):
        return [sorted(t.t)]

    def of_flows(t):
        return [[t.t[i] for i in g] for g in t.flows]

    for name, sequences in (("burst_size", whole), ("flow_burst_size", of_flows)):
        gap = lower_median([g for times in sequences(real) for g in gaps(times)])
        a, b = (np.log1p(sizes(sequences(t), gap)) for t in (real, syn))
        out[name] = wasserstein_distance(a, b) / (a.std() or 1)


def times(real, syn, out):
    width = (real.t1 - real.t0) // BINS + 1
    records = [t.bins(width, t.t) for t in (real, syn)]
    news = [t.bins(width, [t.t[g[0]] for g in t.flows]) for t in (real, syn)]
    out["record_rate"] = wasserstein_distance(*[v * 1e9 / width for v in records])
    out["new_flow_rate"] = wasserstein_distance(*[v * 1e9 / width for v in news])
    gap = np.abs(acf(records[0]) - acf(records[1]))
    out["rate_acf_mean"], out["rate_acf_max"] = gap.mean(), gap.max()
    a, b = real.chunks_per_flow(), syn.chunks_per_flow()
    out["flow_chunks"] = jsd(a, b)
    out["cross_chunk_share"] = abs(a[0] / a.sum() - b[0] / b.sum())


def answered(real, syn, out):
    def share(t):
        back = {(dst, src, dport, sport, proto) for src, dst, sport, dport, proto in t.keys}
        return len(t.keys & back) / len(t.keys)

    out["answered_share"] = abs(share(real) - share(syn))


def score(names, rows_real, rows_syn, path):
    out = {}
    real, syn = (Trace(names, rows) for rows in (rows_real, rows_syn))
    for fn in (fields, amounts, joint, correlations, bursts, times, answered):
        fn(real, syn, out)
    with open(path, "w") as f:
        for metric in sorted(out):
            f.write("%s\t%.17g\n" % (metric, out[metric]))


def read(path):
    with open(path, newline="") as f:
        rows = list(csv.reader(f))
    names = rows[0]
    text = {"srcip", "dstip", "td", "type", "label"}
    return names, [tuple(v if n in text else int(v) for n, v in zip(names, r)) for r in rows[1:]]


def made_up(folder):
    pairs = {
        "flows": (FLOW, flow_records(1, 160, 90, 6e7), flow_records(2, 130, 80, 7e7)),
        "packets": (PACKET, packets(3, 150, 60, 2e6), packets(4, 150, 80, 1.7e6)),
        "odd": (PACKET, packets(5, 140, 40, 9e6, True), packets(6, 140, 30, 3e7, True)),
    }
    for name, (names, *rows) in pairs.items():
        for side, part in zip(("real", "synth"), rows):
            with open("%s/%s-%s.csv" % (folder, name, side), "w", newline="") as f:
                csv.writer(f, lineterminator="\n").writerows([names] + part)
        score(names, *rows, "%s/%s.tsv" % (folder, name))


def main(args):
    if len(args) == 1:
        made_up(args[0])
        return
    names, real = read(args[0])
    score(names, real, read(args[1])[1], args[2])


if __name__ == "__main__":
    main(sys.argv[1:])
