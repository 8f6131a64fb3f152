#!/usr/bin/python3
"""Reference values of the generator's forward pass and of Adam, by PyTorch in double.

    tests/ref/model_torch.py > tests/unit/f64-model/torch.h      (Debian: python3-torch)

Weights and noise are sines of their index, so that the C test can make the same ones.
"""
import math
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
B, Z, U, A, H, N, S, R, F1 = 4, 5, 7, 13, 5, 5, 2, 3, 6
attr_groups = [(0, 2, "s"), (2, 2, "s"), (4, 2, "s"), (6, 3, "t"), (9, 3, "s"), (12, 1, "g")]
row_groups = [(0, 1, "g"), (1, 3, "s"), (4, 2, "s")]


class Weights:
    def __init__(self):
        self.p = 0

    def next(self, *shape):
        n = math.prod(shape)
        v = [0.3 * math.sin(0.7 * i + self.p) for i in range(n)]
        self.p += 1
        return torch.tensor(v).reshape(shape)


def act(x, groups):
    y = torch.zeros_like(x)
    for off, k, kind in groups:
        v = x[..., off:off + k]
        y[..., off:off + k] = {"s": lambda: torch.softmax(v, -1), "t": lambda: torch.tanh(v),
                               "g": lambda: torch.sigmoid(v)}[kind]()
    return y


def harden(y, groups):
    h = y.clone()
    for off, k, kind in groups:
        if kind == "s":
            one = torch.zeros(y.shape[0], k)
            one[torch.arange(y.shape[0]), y[:, off:off + k].argmax(1)] = 1
            h[:, off:off + k] = one
    return h


def show(name, v):
    v = v.detach().reshape(-1).tolist()
    print("static const double %s[%d] = {" % (name, len(v)))
    for i in range(0, len(v), 4):
        print("\t" + ", ".join("%.17g" % x for x in v[i:i + 4]) + ",")
    print("};")


w = Weights()
layers = []
for i, (out, inp) in enumerate([(U, Z), (U, U), (A, U)]):
    lin = nn.Linear(inp, out)
    lin.weight.data = w.next(out, inp)
    lin.bias.data = w.next(out)
    layers.append(lin)
    if i < 2:
        bn = nn.BatchNorm1d(out, eps=1e-5, momentum=0.1)
        bn.weight.data = w.next(out)
        bn.bias.data = w.next(out)
        bn.running_mean.data = torch.tensor([0.1 * math.sin(j) for j in range(out)])
        bn.running_var.data = torch.tensor([1 + 0.5 * math.sin(j) ** 2 for j in range(out)])
        layers += [nn.ReLU(), bn]
attr = nn.Sequential(*layers)
lstm = nn.LSTM(A + N, H)
lstm.weight_ih_l0.data = w.next(4 * H, A + N)
lstm.weight_hh_l0.data = w.next(4 * H, H)
lstm.bias_ih_l0.data = w.next(4 * H)
lstm.bias_hh_l0.data = w.next(4 * H)
head = nn.Linear(H, S * F1)
head.weight.data = w.next(S * F1, H)
head.bias.data = w.next(S * F1)
head.bias.data[F1 - 2::F1] += 0.3  # so that series of several lengths come out
z = torch.tensor([math.cos(1.3 * i) for i in range(B * Z)]).reshape(B, Z)
h0 = torch.tensor([math.sin(0.9 * i) for i in range(B * H)]).reshape(1, B, H)
c0 = torch.tensor([math.cos(0.4 * i) for i in range(B * H)]).reshape(1, B, H)
zf = torch.tensor([math.cos(0.3 * i) for i in range(R * B * N)]).reshape(R, B, N)

attr.eval()
print("/* clang-format off */")
print("/* Made by tests/ref/model_torch.py with PyTorch %s. */" % torch.__version__)
show("eval_attr", act(attr(z), attr_groups))
attr.train()
soft = act(attr(z), attr_groups)
show("train_attr", soft)
show("train_mean", attr[2].running_mean)
show("train_var", attr[2].running_var)
hard = harden(soft, attr_groups)
h, _ = lstm(torch.cat([hard.expand(R, B, A), zf], 2), (h0, c0))
rows = act(head(h).reshape(R, B, S, F1), row_groups)
go = (rows[..., F1 - 2] > 0.5).all(2).double()
keep = torch.cat([torch.ones(1, B), torch.cumprod(go, 0)[:-1]])
rows = rows * keep[:, :, None, None]
show("series", rows.permute(1, 0, 2, 3))

p = nn.Parameter(torch.tensor([0.5, -1.0, 2.0]))
o = torch.optim.Adam([p], lr=1e-2, betas=(0.5, 0.999), eps=1e-8)
for t in range(5):
    p.grad = torch.tensor([math.sin(t + 1.0), 1e-3 * (t - 2), 100.0 / (t + 1)])
    o.step()
show("adam_w", p)
