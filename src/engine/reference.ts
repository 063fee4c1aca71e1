import type { NetworkDescription, TaskDescription } from '../network/description.js';
import type { NamedArrays } from '../network/parameters.js';
import type { EncodedRows } from '../network/rows.js';

/**
 * The network row by row in double precision, straight from its description: what engines' tests hold them to.
 * Gradients are its central differences.
 */

/** Parameters by name, row-major. */
export type DoubleArrays = ReadonlyMap<string, Float64Array>;

export interface ReferenceResult {
  /** Per task; NaN where no row has the label. */
  readonly losses: readonly number[];
  /** Σ_k lossWeight_k · L_k over the tasks that have labels. */
  readonly total: number;
  /** Per row, per task. */
  readonly predictions: readonly (readonly number[])[][];
  /** Per row, level and stream: a weight per expert. */
  readonly routes: readonly (readonly number[])[][][];
  /** Per row, level and expert: its outputs. */
  readonly experts: readonly (readonly number[])[][][];
  /** The smallest |input| of any ReLU: below about 1e-4, single precision and finite differences may be across the kink. */
  readonly kinkDistance: number;
}

export const doubles = (named: NamedArrays): Map<string, Float64Array> =>
  new Map([...named].map(([name, { data }]) => [name, Float64Array.from(data)]));

export function reference(
  network: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  indices: Iterable<number>,
): ReferenceResult {
  const rows = [...indices];
  const forwards = rows.map((index) => forwardRow(network, weights, inputRow(network, weights, data, index)));
  const losses = network.tasks.map((task, k) => {
    let sum = 0;
    let totalWeight = 0;
    rows.forEach((index, r) => {
      const label = data.labels[index * network.tasks.length + k]!;
      if (Number.isNaN(label)) return;
      const weight = data.weights?.[index] ?? 1;
      totalWeight += weight;
      sum += weight * rowLoss(task, forwards[r]!.outputs[k]!, label);
    });
    return totalWeight === 0 ? NaN : sum / totalWeight;
  });
  return {
    losses,
    total: losses.reduce((sum, loss, k) => (Number.isNaN(loss) ? sum : sum + network.tasks[k]!.lossWeight * loss), 0),
    predictions: forwards.map(({ outputs }) => network.tasks.map((task, k) => predict(task, outputs[k]!))),
    routes: forwards.map(({ routes }) => routes),
    experts: forwards.map(({ experts }) => experts),
    kinkDistance: Math.min(...forwards.map(({ kinkDistance }) => kinkDistance)),
  };
}

