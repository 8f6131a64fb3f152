"""The small autoregressive model of the reference scripts here: records, masks, shapes
and weights as formulas that tests/unit/f64-ns-train/reference.h has as well.
"""
import math
import torch

torch.set_default_dtype(torch.float64)
CHUNKS, CHUNK_E, LENGTH_E, PLACE_E, LENGTHS, PLACES = 2, 8, 16, 12, 256, 64
V, C, H, U, WINDOW = 7, 5, 6, 8, 4
LANES = [(3, 0), (9, 4), (1, 0), (4, 0), (7, 4), (30, 16)]  # length, first step
# codes and width of the embedding of: port, its octet, three bits; flags, size, gap
ATTR = [(3, 4), (40, 16), (2, 2), (2, 2), (2, 2)]
STEP = [(5, 4), (21, 8), (3, 4)]


def code_of(n, start, exact, num, den):
    """The code of n: one each below exact, then wider by num / den."""
    first = list(range(start, exact + 1))
    while first[-1] <= n:
        first.append(first[-1] + first[-1] * num // den)
    return max(i for i, f in enumerate(first) if f <= n)


def length_code(n):
    return code_of(n, 1, 96, 1, 16)


def place_code(n):
    return code_of(n, 0, 24, 2, 5)


def attributes(i):
    port = i % 3
    octet = (11 * i + 5) % 40 if port == 0 else 7 * port + (i % 2 if port == 2 else 0)
    bits = (5 * i + 3) % 8
    return [port, octet, bits >> 2 & 1, bits >> 1 & 1, bits & 1]


def step(i, t):
    flags = [(i + t) % 4, [0, 2, 3][(i + 2 * t) % 3], 2][i % 3]
    size = (3 * i + 7 * t) % 21
    if size % 3 == flags % 3:
        size = (size + 1) % 21
    return [flags, size, 0 if t == 0 else 1 + (i + t) % 2]


def allowed_attribute(j, code):
    if j == 1:
        return [range(40), [7], [14, 15]][code[0]]
    return range(ATTR[j][0])


def allowed_step(j, t, attr, code):
    if j == 0:
        return [[0, 1, 2, 3], [0, 2, 3], [2]][attr[0]]
    if j == 1:
        return [s for s in range(21) if s % 3 != code[0] % 3]
    return [0] if t == 0 else [1, 2]


def read_shapes(net, n):
    """Of what a net reads of a series: chunk, length and the first n attributes."""
    yield net + ".chunk", (CHUNKS, CHUNK_E)
    yield net + ".length", (LENGTHS, LENGTH_E)
    for j in range(n):
        yield "%s.embed.%d" % (net, j), ATTR[j]


def read_width(n):
    return CHUNK_E + LENGTH_E + sum(e for _, e in ATTR[:n])


def shapes():
    """Names and shapes of all that is trained."""
    for i, (k, _) in enumerate(ATTR):
        yield from read_shapes("attr.%d" % i, i)
        for layer, shape in enumerate([(V, read_width(i)), (V, V), (k, V)]):
            yield "attr.%d.%d.weight" % (i, layer), shape
            yield "attr.%d.%d.bias" % (i, layer), shape[:1]
    yield from read_shapes("context", len(ATTR))
    yield "context.weight", (C, read_width(len(ATTR)))
    yield "context.bias", (C,)
    yield "embed.left", (PLACES, PLACE_E)
    yield "embed.done", (PLACES, PLACE_E)
    for j, shape in enumerate(STEP):
        yield "embed.%d.weight" % j, shape
    yield "lstm.weight_ih", (4 * H, sum(e for _, e in STEP) + 2 * PLACE_E)
    yield "lstm.weight_context", (4 * H, C)
    yield "lstm.weight_hh", (4 * H, H)
    yield "lstm.bias", (4 * H,)
    yield "heads.weight_lstm", (len(STEP) * U, H)
    yield "heads.weight_context", (len(STEP) * U, C)
    yield "heads.bias", (len(STEP) * U,)
    width = 0
    for j, (k, e) in enumerate(STEP):
        if width > 0:
            yield "head.%d.weight_step" % j, (U, width)
        yield "head.%d.weight" % j, (k, U)
        yield "head.%d.bias" % j, (k,)
        width += e


def weights(name, shape):
    seed = 0
    for c in name:
        seed = (seed * 31 + ord(c)) % 1009
    v = [0.3 * math.sin(0.7 * j + seed) for j in range(math.prod(shape))]
    return torch.tensor(v).reshape(shape).requires_grad_()


w = {name: weights(name, shape) for name, shape in shapes()}


def head(script):
    print("/* clang-format off */")
    print("/* Made by tests/ref/%s with PyTorch %s. */"
          % (script, torch.__version__.split("a")[0]))


def show(name, v):
    print("static const double %s[%d] = {" % (name, len(v)))
    for i in range(0, len(v), 4):
        print("\t" + ", ".join("%.17g" % x for x in v[i:i + 4]) + ",")
    print("};")


def show_gradient(name, g):
    """Length, sum of all weighted by cosines of their place, and the three largest."""
    g = g.reshape(-1)
    along = sum(x * math.cos(0.37 * j) for j, x in enumerate(g.tolist()))
    top = g.abs().argsort(descending=True, stable=True)[:3].tolist()
    top += [top[0]] * (3 - len(top))
    print('\t{"%s", %d, %.17g, %.17g,' % (name, len(g), g.norm(), along))
    print("\t    {%s}, {%s}}," % (", ".join("%d" % j for j in top),
                                  ", ".join("%.17g" % g[j] for j in top)))


def show_gradients(of):
    print("""
/* Of the gradient of one array: its length, the sum of its numbers times cos(.37 place),
 * and its three largest numbers. */
struct gradient {
	const char *name;
	int n;
	double norm, along;
	int at[3];
	double top[3];
};
static const struct gradient gradients[] = {""")
    for name in of:
        show_gradient(name, of[name].grad)
    print("};")
