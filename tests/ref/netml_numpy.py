#!/usr/bin/env python3
"""Two small packet traces and their NetML features, worked out with NumPy.

    /usr/bin/python3 tests/ref/netml_numpy.py tests/data/eval

writes netml-trace.tsv (side, ns, source, destination, two ports, protocol, IP length,
fragment offset; a host from 100 on is one of IPv6) and netml-rows.tsv: the scale of side
0 (interval and window in seconds, dim), then a line a flow of either side and mode, in
the order in which the five-tuples first occur.  The stored values are NumPy 1.24.2's;
tests/unit/ns-eval/test_netml.c compares with them.

The definitions are those of the library netml (arXiv 2006.16993), but for the last part
of a flow that was split, which is kept, and IPv6, which is let in.
"""
import sys

import numpy as np

MODES = "IAT SIZE IAT_SIZE STATS SAMP_NUM SAMP_SIZE".split()
IDLE = 600.0


# ---- Traces ----

def trace(seed, n, flows):
    """n packets in disorder: bursts and pauses of all lengths, some beyond the timeout."""
    r = np.random.RandomState(seed)
    keys = []
    for _ in range(flows):
        v6 = 100 if r.rand() < .2 else 0
        proto = int(r.choice([6, 17, 1, 58], p=[.55, .3, .1, .05]))
        ports = r.randint(1, 9, 2) if proto in (6, 17) else (0, 0)
        keys.append((v6 + r.randint(1, 6), v6 + r.randint(1, 6), ports[0], ports[1], proto))
    weight = 1 / np.arange(1, flows + 1)
    clock = dict.fromkeys(keys, 0)
    out = []
    for i in r.choice(flows, n, p=weight / weight.sum()):
        key = keys[i]
        pause = r.choice([0, 1e3, 2.5e6, 4e8, 3e9, 5e10, 6.1e11],
                         p=[.08, .1, .3, .3, .15, .05, .02])
        clock[key] += int(pause * (1 if r.rand() < .2 else r.rand()))
        frag = int(r.rand() < .05) * 185
        out.append((1500000000000000000 + clock[key],) + key +
                   (int(r.choice([40, 52, 576, 1500, r.randint(40, 1500)])), frag))
    order = r.permutation(len(out))
    return [out[i] for i in order]


# ---- Flows ----

def five_tuples(rows):
    """{five-tuple: (seconds since its first packet, lengths)} in order of occurrence."""
    groups = {}
    for t, *key, size, frag in rows:
        group = groups.setdefault(tuple(key), [])
        if key[4] in (6, 17) and frag == 0:
            group.append((t, size))
    out = []
    for group in groups.values():
        if not group:
            continue
        a = np.array(sorted(group, key=lambda p: p[0]), dtype=np.int64)
        out.append((a[:, 0], a[:, 1]))
    return out


def parts(t, size, breaks):
    cut = zip(np.split(t, breaks), np.split(size, breaks))
    return [(a, b) for a, b in cut if len(a) >= 2]


def idle_split(flows):
    return [p for t, size in flows
            for p in parts(t, size, np.flatnonzero(np.diff(t) > IDLE * 1e9) + 1)]


def interval_split(flows, interval):
    out = []
    for t, size in flows:
        x = (t - t[0]).astype(float)
        breaks, start, before = [], 0.0, 0.0
        for i in range(1, len(x)):
            before_next = x[i]
            if x[i] - before > interval:
                breaks.append(i)
                start += np.floor((x[i] - start) / interval) * interval
                before_next = start
            before = before_next
        out += parts(t, size, breaks)
    return out


def lasts(flows):
    return np.array([float(t[-1] - t[0]) for t, _ in flows])


# ---- Features ----

def windows(t, values, width):
    out, current, i = [], 0.0, 0
    x = (t - t[0]).astype(float)
    total = values[0]
    for i in range(1, len(x)):
        if x[i] - current <= width:
            total += values[i]
            continue
        out.append(total)
        current += width
        empty = min(int((x[i] - current) / width), 500)
        out += [0] * empty
        current += empty * width
        if len(out) > 500:
            return out[:500]
        total = values[i]
    return out + [total]


def row(mode, t, size, dim, window):
    iat = np.diff(t) / 1e9
    if mode == "IAT":
        return iat, dim - 1
    if mode == "SIZE":
        return size, dim
    if mode == "IAT_SIZE":
        both = np.empty(2 * len(t) - 1)
        both[0::2][:len(iat)] = iat
        both[1::2] = size[:-1]
        both[-1] = size[-1]
        return both, 2 * dim - 1
    if mode == "STATS":
        d = (t[-1] - t[0]) / 1e9
        rate = 1 / d if d > 0 else 0
        return [d, len(t) * rate, size.sum() * rate, size.mean(), size.std(),
                *np.quantile(size, [.25, .5, .75]), size.min(), size.max(), len(t),
                size.sum()], 12
    values = np.ones(len(t)) if mode == "SAMP_NUM" else size
    return windows(t, values, window), dim - 1


def fixed(values, width):
    out = np.zeros(width)
    k = min(width, len(values))
    out[:k] = values[:k]
    return out


def scale(ref):
    """(interval, window, dim) that the flows of a reference set for both sides."""
    flows = idle_split(five_tuples(ref))
    interval = np.quantile(lasts(flows), .9)
    flows = interval_split(flows, interval)
    return (interval, np.quantile(lasts(flows), .3),
            int(np.quantile([len(t) for t, _ in flows], .9)))


def features(rows, mode, interval, window, dim):
    flows = interval_split(idle_split(five_tuples(rows)), interval)
    return [fixed(*row(mode, t, size, dim, window)) for t, size in flows]


def main(folder):
    sides = [trace(1, 500, 40), trace(2, 300, 60)]
    with open(folder + "/netml-trace.tsv", "w") as f:
        for s, rows in enumerate(sides):
            for r in rows:
                f.write("\t".join(str(v) for v in (s,) + r) + "\n")
    interval, window, dim = scale(sides[0])
    with open(folder + "/netml-rows.tsv", "w") as f:
        f.write("scale\t%.9g\t%.9g\t%d\n" % (interval / 1e9, window / 1e9, dim))
        for s, rows in enumerate(sides):
            for mode in MODES:
                for values in features(rows, mode, interval, window, dim):
                    f.write("%d\t%s\t" % (s, mode) +
                            "\t".join("%.7g" % v for v in values) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
