#!/usr/bin/python3
"""torch_step.py [options] < shapes.json: one training iteration of NetShare in PyTorch.

Five critic rounds and one generator step of DoppelGANger as NetShare's PyTorch code sets
it up (Yin et al., SIGCOMM 2022; https://github.com/netsharecmu/NetShare), of the shapes
that `step -d` prints.  Prints "name value" lines, tab-separated: the medians
seconds_cpu (all threads) and seconds_wall of an iteration, and which BLAS library ran.

The order of the computations, the gradient penalty by a second backward pass, and fakes
that keep their graph in critic rounds are NetShare's.  Where PyTorch has a quicker way to
the same numbers it is taken: one output layer for all fields where NetShare has one a
field, activations of equal neighbours together, gradients dropped instead of zeroed.
With --detach critic rounds use fakes without a graph, from one run of the attribute net:
the same steps of the critics for less work, which NetShare does not do.
"""
import argparse
import json
import os
import statistics
import sys
import time


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--threads", type=int, default=1, help="of PyTorch [1]")
    p.add_argument("--blas-threads", type=int, default=1, help="of OpenBLAS [1]")
    p.add_argument("--iterations", type=int, default=10, help="measured [10]")
    p.add_argument("--warm-up", type=int, default=2, help="iterations before [2]")
    p.add_argument("--limit", type=float, default=30, help="seconds in all [30]")
    p.add_argument("--detach", action="store_true", help="spare what is thrown away")
    p.add_argument("--flops", action="store_true", help="let the profiler count")
    return p.parse_args()


args = arguments()
# OpenBLAS reads it when it is loaded, so before torch is.
os.environ["OPENBLAS_NUM_THREADS"] = str(args.blas_threads)
os.environ["OMP_NUM_THREADS"] = str(args.threads)
import torch  # noqa: E402
from torch import nn  # noqa: E402

CRITIC_PENALTY = 10.0
EPS = 1e-8
ADAM = dict(lr=1e-4, betas=(0.5, 0.999), eps=1e-8)


