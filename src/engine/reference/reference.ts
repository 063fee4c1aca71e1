import type { NetworkDescription, TaskDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import {
  Forward,
  inputRow,
  softmax,
  sum,
  type DoubleArrays,
  type TrainingPass,
} from './reference-forward.js';

/**
 * The network in double precision, straight from its description: what engines' tests hold them to.
 * Gradients are its central differences.
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
   * The most by which normalisations, one upon another, multiply differences, and with them the rounding of
   * single precision; at least 1.
   */
  readonly stretch: number;
}

export const doubles = (named: NamedArrays): Map<string, Float64Array> =>
  new Map([...named].map(([name, { data }]) => [name, Float64Array.from(data)]));

/** `pass` null: as the network is evaluated, without dropout and noise, by running statistics. */
export function reference(
  network: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  indices: Iterable<number>,
  pass: TrainingPass | null = null,
): ReferenceResult {
  const rows = [...indices];
  const forward = new Forward(network, weights, pass);
  const { outputs, routes, experts } = forward.run(
    rows.map((index) => inputRow(network, weights, data, index)),
  );
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
    total: weighted + forward.additions + distance(network, weights),
    predictions: rows.map((_, r) => network.tasks.map((task, k) => predict(task, outputs[k]![r]!))),
    routes: rows.map((_, r) => routes.map((level) => level.map((stream) => stream[r]!))),
    experts: rows.map((_, r) => experts.map((level) => level.map((expert) => expert[r]!))),
    running: forward.running,
    kinkDistance: forward.kinkDistance,
    stretch: forward.stretch,
  };
}

/**
 * Gradient of `total` by central differences; in double precision, its error is about 1e-8 away from kinks.
 */
export function referenceGradients(
  network: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  indices: Iterable<number>,
  pass: TrainingPass | null = null,
): DoubleArrays {
  const delta = 1e-6;
  const rows = [...indices];
  const total = () => reference(network, weights, data, rows, pass).total;
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
  if (kind === 'regression') return (outputs[0]! - label) ** 2;
  // Not the logarithm of a probability near 1, whose difference from 1 is lost in rounding.
  if (kind === 'multiclass')
    return Math.log(outputs.reduce((total, output) => total + Math.exp(output - outputs[label]!), 0));
  return Math.log1p(Math.exp(label === 1 ? -outputs[0]! : outputs[0]!));
}

function predict({ kind }: TaskDescription, outputs: readonly number[]): number[] {
  if (kind === 'regression') return [...outputs];
  return kind === 'multiclass' ? softmax(outputs) : [1 / (1 + Math.exp(-outputs[0]!))];
}

/**
 * The largest |actual − expected|, as a share of the largest |expected|, which counts as at least `least`:
 * what is small only because large terms cancel has their rounding. NaN in only one of the two gives NaN.
 */
export function differenceFrom(expected: ArrayLike<number>, actual: ArrayLike<number>, least = 0.01): number {
  if (actual.length !== expected.length) return NaN;
  let scale = least;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(expected[i]!) && Number.isNaN(actual[i]!)) continue;
    scale = Math.max(scale, Math.abs(expected[i]!));
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
  }
  return difference / scale;
}

/**
 * `differenceFrom` of the parameter that is off most; the least scale is a hundredth of the network's largest
 * gradient.
 */
export function gradientDifference(
  expected: DoubleArrays,
  actual: NamedArrays,
): { name: string; difference: number } {
  const largest = [...expected.values()].reduce(
    (most, values) => values.reduce((max, value) => Math.max(max, Math.abs(value)), most),
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
