"""The peak of a large single-precision matrix product, GFLOP/s in `rowsPerSecond`'s place."""

import argparse
import json
import os
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ.pop("OPENBLAS_CORETYPE", None)

try:
    import torch

    torch.set_num_threads(options.threads)
    a = torch.randn(2048, 2048)
    multiply = lambda: a @ a
except ImportError:
    import numpy

    a = numpy.random.rand(2048, 2048).astype(numpy.float32)
    multiply = lambda: a @ a

multiply()
for line in sys.stdin:
    seconds = json.loads(line)["seconds"]
    best, started = 1e9, time.perf_counter()
    while time.perf_counter() - started < seconds:
        before = time.perf_counter()
        multiply()
        best = min(best, time.perf_counter() - before)
    print(json.dumps({"rowsPerSecond": 2 * 2048**3 / best / 1e9}), flush=True)
