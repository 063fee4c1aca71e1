"""Trains peers on the rows of an experiment, one model a task, and writes what they reach as JSON lines.

    python peers.py ROWS.parquet TASK.json FOLDER --only lightgbm,catboost,tabm [--seeds 3]

ROWS is what `mmoe data` writes; TASK.json names the features by kind, and the tasks. Each setting is trained
once, with early stopping on the validation rows; the one that is best there is trained with every seed, and
its predictions of the test rows are kept in FOLDER, as a column of 64-bit floats for each class. What FOLDER
has already is not trained again. One thread each; seconds are the processor's.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

# The first of each is what the package does by itself.
LIGHTGBM = {
    "defaults": {},
    "slower": {"learning_rate": 0.05},
    "15 leaves": {"num_leaves": 15, "feature_fraction": 0.5, "cat_smooth": 50},
    "7 leaves": {"num_leaves": 7, "min_data_in_leaf": 5, "feature_fraction": 0.5, "learning_rate": 0.05},
    "held back": {
        "learning_rate": 0.05,
        "feature_fraction": 0.3,
        "min_data_in_leaf": 100,
        "cat_smooth": 100,
        "cat_l2": 50,
        "lambda_l2": 10,
    },
    "63 leaves": {
        "num_leaves": 63,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "learning_rate": 0.05,
    },
    "127 leaves": {
        "num_leaves": 127,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "learning_rate": 0.05,
    },
    "extra trees": {"extra_trees": True, "learning_rate": 0.1},
}
CATBOOST = {
    "defaults": {},
    "0.1": {"learning_rate": 0.1},
    "depth 8": {"learning_rate": 0.1, "depth": 8},
    "depth 4": {"learning_rate": 0.1, "depth": 4, "l2_leaf_reg": 10},
}
TABM = {"defaults": {}}


class Rows:
    """The rows of a task that have its label, by part."""

    def __init__(self, table, spec, task):
        label = table[f"label: {task['name']}"]
        known = label.notna()
        table, label = table[known], label[known]
        self.kind = task["kind"]
        if self.kind == "regression":
            self.classes = None
            y = label.astype(float).to_numpy()
        else:
            self.classes = task["classes"]
            # Test rows may have a class that training rows have not.
            y = label.astype(str).map({name: i for i, name in enumerate(self.classes)}).to_numpy()
        x = table[spec["numeric"] + spec["categorical"]].copy()
        for name in spec["numeric"]:
            x[name] = pd.to_numeric(x[name]).astype("float64")
        self.categorical = spec["categorical"]
        part = table["split"].to_numpy()
        for name in self.categorical:
            values = x[name].astype("string").fillna("?").astype(str)
            # What training rows do not have is missing, as it is for a network.
            seen = values[part == "train"].value_counts().index
            x[name] = pd.Categorical(values.where(values.isin(seen)), categories=seen)
        self.x = {p: x[part == p] for p in ("train", "validation", "test")}
        self.y = {p: y[part == p] for p in ("train", "validation", "test")}

    def metric(self, part, predicted):
        y = self.y[part]
        match self.kind:
            case "binary":
                return roc_auc_score(y, predicted)
            case "multiclass":
                return accuracy_score(y, predicted.argmax(axis=1))
            case "regression":
                return r2_score(y, predicted)


def lightgbm(rows, setting, seed):
    import lightgbm as lgb

    objectives = {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}
    metrics = {"binary": "auc", "multiclass": "multi_error", "regression": "l2"}
    parameters = {
        "objective": objectives[rows.kind],
        "metric": metrics[rows.kind],
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
        **({"num_class": len(rows.classes)} if rows.kind == "multiclass" else {}),
        **setting,
    }
    train = lgb.Dataset(rows.x["train"], rows.y["train"], categorical_feature=rows.categorical)
    validation = lgb.Dataset(rows.x["validation"], rows.y["validation"], reference=train)
    stop = lgb.early_stopping(50, verbose=False)
    model = lgb.train(parameters, train, 3000, valid_sets=[validation], callbacks=[stop])
    return lambda part: model.predict(rows.x[part])


def catboost(rows, setting, seed):
    from catboost import CatBoostClassifier, CatBoostRegressor

    losses = {"binary": "Logloss", "multiclass": "MultiClass", "regression": "RMSE"}
    metrics = {"binary": "AUC", "multiclass": "Accuracy", "regression": "RMSE"}
    kind = CatBoostRegressor if rows.kind == "regression" else CatBoostClassifier
    model = kind(
        loss_function=losses[rows.kind],
        eval_metric=metrics[rows.kind],
        iterations=2000,
        early_stopping_rounds=50,
        thread_count=1,
        random_seed=seed,
        cat_features=rows.categorical,
        verbose=False,
        allow_writing_files=False,
        **setting,
    )
    # CatBoost refuses missing categories: they are a category of their own.
    as_text = {name: lambda table, name=name: table[name].astype(object).fillna("nan") for name in rows.categorical}
    x = {part: table.assign(**as_text) for part, table in rows.x.items()}
    model.fit(x["train"], rows.y["train"], eval_set=(x["validation"], rows.y["validation"]))

    def predict(part):
        if rows.kind == "regression":
            return model.predict(x[part])
        probabilities = model.predict_proba(x[part])
        return probabilities[:, 1] if rows.kind == "binary" else probabilities

    return predict


def tabm(rows, setting, seed):
    from tabm_peer import train

    return train(rows, setting, seed)


PEERS = {"lightgbm": (lightgbm, LIGHTGBM), "catboost": (catboost, CATBOOST), "tabm": (tabm, TABM)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("spec", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="lightgbm,catboost")
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    spec = json.loads(args.spec.read_text())
    table = pd.read_parquet(args.rows)
    for index, task in enumerate(spec["tasks"]):
        rows = Rows(table, spec, task)
        for peer in args.only.split(","):
            train, settings = PEERS[peer]
            name = f"{index}-{peer}"
            trained = [once(args.folder, name, train, rows, settings, setting, 1) for setting in settings]
            best = max(trained, key=lambda one: one["validation"])["setting"]
            for seed in range(2, args.seeds + 1):
                once(args.folder, name, train, rows, settings, best, seed)


def once(folder, name, train, rows, settings, setting, seed):
    file = folder / f"{name}-{setting}-{seed}"
    record = file.with_suffix(".json")
    if record.exists():
        return json.loads(record.read_text())
    begun = time.process_time()
    predict = train(rows, settings[setting], seed)
    seconds = time.process_time() - begun
    predicted = {part: np.asarray(predict(part), dtype="float64") for part in ("validation", "test")}
    predicted["test"].tofile(file.with_suffix(".f64"))
    found = {
        "setting": setting,
        "seed": seed,
        "seconds": seconds,
        **{part: rows.metric(part, values) for part, values in predicted.items()},
    }
    # The test rows are looked at in the report alone; this line says what chose the setting.
    print(f"{name} {setting} seed {seed}: validation {found['validation']:.4f}, {seconds:.0f} s", file=sys.stderr)
    record.write_text(json.dumps(found))
    return found


if __name__ == "__main__":
    main()
