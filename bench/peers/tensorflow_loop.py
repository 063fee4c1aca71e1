"""MMoE in TensorFlow: a run of batches as one tf.while_loop under tf.function(jit_compile=True).

Adam is written by hand."""

import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf

import common

tf.config.threading.set_intra_op_parallelism_threads(options.threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
STEPS = {32: 256, 128: 128, 256: 64, 1024: 16, 4096: 8}


def prepare(c, batch):
    e, w, t, tw, inputs = c["experts"], c["width"], c["tasks"], c["tower"], c["inputs"]
    numeric, categorical, labels = (tf.constant(a) for a in common.data(c))
    starts = tf.constant(common.first_rows(c)[:-1])
    expanded = inputs + sum(c.get("fields", []))
    generator = np.random.default_rng(1)
    normal = lambda shape: generator.normal(size=shape, scale=shape[-2] ** -0.5).astype(np.float32)
    draw = lambda *shape: tf.Variable(normal(shape))
    zero = lambda *shape: tf.Variable(tf.zeros(shape))
    first = [draw(expanded, e * w + t * e), zero(e * w)]
    parameters = first + [draw(t, w, tw), zero(t, 1, tw), draw(t, tw, 1), zero(t, 1)]
    moments = [[tf.Variable(tf.zeros_like(p)) for p in parameters] for _ in range(2)]
    count = tf.Variable(0.0)
    steps = min(STEPS.get(batch, 16), c["rows"] // batch)
    order = generator.permutation(c["rows"])[: steps * batch].reshape(steps, batch)
    order = tf.constant(order.astype(np.int32))

    def loss(p, x, categories, y):
        z = tf.matmul(x, p[0][:inputs])
        if categories.shape[1] > 0:
            z = z + tf.reduce_sum(tf.gather(p[0][inputs:], categories + starts), 1)
        h = tf.reshape(tf.nn.relu(z[:, : e * w] + p[1]), [batch, e, w])
        gates = tf.nn.softmax(tf.reshape(z[:, e * w :], [batch, t, e]), 2)
        streams = tf.transpose(tf.matmul(gates, h), [1, 0, 2])
        hidden = tf.nn.relu(tf.matmul(streams, p[2]) + p[3])
        out = tf.matmul(hidden, p[4])[:, :, 0] + p[5]
        y = tf.transpose(y)
        each = tf.nn.sigmoid_cross_entropy_with_logits(y, out) if c["kind"] == "binary" else (out - y) ** 2
        return tf.reduce_sum(tf.reduce_mean(each, 1))

    @tf.function(jit_compile=True)
    def train(p, m, v, n):
        def body(i, p, m, v, n):
            index = order[i]
            with tf.GradientTape() as tape:
                tape.watch(p)
                value = loss(p, *(tf.gather(all_rows, index) for all_rows in (numeric, categorical, labels)))
            g = tape.gradient(value, p)
            n = n + 1.0
            m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
            v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
            rate, correction = 1e-3 / (1 - 0.9**n), 1 / tf.sqrt(1 - 0.999**n)
            p = [q - rate * a / (tf.sqrt(b) * correction + 1e-8) for q, a, b in zip(p, m, v)]
            return i + 1, p, m, v, n

        start = [tf.constant(0), p, m, v, n]
        return tf.while_loop(lambda i, *_: i < steps, body, start, maximum_iterations=steps)[1:]

    state = [[tf.identity(one) for one in each] for each in (parameters, *moments)] + [tf.identity(count)]

    def run(_):
        nonlocal state
        state = list(train(*state))
        state[3].numpy()
        return steps * batch

    return run


common.serve(prepare)
