import type { Activation, LayerExtras } from '../../network/description.js';
import { drawUniform, siteOf } from '../../network/draws/draws.js';
import { meanAndVariance, type RowVectors } from './arithmetic.js';
import type { ForwardPass } from './forward-pass.js';

/** The settings that experts, the hidden layers of gates, and towers have in common. */
interface Mlp extends LayerExtras {
  readonly layers: readonly number[];
  readonly activation: Activation;
}

const NORMALIZATION_EPSILON = 1e-5;

/** Computes W x + b; a layer has a bias if there is a parameter of that name. */
export function affine({ weights }: ForwardPass, name: string, input: RowVectors, width: number): RowVectors {
  const weight = weights.get(`${name}.weight`)!;
  const bias = weights.get(`${name}.bias`);
  return input.map((row) =>
    Array.from({ length: width }, (_, unit) =>
      row.reduce((total, value, i) => total + value * weight[i * width + unit]!, bias?.[unit] ?? 0),
    ),
  );
}

/**
 * Computes dropout(activation(normalization(W x + b))), layer upon layer. `draws`: the name by which its
 * dropout is drawn, where its weights are another's.
 */
export function runMlp(
  pass: ForwardPass,
  name: string,
  draws: string,
  input: RowVectors,
  { layers, activation, normalization, dropout = 0 }: Mlp,
): RowVectors {
  let stretch = 1;
  const top = layers.reduce((below, width, j) => {
    const product = affine(pass, `${name}.${j}`, below, width);
    const normal = normalize(pass, `${name}.${j}`, product, normalization);
    stretch *= normal.stretch;
    const units = normal.values.map((row) => row.map((unit) => activated(pass, activation, unit)));
    return drop(pass, `${draws}.${j}.dropout`, units, dropout);
  }, input);
  pass.stretchLevel(stretch);
  return top;
}

function activated(pass: ForwardPass, activation: Activation, unit: number): number {
  switch (activation) {
    case 'relu':
      pass.near(unit);
      return Math.max(unit, 0);
    case 'linear':
      return unit;
    case 'silu':
      return unit / (1 + Math.exp(-unit));
    case 'gelu':
      return 0.5 * unit * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (unit + 0.044715 * unit ** 3)));
  }
}

interface Normalized {
  readonly values: RowVectors;
  /** The largest factor by which differences are multiplied; at least 1. */
  readonly stretch: number;
}

function normalize(
  pass: ForwardPass,
  name: string,
  input: RowVectors,
  kind: LayerExtras['normalization'],
): Normalized {
  switch (kind) {
    case undefined:
      return { values: input, stretch: 1 };
    case 'layer': {
      const own = input.map((row) => meanAndVariance(row));
      return scaleAndShift(pass, name, input, (r) => own[r]!);
    }
    case 'batch': {
      const statistics = batchStatistics(pass, name, input);
      return scaleAndShift(pass, name, input, (_, unit) => statistics[unit]!);
    }
  }
}

/** Computes (x − mean) / √(variance + ε) · scale + shift. `momentsOf`: the mean and variance for a value. */
function scaleAndShift(
  { weights }: ForwardPass,
  name: string,
  input: RowVectors,
  momentsOf: (row: number, unit: number) => readonly [number, number],
): Normalized {
  const scale = weights.get(`${name}.scale`)!;
  const shift = weights.get(`${name}.shift`)!;
  let stretch = 1;
  const values = input.map((row, r) =>
    row.map((value, unit) => {
      const [mean, variance] = momentsOf(r, unit);
      const deviation = Math.sqrt(variance + NORMALIZATION_EPSILON);
      stretch = Math.max(stretch, 1 / deviation);
      return ((value - mean) / deviation) * scale[unit]! + shift[unit]!;
    }),
  );
  return { values, stretch };
}

/**
 * Returns the mean and variance of each unit: the running ones where the network is evaluated, otherwise the
 * batch's own, which then move the running ones.
 */
function batchStatistics(pass: ForwardPass, name: string, input: RowVectors): (readonly [number, number])[] {
  const means = pass.weights.get(`${name}.mean`)!;
  const variances = pass.weights.get(`${name}.variance`)!;
  if (pass.key === null) return [...means].map((mean, unit) => [mean, variances[unit]!]);
  const own = [...means].map((_, unit) => meanAndVariance(input.map((row) => row[unit]!)));
  const moved = (running: Float64Array, part: 0 | 1) =>
    running.map((value, unit) => 0.9 * value + 0.1 * own[unit]![part]);
  pass.running.set(`${name}.mean`, moved(means, 0));
  pass.running.set(`${name}.variance`, moved(variances, 1));
  return own;
}

function drop({ key }: ForwardPass, name: string, input: RowVectors, rate: number): RowVectors {
  if (key === null || rate === 0) return input;
  const site = siteOf(name);
  return input.map((row, r) =>
    row.map((unit, u) =>
      drawUniform(key, site, r * row.length + u) < rate ? 0 : unit / (1 - Math.fround(rate)),
    ),
  );
}
