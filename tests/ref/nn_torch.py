#!/usr/bin/python3
"""Print tests/unit/nn/torch.h: what PyTorch's layers give, forward and backward.

    tests/ref/nn_torch.py > tests/unit/nn/torch.h      (Debian: python3-torch)

Inputs are those of fill() in tests/unit/nn/values.h, rounded to float; the sums
are done in double, so that the values are good to the last digit of a float.
"""
import numpy
import torch

torch.set_default_dtype(torch.float64)


def fill(seed, *shape):
    i = numpy.arange(numpy.prod(shape), dtype=numpy.int64)
    v = (i * i * 31 + i * 7919 + seed * 523) % 1009 / 504.5 - 1
    t = torch.tensor(v.astype(numpy.float32).astype(numpy.float64))
    return t.reshape(shape).requires_grad_()


def show(name, t):
    v = ["%.9g" % x for x in t.detach().numpy().ravel()]
    print("static const float %s[%d] = {" % (name, len(v)))
    for i in range(0, len(v), 7):
        print("\t" + ", ".join(v[i:i + 7]) + ",")
    print("};")


def show_gradients(name, y, wanted):
    """Backward from a fixed gradient at y; wanted: name -> tensor."""
    y.backward(fill(9, *y.shape).detach())
    show(name + "_y", y)
    for key, t in wanted.items():
        show(name + "_" + key, t.grad)


def linear():
    x, w, b = fill(1, 5, 19), fill(2, 3, 19), fill(3, 3)
    y = torch.nn.functional.linear(x, w, b)
    show_gradients("linear", y, {"dx": x, "dw": w, "db": b})


def pointwise(name, f):
    x = fill(1, 3, 20)
    show_gradients(name, f(x * 4), {"dx": x})


def softmax(name, k):
    x = fill(1, 6, k)
    show_gradients(name, torch.softmax(x * 4, 1), {"dx": x})


def batchnorm():
    layer = torch.nn.BatchNorm1d(19, eps=1e-5, momentum=0.1)
    x, gamma, beta = fill(1, 6, 19), fill(2, 19), fill(3, 19)
    mean, var = fill(4, 19).detach() * 0, fill(4, 19).detach() * 0 + 1
    y = torch.nn.functional.batch_norm(x, mean, var, gamma, beta, True, 0.1, layer.eps)
    show_gradients("norm", y, {"dx": x, "dgamma": gamma, "dbeta": beta})
    show("norm_mean", mean)
    show("norm_var", var)
    y = torch.nn.functional.batch_norm(x, mean, var, gamma, beta, False, 0.1, layer.eps)
    show("norm_eval", y)


def lstm():
    T, B, width, H = 3, 2, 4, 17
    layer = torch.nn.LSTM(width, H)
    for i, p in enumerate(layer.parameters()):
        p.data = fill(20 + i, *p.shape).detach() * 0.5
    x, h0, c0 = fill(1, T, B, width), fill(2, 1, B, H), fill(3, 1, B, H)
    y, (_, c) = layer(x, (h0, c0))
    show("lstm_c", c)
    show_gradients("lstm", y, {
        "dx": x, "dh0": h0, "dc0": c0, "dw_ih": layer.weight_ih_l0,
        "dw_hh": layer.weight_hh_l0, "db_ih": layer.bias_ih_l0,
        "db_hh": layer.bias_hh_l0})


def embed():
    code = torch.tensor([(i * 5 + 2) % 9 for i in range(12)])
    table = fill(1, 9, 5)
    show_gradients("embed", torch.nn.functional.embedding(code, table), {"dtable": table})


def choice(name, k, scale, sets):
    """Cross-entropy of 4 rows, half of whose gradient is shown; the sets of rows 1 and 3
    are of one code."""
    code = torch.tensor([(i * 5 + 2) % k for i in range(4)])
    x = fill(k, 4, k)
    y = x * scale
    if sets:
        allowed = torch.tensor([[j == code[i] or (i % 2 == 0 and (j * 7 + i * 3) % 5 < 3)
                                 for j in range(k)] for i in range(4)])
        y = y.masked_fill(~allowed, -torch.inf)
    loss = torch.nn.functional.cross_entropy(y, code, reduction="none")
    (loss.sum() * 0.5).backward()
    show(name + "_loss", loss + 0)  # no minus zero
    show(name + "_dx", x.grad / scale + 0)


print("/* clang-format off */")
print("/* Made by tests/ref/nn_torch.py with PyTorch %s. */"
      % torch.__version__.split("a")[0])
linear()
pointwise("relu", torch.relu)
pointwise("sigmoid", torch.sigmoid)
pointwise("tanh", torch.tanh)
softmax("narrow", 5)
softmax("wide", 21)
batchnorm()
lstm()
embed()
for codes in 1, 2, 21, 256:
    choice("choice_%d" % codes, codes, 4, False)
    choice("choice_%d_sets" % codes, codes, 4, True)
choice("choice_big", 21, 40000, False)
choice("choice_big_sets", 21, 40000, True)
