#!/usr/bin/env bash
# CatBoost writes a multi-label model to ONNX as one choice among its labels.
#
# Expected: labels of MultiLogloss and MultiCrossEntropy are independent (CatBoost itself gives each the
# sigmoid of its score), so `save_model(format='onnx')` gives one probability per label, or says that it
# can't, as the same call does for PMML.
# Seen: without a word the file ends in SOFTMAX over the labels. The probabilities of a row sum to 1,
# `label` is one number, and a row where both labels are likely gets 0.5 each. With two labels it looks like
# the usual output of a binary classifier. onnxruntime loads it; only the predictions tell.
# Why it matters: several binary tasks trained at once by a peer of a multi-task network, compared or served
# through ONNX, are wrong in every row, and metrics of rank within a task suffer too.
#
# Versions: catboost 1.2.10, onnxruntime 1.32.0, onnx 1.23.2, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 pandas==3.1.1 \
  catboost==1.2.10 onnxruntime==1.32.0 onnx==1.23.2
cd "$folder"

cat >expected.txt <<'EXPECTED'
catboost 1.2.10, onnxruntime 1.32.0
MultiLogloss, 2 labels: CatBoost 1.0 1.0, ONNX 0.5 0.5, label (1,), SOFTMAX, softmax in all rows: True
MultiLogloss, 3 labels: CatBoost 1.0 1.0 1.0, ONNX 0.3 0.3 0.3, label (1,), SOFTMAX, softmax in all rows: True
MultiCrossEntropy, 2 labels: CatBoost 1.0 1.0, ONNX 0.5 0.5, label (1,), SOFTMAX, softmax in all rows: True
MultiCrossEntropy, 3 labels: CatBoost 1.0 1.0 1.0, ONNX 0.3 0.3 0.3, label (1,), SOFTMAX, softmax in all rows: True
PMML: PMML export currently supports only single-dimensi
EXPECTED

cat >run.py <<'PYTHON'
import catboost
import numpy
import onnx
import onnxruntime

print(f'catboost {catboost.__version__}, onnxruntime {onnxruntime.__version__}')
x = numpy.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)] * 25, 'float32')

for loss in ('MultiLogloss', 'MultiCrossEntropy'):
    for tasks in (2, 3):
        model = catboost.CatBoostClassifier(
            loss_function=loss, iterations=50, depth=3, learning_rate=0.5, random_seed=0, thread_count=1,
            verbose=False, allow_writing_files=False)
        model.fit(x, x[:, :tasks].astype(int))
        model.save_model('model.onnx', format='onnx')
        session = onnxruntime.InferenceSession('model.onnx')
        row = numpy.ones((1, 3), 'float32')  # every label is 1 here
        label, probabilities = session.run(['label', 'probabilities'], {'features': row})
        own = model.predict_proba(row)[0]
        exported = [probabilities[0][task] for task in range(tasks)]
        raw = model.predict(x, prediction_type='RawFormulaVal')
        softmax = numpy.exp(raw) / numpy.exp(raw).sum(1, keepdims=True)
        every = session.run(['probabilities'], {'features': x})[0]
        every = numpy.array([[of_row[task] for task in range(tasks)] for of_row in every])
        transform = [attribute.s.decode() for node in onnx.load('model.onnx').graph.node
                     for attribute in node.attribute if attribute.name == 'post_transform']
        print(f'{loss}, {tasks} labels: '
              f'CatBoost {" ".join(f"{value:.1f}" for value in own)}, '
              f'ONNX {" ".join(f"{value:.1f}" for value in exported)}, label {label.shape}, {transform[0]}, '
              f'softmax in all rows: {numpy.allclose(every, softmax, atol=1e-5)}')
try:
    model.save_model('model.pmml', format='pmml')
except catboost.CatBoostError as error:
    print('PMML: ' + str(error).split(': ')[-1][:50])
PYTHON
"$folder/venv/bin/python" run.py | tee seen.txt

if ! diff expected.txt seen.txt; then
  echo 'This has changed: the lines above with ">" are new.'
  exit 1
fi
