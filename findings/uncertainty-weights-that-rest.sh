#!/usr/bin/env bash
# With a PyTorch of today, torch-rechub's uncertainty weights never move: the gradient of clamp at its own bound
# has become 0, and the weights begin there.
#
# Expected: `adaptive_params={"method": "uwl"}` learns a log variance s per task (Kendall et al., CVPR 2018) and
# minimises 2 exp(-s) loss + s, so that s goes to log(2 loss) where the loss is above .5.
# Seen: the library clamps s at 0 from below and begins at 0. PyTorch 2.15.0 gives clamp(s, min=0) at s = 0 the
# gradient 0, or .5 where the bound is a tensor (2.12.1 still 1; 2.14.1 already 0). So both weights are exactly
# 0 after any training, whatever the losses, and nothing says so: tasks are summed as if the option were not
# there. (Where s can leave 0, the clamp still keeps a task with a loss below .5, such as a rare click, from any
# larger weight.)
# Why it matters: the option that is to balance tasks does nothing, and its results are the unweighted ones.
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
torch-rechub 0.9.0, torch 2.15.0
gradient of clamp(s, min=0) at 0: 0.0, with a tensor as bound: 0.5
first task: loss above .6 in every epoch: True, so log(2 loss) is above .18; its weight after training: 0.0
second task: its weight after training: 0.0
EXPECTED

cat >run.py <<'PYTHON'
import contextlib
import io
import os
from importlib.metadata import version

os.environ['TQDM_DISABLE'] = '1'

import numpy
import torch
from torch_rechub.basic.features import DenseFeature
from torch_rechub.models.multi_task import MMOE
from torch_rechub.trainers import MTLTrainer
from torch_rechub.utils.data import DataGenerator

print(f"torch-rechub {version('torch-rechub')}, torch {version('torch')}")


def slope(bound):
    s = torch.zeros(1, requires_grad=True)
    torch.clamp(s, min=bound).sum().backward()
    return s.grad.item()


print(f'gradient of clamp(s, min=0) at 0: {slope(0)}, with a tensor as bound: {slope(torch.zeros(1))}')

random = numpy.random.default_rng(0)
rows = 10_000
x = {f'x{i}': random.normal(size=rows).astype('float32') for i in range(4)}
# Whether a row has the first label is hardly to be told, the second is rare.
labels = [random.random(rows) < 1 / (1 + numpy.exp(-0.2 * x['x0'])), random.random(rows) < 0.03]
y = numpy.column_stack(labels).astype('float32')
torch.manual_seed(0)
tasks = ['classification'] * 2
model = MMOE([DenseFeature(name) for name in x], tasks, 3, {'dims': [8]}, [{'dims': [4]}] * 2)
trainer = MTLTrainer(model, tasks, optimizer_params={'lr': 0.01}, adaptive_params={'method': 'uwl'})
loader, *_ = DataGenerator(x, y).generate_dataloader(x_val=x, y_val=y, x_test=x, y_test=y, batch_size=500)
losses = []
for _ in range(3):
    with contextlib.redirect_stdout(io.StringIO()):
        losses.append(trainer.train_one_epoch(loader))
weights = [weight.item() for weight in trainer.loss_weight]
above = all(loss[0] > 0.6 for loss in losses)
print(f'first task: loss above .6 in every epoch: {above}, so log(2 loss) is above .18; '
      f'its weight after training: {weights[0]}')
print(f'second task: its weight after training: {weights[1]}')
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
