import type { Encoder } from '../../data/encode/encoder.js';
import type { Engine, Evaluation } from '../../engine/engine.js';
import type { NetworkDescription } from '../../network/description.js';
import type { EncodedRows } from '../../network/encoded-rows.js';

/** A column of predictions: how its values come out of an evaluation, one per row. */
export interface PredictionColumn {
  readonly name: string;
  values(evaluation: Evaluation): Float64Array | string[];
}

/**
 * Per task: the probability (binary), the value in the label's own units (regression), or the class and each
 * class' probability (multiclass). With `gates` also the weight of each expert on each task's route, at the
 * top level.
 */
export function predictionColumns(
  encoder: Encoder,
  network: NetworkDescription,
  gates: boolean,
): PredictionColumn[] {
  const columns = encoder.tasks.flatMap((task, index) => taskColumns(task, index));
  return gates
    ? [...columns, ...encoder.tasks.flatMap((task, index) => gateColumns(task.name, index, network))]
    : columns;
}

export function evaluateRows(engine: Engine, rows: EncodedRows, gates: boolean): Evaluation {
  const loaded = engine.load(rows);
  try {
    const all = Uint32Array.from({ length: rows.rows }, (_, row) => row);
    return engine.evaluate(loaded, all, { routes: gates });
  } finally {
    loaded.release();
  }
}

function taskColumns(task: Encoder['tasks'][number], index: number): PredictionColumn[] {
  const { name, kind, outputs, offset, factor, classes, limits } = task;
  const output = ({ predictions, rows }: Evaluation, at: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => predictions[index]![row * outputs + at]!);
  switch (kind) {
    case 'binary':
      return [{ name, values: (evaluation) => output(evaluation, 0) }];
    case 'regression': {
      const { low, high } = limits ?? { low: -Infinity, high: Infinity };
      const inUnits = (value: number): number => Math.max(low, Math.min(high, value * factor + offset));
      return [{ name, values: (evaluation) => output(evaluation, 0).map(inUnits) }];
    }
    case 'multiclass': {
      const labels = classes ?? Array.from({ length: outputs }, (_, at) => String(at));
      const likeliest = ({ predictions, rows }: Evaluation): string[] =>
        Array.from(
          { length: rows },
          (_, row) => labels[largest(predictions[index]!.subarray(row * outputs, (row + 1) * outputs))]!,
        );
      return [
        { name, values: likeliest },
        ...labels.map((label, at): PredictionColumn => ({
          name: `${name}.${label}`,
          values: (evaluation) => output(evaluation, at),
        })),
      ];
    }
  }
}

function gateColumns(task: string, index: number, network: NetworkDescription): PredictionColumn[] {
  const top = network.levels.length - 1;
  const { streams, experts } = network.levels[top]!;
  const { stream } = network.tasks[index]!;
  return experts.map((_, expert) => ({
    name: `${task}.expert_${expert + 1}`,
    values: ({ routes, rows }) =>
      Float64Array.from(
        { length: rows },
        (__, row) => routes?.[top]?.[(row * streams.length + stream) * experts.length + expert] ?? NaN,
      ),
  }));
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
}