/** Gradient of `total` by central differences; in double precision, its error is about 1e-8 away from kinks. */
export function referenceGradients(
  network: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  indices: Iterable<number>,
): DoubleArrays {
  const delta = 1e-6;
  const rows = [...indices];
  const total = () => reference(network, weights, data, rows).total;
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

function inputRow({ input }: NetworkDescription, weights: DoubleArrays, data: EncodedRows, index: number): number[] {
  const row = [...data.numeric.subarray(index * input.numeric, (index + 1) * input.numeric)];
  input.fields.forEach(({ name, size, encode }, f) => {
    const value = data.categorical[index * input.fields.length + f]!;
    if (encode === 'onehot') row.push(...Array.from({ length: size }, (_, place) => (place === value ? 1 : 0)));
    else row.push(...weights.get(`embeddings.${name}.weight`)!.subarray(value * encode.embedding, (value + 1) * encode.embedding));
  });
  return row;
}

function forwardRow(network: NetworkDescription, weights: DoubleArrays, input: number[]) {
  let streams: number[][] = [input];
  let kinkDistance = Infinity;
  const relu = (unit: number) => {
    kinkDistance = Math.min(kinkDistance, Math.abs(unit));
    return Math.max(unit, 0);
  };
  const routes: number[][][] = [];
  const experts: number[][][] = [];
  network.levels.forEach((level, l) => {
    const outputs = level.experts.map(({ source, layers, activation }, e) =>
      mlp(weights, `levels.${l}.experts.${e}.layers`, streams[source]!, layers.length, activation === 'relu' ? relu : linearUnit),
    );
    const levelRoutes = level.streams.map(({ route }, s) => {
      if (route.kind === 'fixed') return [...route.weights];
      const row = level.experts.map(() => 0);
      if (route.kind === 'constants') {
        const learned = [...weights.get(`levels.${l}.routes.${s}.constants`)!];
        return route.initial.map((weight) => (weight === null ? 0 : learned.shift()!));
      }
      const gate = level.gates[route.gate]!;
      const logits = linear(weights, `levels.${l}.gates.${route.gate}`, streams[gate.source]!, gate.experts.length);
      softmax(logits.map((logit) => logit / gate.temperature)).forEach((share, n) => (row[gate.experts[n]!] = share));
      return row;
    });
    streams = levelRoutes.map((route) =>
      outputs[0]!.map((_, unit) => route.reduce((sum, weight, e) => sum + weight * outputs[e]![unit]!, 0)),
    );
    routes.push(levelRoutes);
    experts.push(outputs);
  });
  const outputs = network.tasks.map(({ name, stream, tower, outputs: width }) =>
    linear(
      weights,
      `towers.${name}.output`,
      mlp(weights, `towers.${name}.layers`, streams[stream]!, tower.layers.length, tower.activation === 'relu' ? relu : linearUnit),
      width,
    ),
  );
  return { outputs, routes, experts, kinkDistance };
}

function mlp(weights: DoubleArrays, name: string, input: number[], layers: number, activate: (unit: number) => number): number[] {
  let units = input;
  for (let j = 0; j < layers; j++) {
    units = linear(weights, `${name}.${j}`, units, weights.get(`${name}.${j}.bias`)!.length);
    units = units.map(activate);
  }
  return units;
}

const linearUnit = (unit: number) => unit;

function linear(weights: DoubleArrays, name: string, input: readonly number[], width: number): number[] {
  const weight = weights.get(`${name}.weight`)!;
  const bias = weights.get(`${name}.bias`);
  return Array.from({ length: width }, (_, unit) =>
    input.reduce((sum, value, i) => sum + value * weight[i * width + unit]!, bias?.[unit] ?? 0),
  );
}

function rowLoss({ kind }: TaskDescription, outputs: readonly number[], label: number): number {
  if (kind === 'regression') return (outputs[0]! - label) ** 2;
  // Not the logarithm of a probability near 1, whose difference from 1 is lost in rounding.
  if (kind === 'multiclass') return Math.log(outputs.reduce((sum, output) => sum + Math.exp(output - outputs[label]!), 0));
  return Math.log1p(Math.exp(label === 1 ? -outputs[0]! : outputs[0]!));
}

function predict({ kind }: TaskDescription, outputs: readonly number[]): number[] {
  if (kind === 'regression') return [...outputs];
  return kind === 'multiclass' ? softmax(outputs) : [1 / (1 + Math.exp(-outputs[0]!))];
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const exps = logits.map((logit) => Math.exp(logit - largest));
  const sum = exps.reduce((total, e) => total + e, 0);
  return exps.map((e) => e / sum);
}

/**
 * The largest |actual − expected|, as a share of the largest |expected|, which counts as at least `least`: what is small only
 * because large terms cancel has their rounding. NaN in only one of the two gives NaN.
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

/** `differenceFrom` of the parameter that is off most; the least scale is a hundredth of the network's largest gradient. */
export function gradientDifference(expected: DoubleArrays, actual: NamedArrays): { name: string; difference: number } {
  const largest = [...expected.values()].reduce((most, values) => values.reduce((max, value) => Math.max(max, Math.abs(value)), most), 0);
  let worst = { name: '', difference: 0 };
  for (const [name, values] of expected) {
    const difference = differenceFrom(values, actual.get(name)?.data ?? [], Math.max(0.01, 0.01 * largest));
    if (!(difference <= worst.difference)) worst = { name, difference };
    if (Number.isNaN(difference)) break;
  }
  return worst;
}
