#!/usr/bin/python3
"""Reference values of draws that gradients go through, by PyTorch in double.

    tests/ref/adversarial_torch.py > tests/unit/f64-ns-train/drawn.h  (Debian: python3-torch)

Two windows of each lane of ar_torch.py are drawn by its net, the second where the first
has ended: one code of each symbol by exponential numbers of Philox4x32-10, taken in the
order in which lanes and symbols are drawn.  Forward a code is a vector of one 1, backward
the softmax of the noisy logarithms of its probability: hard + soft - soft.detach().
What critics say is a formula, the gradient at rows of their embeddings.  Probabilities of
an octet are even in blocks of BLOCK codes, and part of the marginals is in all.
"""
import math
import torch
from torch.nn.functional import linear, one_hot
from ar_torch import ATTR, CHUNKS, CHUNK_E, H, LANES, LENGTH_E, PLACE_E, STEP, U, WINDOW, \
    allowed_attribute, allowed_step, attributes, head, length_code, place_code, show, \
    show_gradients, step, w, weights

SEED, STREAM, BLOCK, FLOOR = 77, 5, 4, 0.125
SECOND = [0, 8, 0, 0, 0, 20]  # first steps of the second windows
P, M, R = len(ATTR), len(STEP), sum(e for _, e in STEP)
ALL = ATTR + STEP


def philox():
    """32-bit numbers without end."""
    block = 0
    while True:
        c, k = [block, 0, STREAM, 0], [SEED, 0]
        for _ in range(10):
            a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
            c = [b >> 32 ^ c[1] ^ k[0], b & 0xffffffff, a >> 32 ^ c[3] ^ k[1], a & 0xffffffff]
            k = [(k[0] + 0x9E3779B9) & 0xffffffff, (k[1] + 0xBB67AE85) & 0xffffffff]
        yield from c
        block += 1


bits = philox()


def exponential(k):
    return torch.tensor([-math.log((next(bits) & 0x7fffffff) * 2.0 ** -31 + 2.0 ** -32)
                         for _ in range(k)])


def block_of(i):
    return BLOCK if i == 1 else 1


def marginal(i):
    """Shares that are none of every fifth code."""
    return torch.tensor([0.0 if (j + i) % 5 == 4 else 0.01 * ((j * 7 + i) % 9 + 1)
                         for j in range(ALL[i][0])])


def drawn_by(i, logits, allowed):
    """Probabilities of symbol i that codes are drawn by."""
    k, block = ALL[i][0], block_of(i)
    keep = torch.zeros(k, dtype=torch.bool)
    keep[list(allowed)] = True
    p = torch.softmax(logits.masked_fill(~keep, -math.inf), 0)
    parts = []
    for b in range(0, k, block):
        mine = keep[b:b + block]
        even = p[b:b + block].sum() / max(1, int(mine.sum()))
        parts.append(torch.where(mine, even, torch.zeros(())))
    share = marginal(i) * keep
    share = share / share.sum() if share.sum() > 0 else keep / keep.sum()
    return keep, (1 - FLOOR) * torch.cat(parts) + FLOOR * share


def draw(i, logits, allowed):
    """A code, and it as a vector."""
    allowed = list(allowed)
    if len(allowed) == 1:
        return allowed[0], fixed(i, allowed[0])
    keep, q = drawn_by(i, logits(), allowed)
    noisy = torch.where(keep, q, torch.zeros(())) / exponential(ALL[i][0])
    soft = noisy / noisy.sum()
    code = int(soft.argmax())
    return code, fixed(i, code) + soft - soft.detach()


def fixed(i, code):
    return one_hot(torch.tensor(code), ALL[i][0]).double()


