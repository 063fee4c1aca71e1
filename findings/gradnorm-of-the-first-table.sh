#!/usr/bin/env bash
# torch-rechub's GradNorm measures the gradients at the first embedding table, and pulls every task to one norm,
# however fast it learns.
#
# Expected: (Chen et al., ICML 2018, section 3) norms are taken at the last shared layer, for MMoE the experts'
# last one, and a task's target is the mean norm times its own relative loss ratio to the power alpha, so
# that a task which lags behind is given a larger gradient.
# Seen: the trainer looks for the last shared matrix from index -0, which is the first: the embedding of the
# first feature. The target is the mean norm times the mean ratio, one for all tasks: the gradient of the
# weights is the same to the digit whether the first task lags behind, or the second, or none.
# Why it matters: `adaptive_params={"method": "gradnorm"}` balances the size of two gradients at one table of
# ids, and `alpha` cannot do what it is for. It is not the method that its results would be compared with.
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
norms are taken at embedding.embed_dict.shop.weight (50, 4)
the experts' last layers: experts.0.mlp.4.weight, experts.1.mlp.4.weight, experts.2.mlp.4.weight
gradients of the two weights, no task lags behind: as the first case: True
gradients of the two weights, the first lags behind: as the first case: True
gradients of the two weights, the second lags behind: as the first case: True
EXPECTED

cat >run.py <<'PYTHON'
from importlib.metadata import version

import torch
from torch.nn.functional import binary_cross_entropy
from torch_rechub.basic.features import SparseFeature
from torch_rechub.models.multi_task import MMOE
from torch_rechub.trainers import MTLTrainer
from torch_rechub.utils.mtl import gradnorm

print(f"torch-rechub {version('torch-rechub')}")
features = [SparseFeature('shop', 50, embed_dim=4), SparseFeature('item', 60, embed_dim=4)]
tasks = ['classification'] * 2


def trainer():
    torch.manual_seed(0)
    model = MMOE(features, tasks, 3, {'dims': [16, 8]}, [{'dims': [4]}] * 2)
    return model, MTLTrainer(model, tasks, adaptive_params={'method': 'gradnorm', 'alpha': 1.5})


model, of_model = trainer()
names = {id(weights): name for name, weights in model.named_parameters()}
layer = of_model.last_share_layer
print('norms are taken at', names[id(layer)], tuple(layer.shape))
last = [name for name, weights in model.named_parameters() if name.startswith('experts') and weights.shape == (8, 16)]
print("the experts' last layers:", ', '.join(last))

torch.manual_seed(1)
x = {'shop': torch.randint(0, 50, (256,)), 'item': torch.randint(0, 60, (256,))}
y = torch.randint(0, 2, (256, 2)).float()
seen = []
# How many times a task's first loss was its loss of now; the mean of the two ratios of losses is 1 each time.
for case, first in {
    'no task lags behind': (1, 1),
    'the first lags behind': (4 / 7, 4),
    'the second lags behind': (4, 4 / 7),
}.items():
    model, of_model = trainer()
    predicted = model(x)
    losses = [binary_cross_entropy(predicted[:, task], y[:, task]) for task in range(2)]
    initial = [loss.item() * times for loss, times in zip(losses, first)]
    gradnorm(losses, of_model.loss_weight, of_model.last_share_layer, initial, of_model.alpha)
    seen.append(torch.cat([weight.grad for weight in of_model.loss_weight]))
    same = torch.allclose(seen[-1], seen[0], rtol=1e-5) and seen[0].abs().min().item() > 0
    print(f'gradients of the two weights, {case}: as the first case: {same}')
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
