#!/usr/bin/python3
"""Reference values of the autoregressive model's likelihood, by PyTorch in double.

    tests/ref/likelihood_torch.py > tests/unit/f64-ns-train/torch.h  (Debian: python3-torch)

The net of common/model/ar/ar.h, written down once more, one series at a time and
differentiated by PyTorch; ar_torch.py has its weights and records.  What masks forbid
has a logit of minus infinity.
"""
import math
import torch
from torch.nn.functional import cross_entropy, embedding, linear
from ar_torch import ATTR, CHUNKS, H, LANES, STEP, U, WINDOW, allowed_attribute, \
    allowed_step, attributes, head, length_code, place_code, show, show_gradients, step, w

SCALE = 0.5


def nats(logits, allowed, code):
    keep = torch.zeros(len(logits), dtype=torch.bool)
    keep[list(allowed)] = True
    return cross_entropy(logits.masked_fill(~keep, -math.inf), torch.tensor(code))


def look_up(name, code):
    return embedding(torch.tensor(code), w[name])


def embed_steps(code):
    """What the first symbols of a step are embedded to."""
    v = [look_up("embed.%d.weight" % j, c) for j, c in enumerate(code)]
    return torch.cat(v) if v else torch.zeros(0)


def read(net, i, attr):
    """What a net sees of lane i, of whose attributes these are known."""
    return torch.cat([look_up(net + ".chunk", i % CHUNKS),
                      look_up(net + ".length", length_code(LANES[i][0]))]
                     + [look_up("%s.embed.%d" % (net, j), c) for j, c in enumerate(attr)])


def attribute_nats(lane_of, attr):
    loss = torch.zeros(())
    for i in range(len(ATTR)):
        y = read("attr.%d" % i, lane_of, attr[:i])
        for layer in range(3):
            name = "attr.%d.%d." % (i, layer)
            y = linear(y, w[name + "weight"], w[name + "bias"])
            y = torch.relu(y) if layer < 2 else y
        loss = loss + nats(y, allowed_attribute(i, attr), attr[i])
    return loss


def step_nats(t, attr, code, h, context):
    common = linear(h, w["heads.weight_lstm"]) + w["heads.bias"] \
        + linear(context, w["heads.weight_context"])
    loss = torch.zeros(())
    for j in range(len(STEP)):
        y = common[j * U:(j + 1) * U]
        if j > 0:
            y = y + linear(embed_steps(code[:j]), w["head.%d.weight_step" % j])
        y = linear(torch.relu(y), w["head.%d.weight" % j], w["head.%d.bias" % j])
        loss = loss + nats(y, allowed_step(j, t, attr, code), code[j])
    return loss


def lane(i):
    """Nats of attributes and steps of one lane's window, and the state at its end."""
    length, first = LANES[i]
    attr = attributes(i)
    of_attr = attribute_nats(i, attr) if first == 0 else torch.zeros(())
    context = torch.relu(linear(read("context", i, attr), w["context.weight"],
                                w["context.bias"]))
    h = torch.tensor([0.5 * math.sin(0.9 * (i * H + j)) for j in range(H)])
    c = torch.tensor([0.5 * math.cos(0.4 * (i * H + j)) for j in range(H)])
    if first == 0:
        h, c = h * 0, c * 0
    of_steps = torch.zeros(())
    for t in range(first, min(length, first + WINDOW)):
        before = embed_steps(step(i, t - 1)) if t > 0 else \
            torch.zeros(sum(e for _, e in STEP))
        v = torch.cat([before, look_up("embed.left", place_code(length - t)),
                       look_up("embed.done", place_code(t))])
        gates = linear(v, w["lstm.weight_ih"], w["lstm.bias"]) \
            + linear(context, w["lstm.weight_context"]) + linear(h, w["lstm.weight_hh"])
        a, f, g, o = gates.chunk(4)
        c = torch.sigmoid(f) * c + torch.sigmoid(a) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        of_steps = of_steps + step_nats(t, attr, step(i, t), h, context)
    return of_attr, of_steps, h, c


lanes = [lane(i) for i in range(len(LANES))]
(SCALE * sum(a + s for a, s, _, _ in lanes)).backward()
head("likelihood_torch.py")
show("attr_nats", [a.item() for a, _, _, _ in lanes])
show("step_nats", [s.item() for _, s, _, _ in lanes])
show("state_h", torch.cat([h for _, _, h, _ in lanes]).tolist())
show("state_c", torch.cat([c for _, _, _, c in lanes]).tolist())
show_gradients(w)
