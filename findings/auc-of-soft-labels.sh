#!/usr/bin/env bash
# AUC of labels between 0 and 1: one word, three measures.
#
# Expected: LightGBM (objective cross_entropy), XGBoost (binary:logistic) and CatBoost (CrossEntropy) all
# train on probabilities as labels, so where they offer `auc` for such a table it is one measure, or is
# refused as scikit-learn refuses it.
# Seen: given the very same scores,
#   - LightGBM takes every label above 0 for a positive. With smoothed labels (0.05 and 0.95) no negative is
#     left, and the AUC is 1 for any scores, also for scores turned round;
#   - XGBoost and CatBoost's AUC take a row of label y for y of a positive and 1 − y of a negative, so the
#     best order of the smoothed table below has 0.92, not 1;
#   - CatBoost's AUC:type=Ranking counts the ordered pairs: 1 for the best order, 0 for the opposite.
# Why it matters: tasks of a multi-task table are often rates, or the probabilities of a teacher. A
# baseline's `auc` then cannot be set beside another library's, and early stopping on LightGBM's sees no
# difference at all.
#
# Versions: lightgbm 4.7.0, xgboost-cpu 3.2.0, catboost 1.2.10, scikit-learn 1.9.1, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
  scikit-learn==1.9.1 lightgbm==4.7.0 xgboost-cpu==3.2.0 catboost==1.2.10
cd "$folder"

cat >expected.txt <<'EXPECTED'
lightgbm 4.7.0, xgboost 3.2.0, catboost 1.2.10, scikit-learn 1.9.1
hard labels, right order: LightGBM 1.0000, XGBoost 1.0000, CatBoost 1.0000, its Ranking 1.0000, by halves 1.0000
hard labels, opposite order: LightGBM 0.0000, XGBoost 0.0000, CatBoost 0.0000, its Ranking 0.0000, by halves 0.0000
smoothed labels, right order: LightGBM 1.0000, XGBoost 0.9232, CatBoost 0.9232, its Ranking 1.0000, by halves 0.9232
smoothed labels, opposite order: LightGBM 1.0000, XGBoost 0.0768, CatBoost 0.0768, its Ranking 0.0000, by halves 0.0768
scikit-learn: continuous format is not supported
EXPECTED

cat >run.py <<'PYTHON'
import catboost
import lightgbm
import numpy
import sklearn
import xgboost
from catboost.utils import eval_metric
from sklearn.metrics import roc_auc_score

print(f'lightgbm {lightgbm.__version__}, xgboost {xgboost.__version__}, '
      f'catboost {catboost.__version__}, scikit-learn {sklearn.__version__}')

positive = numpy.arange(200) % 4 == 0
x = numpy.zeros((200, 1))
x[:100] = 1
ordered = numpy.where(positive, 0.8, 0.2) + numpy.arange(200) / 1000  # every positive above every negative


def of_lightgbm(y, scores):
    """LightGBM's auc of scores handed in as the starting point, before a tree has changed them."""
    data = lightgbm.Dataset(x, y, init_score=numpy.log(scores / (1 - scores)))
    seen = {}
    lightgbm.train(
        {'objective': 'cross_entropy', 'metric': 'auc', 'learning_rate': 1e-12, 'num_threads': 1,
         'verbose': -1},
        data, 1, valid_sets=[data], callbacks=[lightgbm.record_evaluation(seen)])
    return seen['training']['auc'][0]


def of_xgboost(y, scores):
    data = xgboost.DMatrix(x, y, base_margin=numpy.log(scores / (1 - scores)))
    booster = xgboost.train(
        {'objective': 'binary:logistic', 'eta': 0, 'eval_metric': 'auc', 'nthread': 1}, data, 1)
    return float(booster.eval(data).split(':')[1])


def of_catboost(y, scores, metric):
    return eval_metric(y, scores, metric)[0]


def of_halves(y, scores):
    """Each row once as a positive of weight y and once as a negative of weight 1 - y."""
    return roc_auc_score(numpy.repeat([1, 0], len(y)), numpy.tile(scores, 2), sample_weight=[*y, *(1 - y)])


for name, y in (('hard', positive * 1.0), ('smoothed', numpy.where(positive, 0.95, 0.05))):
    for order, scores in (('right', ordered), ('opposite', (1.2 - ordered) * 0.9)):
        print(f'{name} labels, {order} order: '
              f'LightGBM {of_lightgbm(y, scores):.4f}, '
              f'XGBoost {of_xgboost(y, scores):.4f}, CatBoost {of_catboost(y, scores, "AUC"):.4f}, '
              f'its Ranking {of_catboost(y, scores, "AUC:type=Ranking"):.4f}, '
              f'by halves {of_halves(y, scores):.4f}')
try:
    roc_auc_score(numpy.where(positive, 0.95, 0.05), ordered)
except ValueError as error:
    print(f'scikit-learn: {error}')
PYTHON

"$folder/venv/bin/python" run.py | tee seen.txt

if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
