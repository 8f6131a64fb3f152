#!/usr/bin/env python3
"""Three small traces and what NumPy, SciPy and scikit-learn say leaks from one of them.

    /usr/bin/python3 tests/ref/leak_numpy.py tests/data/eval

writes leak-train.tsv, leak-held.tsv and leak-cand.tsv (packets, one a line) and
leak-values.tsv (name, value, bound; "nan" where there is none).  The candidate copies
some flows of either part whole, some in part, and has some of its own.  Everything is
worked out the plain way: sets of tuples, all pairs of distances.  The draws are those of
seed SEED, by a Philox4x32-10 of this script.
"""
import ipaddress
import random
import sys
from collections import defaultdict

import numpy as np
from scipy.stats import binom, norm
from sklearn.metrics import roc_auc_score, roc_curve

SEED = 11
STREAM_TRAIN, STREAM_HELD, STREAM_SYNTH, STREAM_MEMBERS, STREAM_OTHERS = range(128, 133)
FPR, EPSILON, SIGMAS = 0.01, 1e-6, 3

# A packet: src dst sport dport proto | t_ns | ip_len tos id ip_flags frag ttl tcp icmp
TIME, LENGTH, ID = 5, 6, 8


# ---- Traces ----

def flow(rng, hosts):
    proto = rng.choices([6, 17, 1], [60, 30, 10])[0]
    ports = (rng.randrange(1024, 65536), rng.choice([53, 80, 443])) if proto != 1 else (0, 0)
    key = (rng.choice(hosts), rng.choice(hosts)) + ports + (proto,)
    t, out = 10 ** 18 + rng.randrange(10 ** 10), []
    for _ in range(min(int(rng.paretovariate(0.8)), 12)):
        out.append(key + (t, rng.choice([40, 60, 1500, rng.randrange(40, 1500)]), 0,
                          rng.randrange(65536), 2, 0, rng.choice([64, 57]),
                          rng.choice([2, 16, 24]) if proto == 6 else 0,
                          8 << 8 if proto == 1 else 0))
        t += int(rng.expovariate(1e-8))
    return out


