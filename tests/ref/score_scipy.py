#!/usr/bin/env python3
"""What SciPy says of how far two sets of records are apart, by pairs of symbols.

    /usr/bin/python3 tests/ref/score_scipy.py > tests/unit/ns-train/scores.h

The records are formulas that tests/unit/ns-train/test_score.c has as well: of a series
a kind and a port, of each of its steps a size and a gap.
"""
import numpy as np
import scipy
from scipy.spatial.distance import jensenshannon

K = [4, 3, 5, 3]  # kind, port; size, gap
STEPS = [2, 3]


def series(side, i, longest):
    """The records of series i, genuine (side 0) or drawn."""
    n = 1 + (5 * i + 3 * side) % 4
    kind = (i * i + i // 3 * (1 + side)) % 4
    port = (i + kind * side) % 3
    return [[kind, port, (kind + 2 * t + i * side) % 5, (t + port + i // 5) % 3]
            for t in range(min(n, longest))]


def joint(pairs, a, b):
    table = np.zeros((K[a], K[b]))
    for x, y in pairs:
        table[x[a], y[b]] += 1
    return table.ravel()


def divergence(genuine, drawn, a, b, later):
    def pairs(records):
        if later:
            return [p for s in records for p in zip(s, s[1:])]
        return [(r, r) for s in records for r in s]

    p, q = pairs(genuine), pairs(drawn)
    if not p or not q:
        return None
    return jensenshannon(joint(p, a, b), joint(q, a, b), base=2) ** 2


def score(genuine, drawn):
    v = [divergence(genuine, drawn, a, b, False) for a in range(4) for b in range(a + 1, 4)]
    v += [divergence(genuine, drawn, a, a, True) for a in STEPS]
    return np.mean([d for d in v if d is not None])


def sets(longest, n=50, m=80):
    return [series(0, i, longest) for i in range(n)], [series(1, i, longest) for i in range(m)]


print("/* clang-format off */")
print("/* Made by tests/ref/score_scipy.py with SciPy %s. */" % scipy.__version__)
print("static const double score_of_all = %.15g;" % score(*sets(4)))
print("static const double score_of_first_records = %.15g;" % score(*sets(1)))
print("static const double score_of_few = %.15g;" % score(*sets(4, 3, 2)))
