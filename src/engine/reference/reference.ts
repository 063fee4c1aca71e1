import type { NetworkDescription, TaskDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { softmax, sum } from './arithmetic.js';
import { ForwardPass, type DoubleArrays, type StepOfTraining } from './forward-pass.js';
import { runForward } from './forward.js';
import { inputRow } from './input-row.js';

/**
 * The reference: the network in double precision, straight from its description and written to be read. Tests
 * hold both engines to it. Gradients are its central differences.
 */

export interface ReferenceResult {
  /** Per task; NaN where no row has the label. */
  readonly losses: readonly number[];
  /**
   * Σ_k lossWeight_k · L_k over the tasks that have labels, plus what the description adds to the minimised
   * loss.
   */
  readonly total: number;
  /** Per row, per task. */
  readonly predictions: readonly (readonly number[])[][];
  /** Per row, level and stream: a weight per expert. */
  readonly routes: readonly (readonly number[])[][][];
  /** Per row, level and expert: its outputs. */
  readonly experts: readonly (readonly number[])[][][];
  /** Running statistics after a training pass, by parameter name. */
  readonly running: DoubleArrays;
  /**
   * The smallest distance of any ReLU's input from 0, of any two logits of which a gate leaves one out, and
   * of a smooth step from its ends: below about 1e-4, single precision and finite differences may be across
   * the kink.
   */
  readonly kinkDistance: number;
  /**
   * The largest factor by which normalisations, one upon another, multiply differences, and with them the
   * rounding of single precision; at least 1.
   */
  readonly stretch: number;
}

export const doubles = (named: NamedArrays): Map<string, Float64Array> =>
  new Map([...named].map(([name, { data }]) => [name, Float64Array.from(data)]));

/**
 * Computes losses, predictions, routes and experts for the rows at `indices`. `step` null: as the network is
 * evaluated, without dropout and noise, by running statistics.
 */
export function reference(
  network: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  indices: Iterable<number>,
  step: StepOfTraining | null = null,
): ReferenceResult {
  const rows = [...indices];
  const pass = new ForwardPass(weights, step);
  const input = rows.map((index) => inputRow(network, pass, data, index));
  const { outputs, routes, experts } = runForward(network, pass, input);
  const losses = network.tasks.map((task, k) => {
    let total = 0;
    let totalWeight = 0;
    rows.forEach((index, r) => {
      const label = data.labels[index * network.tasks.length + k]!;
      if (Number.isNaN(label)) return;
      const weight = data.weights?.[index] ?? 1;
      totalWeight += weight;
      total += weight * rowLoss(task, outputs[k]![r]!, label);
    });
    return totalWeight === 0 ? NaN : total / totalWeight;
  });
  const weighted = losses.reduce(
    (all, loss, k) => (Number.isNaN(loss) ? all : all + network.tasks[k]!.lossWeight * loss),
    0,
  );
  return {
    losses,
    total: weighted + pass.additions + distance(network, weights),
    predictions: rows.map((_, r) => network.tasks.map((task, k) => predict(task, outputs[k]![r]!))),
    routes: rows.map((_, r) => routes.map((level) => level.map((stream) => stream[r]!))),
    experts: rows.map((_, r) => experts.map((level) => level.map((expert) => expert[r]!))),
    running: pass.running,
    kinkDistance: pass.kinkDistance,
    stretch: pass.stretch(),
  };
}

/**
 * Computes the gradient of `total` by central differences; in double precision, its error is about 1e-8 away
 * from kinks.
 */
export function referenceGradients(
  network: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  indices: Iterable<number>,
  step: StepOfTraining | null = null,
): DoubleArrays {
  const delta = 1e-6;
  const rows = [...indices];
  const total = () => reference(network, weights, data, rows, step).total;
  return new Map(
    [...weights].map(([name, values]) => [
      name,
      values.map((value, i) => {
        values[i] = value + delta;
        const above = total();
        values[i] = value - delta;
        const below = total();
        values[i] = value;
        return (above - below) / (2 * delta);
      }),
    ]),
  );
}

function distance({ distance: constraint }: NetworkDescription, weights: DoubleArrays): number {
  if (constraint === undefined) return 0;
  const apart = (a: Float64Array, b: Float64Array) =>
    a.reduce((total, value, i) => total + (value - b[i]!) ** 2, 0);
  return (
    constraint.strength *
    sum(
      constraint.groups.flatMap((group) =>
        group.flatMap((a, j) => group.slice(j + 1).map((b) => apart(weights.get(a)!, weights.get(b)!))),
      ),
    )
  );
}

function rowLoss({ kind }: TaskDescription, outputs: readonly number[], label: number): number {
  switch (kind) {
    case 'binary':
      return Math.log1p(Math.exp(label === 1 ? -outputs[0]! : outputs[0]!));
    case 'multiclass':
      // Not the logarithm of a probability near 1, whose difference from 1 is lost in rounding.
      return Math.log(outputs.reduce((total, output) => total + Math.exp(output - outputs[label]!), 0));
    case 'regression':
      return (outputs[0]! - label) ** 2;
  }
}

function predict({ kind }: TaskDescription, outputs: readonly number[]): number[] {
  switch (kind) {
    case 'binary':
      return [1 / (1 + Math.exp(-outputs[0]!))];
    case 'multiclass':
      return softmax(outputs);
    case 'regression':
      return [...outputs];
  }
}

/**
 * Returns the largest |actual − expected|, as a share of the largest |expected|, which counts as at least
 * `minScale`: what is small only because large terms cancel has their rounding. NaN in only one of the two
 * gives NaN.
 */
export function differenceFrom(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  minScale = 0.01,
): number {
  if (actual.length !== expected.length) return NaN;
  let scale = minScale;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(expected[i]!) && Number.isNaN(actual[i]!)) continue;
    scale = Math.max(scale, Math.abs(expected[i]!));
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
  }
  return difference / scale;
}

/**
 * Returns `differenceFrom` of the parameter that is off by the largest difference; the smallest scale is a
 * hundredth of the network's largest gradient.
 */
export function gradientDifference(
  expected: DoubleArrays,
  actual: NamedArrays,
): { name: string; difference: number } {
  const largest = [...expected.values()].reduce(
    (largestYet, values) => values.reduce((max, value) => Math.max(max, Math.abs(value)), largestYet),
    0,
  );
  let worst = { name: '', difference: 0 };
  for (const [name, values] of expected) {
    const difference = differenceFrom(values, actual.get(name)?.data ?? [], Math.max(0.01, 0.01 * largest));
    if (!(difference <= worst.difference)) worst = { name, difference };
    if (Number.isNaN(difference)) break;
  }
  return worst;
}
