import { MAX_EVALUATION_ROWS } from '../../network/memory.js';
import type { LevelDescription } from '../../network/description.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { levelWidth } from '../../network/widths.js';
import type { Evaluation } from '../engine.js';
import { readBatch } from './input/batch.js';
import type { LevelOutputs } from './graph/graph.js';
import type { LevelPlan } from './layout.js';
import { predictionsOf } from './training/losses.js';
import type { Model } from './model.js';
import { valuesOf } from './backend/tf.js';

/** Forward pass over the rows at `indices`, a few thousand at a time. */
export function evaluate(
  model: Model,
  data: EncodedRows,
  indices: Uint32Array,
  want: { routes?: boolean; experts?: boolean },
): Evaluation {
  const { tf, network, layout, graph, arrays } = model;
  const { levels, tasks } = network;
  const count = indices.length;
  const predictions = tasks.map(({ outputs }) => new Float32Array(count * outputs));
  const routes = want.routes
    ? levels.map(({ streams, experts }) => new Float32Array(count * streams.length * experts.length))
    : null;
  const experts = want.experts
    ? levels.map((level) => new Float32Array(count * level.experts.length * levelWidth(level)))
    : null;
  for (let start = 0; start < count; start += MAX_EVALUATION_ROWS) {
    const chunk = indices.subarray(start, start + MAX_EVALUATION_ROWS);
    tf.tidy(() => {
      const inputs = model.inputs(readBatch(network.input, layout, data, chunk, arrays), chunk.length);
      const result = graph.forward(inputs, model.variables(), null);
      tasks.forEach((task, k) =>
        predictions[k]!.set(predictionsOf(task, valuesOf(result.outputs[k]!)), start * task.outputs),
      );
      levels.forEach((level, l) => {
        const outputs = result.levels[l]!;
        const first = (array: Float32Array) => (array.length / count) * start;
        if (routes !== null)
          routes[l]!.set(
            routesOf(level, layout.levels[l]!, outputs, chunk.length, arrays),
            first(routes[l]!),
          );
        if (experts !== null) experts[l]!.set(valuesOf(outputs.experts), first(experts[l]!));
      });
    });
  }
  return { rows: count, predictions, routes, experts };
}

/** [rows, streams, experts], whether a route depends on the row or not. */
function routesOf(
  level: LevelDescription,
  plan: LevelPlan,
  outputs: LevelOutputs,
  rows: number,
  arrays: readonly Float32Array[],
): Float32Array {
  const count = level.experts.length;
  const routes = new Float32Array(rows * level.streams.length * count);
  const gates = outputs.gates === null ? null : valuesOf(outputs.gates);
  level.streams.forEach(({ route }, s) => {
    const place = (r: number) => (r * level.streams.length + s) * count;
    if (route.kind === 'gate') {
      for (let r = 0; r < rows; r++) {
        const gate = (r * level.gates.length + route.gate) * count;
        routes.set(gates!.subarray(gate, gate + count), place(r));
      }
      return;
    }
    const weights =
      route.kind === 'fixed' ? route.weights : learnedWeights(route.initial, arrays[plan.constants[s]!]!);
    for (let r = 0; r < rows; r++) routes.set(weights, place(r));
  });
  return routes;
}

/** By expert; 0 for those that stay out. */
function learnedWeights(initial: readonly (number | null)[], constants: Float32Array): number[] {
  let next = 0;
  return initial.map((weight) => (weight === null ? 0 : constants[next++]!));
}
