"""Prints what was reached on the test rows of tables, as Markdown.

    python report.py FOLDER...

For each table and task: the mean and the standard deviation over seeds of AUC, accuracy or R²; what the peer
that is the best on validation rows has more, and what it has more than our first defaults, each with its
standard error by a paired bootstrap over the test rows (the mean over seeds of each resample).
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

DRAWS = 200


def main():
    print("| table | task | method | test | best peer less it | it less defaults 1 | CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for folder in sys.argv[1:]:
        report(Path(folder))


def report(folder):
    spec = json.loads((folder / "spec.json").read_text())
    table = pd.read_parquet(folder / "rows.parquet")
    test = table[table["split"] == "test"]
    for index, task in enumerate(spec["tasks"]):
        label = test[f"label: {task['name']}"]
        known = label.notna().to_numpy()
        y = label[known]
        classes = task.get("classes")
        y = y.astype(float) if classes is None else y.astype(str).map({name: i for i, name in enumerate(classes)})
        methods = peers_of(folder, index, int(known.sum())) | ours_of(folder, task, known)
        print_task(folder.name, task, y.to_numpy(), methods)


def peers_of(folder, index, rows):
    """Returns each peer's setting that is the best on validation rows, with its predictions by seed."""
    found = defaultdict(list)
    for record in sorted((folder / "peers").glob(f"{index}-*.json")):
        peer = record.stem.split("-")[1]
        one = json.loads(record.read_text())
        one["predicted"] = np.fromfile(record.with_suffix(".f64")).reshape(rows, -1)
        found[peer].append(one)
    methods = {}
    for peer, all_of_it in found.items():
        first = [one for one in all_of_it if one["seed"] == 1]
        best = max(first, key=lambda one: one["validation"])
        chosen = [one for one in all_of_it if one["setting"] == best["setting"]]
        methods[f"{peer}: {best['setting']}"] = method(chosen, True, best["validation"])
        plain = [one for one in first if one["setting"] == "defaults"]
        if best["setting"] != "defaults" and plain:
            methods[f"{peer}: defaults"] = method(plain, False, 0)
    return methods


def method(runs, is_peer, validation):
    return {
        "predicted": [one["predicted"] for one in runs],
        "seconds": float(np.mean([one["seconds"] for one in runs])),
        "peer": is_peer,
        "validation": validation,
    }


def ours_of(folder, task, known):
    """Returns our variants' predictions by seed."""
    found = defaultdict(list)
    for record in sorted((folder / "ours").glob("*-[0-9].json")):
        one = json.loads(record.read_text())
        table = pd.read_csv(record.with_suffix(".csv"))
        name = task["name"]
        columns = [f"{name}.{c}" for c in task["classes"]] if task["kind"] == "multiclass" else [name]
        one["predicted"] = table[columns].to_numpy()[known]
        found[one["variant"]].append(one)
    return {variant: method(runs, False, 0) for variant, runs in found.items()}


def metric(kind, y, predicted):
    match kind:
        case "binary":
            return roc_auc_score(y, predicted[:, 0])
        case "multiclass":
            return accuracy_score(y, predicted.argmax(axis=1))
        case "regression":
            return r2_score(y, predicted[:, 0])


def print_task(table, task, y, methods):
    random = np.random.default_rng(1)
    draws = [random.integers(0, len(y), len(y)) for _ in range(DRAWS)]
    if task["kind"] == "binary":
        draws = [rows for rows in draws if 0 < y[rows].sum() < len(rows)]
    of_draws = {
        name: np.array([[metric(task["kind"], y[rows], p[rows]) for p in one["predicted"]] for rows in draws]).mean(1)
        for name, one in methods.items()
    }
    values = {name: [metric(task["kind"], y, p) for p in one["predicted"]] for name, one in methods.items()}
    peers = [name for name, one in methods.items() if one["peer"]]
    best = max(peers, key=lambda name: methods[name]["validation"], default=None)
    for name, one in methods.items():
        mean, sd = np.mean(values[name]), np.std(values[name], ddof=1) if len(values[name]) > 1 else float("nan")

        def less(more, fewer):
            if more not in values or fewer not in values or more == fewer:
                return ""
            se = np.std(of_draws[more] - of_draws[fewer], ddof=1)
            return f"{np.mean(values[more]) - np.mean(values[fewer]):+.4f} ± {se:.4f}"

        shown = f"{mean:.4f}" + ("" if np.isnan(sd) else f" ± {sd:.4f}")
        print(f"| {table} | {task['name']} | {name} | {shown} | {less(best, name)} | {less(name, 'defaults 1')} | {one['seconds']:.1f} |")


if __name__ == "__main__":
    main()
