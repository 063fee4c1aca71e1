"""The loop that every Python peer shares: read a request, prepare it once, time it, answer.

A request is a line of JSON: {"configuration": …, "batch": …, "seconds": …}; the answer is
{"rowsPerSecond": …} or {"error": …}.
"""

import json
import sys
import time

import numpy as np


def data(configuration):
    """Random rows of the configuration's shape, or the encoded ones in its folder."""
    folder = configuration.get("folder")
    rows, inputs, tasks = configuration["rows"], configuration["inputs"], configuration["tasks"]
    if folder:
        fields = len(configuration["fields"])
        numeric = np.fromfile(f"{folder}/numeric.f32", np.float32).reshape(rows, inputs)
        categorical = np.fromfile(f"{folder}/categorical.i32", np.int32).reshape(rows, fields)
        labels = np.fromfile(f"{folder}/labels.f32", np.float32).reshape(rows, tasks)
        return numeric, categorical, labels
    generator = np.random.default_rng(1)
    numeric = generator.uniform(-1, 1, (rows, inputs)).astype(np.float32)
    labels = (generator.uniform(size=(rows, tasks)) < 0.5).astype(np.float32)
    return numeric, np.zeros((rows, 0), np.int32), labels


def first_rows(configuration):
    """The first row of the expanded columns that each one-hot field has."""
    return np.concatenate([[0], np.cumsum(configuration.get("fields", []))]).astype(np.int32)


def serve(prepare):
    """Answers requests. prepare(configuration, batch) returns `run(count)`, which trains on at least count
    rows and returns how many."""
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            key = json.dumps([request["configuration"], request["batch"]])
            if key not in prepared:
                prepared.clear()
                run = prepare(request["configuration"], request["batch"])
                run(1)
                run(1)
                prepared[key] = run
            run = prepared[key]
            started, rows = time.perf_counter(), 0
            while time.perf_counter() - started < request["seconds"]:
                rows += run(1)
            answer = {"rowsPerSecond": rows / (time.perf_counter() - started)}
        except Exception as error:  # the bench prints it and goes on
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), flush=True)
