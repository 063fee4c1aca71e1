#!/usr/bin/env bash
# scikit-learn's sigmoid calibration takes sample weights for numbers of rows: with weights that sum to 1, every
# probability comes out near a half.
#
# Expected: weights say how rows count beside each other, so all of them times a thousand, or normalised to sum to
# 1, give the same calibration, as they do with method='isotonic' and 'temperature'.
# Seen: Platt's method smooths the labels with a row of each kind, (positives + 1) / (positives + 2) instead of 1,
# and here `positives` is the sum of their weights. Where all weights sum to 1 and half of the rows are positive,
# each of five folds has .1 of positives, labels 0 and 1 become .48 and .52, and the curve is fitted to these: .98
# is calibrated to .52. There is no warning, and the order of the rows, so any AUC, stays.
# Why it matters: weights of inverse propensity, of a balanced sample or of a task among several are often
# normalised to sum to 1. Then it is the calibration that takes the calibration away: log loss .67 instead of .29.
#
# Versions: scikit-learn 1.9.1, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
cd "$folder"

cat >expected.txt <<'EXPECTED'
scikit-learn 1.9.1
base, probability at x = 1 (true 0.98), weights summing to the rows and to 1: 0.98, 0.98
temperature, weights sum to 1000 times the rows: 0.02, 0.49, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
temperature, weights sum to the rows: 0.02, 0.49, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
temperature, weights sum to 1: 0.02, 0.49, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
isotonic, weights sum to 1000 times the rows: 0.02, 0.51, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
isotonic, weights sum to the rows: 0.02, 0.51, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
isotonic, weights sum to 1: 0.02, 0.51, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
sigmoid, weights sum to 1000 times the rows: 0.02, 0.50, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
sigmoid, weights sum to the rows: 0.02, 0.49, 0.98 at -1, 0, 1; log loss 0.29, AUC 0.95
sigmoid, weights sum to 1: 0.48, 0.50, 0.52 at -1, 0, 1; log loss 0.67, AUC 0.95
labels 0 and 1 of a fold for weights that sum to 1: 0.48 and 0.52; every calibrated probability is between .4 and .6: True
EXPECTED

cat >run.py <<'PYTHON'
import warnings

import numpy
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

warnings.simplefilter('error')
print(f'scikit-learn {sklearn.__version__}')
random = numpy.random.default_rng(0)
rows = 4000
x = random.normal(size=(rows, 1))
true = 1 / (1 + numpy.exp(-4 * x[:, 0]))
y = (random.random(rows) < true).astype(int)
base = LogisticRegression(C=numpy.inf)  # no penalty, so its own fit doesn't mind the scale of weights
print(f'base, probability at x = 1 (true {1 / (1 + numpy.exp(-4)):.2f}), weights summing to the rows and to 1:',
      ', '.join(f'{base.fit(x, y, numpy.full(rows, weight)).predict_proba([[1]])[0, 1]:.2f}'
                for weight in (1, 1 / rows)))

for method in ('temperature', 'isotonic', 'sigmoid'):
    for name, weight in (('1000 times the rows', 1000), ('the rows', 1), ('1', 1 / rows)):
        model = CalibratedClassifierCV(base, method=method, cv=5).fit(x, y, sample_weight=numpy.full(rows, weight))
        chance = model.predict_proba(x)[:, 1]
        at = model.predict_proba([[-1], [0], [1]])[:, 1]
        print(f'{method}, weights sum to {name}: {", ".join(f"{value:.2f}" for value in at)} at -1, 0, 1; '
              f'log loss {log_loss(y, chance):.2f}, AUC {roc_auc_score(y, chance):.2f}')

positive = y.mean() / 5  # the weight of a fold's positives where all weights sum to 1
negative = 0.2 - positive
smoothed = 1 / (negative + 2), (positive + 1) / (positive + 2)
print(f'labels 0 and 1 of a fold for weights that sum to 1: {smoothed[0]:.2f} and {smoothed[1]:.2f}; '
      f'every calibrated probability is between .4 and .6: {bool(0.4 < chance.min() and chance.max() < 0.6)}')
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