def traces():
    rng = random.Random(3)
    hosts = ["10.0.%d.%d" % (rng.randrange(3), rng.randrange(256)) for _ in range(25)] + \
        ["192.168.%d.%d" % (rng.randrange(256), rng.randrange(256)) for _ in range(25)] + \
        ["2001:db8::%x" % rng.randrange(1, 65536) for _ in range(4)]
    v4 = hosts[:50]
    make = lambda n: [flow(rng, hosts[50:] if rng.random() < .05 else v4) for _ in range(n)]
    train, held = make(70), make(60)
    cand = train[:25] + held[:8] + make(30)
    for f in train[25:35]:  # the tail of a flow, or other sizes
        cut = [list(p) for p in f[len(f) // 3:]]
        for p in cut[::5]:
            p[LENGTH] += 1
        cand.append([tuple(p) for p in cut])
    return [sorted((p for f in fs for p in f), key=lambda p: p[TIME])
            for fs in (train, held, cand)]


# ---- Random numbers ----

def philox(stream):
    """32-bit numbers without end."""
    block = 0
    while True:
        c = [block & 0xffffffff, block >> 32, stream & 0xffffffff, stream >> 32]
        k = [SEED & 0xffffffff, SEED >> 32]
        for _ in range(10):
            a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
            c = [b >> 32 ^ c[1] ^ k[0], b & 0xffffffff, a >> 32 ^ c[3] ^ k[1], a & 0xffffffff]
            k = [(k[0] + 0x9E3779B9) & 0xffffffff, (k[1] + 0xBB67AE85) & 0xffffffff]
        yield from c
        block += 1


def pick(n, k, stream):
    """k of n, rising: selection sampling."""
    u32, out = philox(stream), []
    for i in range(n):
        if len(out) == k:
            break
        u = next(u32) | next(u32) << 32
        if (u >> 11) * 2.0 ** -53 * (n - i) < k - len(out):
            out.append(i)
    return out


# ---- Units ----

def flows_of(rows):
    groups = defaultdict(list)
    for p in rows:
        groups[p[:5]].append(p)
    return [sorted(g, key=lambda p: p[TIME]) for g in groups.values()]


def bare(p):
    return p[:TIME] + p[TIME + 1:ID] + p[ID + 1:]


def units(f, what):
    records = [bare(p) for p in f]
    gaps = [(b[TIME] - a[TIME]).bit_length() for a, b in zip(f, f[1:])]
    if what == "tuples":
        return [f[0][:5]]
    if what == "records":
        return records
    if what == "flows":
        return [tuple(records)] if len(f) >= 3 else []
    return [tuple(records[i:i + 4] + gaps[i:i + 3]) for i in range(len(f) - 3)]


def every(fs, what):
    return [u for f in fs for u in units(f, what)]


def sign_bound(w):
    w = sorted((v for v in w if v > 0), reverse=True)
    return min(sum(w[:k]) + SIGMAS * sum(v * v for v in w[k:]) ** .5
               for k in range(len(w) + 1))


def excess(cand, train, held, what):
    in_train, in_held = set(every(train, what)), set(every(held, what))
    n = len(every(cand, what))
    d = [sum((u in in_train) - (u in in_held) for u in units(f, what)) for f in cand]
    return sum(d) / n, sign_bound([abs(v) for v in d]) / n


def plain(cand, train, what):
    known, own = set(every(train, what)), every(cand, what)
    return sum(u in known for u in own) / len(own)


def addresses(cand, train, held):
    c, t, h = ({a for f in fs for a in f[0][:2]} for fs in (cand, train, held))
    a, b = len(c & t - h), len(c & h - t)
    return (a - b) / len(c), SIGMAS * (2 * (a + b)) ** .5 / len(c)


# ---- Points ----

def mix64(v):
    v = (v ^ v >> 33) * 0xff51afd7ed558ccd & 2 ** 64 - 1
    v = (v ^ v >> 33) * 0xc4ceb9fe1a85ec53 & 2 ** 64 - 1
    return v ^ v >> 33


def address(text):
    a = ipaddress.ip_address(text)
    if a.version == 4:
        return [int(a) >> 16, int(a) & 0xffff]
    b = a.packed
    return [mix64(int.from_bytes(half, "little")) >> 48 for half in (b[:8], b[8:])]


def points(fs, origin):
    rows = []
    for f in fs:
        k = f[0]
        size = [p[LENGTH] for p in f]
        rows.append(address(k[0]) + address(k[1]) + [k[2], k[3]] +
                    [k[4] == 6, k[4] == 17, k[4] in (1, 58), k[4] not in (6, 17, 1, 58)] +
                    list(np.log1p([len(f), len(f), sum(size), (f[-1][TIME] - f[0][TIME]) / 1e3])) +
                    [(f[0][TIME] - origin) / 1e9, np.log1p(size).mean(), np.log1p(size).std()])
    x = np.array(rows, np.float32)
    x[:, -1][x[:, -1] < 1e-6 * x[:, -2]] = 0
    return x


def distances(a, b):
    d = a[:, None, :].astype(float) - b[None, :, :].astype(float)
    return np.sqrt((d * d).sum(2))


def closeness(cand, train, held):
    a, b = distances(cand, train), distances(cand, held)
    win, tie = a.min(1) < b.min(1), a.min(1) == b.min(1)
    w = np.zeros((2, len(train)))
    for i in np.flatnonzero(~tie):
        w[0 if win[i] else 1, (a if win[i] else b)[i].argmin()] += 1
    n = len(cand)
    return (win.sum() + tie.sum() / 2) / n, .5 + sign_bound(w.ravel()) / 2 / n


def attack(cand, train, held, out):
    m = len(held) // 2
    member = train[pick(len(train), m, STREAM_MEMBERS)]
    other = pick(len(held), m, STREAM_OTHERS)
    reference = np.delete(held, other, 0)
    targets = np.vstack([member, held[other]])
    truth = np.repeat([1, 0], m)
    s, r = (distances(targets, x).min(1) for x in (cand, reference))
    score = np.log((r + EPSILON) / (s + EPSILON))
    bound = .5 + SIGMAS * np.sqrt((2 * m + 1) / (12 * m * m))
    fpr, tpr, _ = roc_curve(truth, score, drop_intermediate=False)
    k = int(FPR * m)
    count = max(c for c in range(m + 1) if binom.cdf(k, c + k, .5) > norm.sf(SIGMAS))
    out["mia_auc"] = roc_auc_score(truth, score), bound
    out["mia_tpr"] = tpr[fpr <= FPR].max(), count / m
    out["nearest_auc"] = roc_auc_score(truth, -s), bound


def audit(rows):
    whole = [flows_of(r) for r in rows]
    cand = whole[2]
    n = min(len(whole[0]), len(whole[1]))
    train = [whole[0][i] for i in pick(len(whole[0]), n, STREAM_TRAIN)]
    held = [whole[1][i] for i in pick(len(whole[1]), n, STREAM_HELD)]
    out = {what: excess(cand, train, held, what)
           for what in ("records", "flows", "ngrams", "tuples")}
    out["addresses"] = addresses(cand, train, held)
    origin = min(p[TIME] for p in rows[0])
    x = [points(fs, origin) for fs in (cand, train, held)]
    real = np.vstack(x[1:]).astype(float)
    sd = real.std(0)
    scale = np.where(sd > 1e-6 * abs(real.mean(0)), 1 / np.where(sd > 0, sd, 1), 0)
    x = [((v - real.mean(0)) * scale).astype(np.float32) for v in x]
    out["nearest"] = closeness(*x)
    attack(*x, out)
    out["tuples_plain"] = plain(cand, whole[0], "tuples"), np.nan
    out["records_plain"] = plain(cand, whole[0], "records"), np.nan
    return out


def main(folder):
    rows = traces()
    for name, part in zip(("train", "held", "cand"), rows):
        with open("%s/leak-%s.tsv" % (folder, name), "w") as f:
            f.writelines("\t".join(map(str, p)) + "\n" for p in part)
    with open("%s/leak-values.tsv" % folder, "w") as f:
        for name, (value, bound) in sorted(audit(rows).items()):
            f.write("%s\t%.17g\t%.17g\n" % (name, value, bound))


if __name__ == "__main__":
    main(sys.argv[1])
