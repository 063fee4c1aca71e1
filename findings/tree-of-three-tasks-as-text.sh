#!/usr/bin/env bash
# scikit-learn's export_text prints, as the class of a leaf, the number of the task that most often has "no" there.
#
# Expected: for a decision tree of several yes/no tasks a leaf shows a class per task, as predict gives it, or
# none, as export_graphviz and plot_tree do (they print the counts of every task); for a regressor of several
# targets export_text prints a value per target.
# Seen: of a leaf's counts, tasks × classes, export_text keeps the first column, the rows without the label, and
# prints the place of its maximum as `class`. A tree of three tasks has leaves of `class: 2`, where no label is
# 2. A leaf where all three labels are 1 says `class: 0`, and so does the one where all are 0. `show_weights`
# prints that column, one number per task, which looks like the counts of three classes.
# Why it matters: the text is what people read a tree by, or paste into a report, and with two tasks (classes 0
# and 1) it looks right. The same tree's predict, and so its scores, are right.
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
wrong predictions of the tree and of the one with yes and no turned round: 0.0
labels [0 0 0]: weights: [10.00, 10.00, 10.00] class: 0; rows without the label [10, 10, 10], first task with the most 0; labels turned round, class: 0
labels [0 0 1]: weights: [10.00, 10.00, 0.00] class: 0; rows without the label [10, 10, 0], first task with the most 0; labels turned round, class: 2
labels [0 1 0]: weights: [10.00, 0.00, 10.00] class: 0; rows without the label [10, 0, 10], first task with the most 0; labels turned round, class: 1
labels [0 1 1]: weights: [10.00, 0.00, 0.00] class: 0; rows without the label [10, 0, 0], first task with the most 0; labels turned round, class: 1
labels [1 0 0]: weights: [0.00, 10.00, 10.00] class: 1; rows without the label [0, 10, 10], first task with the most 1; labels turned round, class: 0
labels [1 0 1]: weights: [0.00, 10.00, 0.00] class: 1; rows without the label [0, 10, 0], first task with the most 1; labels turned round, class: 0
labels [1 1 0]: weights: [0.00, 0.00, 10.00] class: 2; rows without the label [0, 0, 10], first task with the most 2; labels turned round, class: 0
labels [1 1 1]: weights: [0.00, 0.00, 0.00] class: 0; rows without the label [0, 0, 0], first task with the most 0; labels turned round, class: 0
export_graphviz: classes 0 counts of a leaf value = [[10, 0] [10, 0] [10, 0]]
a regressor of the same tasks: value: [0.00, 1.00, 1.00]
EXPECTED

cat >run.py <<'PYTHON'
import re

import numpy
import sklearn
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, export_graphviz, export_text

print(f'scikit-learn {sklearn.__version__}')
corners = numpy.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
x = numpy.repeat(corners, 10, axis=0)
names = ['a', 'b', 'c']


def leaves(tree, **options):
    """What the text says of each leaf, in the order of the corners."""
    text = export_text(tree, feature_names=names, **options)
    found = {}
    path = []
    for line in text.splitlines():
        depth = line.count('|')
        said = line.split('|--- ')[1]
        path = path[:depth - 1] + [said]
        if depth == 4:
            corner = tuple(int(step.split(' ')[1] == '>') for step in sorted(path[:3]))
            found[corner] = said
    return [found[tuple(corner)] for corner in corners]


# The labels of the three tasks are the three features, so every leaf is certain of all of them.
tree = DecisionTreeClassifier(random_state=0).fit(x, x)
turned = DecisionTreeClassifier(random_state=0).fit(x, 1 - x)
wrong = numpy.mean([(tree.predict(x) != x).mean(), (turned.predict(x) != 1 - x).mean()])
print(f'wrong predictions of the tree and of the one with yes and no turned round: {wrong}')
lines = zip(corners, leaves(tree, show_weights=True), leaves(turned))
for corner, said, other in lines:
    rows = numpy.all(x == corner, axis=1)
    without = [int((x[rows, task] == 0).sum()) for task in range(3)]
    print(f'labels {corner}: {said}; rows without the label {without}, '
          f'first task with the most {numpy.argmax(without)}; '
          f'labels turned round, {other}')

graph = export_graphviz(tree, feature_names=names, class_names=['no', 'yes'])
print('export_graphviz: classes', graph.count('class ='), 'counts of a leaf',
      re.search(r'samples = 10\\n(value = .*?)"', graph, re.DOTALL).group(1).replace('\\n', ' '))
print('a regressor of the same tasks:', leaves(DecisionTreeRegressor(random_state=0).fit(x, x))[3])
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
