#!/usr/bin/env python3
"""Three small tables and what scikit-learn says about them.

    /usr/bin/python3 tests/ref/learn_sklearn.py tests/data/eval

writes learn-NAME-train.tsv and learn-NAME-test.tsv for "overlap" (two classes), "traffic"
(four classes, columns like ports, protocol, duration, packets and bytes) and "absent" (a
class that occurs in the test table only), and learn-values.tsv: table, value, mean and
deviation over ten seeds.  The test tables have two more columns: the class that naive
Bayes gives a row, and -1 or 1 of the one-class machine fitted to the train table.

The stored values are those of scikit-learn 1.2.1 and SciPy 1.10.1.  "boosting" and
"leaves" stand beside HistGradientBoostingClassifier with the same limits, trained on
draws with repeats so that a deviation comes out: another implementation than the one
that the tests run.
"""
import sys
import warnings

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.ensemble import (AdaBoostClassifier, HistGradientBoostingClassifier,
                              RandomForestClassifier)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score, roc_curve
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM
from sklearn.tree import DecisionTreeClassifier

SEEDS = 10
warnings.filterwarnings("ignore")


# ---- Tables ----

def overlap(rng, n):
    y = rng.integers(0, 2, n)
    x = rng.normal(0, 1, (n, 4)) + np.outer(y, [1.0, 0.5, 0, 0])
    x[:, 2] += np.where(y == 1, 1.2, -1.2) * np.sign(x[:, 3])
    x[:, 1] = np.round(x[:, 1] * 2) / 2
    return np.round(x, 2), y


def traffic(rng, n):
    y = rng.choice(4, n, p=[.45, .3, .15, .1])
    common = np.array([[443, 80, 22], [53, 123, 443], [6881, 51413, 443], [25, 587, 80]])
    port = common[y, rng.choice(3, n, p=[.6, .25, .15])]
    port = np.where(rng.random(n) < .25, rng.integers(1024, 65536, n), port)
    proto = np.where(rng.random(n) < np.array([.05, .9, .5, .02])[y], 17, 6)
    packets = np.floor(rng.pareto(np.array([.9, 2.5, .7, 1.2])[y])).clip(0, 4999) + 1
    size = np.exp(rng.normal(np.array([6.0, 4.5, 6.3, 5.5])[y], .6)).clip(40, 1500)
    duration = np.where(packets > 1, rng.exponential(np.array([2, .1, 20, 1])[y], n), 0)
    x = np.stack([port, proto, np.round(duration, 3), packets,
                  np.round(packets * size)], axis=1)
    return x, y


def absent(rng, n):
    y = rng.integers(0, 4, n)
    x = rng.normal(0, 1, (n, 3)) + np.array([[0, 0, 0], [2, 0, 1], [1, 1, 1], [0, 2, 1]])[y]
    return np.round(x, 2), y


def tables(name):
    rng = np.random.default_rng(7)
    make, n, m = {"overlap": (overlap, 600, 900), "traffic": (traffic, 700, 1000),
                  "absent": (absent, 300, 400)}[name]
    x, y = make(rng, n)
    tx, ty = make(rng, m)
    if name == "absent":
        x, y = x[y != 2], y[y != 2]
    return x.astype(np.float32), y, tx.astype(np.float32), ty


def digits(v):
    """As many as tell a float from its neighbours."""
    return np.format_float_positional(v, trim="-")


def write_table(path, x, y, more=()):
    with open(path, "w") as f:
        for i, row in enumerate(x):
            cells = [str(y[i])] + [digits(v) for v in row] + [str(m[i]) for m in more]
            f.write("\t".join(cells) + "\n")


# ---- Classifiers ----

def scaled(model):
    return make_pipeline(StandardScaler(), model)


