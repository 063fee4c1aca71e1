"""Proposes points by Optuna's default sampler: a line of JSON for each on standard output, its value on standard input.

    python optuna_peer.py SPACE.json SEED TRIALS
"""

import json
import sys

import optuna


def suggest(trial, space):
    point = {}
    for dimension in space:
        when = dimension.get("when", {})
        if not all(point.get(name) in values for name, values in when.items()):
            continue
        name, kind = dimension["name"], dimension["kind"]
        if kind == "choice":
            point[name] = trial.suggest_categorical(name, dimension["values"])
        else:
            draw = trial.suggest_int if kind == "integer" else trial.suggest_float
            point[name] = draw(name, dimension["from"], dimension["to"], log=dimension["scale"] == "log")
    return point


def main():
    with open(sys.argv[1]) as file:
        space = json.load(file)
    seed, trials = int(sys.argv[2]), int(sys.argv[3])
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    # The sampler is left to Optuna; only its seed is given.
    study = optuna.create_study()
    sampler = type(study.sampler)
    study = optuna.create_study(sampler=sampler(seed=seed))
    print(json.dumps({"peer": f"Optuna {optuna.__version__}, {sampler.__name__}"}), flush=True)
    for _ in range(trials):
        trial = study.ask()
        print(json.dumps(suggest(trial, space)), flush=True)
        study.tell(trial, float(sys.stdin.readline()))


if __name__ == "__main__":
    main()
