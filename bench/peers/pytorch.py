"""MMoE in PyTorch. --form eager: experts, gates and towers batched, fused Adam; compiled: the same under
torch.compile; naive: a ModuleList of experts and a Python loop, as public repositories write it."""

import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--form", choices=["eager", "compiled", "naive"], default="eager")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
os.environ.pop("OPENBLAS_CORETYPE", None)

import torch
from torch import nn
from torch.nn import functional as F

import common

torch.set_num_threads(options.threads)


class Batched(nn.Module):
    """One product for all experts and gates; one-hot columns are sums of rows or, `dense`, a product."""

    def __init__(self, c, dense):
        super().__init__()
        self.c, self.dense = c, dense
        e, w, t, tw = c["experts"], c["width"], c["tasks"], c["tower"]
        expanded = c["inputs"] + sum(c.get("fields", []))
        self.columns = e * w + t * e
        self.first = nn.Parameter(torch.randn(expanded, self.columns) / expanded**0.5)
        self.first_bias = nn.Parameter(torch.zeros(e * w))
        self.tower = nn.Parameter(torch.randn(t, w, tw) / w**0.5)
        self.tower_bias = nn.Parameter(torch.zeros(t, 1, tw))
        self.out = nn.Parameter(torch.randn(t, tw, 1) / tw**0.5)
        self.out_bias = nn.Parameter(torch.zeros(t, 1, 1))
        self.register_buffer("starts", torch.from_numpy(common.first_rows(c)[:-1]))

    def forward(self, x, categories):
        c = self.c
        e, w, t = c["experts"], c["width"], c["tasks"]
        inputs = c["inputs"]
        if categories.shape[1] == 0:
            y = x @ self.first
        elif self.dense:
            hot = torch.zeros(x.shape[0], self.first.shape[0] - inputs)
            hot.scatter_(1, (categories + self.starts).long(), 1.0)
            y = torch.cat([x, hot], 1) @ self.first
        else:
            y = x @ self.first[:inputs]
            y = y + F.embedding_bag(categories + self.starts, self.first[inputs:], mode="sum")
        h = torch.relu(y[:, : e * w] + self.first_bias).view(-1, e, w)
        gates = torch.softmax(y[:, e * w :].view(-1, t, e), 2)
        streams = torch.bmm(gates, h).transpose(0, 1)
        z = torch.baddbmm(self.tower_bias, streams, self.tower).relu()
        return torch.baddbmm(self.out_bias, z, self.out).squeeze(2)


class Naive(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        expanded = c["inputs"] + sum(c.get("fields", []))
        expert = lambda: nn.Sequential(nn.Linear(expanded, c["width"]), nn.ReLU())
        self.experts = nn.ModuleList([expert() for _ in range(c["experts"])])
        self.gates = nn.ModuleList([nn.Linear(expanded, c["experts"], bias=False) for _ in range(c["tasks"])])
        tower = lambda: nn.Sequential(nn.Linear(c["width"], c["tower"]), nn.ReLU(), nn.Linear(c["tower"], 1))
        self.towers = nn.ModuleList([tower() for _ in range(c["tasks"])])
        self.register_buffer("starts", torch.from_numpy(common.first_rows(c)[:-1]))

    def forward(self, x, categories):
        if categories.shape[1] > 0:
            hot = torch.zeros(x.shape[0], sum(self.c["fields"]))
            hot.scatter_(1, (categories + self.starts).long(), 1.0)
            x = torch.cat([x, hot], 1)
        h = torch.stack([expert(x) for expert in self.experts], 1)
        outputs = []
        for gate, tower in zip(self.gates, self.towers):
            g = torch.softmax(gate(x), 1).unsqueeze(2)
            outputs.append(tower((g * h).sum(1)).squeeze(1))
        return torch.stack(outputs)


def prepare(c, batch):
    forms = [False, True] if c.get("fields") and options.form != "naive" else [False]
    runs = [prepare_form(c, batch, dense) for dense in forms]
    return min(runs, key=seconds_of) if len(runs) > 1 else runs[0]


def seconds_of(run):
    import time

    for _ in range(3):
        run(1)
    started = time.perf_counter()
    for _ in range(10):
        run(1)
    return time.perf_counter() - started


def prepare_form(c, batch, dense):
    torch.manual_seed(1)
    numeric, categorical, labels = (torch.from_numpy(a) for a in common.data(c))
    model = Naive(c) if options.form == "naive" else Batched(c, dense)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=options.form != "naive")
    order = torch.randperm(c["rows"])
    at = 0

    def loss_of(x, categories, y):
        out = model(x, categories)
        loss = F.binary_cross_entropy_with_logits if c["kind"] == "binary" else F.mse_loss
        return sum(loss(out[k], y[:, k]) for k in range(c["tasks"]))

    if options.form == "compiled":
        loss_of = torch.compile(loss_of, dynamic=False)

    def run(_):
        nonlocal at
        if at + batch > c["rows"]:
            at = 0
        index = order[at : at + batch]
        at += batch
        optimizer.zero_grad(set_to_none=True)
        loss_of(numeric[index], categorical[index], labels[index]).backward()
        optimizer.step()
        return batch

    return run


common.serve(prepare)
