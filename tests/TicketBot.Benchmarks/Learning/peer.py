"""The other side of the learning benchmark: the same nets in PyTorch, eager, one thread.

Reads one request a line from standard input and answers one line on standard output:

    about                                                        -> one line of versions
    train GENES INPUTS WINDOW OUTPUTS BATCH DENSITY ROWS MS      -> STEPS WALL_SECONDS CPU_SECONDS
    eager GENES INPUTS WINDOW OUTPUTS 1 DENSITY ROWS MS          -> the same for predictions of one row
    frozen GENES INPUTS WINDOW OUTPUTS 1 DENSITY ROWS MS         -> the same through torch.jit.freeze
    product ROWS COLUMNS INNER MS                                -> the same for torch.mm into a given result

A step takes the next BATCH shuffled rows, then forward, cross-entropy, backward, Adam. A density below 1 multiplies every weight matrix by a
random mask in the forward pass, as masked training does where the library has no sparse form. An error answers "error TEXT".
"""

import math
import os
import re
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)

ACTIVATIONS = {
    "relu": torch.relu,
    "leakyrelu": lambda x: F.leaky_relu(x, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": F.gelu,
    "identity": lambda x: x,
}


class Weight(nn.Module):
    """A weight matrix and its mask; without a mask the parameter itself is used."""

    def __init__(self, rows, columns, density):
        super().__init__()
        self.value = nn.Parameter(torch.randn(rows, columns) * math.sqrt(2.0 / columns))
        if density < 1.0:
            mask = torch.zeros(rows * columns)
            mask[torch.randperm(rows * columns)[: round(density * rows * columns)]] = 1.0
            self.register_buffer("mask", mask.view(rows, columns))
        else:
            self.mask = None

    def forward(self):
        return self.value if self.mask is None else self.value * self.mask


class Dense(nn.Module):
    def __init__(self, inputs, outputs, activation, density):
        super().__init__()
        self.weight = Weight(outputs, inputs, density)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.activation = ACTIVATIONS[activation]

    def forward(self, x):
        return self.activation(F.linear(x, self.weight(), self.bias))


class Convolution(nn.Module):
    def __init__(self, inputs, channels, taps, activation, density):
        super().__init__()
        self.inputs, self.taps = inputs, taps
        self.weight = Weight(channels, inputs * taps, density)
        self.bias = nn.Parameter(torch.zeros(channels))
        self.activation = ACTIVATIONS[activation]

    def forward(self, x):
        w = self.weight().view(-1, self.inputs, self.taps)
        y = F.conv1d(F.pad(x.transpose(1, 2), (self.taps - 1, 0)), w, self.bias)
        return self.activation(y).transpose(1, 2)


class Recurrent(nn.Module):
    """The library's own fused LSTM or GRU, called with masked weights where there is a mask."""

    def __init__(self, kind, inputs, hidden, density):
        super().__init__()
        gates = 4 if kind == "lstm" else 3
        self.kind, self.hidden = kind, hidden
        self.input_weight = Weight(gates * hidden, inputs, density)
        self.recurrent_weight = Weight(gates * hidden, hidden, density)
        self.input_bias = nn.Parameter(torch.zeros(gates * hidden))
        self.recurrent_bias = nn.Parameter(torch.zeros(gates * hidden))

    def forward(self, x):
        start = x.new_zeros(1, x.shape[0], self.hidden)
        weights = [self.input_weight(), self.recurrent_weight(), self.input_bias, self.recurrent_bias]
        if self.kind == "lstm":
            return torch._VF.lstm(x, (start, start), weights, True, 1, 0.0, self.training, False, True)[0]
        return torch._VF.gru(x, start, weights, True, 1, 0.0, self.training, False, True)[0]


class Attention(nn.Module):
    """Packed projections, as nn.MultiheadAttention does it."""

    def __init__(self, inputs, width, heads, window, density):
        super().__init__()
        self.width, self.heads = width, heads
        self.projections = Weight(3 * width, inputs, density)
        self.bias = nn.Parameter(torch.zeros(3 * width))
        self.output = Dense(width, width, "identity", density)
        step = torch.arange(window).unsqueeze(1)
        rate = torch.exp(torch.arange(0, inputs, 2) * (-math.log(10000.0) / inputs))
        positions = torch.zeros(window, inputs)
        positions[:, 0::2] = torch.sin(step * rate)
        positions[:, 1::2] = torch.cos(step * rate)[:, : inputs // 2]
        self.register_buffer("positions", positions)

    def forward(self, x):
        batch, steps, _ = x.shape
        depth = self.width // self.heads
        packed = F.linear(x + self.positions, self.projections(), self.bias)
        q, k, v = packed.view(batch, steps, 3, self.heads, depth).permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(depth), dim=-1)
        return self.output((weights @ v).transpose(1, 2).reshape(batch, steps, self.width))


class Pool(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def forward(self, x):
        if self.kind == "last":
            return x[:, -1]
        return x.mean(1) if self.kind == "mean" else x.amax(1)


def build(genes, inputs, window, outputs, density):
    """Reads the same gene list as the engine, for the genes that the benchmark uses."""
    layers, width, pooled = [], inputs, window == 1
    for gene in genes.split(","):
        kind, sizes, activation = re.fullmatch(r"([a-z0-9]+)(?::([0-9x]+))?(?:/([a-z]+))?", gene).groups()
        sizes = [int(size) for size in (sizes or "").split("x") if size]
        if kind == "dense":
            layers.append(Dense(width, sizes[0], activation or "relu", density))
        elif kind == "conv1d":
            layers.append(Convolution(width, sizes[0], sizes[1], activation or "relu", density))
        elif kind in ("lstm", "gru"):
            layers.append(Recurrent(kind, width, sizes[0], density))
        elif kind == "attention":
            layers.append(Attention(width, sizes[0], sizes[1], window, density))
        elif kind in ("last", "mean", "max"):
            layers.append(Pool(kind))
            pooled = True
        else:
            raise ValueError(f"unknown gene {gene}")
        width = sizes[0] if sizes else width
    if not pooled:
        layers.append(Pool("last"))
    layers.append(Dense(width, outputs, "identity", density))
    return nn.Sequential(*layers)


class Training:
    def __init__(self, genes, inputs, window, outputs, batch, density, rows):
        self.net = build(genes, inputs, window, outputs, density)
        shape = (rows, inputs) if window == 1 else (rows, window, inputs)
        self.rows, self.batch = torch.randn(*shape), batch
        self.labels = (self.rows.reshape(rows, -1)[:, :2].sum(1) > 0).long()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3)
        self.order, self.at = torch.randperm(rows), 0

    def step(self):
        if self.at + self.batch > len(self.order):
            self.order, self.at = torch.randperm(len(self.order)), 0
        chosen = self.order[self.at : self.at + self.batch]
        self.at += self.batch
        self.optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(self.net(self.rows.index_select(0, chosen)), self.labels.index_select(0, chosen)).backward()
        self.optimizer.step()


class Prediction:
    def __init__(self, frozen, genes, inputs, window, outputs, density):
        net = build(genes, inputs, window, outputs, density).eval()
        self.row = torch.randn(*((1, inputs) if window == 1 else (1, window, inputs)))
        self.net = torch.jit.freeze(torch.jit.trace(net, self.row)) if frozen else net

    def step(self):
        with torch.inference_mode():
            self.net(self.row)


class Product:
    def __init__(self, rows, columns, inner):
        self.a, self.b, self.c = torch.randn(rows, inner), torch.randn(inner, columns), torch.empty(rows, columns)

    def step(self):
        torch.mm(self.a, self.b, out=self.c)


SIDES = {}


def side(kind, words):
    key = (kind, *words)
    if key not in SIDES:
        numbers = words if kind == "product" else words[1:]
        numbers = [float(word) for word in numbers]
        if kind == "product":
            SIDES[key] = Product(*[int(n) for n in numbers])
        else:
            inputs, window, outputs, batch, density, rows = numbers
            shape = (words[0], int(inputs), int(window), int(outputs))
            SIDES[key] = (
                Training(*shape, int(batch), density, int(rows)) if kind == "train" else Prediction(kind == "frozen", *shape, density)
            )
        warm_until = time.perf_counter() + 0.1
        for _ in range(5):
            SIDES[key].step()
        while time.perf_counter() < warm_until:
            SIDES[key].step()
    return SIDES[key]


def slice_of(one, seconds):
    steps, chunk = 0, 1
    wall, cpu = time.perf_counter(), time.process_time()
    while True:
        for _ in range(chunk):
            one.step()
        steps += chunk
        spent = time.perf_counter() - wall
        if spent >= seconds:
            return steps, spent, time.process_time() - cpu
        # Ask the clock about ten times a slice, not after every microsecond of work.
        chunk = max(1, int(steps / max(spent, 1e-6) * seconds / 10))


def about():
    with open("/proc/self/maps", encoding="utf-8") as maps:
        blas = sorted({os.path.basename(line.split()[-1]) for line in maps if "blas" in line.rsplit("/", 1)[-1]})
    return f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability() if hasattr(torch.backends, 'cpu') else 'default'} kernels, BLAS {' '.join(blas)}"


def main():
    for line in sys.stdin:
        words = line.split()
        try:
            if words == ["about"]:
                answer = about()
            else:
                steps, wall, cpu = slice_of(side(words[0], words[1:-1]), float(words[-1]) / 1000.0)
                answer = f"{steps} {wall:.9f} {cpu:.9f}"
        except Exception as error:  # The driver shows it in the row and goes on.
            answer = "error " + str(error).replace("\n", " ")
        print(answer, flush=True)


if __name__ == "__main__":
    main()
