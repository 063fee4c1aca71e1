"""MMoE with embeddings of ids in PyTorch, for bench/tables/tables.mjs. --form dense: fused Adam on all parameters;
sparse: embeddings with sparse gradients under SparseAdam, fused Adam on the rest; bag: the same with an
EmbeddingBag for each field; modules: a ModuleList of experts and dense Adam, as torch-rechub and LibMTL have it."""

import argparse
import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--form", choices=["dense", "sparse", "bag", "modules"], default="dense")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
torch.set_num_threads(options.threads)
sparse = options.form in ("sparse", "bag")


def data(c):
    generator = np.random.default_rng(1)
    rows, sizes = c["rows"], c["vocabularies"]
    numeric = generator.uniform(-1, 1, (rows, c["inputs"])).astype(np.float32)
    ids = np.floor(generator.uniform(size=(rows, len(sizes))) ** c["spread"] * np.array(sizes)).astype(np.int64)
    labels = (generator.uniform(size=(rows, c["tasks"])) < 0.5).astype(np.float32)
    return [torch.from_numpy(each) for each in (numeric, ids, labels)]


class Embedded(nn.Module):
    def __init__(self, c):
        super().__init__()
        made = (lambda n: nn.EmbeddingBag(n, c["embedding"], mode="sum", sparse=True)) if options.form == "bag" else (
            lambda n: nn.Embedding(n, c["embedding"], sparse=sparse)
        )
        self.tables = nn.ModuleList([made(size) for size in c["vocabularies"]])
        self.width = c["inputs"] + c["embedding"] * len(c["vocabularies"])

    def forward(self, x, ids):
        if options.form == "bag":
            found = [table(ids[:, f : f + 1]) for f, table in enumerate(self.tables)]
        else:
            found = [table(ids[:, f]) for f, table in enumerate(self.tables)]
        return torch.cat([x, *found], 1)


class Batched(nn.Module):
    """One product for all experts and gates."""

    def __init__(self, c, inputs):
        super().__init__()
        self.c = c
        e, w, t, tw = c["experts"], c["width"], c["tasks"], c["tower"]
        self.first = nn.Parameter(torch.randn(inputs, e * w + t * e) / inputs**0.5)
        self.first_bias = nn.Parameter(torch.zeros(e * w))
        self.tower = nn.Parameter(torch.randn(t, w, tw) / w**0.5)
        self.tower_bias = nn.Parameter(torch.zeros(t, 1, tw))
        self.out = nn.Parameter(torch.randn(t, tw, 1) / tw**0.5)
        self.out_bias = nn.Parameter(torch.zeros(t, 1, 1))

    def forward(self, x):
        e, w, t = self.c["experts"], self.c["width"], self.c["tasks"]
        y = x @ self.first
        h = torch.relu(y[:, : e * w] + self.first_bias).view(-1, e, w)
        gates = torch.softmax(y[:, e * w :].view(-1, t, e), 2)
        streams = torch.bmm(gates, h).transpose(0, 1)
        z = torch.baddbmm(self.tower_bias, streams, self.tower).relu()
        return torch.baddbmm(self.out_bias, z, self.out).squeeze(2)


class Modules(nn.Module):
    def __init__(self, c, inputs):
        super().__init__()
        expert = lambda: nn.Sequential(nn.Linear(inputs, c["width"]), nn.ReLU())
        self.experts = nn.ModuleList([expert() for _ in range(c["experts"])])
        self.gates = nn.ModuleList([nn.Linear(inputs, c["experts"], bias=False) for _ in range(c["tasks"])])
        tower = lambda: nn.Sequential(nn.Linear(c["width"], c["tower"]), nn.ReLU(), nn.Linear(c["tower"], 1))
        self.towers = nn.ModuleList([tower() for _ in range(c["tasks"])])

    def forward(self, x):
        h = torch.stack([expert(x) for expert in self.experts], 1)
        outputs = []
        for gate, tower in zip(self.gates, self.towers):
            g = torch.softmax(gate(x), 1).unsqueeze(2)
            outputs.append(tower((g * h).sum(1)).squeeze(1))
        return torch.stack(outputs)


def prepare(c, batch):
    torch.manual_seed(1)
    numeric, ids, labels = data(c)
    embedded = Embedded(c)
    model = (Modules if options.form == "modules" else Batched)(c, embedded.width)
    if sparse:
        optimizers = [
            torch.optim.SparseAdam(list(embedded.parameters()), lr=1e-3),
            torch.optim.Adam(model.parameters(), lr=1e-3, fused=True),
        ]
    else:
        every = [*embedded.parameters(), *model.parameters()]
        optimizers = [torch.optim.Adam(every, lr=1e-3, fused=options.form == "dense")]
    order = torch.randperm(c["rows"])
    at = 0

    def run():
        nonlocal at
        if at + batch > c["rows"]:
            at = 0
        index = order[at : at + batch]
        at += batch
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        out = model(embedded(numeric[index], ids[index]))
        y = labels[index]
        sum(F.binary_cross_entropy_with_logits(out[k], y[:, k]) for k in range(c["tasks"])).backward()
        for optimizer in optimizers:
            optimizer.step()
        return batch

    return run


prepared = {}
for line in sys.stdin:
    request = json.loads(line)
    try:
        key = json.dumps([request["configuration"], request["batch"]])
        if key not in prepared:
            prepared.clear()
            prepared[key] = prepare(request["configuration"], request["batch"])
        run = prepared[key]
        run()
        started, used, rows = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - started < request["seconds"]:
            rows += run()
        answer = {
            "rowsPerSecond": rows / (time.perf_counter() - started),
            "rowsPerProcessorSecond": rows / (time.process_time() - used),
        }
    except Exception as error:  # the bench prints it and goes on
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answer), flush=True)