LEARNERS = {
    "tree": lambda s: DecisionTreeClassifier(random_state=s),
    "logistic": lambda s: scaled(LogisticRegression(solver="liblinear")),
    "forest": lambda s: RandomForestClassifier(random_state=s),
    "boosting": lambda s: HistGradientBoostingClassifier(
        max_iter=100, learning_rate=.3, max_depth=6, max_leaf_nodes=None,
        min_samples_leaf=1, l2_regularization=1, early_stopping=False),
    "leaves": lambda s: HistGradientBoostingClassifier(
        max_iter=100, learning_rate=.1, max_leaf_nodes=31, min_samples_leaf=1,
        l2_regularization=1, early_stopping=False),
    "bayes": lambda s: GaussianNB(),
    "adaboost": lambda s: AdaBoostClassifier(random_state=s),
    "mlp": lambda s: scaled(MLPClassifier(random_state=s)),
}
CERTAIN = ("logistic", "bayes")
BY_DRAWS = ("boosting", "leaves")


def run_seeds(name, x, y, tx, ty):
    """accuracy and macro F1 for each seed."""
    out = []
    for seed in range(1 if name in CERTAIN else SEEDS):
        rows = np.arange(len(y))
        if name in BY_DRAWS and seed > 0:
            rows = np.random.default_rng(seed).choice(len(y), len(y))
        guess = LEARNERS[name](seed).fit(x[rows], y[rows]).predict(tx)
        out.append((accuracy_score(ty, guess), f1_score(ty, guess, average="macro")))
    return np.array(out)


def two_sample(x, y):
    """AUC of a forest that tells class 0 of the train table from the others."""
    auc = []
    for seed in range(SEEDS):
        forest = RandomForestClassifier(100, min_samples_leaf=5, random_state=seed)
        folds = StratifiedKFold(4, shuffle=True, random_state=seed)
        p = cross_val_predict(forest, x, y > 0, cv=folds, method="predict_proba")
        auc.append(roc_auc_score(y > 0, p[:, 1]))
    return np.array(auc)


def tpr_at(y, score, limit):
    fpr, tpr, _ = roc_curve(y, score, drop_intermediate=False)
    return tpr[fpr <= limit].max()


# ---- All of it ----

def values_of(name, x, y, tx, ty, bayes, outlier):
    """(value, mean, deviation)"""
    for learner in LEARNERS:
        runs = run_seeds(learner, x, y, tx, ty)
        # of draws with repeats only the deviation: the mean is that of the whole table
        mean = runs[0] if learner in BY_DRAWS else runs.mean(axis=0)
        yield "accuracy-" + learner, mean[0], runs[:, 0].std()
        yield "f1-" + learner, mean[1], runs[:, 1].std()
    yield "f1", f1_score(ty, bayes, average="macro"), 0
    yield "share", (outlier < 0).mean(), 0
    yield "spearman", spearmanr(x[:, 0], x[:, -1])[0], 0
    yield "pearson", pearsonr(x[:, 0].astype(float), x[:, -1].astype(float))[0], 0
    yield "auc", roc_auc_score(ty > 0, tx[:, -1]), 0
    for limit in (.01, .1, .5):
        yield "tpr-%g" % limit, tpr_at(ty > 0, tx[:, -1], limit), 0
    auc = two_sample(x, y)
    yield "two-sample", auc.mean(), auc.std()


def main(folder):
    with open(folder + "/learn-values.tsv", "w") as f:
        for name in ("overlap", "traffic", "absent"):
            x, y, tx, ty = tables(name)
            bayes = GaussianNB().fit(x.astype(float), y).predict(tx.astype(float))
            outlier = OneClassSVM().fit(x).predict(tx)
            write_table("%s/learn-%s-train.tsv" % (folder, name), x, y)
            write_table("%s/learn-%s-test.tsv" % (folder, name), tx, ty, (bayes, outlier))
            for value in values_of(name, x, y, tx, ty, bayes, outlier):
                f.write("%s\t%s\t%.17g\t%.17g\n" % ((name,) + value))


main(sys.argv[1])