class Lane:
    """Of attributes and the last step codes and vectors; the state of the LSTM."""

    def __init__(self, i):
        self.i, self.length = i, LANES[i][0]
        self.h = torch.tensor([0.5 * math.sin(0.9 * (i * H + j)) for j in range(H)])
        self.c = torch.tensor([0.5 * math.cos(0.4 * (i * H + j)) for j in range(H)])
        self.attr = attributes(i)
        self.last = step(i, LANES[i][1] - 1) if LANES[i][1] > 0 else [0] * M

    def begin(self, first):
        self.first, self.n = first, min(WINDOW, self.length - first)
        self.drawn = [fixed(j, c) for j, c in enumerate(self.attr)]
        self.before = [fixed(P + j, c) for j, c in enumerate(self.last)]
        self.h, self.c = self.h.detach(), self.c.detach()
        if first == 0:
            self.h, self.c = self.h * 0, self.c * 0
            self.attr, self.drawn = [], []
        self.steps, self.codes = [], []

    def read(self, net, n):
        return torch.cat([w[net + ".chunk"][self.i % CHUNKS],
                          w[net + ".length"][length_code(self.length)]]
                         + [self.drawn[j] @ w["%s.embed.%d" % (net, j)] for j in range(n)])

    def draw_attribute(self, i):
        def logits():
            y = self.read("attr.%d" % i, i)
            for layer in range(3):
                name = "attr.%d.%d." % (i, layer)
                y = linear(y, w[name + "weight"], w[name + "bias"])
                y = torch.relu(y) if layer < 2 else y
            return y

        code, vector = draw(i, logits, allowed_attribute(i, self.attr))
        self.attr.append(code)
        self.drawn.append(vector)

    def begin_steps(self):
        self.context = torch.relu(linear(self.read("context", P), w["context.weight"],
                                         w["context.bias"]))

    def embed(self, vectors):
        return [v @ w["embed.%d.weight" % j] for j, v in enumerate(vectors)]

    def recur(self, t):
        at = self.first + t
        before = torch.cat(self.embed(self.before)) if at > 0 else torch.zeros(R)
        v = torch.cat([before, w["embed.left"][place_code(self.length - at)],
                       w["embed.done"][place_code(at)]])
        gates = linear(v, w["lstm.weight_ih"], w["lstm.bias"]) \
            + linear(self.context, w["lstm.weight_context"]) \
            + linear(self.h, w["lstm.weight_hh"])
        a, f, g, o = gates.chunk(4)
        self.c = torch.sigmoid(f) * self.c + torch.sigmoid(a) * torch.tanh(g)
        self.h = torch.sigmoid(o) * torch.tanh(self.c)
        self.common = linear(self.h, w["heads.weight_lstm"]) + w["heads.bias"] \
            + linear(self.context, w["heads.weight_context"])
        self.now, self.code = [], []

    def draw_symbol(self, t, j):
        def logits():
            y = self.common[j * U:(j + 1) * U]
            if j > 0:
                y = y + linear(torch.cat(self.embed(self.now)),
                               w["head.%d.weight_step" % j])
            return linear(torch.relu(y), w["head.%d.weight" % j], w["head.%d.bias" % j])

        code, vector = draw(P + j, logits,
                            allowed_step(j, self.first + t, self.attr, self.code))
        self.code.append(code)
        self.now.append(vector)
        if j + 1 == M:
            self.steps.append(self.now)
            self.codes.append(self.code)
            self.before, self.last = self.now, self.code


lanes = [Lane(i) for i in range(len(LANES))]


def draw_windows(firsts):
    for a, first in zip(lanes, firsts):
        a.begin(first)
    order = sorted(lanes, key=lambda a: (-a.n, a.i))
    for i in range(P):
        for a in order:
            if a.first == 0:
                a.draw_attribute(i)
    for a in order:
        a.begin_steps()
    for t in range(WINDOW):
        live = [a for a in order if a.n > t]
        for a in live:
            a.recur(t)
        for j in range(M):
            for a in live:
                a.draw_symbol(t, j)


def seen(name, i, v):
    """What a critic's embedding makes of a vector of symbol i; octets are not seen."""
    k, e = ALL[i]
    return torch.zeros(e) if i == 1 else v @ weights("%s.embed.%d" % (name, i), (k, e)).detach()


def row(a, name, steps):
    width = CHUNK_E + LENGTH_E + (PLACE_E if steps else 0)
    v = [torch.zeros(width)] + [seen(name, i, a.drawn[i]) for i in range(P)]
    for vectors in a.steps if steps else []:
        v += [seen(name, P + j, vectors[j]) for j in range(M)]
    return torch.cat(v)


def say(window):
    """The critic of all has not seen lane 0, nor 4 in the first window, which is held
    out; that of attributes where a series begins."""
    loss = torch.zeros(())
    for a in lanes:
        if a.i != 0 and not (a.i == 4 and window == 0):
            x = row(a, "critic", True)
            loss = loss + sum(x[c] * math.sin(0.3 * c + 1.1 * a.i + window)
                              for c in range(len(x)))
        if a.first == 0:
            x = row(a, "aux", False)
            loss = loss + sum(x[c] * math.cos(0.5 * c + 0.7 * a.i + window)
                              for c in range(len(x)))
    return loss


def show_codes(name, rows):
    print("static const uint16_t %s[] = {" % name)
    for v in rows:
        print("\t" + ", ".join("%d" % x for x in v) + ",")
    print("};")


head("adversarial_torch.py")
print("/* A line a lane; of steps all of a window, then those of the next lane. */")
for window, firsts in enumerate([[first for _, first in LANES], SECOND]):
    draw_windows(firsts)
    show_codes("attr_%d" % window, [a.attr for a in lanes])
    show_codes("step_%d" % window, [sum(a.codes, []) for a in lanes])
    say(window).backward()
show("state_h", torch.cat([a.h for a in lanes]).tolist())
show("state_c", torch.cat([a.c for a in lanes]).tolist())
show_gradients(w)
