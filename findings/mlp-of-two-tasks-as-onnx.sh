#!/usr/bin/env bash
# skl2onnx writes scikit-learn's network of several outputs as one tall column, and of several labels with the
# chances of "no" in front.
#
# Expected: an MLPRegressor fitted on two targets becomes a model whose output is rows × 2, as the same call
# makes of a random forest, a ridge or nearest neighbours of two targets; an MLPClassifier of two labels gives
# `probabilities` as predict_proba does, rows × 2.
# Seen: the regressor's graph ends in a reshape to (−1, 1): 3 rows give 6 × 1, row by row, so the answer to a
# single row looks like two rows. The classifier (options zipmap=False; with ZipMap it doesn't run) gives
# rows × 4: first 1 − p of every label, then p. Columns 0 and 1 are there, are numbers between 0 and 1, and
# mean the opposite. Neither conversion says anything.
# Why it matters: this is the plain network of several tasks that a multi-gate mixture is compared with. Code
# that takes column `task`, or the first `rows` values, goes on with wrong numbers.
#
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 \
  scikit-learn==1.9.1 skl2onnx==1.20.0 onnx==1.23.2 onnxruntime==1.32.0
cd "$folder"

cat >expected.txt <<'EXPECTED'
skl2onnx 1.20.0, scikit-learn 1.9.1, onnxruntime 1.32.0
RandomForestRegressor: predict (3, 2), ONNX (3, 2), declared [None, 1], the same numbers once reshaped: True
MLPRegressor: predict (3, 2), ONNX (6, 1), declared [None, 1], the same numbers once reshaped: True
MLPClassifier: predict_proba (3, 2), ONNX (3, 4), declared [None, 4], columns 0 and 1 are 1 - p: True, columns 2 and 3 are p: True, labels right: True
EXPECTED

cat >run.py <<'PYTHON'
import warnings

import numpy
import onnxruntime
import skl2onnx
import sklearn
from sklearn.ensemble import RandomForestRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.simplefilter('ignore')
onnxruntime.set_default_logger_severity(3)
print(f'skl2onnx {skl2onnx.__version__}, scikit-learn {sklearn.__version__}, '
      f'onnxruntime {onnxruntime.__version__}')
x = numpy.random.default_rng(0).normal(size=(200, 3)).astype('float32')
three = x[:3]


def run(model, **options):
    graph = skl2onnx.to_onnx(model, x[:1], **options).SerializeToString()
    session = onnxruntime.InferenceSession(graph)
    return [output.shape for output in session.get_outputs()], session.run(None, {'X': three})


targets = numpy.column_stack([x[:, 0], 10 * x[:, 1] - 50])
for model in (RandomForestRegressor(5, random_state=0),
              MLPRegressor(hidden_layer_sizes=(4,), solver='lbfgs', max_iter=500, random_state=0)):
    model.fit(x, targets)
    declared, (given,) = run(model)
    print(f'{type(model).__name__}: predict {model.predict(three).shape}, ONNX {given.shape}, '
          f'declared {declared[0]}, the same numbers once reshaped: '
          f'{numpy.allclose(given.reshape(-1, 2), model.predict(three), atol=1e-3)}')

labels = numpy.column_stack([x[:, 0] > 0, x[:, 1] > 1]).astype(int)
model = MLPClassifier(hidden_layer_sizes=(4,), alpha=1, solver='lbfgs', max_iter=500, random_state=0)
model.fit(x, labels)
declared, (label, probabilities) = run(model, options={'zipmap': False})
own = model.predict_proba(three)
print(f'MLPClassifier: predict_proba {own.shape}, ONNX {probabilities.shape}, declared {declared[1]}, '
      f'columns 0 and 1 are 1 - p: {numpy.allclose(probabilities[:, :2], 1 - own, atol=1e-5)}, '
      f'columns 2 and 3 are p: {numpy.allclose(probabilities[:, 2:], own, atol=1e-5)}, '
      f'labels right: {numpy.array_equal(label, model.predict(three))}')
PYTHON
"$folder/venv/bin/python" run.py | tee seen.txt

if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
