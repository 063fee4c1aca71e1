import type { Encoder } from '../../data/encode/encoder.js';
import type { Engine } from '../../engine/engine.js';
import type { NetworkDescription } from '../../network/description.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { NamedArrays } from '../../network/parameters.js';
import { meanOfMembers, type MeanOfMembers } from '../../training/scores/mean-of-members.js';

/** A column of predictions: how its values come out of an evaluation, one per row. */
export interface PredictionColumn {
  readonly name: string;
  values(evaluation: MeanOfMembers): Float64Array | string[];
}

/**
 * Per task: the probability (binary), the value in the label's own units (regression), or the class and each
 * class' probability (multiclass). Of several `members` it is their mean, and after each number comes the standard
 * deviation of theirs, as `.sd`. With `gates` also the weight of each expert on each task's route, at the top
 * level, of the first member.
 */
export function predictionColumns(
  encoder: Encoder,
  network: NetworkDescription,
  { gates, members }: { readonly gates: boolean; readonly members: number },
): PredictionColumn[] {
  const columns = encoder.tasks.flatMap((task, index) => taskColumns(task, index, members > 1));
  return gates
    ? [...columns, ...encoder.tasks.flatMap((task, index) => gateColumns(task.name, index, network))]
    : columns;
}

/**
 * Evaluates rows with the weights of each member in turn, and takes their mean. `engine` has the weights of the
 * last one then.
 */
export function evaluateRows(
  engine: Engine,
  members: readonly NamedArrays[],
  encoder: Encoder,
  rows: EncodedRows,
  gates: boolean,
): MeanOfMembers {
  const loaded = engine.load(rows);
  try {
    const all = Uint32Array.from({ length: rows.rows }, (_, row) => row);
    const evaluations = members.map((weights, member) => {
      engine.setWeights(weights);
      return engine.evaluate(loaded, all, { routes: gates && member === 0 });
    });
    return meanOfMembers(evaluations, encoder.tasks);
  } finally {
    loaded.release();
  }
}

function taskColumns(task: Encoder['tasks'][number], index: number, several: boolean): PredictionColumn[] {
  const { name, kind, outputs, offset, factor, classes, limits } = task;
  const output = ({ predictions, rows }: MeanOfMembers, at: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => predictions[index]![row * outputs + at]!);
  const deviation = (column: string, at: number): PredictionColumn[] =>
    several
      ? [
          {
            name: `${column}.sd`,
            values: ({ deviations, rows }) =>
              Float64Array.from(
                { length: rows },
                (_, row) => (deviations?.[index]![row * outputs + at] ?? NaN) * factor,
              ),
          },
        ]
      : [];
  switch (kind) {
    case 'binary':
      return [{ name, values: (evaluation) => output(evaluation, 0) }, ...deviation(name, 0)];
    case 'regression': {
      const { low, high } = limits ?? { low: -Infinity, high: Infinity };
      const inUnits = (value: number): number => Math.max(low, Math.min(high, value * factor + offset));
      return [{ name, values: (evaluation) => output(evaluation, 0).map(inUnits) }, ...deviation(name, 0)];
    }
    case 'multiclass': {
      const labels = classes ?? Array.from({ length: outputs }, (_, at) => String(at));
      const likeliest = ({ predictions, rows }: MeanOfMembers): string[] =>
        Array.from(
          { length: rows },
          (_, row) => labels[largest(predictions[index]!.subarray(row * outputs, (row + 1) * outputs))]!,
        );
      return [
        { name, values: likeliest },
        ...labels.flatMap((label, at): PredictionColumn[] => [
          { name: `${name}.${label}`, values: (evaluation) => output(evaluation, at) },
          ...deviation(`${name}.${label}`, at),
        ]),
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
