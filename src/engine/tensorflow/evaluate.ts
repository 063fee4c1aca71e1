import { MAX_EVALUATION_ROWS } from '../../network/memory-estimate.js';
import type { LevelDescription, RouteDescription } from '../../network/description.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { NamedArrays } from '../../network/parameters.js';
import { levelWidth } from '../../network/widths.js';
import type { Evaluation } from '../engine.js';
import type { LevelOutputs } from './graph/graph.js';
import { predictionsOf } from './training/losses.js';
import type { TensorflowModel } from './model.js';
import { valuesOf } from './backend/tf.js';

/** Runs the forward pass over the rows at `indices`, a few thousand at a time. */
export function evaluate(
  model: TensorflowModel,
  data: EncodedRows,
  indices: Uint32Array,
  want: { routes?: boolean; experts?: boolean },
): Evaluation {
  const { tf, network, graph, weights } = model;
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
      const result = graph.forward(model.terms(data, chunk), model.parameters(), null);
      tasks.forEach((task, k) =>
        predictions[k]!.set(predictionsOf(task, valuesOf(result.outputs[k]!)), start * task.outputs),
      );
      levels.forEach((level, l) => {
        const outputs = result.levels[l]!;
        const first = (array: Float32Array) => (array.length / count) * start;
        if (routes !== null)
          routes[l]!.set(routesOf(level, l, outputs, chunk.length, weights), first(routes[l]!));
        if (experts !== null) experts[l]!.set(valuesOf(outputs.experts), first(experts[l]!));
      });
    });
  }
  return { rows: count, predictions, routes, experts };
}

/** Returns [rows, streams, experts], whether a route depends on the row or not. */
function routesOf(
  level: LevelDescription,
  l: number,
  outputs: LevelOutputs,
  rows: number,
  weights: NamedArrays,
): Float32Array {
  const count = level.experts.length;
  const routes = new Float32Array(rows * level.streams.length * count);
  level.streams.forEach(({ route }, s) => {
    const rowOf = routeOf(route, `levels.${l}.routes.${s}`, level, outputs, weights);
    for (let r = 0; r < rows; r++) routes.set(rowOf(r), (r * level.streams.length + s) * count);
  });
  return routes;
}

/** Returns a function that gives a route's weights by row of the batch: [experts]. */
function routeOf(
  route: RouteDescription,
  name: string,
  { experts, gates }: LevelDescription,
  outputs: LevelOutputs,
  weights: NamedArrays,
): (row: number) => ArrayLike<number> {
  switch (route.kind) {
    case 'gate': {
      const values = valuesOf(outputs.gates!);
      const first = (row: number) => (row * gates.length + route.gate) * experts.length;
      return (row) => values.subarray(first(row), first(row) + experts.length);
    }
    case 'fixed':
      return () => route.weights;
    case 'path': {
      const { data } = weights.get(`${name}.path`)!;
      return () => data;
    }
    case 'constants': {
      const row = spread(route.initial, weights.get(`${name}.constants`)!.data);
      return () => row;
    }
  }
}

/** Returns learned weights by expert: 0 for those that stay out. */
function spread(initial: readonly (number | null)[], constants: Float32Array): number[] {
  let next = 0;
  return initial.map((weight) => (weight === null ? 0 : constants[next++]!));
}
