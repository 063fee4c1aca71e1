#!/usr/bin/env bash
# SHAP's values of a forest of several yes/no tasks explain each probability divided by the number of tasks.
#
# Expected: the values of a row and the expected value sum to what is explained: for a classifier of scikit-learn
# the probability, as they do where the same forest has one task, and for a regressor of several targets.
# Seen: TreeExplainer lays tasks and classes of a leaf side by side and scales the row to sum to 1, as if they were
# the classes of one task. With two tasks everything is a half of what it should be, with three a third; the
# expected value of a label that half of the rows have is .17. Its own check of additivity passes, as it sums
# the trees that were scaled. It is the same with background data and with model_output='probability'.
# Why it matters: whether a task is added changes how much a feature seems to matter for the others, and a plot for
# one task of a shared forest can't be set beside that of a forest of its own. The signs and ranks within a
# task look right, so nothing catches the eye.
#
# Versions: shap 0.51.0, scikit-learn 1.9.1, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
  scikit-learn==1.9.1 shap==0.51.0
cd "$folder"

cat >expected.txt <<'EXPECTED'
shap 0.51.0, scikit-learn 1.9.1
classifier, 1 task(s): explained / predict_proba in all rows and tasks 1.000 to 1.000, 1.000 to 1.000, 1.000 to 1.000
regressor, 1 target(s): explained is what is predicted: True
classifier, 2 task(s): explained / predict_proba in all rows and tasks 0.500 to 0.500, 0.500 to 0.500, 0.500 to 0.500
regressor, 2 target(s): explained is what is predicted: True
classifier, 3 task(s): explained / predict_proba in all rows and tasks 0.333 to 0.333, 0.333 to 0.333, 0.333 to 0.333
regressor, 3 target(s): explained is what is predicted: True
one row, last of three tasks, by definition: 0.834, 0.000, 0.158 - by TreeExplainer: 0.278, 0.000, 0.053
EXPECTED

cat >run.py <<'PYTHON'
import itertools
import math

import numpy
import shap
import sklearn
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier

print(f'shap {shap.__version__}, scikit-learn {sklearn.__version__}')
x = numpy.random.default_rng(0).normal(size=(1000, 3)).astype('float32')
labels = numpy.column_stack([x[:, 0] > 0, x[:, 1] > 1, x[:, 0] + x[:, 2] > 0]).astype(int)


def explained(model, **options):
    """What values and expected value of ten rows sum to, rows × outputs."""
    explainer = shap.TreeExplainer(model, **options)
    return explainer.shap_values(x[:10], check_additivity=True).sum(axis=1) + explainer.expected_value


for tasks in (1, 2, 3):
    y = labels[:, :tasks] if tasks > 1 else labels[:, 0]
    forest = RandomForestClassifier(20, max_depth=4, random_state=0).fit(x, y)
    predicted = forest.predict_proba(x[:10])
    predicted = numpy.hstack(predicted) if tasks > 1 else predicted
    shares = [explained(forest, **options) / predicted for options in
              ({}, {'data': x[:100]}, {'data': x[:100], 'model_output': 'probability'})]
    print(f'classifier, {tasks} task(s): explained / predict_proba in all rows and tasks',
          ', '.join(f'{share.min():.3f} to {share.max():.3f}' for share in shares))
    forest = RandomForestRegressor(20, max_depth=4, random_state=0).fit(x, y)
    predicted = forest.predict(x[:10]).reshape(10, tasks)
    same = numpy.allclose(explained(forest).reshape(10, tasks), predicted)
    print(f'regressor, {tasks} target(s): explained is what is predicted: {same}')

# Shapley values from their definition, for a tree of three tasks and a background of one row.
tree = DecisionTreeClassifier(max_depth=4, random_state=0).fit(x, labels)
row, background = x[labels[:, 2] == 1][0], x[labels[:, 2] == 0][:1]


def chance(known):
    """The third task's probability where the features `known` are the row's and the others the background's."""
    mixed = background.copy()
    mixed[0, list(known)] = row[list(known)]
    return tree.predict_proba(mixed)[2][0, 1]


own = [sum(math.factorial(len(known)) * math.factorial(2 - len(known)) / 6 * (chance({*known, feature}) - chance(known))
           for size in range(3) for known in itertools.combinations({0, 1, 2} - {feature}, size))
       for feature in range(3)]
given = shap.TreeExplainer(tree, data=background).shap_values(row[None])[0, :, 5]
print('one row, last of three tasks, by definition:', ', '.join(f'{value:.3f}' for value in own),
      '- by TreeExplainer:', ', '.join(f'{value:.3f}' for value in given))
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
