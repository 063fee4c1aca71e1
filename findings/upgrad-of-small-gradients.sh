#!/usr/bin/env bash
# TorchJD's UPGrad and DualProj stop resolving conflicts between tasks once all gradients are small: the same table
# in kilometres is trained by the plain mean of the tasks.
#
# Expected: (Quinton and Rey, 2024, Jacobian descent) UPGrad's step makes no task worse, to first order, whatever
# the scale of the gradients: gradients times 1/1000 give the step times 1/1000. Squared errors of targets in
# kilometres train as in metres then, as they do with PCGrad and MGDA of the same package.
# Seen: where the squares of all entries of the Jacobian sum to less than norm_eps, .0001, so that the tasks'
# gradients together are shorter than .01, the Gramian is not scaled to 1 but set to 0. With the regularisation
# added to it this is the Gramian of tasks without any conflict, so each keeps its weight. The documentation
# says of `norm_eps` that it avoids division by zero; at 0 the step is as expected.
# Why it matters: nothing says so, and gradients of that size are not rare: late in training, with losses of rare
# labels, with scaled targets. Below, the smaller task goes from an error of 3.0 to 5.5 instead of 2.8, as with the
# mean. A comparison of UPGrad with the mean may have compared the mean with itself.
#
# Versions: torchjd 0.18.0, torch 2.15.0, quadprog 0.1.14, qpsolvers 4.13.0, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 torch==2.15.0 \
  quadprog==0.1.14 qpsolvers==4.13.0 torchjd==0.18.0
cd "$folder"

cat >expected.txt <<'EXPECTED'
torchjd 0.18.0
gradients times 1, gain of each task: UPGrad 2.6 5.6, DualProj 0.0 5.6, Mean -2.0 8.0, PCGrad 5.3 11.1, MGDA 2.0 2.0, UPGrad of norm_eps=0 2.6 5.6
gradients times 0.01, gain of each task: UPGrad 2.6 5.6, DualProj 0.0 5.6, Mean -2.0 8.0, PCGrad 5.3 11.1, MGDA 2.0 2.0, UPGrad of norm_eps=0 2.6 5.6
gradients times 0.001, gain of each task: UPGrad -2.0 8.0, DualProj -2.0 8.0, Mean -2.0 8.0, PCGrad 5.3 11.1, MGDA 2.0 2.0, UPGrad of norm_eps=0 2.6 5.6
UPGrad, targets in metres: errors of the tasks from 3.0 and 11.2 to 2.8 and 9.7
UPGrad, targets in kilometres: errors of the tasks from 3.0 and 11.2 to 5.5 and 5.7
Mean, targets in metres: errors of the tasks from 3.0 and 11.2 to 5.5 and 5.7
Mean, targets in kilometres: errors of the tasks from 3.0 and 11.2 to 5.5 and 5.7
PCGrad, targets in metres: errors of the tasks from 3.0 and 11.2 to 2.8 and 9.7
PCGrad, targets in kilometres: errors of the tasks from 3.0 and 11.2 to 2.8 and 9.7
EXPECTED

cat >run.py <<'PYTHON'
from importlib.metadata import version

import torch
from torchjd.aggregation import MGDA, DualProj, Mean, PCGrad, UPGrad
from torchjd.linalg import QuadprogProjector

print(f"torchjd {version('torchjd')}")

# The example of two gradients in conflict: what a step along their combination does to each task's loss.
jacobian = torch.tensor([[-4.0, 1.0, 1.0], [6.0, 1.0, 1.0]], dtype=torch.float64)
for scale in (1, 0.01, 0.001):
    shown = []
    for name, of_tasks in (('UPGrad', UPGrad()), ('DualProj', DualProj()), ('Mean', Mean()), ('PCGrad', PCGrad()),
                           ('MGDA', MGDA()), ('UPGrad of norm_eps=0', UPGrad(projector=QuadprogProjector(norm_eps=0)))):
        gains = jacobian @ of_tasks(jacobian * scale) / scale
        shown.append(f'{name} ' + ' '.join(f'{gain:.1f}' for gain in gains.tolist()).replace('-0.0', '0.0'))
    print(f'gradients times {scale}, gain of each task: ' + ', '.join(shown))

rows = 500
torch.manual_seed(0)
x = torch.randn(rows, 3, dtype=torch.float64)
metres = x @ torch.tensor([[1.0, -3.0], [1.0, 0.0], [0.0, 1.0]], dtype=torch.float64) + torch.randn(rows, 2)


def train(of_tasks, unit):
    """Gradient descent on both tasks' mean squared errors, which are told in square metres."""
    torch.manual_seed(0)
    weights = torch.zeros(3, dtype=torch.float64)
    errors = []
    for _ in range(400):
        residuals = (x @ weights)[:, None] - metres * unit
        errors.append((residuals ** 2).mean(0) / unit ** 2)
        weights = weights - 0.005 * of_tasks(2 * residuals.T @ x / rows)
    errors = torch.stack(errors)
    first, last = (' and '.join(f'{error:.1f}' for error in errors[step].tolist()) for step in (0, -1))
    return f'errors of the tasks from {first} to {last}'


for name, of_tasks in (('UPGrad', UPGrad()), ('Mean', Mean()), ('PCGrad', PCGrad())):
    for unit, factor in (('metres', 1), ('kilometres', 0.001)):
        print(f'{name}, targets in {unit}: {train(of_tasks, factor)}')
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
