#!/usr/bin/env python3
"""What scikit-learn says about two traces: classifiers and anomalies.

    /usr/bin/python3 tests/ref/eval_sklearn.py REAL.csv SYNTH.csv OUT.tsv

writes metric, value and how far ns-eval may be from it: what is random is a mean over
two seeds.  The traces are as ns-decode -f csv writes them, of few enough records that
ns-eval takes all of them; tests/long/reference.t compares.
"""
import sys
import warnings
from collections import defaultdict

import numpy as np
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM
from sklearn.tree import DecisionTreeClassifier

from eval_scipy import read
from netml_numpy import MODES, features, scale

SEEDS = 2


class Trace:
    def __init__(self, path):
        names, rows = read(path)
        self.col = {n: [r[i] for r in rows] for i, n in enumerate(names)}
        self.n = len(rows)
        self.is_flow = "td" in self.col
        self.t = np.array(self.col["ts"], dtype=np.int64) * 1000
        self.dur = np.round(np.array(self.col["td"], float) * 1e9) if self.is_flow else \
            np.zeros(self.n)
        self.size = np.array(self.col["byt" if self.is_flow else "pkt_len"], float)

    def records(self):
        names = ["srcport", "dstport", "proto"]
        names += ["pkt", "byt"] if self.is_flow else ["pkt_len", "ttl", "tos", "flag"]
        x = [np.array(self.col[n], float) for n in names]
        x.append(np.array(self.col.get("tcpflags", [0] * self.n), float))
        return np.column_stack(x + [self.dur])

    def flows(self):
        groups = defaultdict(list)
        for i, key in enumerate(zip(*(self.col[k] for k in
                                      ("srcip", "dstip", "srcport", "dstport", "proto")))):
            groups[key].append(i)
        x = []
        for key, g in groups.items():
            size = self.size[g]
            last = max(self.t[i] + int(self.dur[i]) for i in g)
            x.append([key[2], key[3], key[4], len(g), last - min(self.t[g]), size.sum(),
                      size.mean(), size.std()])
        return np.array(x, float)

    def packets(self):
        """As netml_numpy has them."""
        c = self.col
        return list(zip(self.t.tolist(), c["srcip"], c["dstip"], c["srcport"], c["dstport"],
                        c["proto"], c["pkt_len"], c["off"]))


def auc(a, b, seed):
    x = np.vstack([a, b]).astype(np.float32)
    y = np.r_[np.zeros(len(a)), np.ones(len(b))]
    forest = RandomForestClassifier(100, min_samples_leaf=5, random_state=seed, n_jobs=2)
    folds = StratifiedKFold(4, shuffle=True, random_state=seed)
    return roc_auc_score(y, cross_val_predict(forest, x, y, cv=folds,
                                              method="predict_proba")[:, 1])


def two_sample(real, syn, out):
    for name, of in (("records", Trace.records), ("flows", Trace.flows)):
        out["classifier_" + name] = np.mean([auc(of(real), of(syn), s)
                                             for s in range(SEEDS)]), .015


def learners(seed):
    return {
        "tree": (DecisionTreeClassifier(random_state=seed), .03),
        "logistic": (make_pipeline(StandardScaler(), OneVsRestClassifier(
            LogisticRegression(solver="liblinear"))), .01),
        "forest": (RandomForestClassifier(random_state=seed), .02),
        "bayes": (GaussianNB(), 1e-3),
        "adaboost": (AdaBoostClassifier(random_state=seed), .03),
        "mlp": (make_pipeline(StandardScaler(), MLPClassifier(random_state=seed)), .03),
    }


def types(real, syn, out):
    def sorted_rows(t):
        order = np.argsort(t.t, kind="stable")
        x = np.column_stack([np.array(t.col[n], float) for n in
                             ("srcport", "dstport", "proto")] +
                            [t.dur / 1e9] + [np.array(t.col[n], float) for n in ("pkt", "byt")])
        return x.astype(np.float32)[order], np.array(t.col["type"])[order]

    (x, y), (tx, ty) = sorted_rows(syn), sorted_rows(real)
    n, first = int(len(x) * .8), int(len(tx) * .8)
    for name in learners(0):
        accuracy, f1 = [], []
        for seed in range(SEEDS):
            model, slack = learners(seed)[name]
            guess = model.fit(x[:n], y[:n]).predict(tx[first:])
            accuracy.append(accuracy_score(ty[first:], guess))
            f1.append(f1_score(ty[first:], guess, average="macro"))
        out["type_" + name] = np.mean(accuracy), slack
        out["type_" + name + "_f1"] = np.mean(f1), 4 * slack


def anomalies(real, syn, out):
    def share(x, of):
        svm = OneClassSVM(nu=.5, gamma="scale").fit(np.array(x, np.float32))
        return (svm.predict(np.array(of, np.float32)) < 0).mean()

    rows = real.packets(), syn.packets()
    measure = scale(rows[0])
    for mode in MODES:
        r, s = (features(side, mode, *measure) for side in rows)
        own = share(r, r)
        out["anomaly_" + mode.lower()] = abs(share(s, s) - own) / own, .01
        out["anomaly_cross_" + mode.lower()] = abs(share(r, s) - own) / own, .01


def main(args):
    warnings.simplefilter("ignore")
    real, syn = Trace(args[0]), Trace(args[1])
    out = {}
    two_sample(real, syn, out)
    if not real.is_flow:
        anomalies(real, syn, out)
    elif len(set(real.col["type"])) > 1:
        types(real, syn, out)
    with open(args[2], "w") as f:
        for metric in sorted(out):
            f.write("%s\t%.9g\t%g\n" % (metric, *out[metric]))


if __name__ == "__main__":
    main(sys.argv[1:])
