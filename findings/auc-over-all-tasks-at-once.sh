#!/usr/bin/env bash
# The AUC that DeepCTR-Torch prints for a model of several tasks ranks the rows of all tasks in one list.
#
# Expected: `metrics=["auc"]` of its MMOE with a click task and a like task prints an AUC per task, or their mean.
# Seen: labels and predictions of all tasks are laid end to end and one AUC is taken of it, in fit, evaluate and
# so in early stopping on val_auc. Whoever knows how frequent each label is, and nothing of the rows, ranks
# every click above every like: on labels that are pure chance, 90 and 5 in a hundred, val_auc is above .9 after
# one epoch, where the tasks' own AUCs are about .5.
# Why it matters: the number looks excellent, hardly moves while the tasks get better, and is compared with AUCs
# of single tasks. The further apart the rates of two goals are, as with clicks and likes, the better it looks.
#
# Versions: deepctr-torch 0.3.0, scikit-learn 1.9.1, torch 2.15.0, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
# The package imports requests and packaging without naming them as dependencies.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 \
  scikit-learn==1.9.1 tqdm==4.70.1 requests packaging torch==2.15.0 deepctr-torch==0.3.0
cd "$folder"

cat >expected.txt <<'EXPECTED'
deepctr-torch 0.3.0, scikit-learn 1.9.1
val_auc after each of 3 epochs: above .9: True, True, True
AUC of each task on the same rows: between .45 and .55: True, True
evaluate's AUC is that of all tasks laid end to end: True
EXPECTED

cat >run.py <<'PYTHON'
import contextlib
import io
import warnings
from importlib.metadata import version

warnings.simplefilter('ignore')

import numpy
import torch
from sklearn.metrics import roc_auc_score

from deepctr_torch.inputs import DenseFeat
from deepctr_torch.models import MMOE

print(f"deepctr-torch {version('deepctr-torch')}, scikit-learn {version('scikit-learn')}")
random = numpy.random.default_rng(0)
rows = 8000
x = {f'x{i}': random.normal(size=rows).astype('float32') for i in range(3)}
y = numpy.column_stack([random.random(rows) < 0.9, random.random(rows) < 0.05]).astype('float32')
torch.manual_seed(0)
model = MMOE([DenseFeat(name, 1) for name in x], num_experts=2, expert_dnn_hidden_units=(8,),
             tower_dnn_hidden_units=(4,), task_types=['binary'] * 2, task_names=['click', 'like'], device='cpu')
model.compile(torch.optim.Adam(model.parameters(), 0.01), ['binary_crossentropy'] * 2, metrics=['auc'])
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    history = model.fit(x, y, batch_size=200, epochs=3, validation_split=0.5).history
print('val_auc after each of 3 epochs: above .9:', ', '.join(str(bool(auc > 0.9)) for auc in history['val_auc']))
held = {name: values[rows // 2:] for name, values in x.items()}
labels, predicted = y[rows // 2:], model.predict(held, 500)
own = [roc_auc_score(labels[:, task], predicted[:, task]) for task in range(2)]
chance = ', '.join(str(bool(0.45 < auc < 0.55)) for auc in own)
print('AUC of each task on the same rows: between .45 and .55:', chance)
pooled = roc_auc_score(labels.ravel(), predicted.ravel())
same = abs(model.evaluate(held, labels, 500)['auc'] - pooled) < 1e-9
print("evaluate's AUC is that of all tasks laid end to end:", same)
PYTHON

# The package looks for a newer version of itself, and prints what became of it.
"$folder/venv/bin/python" run.py | grep -v version | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
