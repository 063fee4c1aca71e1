"""MMoE in JAX: a whole run of batches compiled as one lax.scan, Adam by hand, batches gathered inside."""

import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
if options.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import jax
import jax.numpy as jnp
import numpy as np

import common

STEPS = {32: 256, 128: 128, 256: 64, 1024: 16, 4096: 8}


def prepare(c, batch):
    e, w, t, tw, inputs = c["experts"], c["width"], c["tasks"], c["tower"], c["inputs"]
    numeric, categorical, labels = (jnp.asarray(a) for a in common.data(c))
    starts = jnp.asarray(common.first_rows(c)[:-1])
    expanded = inputs + sum(c.get("fields", []))
    generator = np.random.default_rng(1)
    draw = lambda *shape: jnp.asarray(generator.normal(size=shape, scale=shape[-2] ** -0.5), jnp.float32)
    parameters = {
        "first": draw(expanded, e * w + t * e),
        "first_bias": jnp.zeros(e * w),
        "tower": draw(t, w, tw),
        "tower_bias": jnp.zeros((t, 1, tw)),
        "out": draw(t, tw, 1),
        "out_bias": jnp.zeros((t, 1)),
    }

    def loss(p, x, categories, y):
        z = x @ p["first"][:inputs]
        if categories.shape[1] > 0:
            z = z + p["first"][inputs:][categories + starts].sum(1)
        h = jax.nn.relu(z[:, : e * w] + p["first_bias"]).reshape(-1, e, w)
        gates = jax.nn.softmax(z[:, e * w :].reshape(-1, t, e), 2)
        streams = jnp.einsum("bte,bew->tbw", gates, h)
        hidden = jax.nn.relu(jnp.einsum("tbw,twv->tbv", streams, p["tower"]) + p["tower_bias"])
        out = jnp.einsum("tbv,tvo->tb", hidden, p["out"]) + p["out_bias"]
        y = y.T
        if c["kind"] == "binary":
            return (jnp.maximum(out, 0) - out * y + jnp.log1p(jnp.exp(-jnp.abs(out)))).mean(1).sum()
        return ((out - y) ** 2).mean(1).sum()

    def step(state, index):
        p, m, v, n = state
        g = jax.grad(loss)(p, numeric[index], categorical[index], labels[index])
        n = n + 1
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
        rate, correction = 1e-3 / (1 - 0.9**n), 1 / jnp.sqrt(1 - 0.999**n)
        p = jax.tree.map(lambda q, a, b: q - rate * a / (jnp.sqrt(b) * correction + 1e-8), p, m, v)
        return (p, m, v, n), 0.0

    steps = min(STEPS.get(batch, 16), c["rows"] // batch)
    scan = jax.jit(lambda state, order: jax.lax.scan(step, state, order)[0], donate_argnums=0)
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    state = (parameters, zeros(), zeros(), jnp.float32(0))
    order = jnp.asarray(generator.permutation(c["rows"])[: steps * batch].reshape(steps, batch))

    def run(_):
        nonlocal state
        state = jax.block_until_ready(scan(state, order))
        return steps * batch

    return run


common.serve(prepare)
