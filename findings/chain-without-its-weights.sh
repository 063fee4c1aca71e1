#!/usr/bin/env bash
# scikit-learn's chain of tasks takes sample weights, but makes the predictions that it learns from without them.
#
# Expected: a row of weight 0 has no say. RegressorChain(cv=5) with sample_weight is then as good as the same chain
# on the rows of weight 1 alone, as it is to the last digit without cv.
# Seen: with cv the second task learns from out-of-fold predictions of the first, and these come from models fitted
# without the weights; only the models that predict afterwards are fitted with them. Below, three rows in four
# have no labels: 0 in their place, and weight 0. The predictions that the second task learns from are pulled
# towards 0, those that it is given later are not, and its R² falls from .68 to .50, below the .66 of a chain
# without cv. Handing the weights to cross_val_predict oneself gives .68.
# Why it matters: weights are how rows without labels are left out, or an unfair sample is made fair, and cv is
# what keeps a chain from relying on labels that it won't have. Each works; together they harm, without a word,
# and only the tasks after the first.
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
cv=None: R2 of both tasks, rows of weight 0 0.75, 0.66; without these rows 0.75, 0.66; the same numbers: True
cv=5: R2 of both tasks, rows of weight 0 0.75, 0.50; without these rows 0.75, 0.68; the same numbers: False
a second model from predictions made without weights is the one of the chain: True
the same by hand, with weights throughout: 0.75, 0.68
EXPECTED

cat >run.py <<'PYTHON'
import numpy
import sklearn
from sklearn.base import clone
from sklearn.metrics import r2_score
from sklearn.model_selection import cross_val_predict
from sklearn.multioutput import RegressorChain
from sklearn.tree import DecisionTreeRegressor

print(f'scikit-learn {sklearn.__version__}')
random = numpy.random.default_rng(0)
rows = 4000


def draw():
    """The second task is the first one and some noise."""
    x = random.normal(size=(rows, 2))
    first = 2 * x.sum(axis=1) + random.normal(size=rows)
    return x, numpy.column_stack([first, first + random.normal(size=rows)])


x, y = draw()
of_test, y_of_test = draw()
labelled = numpy.arange(rows) % 4 == 0
weights = labelled.astype(float)
known = numpy.where(labelled[:, None], y, 0)
tree = DecisionTreeRegressor(max_depth=4, random_state=0)


def r2(predicted):
    return ', '.join(f'{value:.2f}' for value in r2_score(y_of_test, predicted, multioutput='raw_values'))


for cv in (None, 5):
    weighted = RegressorChain(tree, cv=cv).fit(x, known, sample_weight=weights)
    alone = RegressorChain(tree, cv=cv).fit(x[labelled], y[labelled])
    same = numpy.array_equal(weighted.predict(of_test), alone.predict(of_test))
    print(f'cv={cv}: R2 of both tasks, rows of weight 0 {r2(weighted.predict(of_test))}; '
          f'without these rows {r2(alone.predict(of_test))}; the same numbers: {same}')

passed_on = cross_val_predict(tree, x, known[:, 0], cv=5)
second = clone(tree).fit(numpy.column_stack([x, passed_on]), known[:, 1], sample_weight=weights)
same = numpy.array_equal(second.tree_.threshold, weighted.estimators_[1].tree_.threshold)
print(f'a second model from predictions made without weights is the one of the chain: {same}')

passed_on = cross_val_predict(tree, x, known[:, 0], cv=5, params={'sample_weight': weights})
first = clone(tree).fit(x, known[:, 0], sample_weight=weights)
second = clone(tree).fit(numpy.column_stack([x, passed_on]), known[:, 1], sample_weight=weights)
given = first.predict(of_test)
by_hand = numpy.column_stack([given, second.predict(numpy.column_stack([of_test, given]))])
print(f'the same by hand, with weights throughout: {r2(by_hand)}')
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt
if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
