"""TabM (Gorishniy et al. 2025) as its package makes it: 32 members, piecewise-linear embeddings of numbers."""

import copy
import math

import numpy as np
import torch
from rtdl_num_embeddings import PiecewiseLinearEmbeddings, compute_bins
from tabm import TabM
from torch import nn

MOST_EPOCHS = 100
PATIENCE = 8


def train(rows, _setting, seed):
    """Trains on a task's rows and returns what predicts a part's."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    numeric = [name for name in rows.x["train"].columns if name not in rows.categorical]
    inputs = Inputs(rows, numeric)
    x = {part: inputs.of(part) for part in rows.x}
    y = rows.y["train"]
    is_regression = rows.kind == "regression"
    mean, sd = (y.mean(), y.std()) if is_regression else (0.0, 1.0)
    target = torch.tensor((y - mean) / sd, dtype=torch.float32) if is_regression else torch.tensor(y).long()
    classes = None if is_regression else len(rows.classes)
    embeddings = (
        PiecewiseLinearEmbeddings(
            compute_bins(x["train"][0], n_bins=min(48, len(y) - 1)), d_embedding=16, activation=False, version="B"
        )
        if len(numeric) > 0
        else None
    )
    model = TabM.make(
        n_num_features=len(numeric),
        cat_cardinalities=inputs.sizes,
        d_out=classes or 1,
        num_embeddings=embeddings,
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=3e-4)
    batch = max(32, min(1024, 2 ** round(math.log2(len(y) / 100))))
    best, best_score, waited = None, -math.inf, 0
    for _ in range(MOST_EPOCHS):
        model.train()
        for chosen in torch.randperm(len(y)).split(batch):
            out = model(*(None if part is None else part[chosen] for part in x["train"]))
            # Each member has its own loss.
            members = out.shape[1]
            wanted = target[chosen].repeat_interleave(members)
            flat = out.flatten(0, 1)
            loss = (
                nn.functional.mse_loss(flat.squeeze(-1), wanted)
                if is_regression
                else nn.functional.cross_entropy(flat, wanted)
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        score = rows.metric("validation", predict(model, x["validation"], rows.kind) * sd + mean)
        if score > best_score:
            best, best_score, waited = copy.deepcopy(model.state_dict()), score, 0
        else:
            waited += 1
            if waited >= PATIENCE:
                break
    model.load_state_dict(best)
    return lambda part: predict(model, x[part], rows.kind) * sd + mean


class Inputs:
    """Numbers at normal quantiles, as the paper has them, and codes of categories."""

    def __init__(self, rows, numeric):
        from sklearn.preprocessing import QuantileTransformer

        self.rows = rows
        # A column that is the same in all rows has no bins.
        train = rows.x["train"]
        self.numeric = [name for name in numeric if train[name].nunique() > 1]
        numeric[:] = self.numeric
        self.means = train[self.numeric].mean()
        quantiles = max(min(len(train) // 30, 1000), 10)
        self.scale = QuantileTransformer(n_quantiles=quantiles, output_distribution="normal", random_state=0)
        if self.numeric:
            self.scale.fit(train[self.numeric].fillna(self.means))
        self.sizes = [len(train[name].cat.categories) + 1 for name in rows.categorical]

    def of(self, part):
        table = self.rows.x[part]
        numbers = codes = None
        if self.numeric:
            scaled = self.scale.transform(table[self.numeric].fillna(self.means))
            numbers = torch.tensor(scaled, dtype=torch.float32)
        if self.rows.categorical:
            columns = [table[name].cat.codes.to_numpy().astype("int64") + 1 for name in self.rows.categorical]
            codes = torch.tensor(np.stack(columns, axis=1))
        return numbers, codes


@torch.inference_mode()
def predict(model, parts, kind):
    """Returns the mean over members of probabilities, or of values."""
    model.eval()
    rows = next(len(part) for part in parts if part is not None)
    found = []
    for start in range(0, rows, 4096):
        out = model(*(None if part is None else part[start : start + 4096] for part in parts))
        found.append((out if kind == "regression" else out.softmax(-1)).mean(1))
    out = torch.cat(found).double().numpy()
    return out[:, 0] if kind == "regression" else out[:, 1] if kind == "binary" else out
