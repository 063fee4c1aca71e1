#!/usr/bin/env bash
# The gates of torch-rechub's MMOE see the other rows of the batch, and not how large their own weights are.
#
# Expected: as in the paper (Ma et al., KDD 2018, section 4.2), a gate is softmax(W x): a row's gate depends on
# the row alone, and a larger W makes it sharper.
# Seen: a gate is a layer of the library's MLP, linear, batch normalization, softmax. While it trains, the same
# row has another gate in another batch; a hundred times the weights and biases give the same gates (the scale
# is divided out, so only the normalization's own four numbers can sharpen them); in evaluation the gate of the
# row is a third one, from running averages.
# Why it matters: gates are what people read off this model, and what other implementations are compared with.
# A batch sorted by day or user, or another batch size, gives other gates with equal weights.
#
# Versions: torch-rechub 0.9.0, torch 2.15.0, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 pandas==3.1.1 \
  scikit-learn==1.9.1 tqdm==4.70.1 torch==2.15.0 torch-rechub==0.9.0
cd "$folder"

cat >expected.txt <<'EXPECTED'
torch-rechub 0.9.0
layers of a gate: Linear, BatchNorm1d, Softmax, Dropout
the same row in two batches, training: gates differ by more than .05: True
weights and biases times 100, training: gates differ by less than .0001: True
a softmax of the linear layer alone, times 100: the largest gate is on average above .95: True
EXPECTED

cat >run.py <<'PYTHON'
from importlib.metadata import version

import torch
from torch_rechub.basic.features import DenseFeature
from torch_rechub.models.multi_task import MMOE

print(f"torch-rechub {version('torch-rechub')}")
torch.manual_seed(0)
features = [DenseFeature(f'x{i}') for i in range(8)]
model = MMOE(features, ['classification'] * 2, 4, {'dims': [16]}, [{'dims': [8]}] * 2)
gate = model.gates[0]
print('layers of a gate:', ', '.join(type(layer).__name__ for layer in gate.mlp))
rows = torch.randn(64, 8)
others = torch.randn(63, 8) + 1
with torch.no_grad():
    model.train()
    one, two = gate(rows)[0], gate(torch.cat([rows[:1], others]))[0]
    differ = (one - two).abs().max().item()
    print('the same row in two batches, training: gates differ by more than .05:', differ > 0.05)
    before = gate(rows)
    linear = gate.mlp[0]
    linear.weight *= 100
    linear.bias *= 100
    differ = (gate(rows) - before).abs().max().item()
    print('weights and biases times 100, training: gates differ by less than .0001:', differ < 0.0001)
    plain = torch.softmax(linear(rows), dim=1).max(dim=1).values.mean().item()
    print('a softmax of the linear layer alone, times 100: the largest gate is on average above .95:', plain > 0.95)
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
