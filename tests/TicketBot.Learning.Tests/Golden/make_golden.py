"""Writes the golden numbers of whole networks: one JSON file per network and metadata.json with their hashes.

    /usr/bin/python3 make_golden.py DATE

Inputs and first parameters are drawn as float32, so both implementations start from the same numbers; everything else is computed by PyTorch in
double precision and written with nine digits. A network is described by genes as the engine reads them; parameters carry the engine's names and
layouts, which `forward` maps to PyTorch's.
"""

import hashlib
import json
import math
import os
import re
import sys

import torch
import torch.nn.functional as F

NETWORKS = {
    "dense": dict(genes="dense:9/relu,dense:8/leakyrelu,dense:7/sigmoid,dense:6/tanh", inputs=5, window=1, outputs=3, rows=66),
    "convolution-lstm": dict(genes="conv1d:8x3/gelu,lstm:6,layernorm,dense:5/tanh+0", inputs=4, window=7, outputs=3, rows=11),
    "gru-batchnorm": dict(genes="gru:7,batchnorm,dense:5/relu,mean", inputs=3, window=5, outputs=2, rows=66),
    "attention-skip": dict(genes="dense:8/identity,attention:8x2+1,skip+0,max", inputs=4, window=6, outputs=2, rows=9),
    "valid-reversal": dict(genes="conv1d:6x3:valid/sigmoid,reversal:0.5,dense:4/tanh+0,flatten", inputs=3, window=5, outputs=4, rows=13),
}
STEPS = 3
OPTIONS = dict(learningRate=0.01, weightDecay=0.1, beta1=0.9, beta2=0.999, epsilon=1e-3, momentum=0.9)


class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(context, x, strength):
        context.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(context, gradient):
        return -context.strength * gradient, None


ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": torch.relu,
    "leakyrelu": lambda x: F.leaky_relu(x, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": lambda x: 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3))),
}


def read(gene):
    """Kind, sizes, flags, activation and skips of a gene."""
    layer, activation, skips = re.fullmatch(r"([a-z0-9:.]+)(?:/([a-z]+))?((?:\+\d+)*)", gene).groups()
    kind, _, rest = layer.partition(":")
    size, _, flag = rest.partition(":")
    sizes = [float(part) for part in size.split("x")] if size else []
    usual = "relu" if kind in ("dense", "conv1d") else "identity"
    return kind, sizes, flag, activation or usual, [int(skip) for skip in skips.split("+")[1:]]


def draw(shape, generator):
    return torch.randn(*shape, generator=generator, dtype=torch.float32).double()