class Activations:
    """Activations of a row of fields [[kind, width], ...], equal neighbours as one."""

    def __init__(self, groups):
        runs = []
        for kind, width in groups:
            # Only a softmax depends on where one field ends and the next begins.
            if runs and runs[-1][0] == kind and (kind != "softmax" or runs[-1][1] == width):
                runs[-1][2] += width
            else:
                runs.append([kind, width, width])
        self.runs = runs
        self.spans = [total for _, _, total in runs]
        self.width = sum(self.spans)

    def soft(self, x):
        out = []
        for (kind, width, total), part in zip(self.runs, x.split(self.spans, dim=-1)):
            if kind == "softmax":
                fields = part.reshape(-1, total // width, width)
                out.append(fields.softmax(dim=-1).reshape(part.shape))
            elif kind == "sigmoid":
                out.append(part.sigmoid())
            else:
                out.append(part.tanh())
        return torch.cat(out, dim=-1)

    @torch.no_grad()
    def hard(self, soft):
        out = []
        for (kind, width, total), part in zip(self.runs, soft.split(self.spans, dim=-1)):
            if kind == "softmax":
                fields = part.reshape(-1, total // width, width)
                one = nn.functional.one_hot(fields.argmax(dim=-1), width)
                part = one.to(part.dtype).reshape(part.shape)
            out.append(part)
        return torch.cat(out, dim=-1)


def critic(inputs, layers, units):
    parts = []
    for _ in range(layers - 1):
        parts += [nn.Linear(inputs, units), nn.ReLU()]
        inputs = units
    net = nn.Sequential(*parts, nn.Linear(inputs, 1))
    for name, p in net.named_parameters():
        if name.endswith("weight"):
            nn.init.xavier_uniform_(p)
        else:
            nn.init.zeros_(p)
    return net


class Generator(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.attr = Activations(shape["attr"])
        self.row = Activations(shape["row"])
        self.sample_len = shape["sample_len"]
        self.steps = shape["steps"] // shape["sample_len"]
        parts, inputs, units = [], shape["attr_noise"], shape["attr_units"]
        for _ in range(shape["attr_layers"] - 1):
            parts += [
                nn.Linear(inputs, units),
                nn.ReLU(),
                nn.BatchNorm1d(units, momentum=0.9),
            ]
            inputs = units
        self.attr_net = nn.Sequential(*parts, nn.Linear(inputs, self.attr.width))
        self.lstm = nn.LSTM(
            self.attr.width + shape["feat_noise"], shape["lstm_units"], batch_first=True
        )
        self.head = nn.Linear(shape["lstm_units"], self.sample_len * self.row.width)

    def attributes(self, noise):
        return self.attr.soft(self.attr_net(noise))

    def features(self, attributes, noise, state):
        """(B, rows, row width), zero behind the recurrent step where a series ends."""
        batch = noise.shape[0]
        hard = self.attr.hard(attributes).unsqueeze(1).expand(-1, self.steps, -1)
        hidden, _ = self.lstm(torch.cat((hard, noise), dim=2), state)
        rows = self.head(hidden).view(batch, self.steps, self.sample_len, -1)
        rows = self.row.soft(rows)
        with torch.no_grad():
            # The flags are the last field; the first of them says that the series goes on.
            goes_on = (rows[..., -2] > 0.5).all(dim=2).to(rows.dtype)
            kept = torch.ones_like(goes_on)
            kept[:, 1:] = goes_on[:, :-1].cumprod(dim=1)
        rows = rows * kept[:, :, None, None]
        return rows.view(batch, self.steps * self.sample_len, -1)


def random_fields(groups, *lead):
    """Values as data have them: one-hot where a field is a softmax."""
    act = Activations(groups)
    return act.hard(torch.rand(*lead, act.width))


def real_batch(shape):
    """Attributes and rows of series of the lengths given, zeros behind them."""
    batch, steps = shape["batch"], shape["steps"]
    rows = random_fields(shape["row"], batch, steps)
    for i, n in enumerate(shape["lengths"][:batch]):
        end = -(-n // shape["sample_len"]) * shape["sample_len"]
        rows[i, :, -2] = 1.0
        rows[i, :, -1] = 0.0
        rows[i, n - 1 : end, -2] = 0.0
        rows[i, n - 1 : end, -1] = 1.0
        rows[i, n:end, :-2] = 0.0
        rows[i, end:] = 0.0
    return random_fields(shape["attr"], batch), rows


def penalty(score, real, fake):
    """mean (s - 1)^2 between real and fake, one alpha a series."""
    alpha = torch.rand(real[0].shape[0], 1)
    between = []
    for r, f in zip(real, fake):
        a = alpha.view(-1, *([1] * (r.dim() - 1)))
        between.append(r + a * (f - r))
        if not between[-1].requires_grad:
            between[-1].requires_grad_()
    out = score(*between)
    grads = torch.autograd.grad(out, between, torch.ones_like(out), create_graph=True)
    squares = sum(g.flatten(1).square().sum(dim=1) for g in grads)
    return ((squares + EPS).sqrt() - 1).square().mean()


class Gan:
    def __init__(self, shape):
        self.shape = shape
        self.gen = Generator(shape)
        attr = self.gen.attr.width
        inputs = shape["steps"] * self.gen.row.width + attr
        self.critic = critic(inputs, shape["d_layers"], shape["d_units"])
        self.aux = critic(attr, shape["attr_d_layers"], shape["attr_d_units"])
        nets = (self.gen, self.critic, self.aux)
        self.opt_gen, self.opt_critic, self.opt_aux = (adam(n) for n in nets)
        self.real = real_batch(shape)

    def judge(self, attributes, rows):
        return self.critic(torch.cat((rows.flatten(1), attributes), dim=1))

    def judge_attributes(self, attributes):
        return self.aux(attributes)

    def critic_step(self, opt, score, real, fake):
        loss = score(*fake).mean() - score(*real).mean()
        loss = loss + CRITIC_PENALTY * penalty(score, real, fake)
        opt.zero_grad(set_to_none=True)
        # The graph of the fakes is needed again: by the other critic and the generator.
        loss.backward(retain_graph=True)
        opt.step()

    def state(self):
        size = (1, self.shape["batch"], self.shape["lstm_units"])
        return torch.randn(size), torch.randn(size)

    def iteration(self):
        shape, rounds = self.shape, self.shape["d_rounds"]
        attr_noise = torch.randn(shape["batch"], shape["attr_noise"])
        noise = torch.randn(shape["batch"], self.gen.steps, shape["feat_noise"])
        attributes = None
        for i in range(rounds):
            last = i == rounds - 1
            if attributes is None or not args.detach:
                attributes = self.gen.attributes(attr_noise)
            with torch.set_grad_enabled(last or not args.detach):
                rows = self.gen.features(attributes, noise, self.state())
            fake = (attributes, rows)
            shown = tuple(f.detach() for f in fake) if args.detach else fake
            self.critic_step(self.opt_critic, self.judge, self.real, shown)
            self.critic_step(
                self.opt_aux, self.judge_attributes, self.real[:1], shown[:1]
            )
        loss = -self.judge(*fake).mean() - self.judge_attributes(fake[0]).mean()
        self.opt_gen.zero_grad(set_to_none=True)
        loss.backward()
        self.opt_gen.step()


def adam(net):
    return torch.optim.Adam(net.parameters(), **ADAM)


def measure(gan):
    """Medians; what is slow beyond measure, as pools of threads that wait for each other
    are, is cut short after args.limit seconds."""
    cpu, wall = [], []
    start = time.perf_counter()
    for i in range(args.warm_up + args.iterations):
        c, w = time.process_time(), time.perf_counter()
        gan.iteration()
        end = time.perf_counter()
        if i >= args.warm_up or w - start > args.limit / 2:
            cpu.append(time.process_time() - c)
            wall.append(end - w)
        if cpu and end - start > args.limit:
            break
    return statistics.median(cpu), statistics.median(wall)


def count_flops(gan):
    """What the profiler counts in one iteration: products, sums and elementwise ones."""
    from torch.profiler import ProfilerActivity, profile

    gan.iteration()
    with profile(activities=[ProfilerActivity.CPU], with_flops=True) as p:
        gan.iteration()
    return sum(e.flops for e in p.key_averages() if e.flops)


def blas_library():
    """The file that is loaded, since Debian lets the system choose."""
    try:
        with open("/proc/self/maps") as maps:
            names = {line.split()[-1] for line in maps if "blas" in line}
    except OSError:
        return "unknown"
    return " ".join(sorted(os.path.basename(n) for n in names)) or "none"


def main():
    shape = json.load(sys.stdin)
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    gan = Gan(shape)
    if args.flops:
        print(f"gflop\t{count_flops(gan) / 1e9:.3f}")
        return
    cpu, wall = measure(gan)
    print(f"seconds_cpu\t{cpu:.6f}")
    print(f"seconds_wall\t{wall:.6f}")
    print(f"version\t{torch.__version__}")
    print(f"blas\t{blas_library()}")


main()
