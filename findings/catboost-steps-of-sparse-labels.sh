#!/usr/bin/env bash
# CatBoost's gradient steps for missing labels shrink with the share of labels that are there.
#
# Expected: with MultiRMSEWithMissingValues a row without a label of a task says nothing about that task.
# For squared error a Newton and a gradient step are the same (the second derivative is 1), so the choice of
# leaf_estimation_method changes nothing, as indeed it doesn't where all labels are there.
# Seen: with leaf_estimation_method=Gradient a leaf's value for a task is the sum over its labelled rows
# divided by ALL rows of the leaf. A task with labels in 1 of 10 rows learns at a tenth of learning_rate,
# silently, while the task beside it with all labels learns at full speed. Newton (the default) divides by
# the labelled rows.
# Why it matters: tables of several tasks are rarely labelled alike (a purchase only after a click, a test
# only for some patients). The rarest task then looks hard to learn, which is what such comparisons are
# about.
#
# Versions: catboost 1.2.10, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 pandas==3.1.1 catboost==1.2.10
cd "$folder"

cat >expected.txt <<'EXPECTED'
catboost 1.2.10
labels in 1 of 1, Newton, trees 1: task with all labels 1.500, task with some 1.500
labels in 1 of 1, Newton, trees 20: task with all labels 2.000, task with some 2.000
labels in 1 of 1, Gradient, trees 1: task with all labels 1.500, task with some 1.500
labels in 1 of 1, Gradient, trees 20: task with all labels 2.000, task with some 2.000
labels in 1 of 2, Newton, trees 1: task with all labels 1.500, task with some 1.500
labels in 1 of 2, Newton, trees 20: task with all labels 2.000, task with some 2.000
labels in 1 of 2, Gradient, trees 1: task with all labels 1.500, task with some 1.250
labels in 1 of 2, Gradient, trees 20: task with all labels 2.000, task with some 1.997
labels in 1 of 10, Newton, trees 1: task with all labels 1.500, task with some 1.500
labels in 1 of 10, Newton, trees 20: task with all labels 2.000, task with some 2.000
labels in 1 of 10, Gradient, trees 1: task with all labels 1.500, task with some 1.050
labels in 1 of 10, Gradient, trees 20: task with all labels 2.000, task with some 1.642
labels in 1 of 50, Newton, trees 1: task with all labels 1.500, task with some 1.500
labels in 1 of 50, Newton, trees 20: task with all labels 2.000, task with some 2.000
labels in 1 of 50, Gradient, trees 1: task with all labels 1.500, task with some 1.010
labels in 1 of 50, Gradient, trees 20: task with all labels 2.000, task with some 1.182
EXPECTED

cat >run.py <<'PYTHON'
import catboost
import numpy

print(f'catboost {catboost.__version__}')
x = numpy.repeat([[0.0], [1.0]], 500, axis=0)
labels = 2 * x[:, 0]  # 0 or 2, told by x alone; both tasks have the same ones

for kept in (1, 2, 10, 50):
    sparse = numpy.where(numpy.arange(1000) % kept == 0, labels, numpy.nan)
    for method in ('Newton', 'Gradient'):
        for trees in (1, 20):
            model = catboost.CatBoost({
                'loss_function': 'MultiRMSEWithMissingValues', 'leaf_estimation_method': method,
                'iterations': trees, 'learning_rate': 0.5, 'l2_leaf_reg': 0, 'depth': 1, 'random_seed': 0,
                'thread_count': 1, 'verbose': False, 'allow_writing_files': False})
            model.fit(x, numpy.column_stack([labels, sparse]))
            full, part = model.predict([[1.0]])[0]
            print(f'labels in 1 of {kept}, {method}, trees {trees}: '
                  f'task with all labels {full:.3f}, task with some {part:.3f}')
PYTHON
"$folder/venv/bin/python" run.py | tee seen.txt

if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