class Net:
    """Parameters by the engine's names, and the forward pass over them."""

    def __init__(self, genes, inputs, window, outputs, generator):
        self.genes = [read(gene) for gene in genes.split(",")]
        self.window = window
        self.parameters = {}
        shapes = [(window, inputs)]
        for i, (kind, sizes, flag, _, skips) in enumerate(self.genes, 1):
            steps, width = shapes[-1]
            name = f"layer{i}."
            out = int(sizes[0]) if sizes else width
            if kind == "dense":
                self.weights(name + "weight", out, width, generator)
                self.vector(name + "bias", out, generator)
            elif kind == "conv1d":
                self.weights(name + "weight", out, int(sizes[1]) * width, generator)
                self.vector(name + "bias", out, generator)
                steps = steps - int(sizes[1]) + 1 if flag == "valid" else steps
            elif kind in ("lstm", "gru"):
                gates = 4 if kind == "lstm" else 3
                self.weights(name + "input_weight", gates * out, width, generator)
                self.weights(name + "recurrent_weight", gates * out, out, generator)
                self.vector(name + "bias", gates * out, generator)
                if kind == "gru":
                    self.vector(name + "recurrent_bias", out, generator)
            elif kind == "attention":
                for part in ("query", "key", "value", "output"):
                    self.weights(f"{name}{part}_weight", out, out if part == "output" else width, generator)
                    self.vector(f"{name}{part}_bias", out, generator)
            elif kind in ("batchnorm", "layernorm"):
                self.parameters[name + "scale"] = (1.0 + 0.2 * draw((out,), generator)).float().double()
                self.vector(name + "shift", out, generator)
                if kind == "batchnorm":
                    self.vector(name + "running_mean", out, generator)
                    self.parameters[name + "running_variance"] = (0.5 + torch.rand(out, generator=generator)).double()
            elif kind == "flatten":
                steps, out = 1, steps * width
            elif kind in ("last", "mean", "max"):
                steps = 1
            else:
                out = width
            for skip in skips:
                if shapes[skip][1] != out:
                    self.weights(f"{name}skip{skip}_weight", out, shapes[skip][1], generator)
            shapes.append((steps, out))
        self.weights("output.weight", outputs, shapes[-1][1], generator)
        self.vector("output.bias", outputs, generator)
        for name, values in self.parameters.items():
            values.requires_grad_("running" not in name)

    def weights(self, name, rows, columns, generator):
        self.parameters[name] = (draw((rows, columns), generator) * (1.0 / math.sqrt(columns))).float().double()

    def vector(self, name, length, generator):
        self.parameters[name] = (0.2 * draw((length,), generator)).float().double()

    def copy(self):
        other = Net.__new__(Net)
        other.genes, other.window = self.genes, self.window
        other.parameters = {name: values.detach().clone().requires_grad_(values.requires_grad) for name, values in self.parameters.items()}
        return other

    def forward(self, rows, training):
        """Logits of rows [count, window, inputs]."""
        outputs = [rows]
        for i, (kind, sizes, flag, activation, skips) in enumerate(self.genes, 1):
            x = outputs[-1]
            p = {name.split(".")[1]: values for name, values in self.parameters.items() if name.startswith(f"layer{i}.")}
            y = ACTIVATIONS[activation](self.layer(kind, sizes, flag, x, p, training))
            for skip in skips:
                source = outputs[skip][:, -y.shape[1] :]
                projection = p.get(f"skip{skip}_weight")
                y = y + (source if projection is None else source @ projection.T)
            outputs.append(y)
        return outputs[-1][:, -1] @ self.parameters["output.weight"].T + self.parameters["output.bias"]

    def layer(self, kind, sizes, flag, x, p, training):
        count, steps, width = x.shape
        if kind == "dense":
            return x @ p["weight"].T + p["bias"]
        if kind == "conv1d":
            # Ours [out][tap][in], tap 0 the oldest; theirs [out][in][tap].
            taps = int(sizes[1])
            kernel = p["weight"].view(-1, taps, width).transpose(1, 2)
            padded = x.transpose(1, 2) if flag == "valid" else F.pad(x.transpose(1, 2), (taps - 1, 0))
            return F.conv1d(padded, kernel, p["bias"]).transpose(1, 2)
        if kind in ("lstm", "gru"):
            # The second bias of theirs is zero but for the new gate of the GRU, where it stands inside the reset product.
            hidden = int(sizes[0])
            start = torch.zeros(1, count, hidden, dtype=x.dtype)
            if kind == "lstm":
                second = torch.zeros(4 * hidden, dtype=x.dtype)
                return torch._VF.lstm(x, (start, start), [p["input_weight"], p["recurrent_weight"], p["bias"], second], True, 1, 0.0, training, False, True)[0]
            second = torch.cat([torch.zeros(2 * hidden, dtype=x.dtype), p["recurrent_bias"]])
            return torch._VF.gru(x, start, [p["input_weight"], p["recurrent_weight"], p["bias"], second], True, 1, 0.0, training, False, True)[0]
        if kind == "attention":
            out, heads = int(sizes[0]), int(sizes[1])
            step = torch.arange(steps, dtype=x.dtype).unsqueeze(1)
            rate = 10000.0 ** (-torch.arange(0, width, 2, dtype=x.dtype) / width)
            positions = torch.zeros(steps, width, dtype=x.dtype)
            positions[:, 0::2] = torch.sin(step * rate)
            positions[:, 1::2] = torch.cos(step * rate)[:, : width // 2]
            x = x + positions
            q, k, v = (
                (x @ p[part + "_weight"].T + p[part + "_bias"]).view(count, steps, heads, out // heads).transpose(1, 2) for part in ("query", "key", "value")
            )
            shares = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(out / heads), dim=-1)
            return (shares @ v).transpose(1, 2).reshape(count, steps, out) @ p["output_weight"].T + p["output_bias"]
        if kind == "batchnorm":
            y = F.batch_norm(x.transpose(1, 2), p["running_mean"], p["running_variance"], p["scale"], p["shift"], training, 0.1, 1e-5)
            return y.transpose(1, 2)
        if kind == "layernorm":
            return F.layer_norm(x, (width,), p["scale"], p["shift"], 1e-5)
        if kind == "flatten":
            return x.reshape(count, 1, steps * width)
        if kind in ("last", "mean", "max"):
            return {"last": x[:, -1:], "mean": x.mean(1, keepdim=True), "max": x.amax(1, keepdim=True)}[kind]
        if kind == "reversal":
            return Reversal.apply(x, sizes[0])
        return x


def loss_of(net, rows, labels, weights):
    losses = F.cross_entropy(net.forward(rows, True), labels, reduction="none")
    return (losses * weights).sum() / weights.sum()


def train(net, kind, rows, labels, weights):
    trained = {name: values for name, values in net.parameters.items() if values.requires_grad}
    matrices = [values for values in trained.values() if values.dim() == 2]
    others = [values for values in trained.values() if values.dim() != 2]
    rate, decay = OPTIONS["learningRate"], OPTIONS["weightDecay"]
    if kind != "descent":
        groups = [dict(params=matrices, weight_decay=decay), dict(params=others, weight_decay=0.0)]
        adam = torch.optim.AdamW if kind == "adamw" else torch.optim.Adam
        optimizer = adam(groups, lr=rate, betas=(OPTIONS["beta1"], OPTIONS["beta2"]), eps=OPTIONS["epsilon"])
    else:
        optimizer = torch.optim.SGD(matrices + others, lr=rate, momentum=OPTIONS["momentum"])
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss_of(net, rows, labels, weights).backward()
        if kind == "descent":
            with torch.no_grad():
                for values in matrices:
                    values.mul_(1.0 - rate * decay)
        optimizer.step()


def exact(values):
    return [float(str(value)) for value in values.detach().float().numpy().ravel()]


def digits(values):
    # What is left of an exact zero depends on the order of sums in the library's matrix product.
    return [float(f"{value:.9g}") if abs(value) > 1e-13 else 0.0 for value in values.detach().numpy().ravel()]


def make(name, description, seed):
    generator = torch.Generator().manual_seed(seed)
    rows = draw((description["rows"], description["window"], description["inputs"]), generator)
    labels = torch.randint(description["outputs"], (description["rows"],), generator=generator)
    weights = (0.5 + torch.rand(description["rows"], generator=generator)).double()
    net = Net(description["genes"], description["inputs"], description["window"], description["outputs"], generator)
    start = net.copy()
    loss = loss_of(net, rows, labels, weights)
    loss.backward()
    trained = {kind: start.copy() for kind in ("adamw", "adam", "descent")}
    for kind, copy in trained.items():
        train(copy, kind, rows, labels, weights)
    document = dict(description)
    document.update(
        options=OPTIONS,
        steps=STEPS,
        features=exact(rows),
        labels=labels.tolist(),
        weights=exact(weights),
        logits=digits(start.forward(rows, False)),
        loss=float(f"{loss.item():.9g}"),
        logitsAfterAdamW=digits(trained["adamw"].forward(rows, False)),
        parameters=[
            dict(
                name=key,
                values=exact(values),
                gradient=digits(net.parameters[key].grad) if values.requires_grad else None,
                afterAdamW=digits(trained["adamw"].parameters[key]),
                afterAdam=digits(trained["adam"].parameters[key]),
                afterDescent=digits(trained["descent"].parameters[key]),
            )
            for key, values in start.parameters.items()
        ],
    )
    text = json.dumps(document, separators=(",", ":")).replace(',"', ',\n"').replace('{"name"', '\n{"name"') + "\n"
    path = f"{name}.json"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return dict(name=path, sha256=hashlib.sha256(text.encode()).hexdigest())


def main(date):
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    torch.set_num_threads(1)
    files = [make(name, description, seed) for seed, (name, description) in enumerate(NETWORKS.items(), 1)]
    metadata = dict(
        source=f"PyTorch {torch.__version__} (Debian python3-torch 1.13.1+dfsg-4), double precision, written by make_golden.py beside this file",
        licence="the numbers are this project's own; PyTorch is under BSD-3-Clause",
        date=date,
        command=f"/usr/bin/python3 make_golden.py {date}",
        files=files,
    )
    with open("metadata.json", "w", encoding="utf-8") as file:
        file.write(json.dumps(metadata, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
