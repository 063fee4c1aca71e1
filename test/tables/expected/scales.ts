import type { ScaleName } from '../table.js';

/** A scale as a run's encoder.json says it. */
export type Scale =
  | { readonly kind: 'none' }
  | { readonly kind: 'standard' | 'log'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'minmax'; readonly low: number; readonly high: number }
  | { readonly kind: 'quantile'; readonly quantiles: readonly number[] }
  | { readonly kind: 'robust'; readonly median: number; readonly spread: number };

/** Numbers beyond what an engine's single precision holds are cut, and there is no −0. */
export const cut = (value: number): number => Math.min(3.4e38, Math.max(-3.4e38, value)) + 0;

/** Inputs are cut further, so that products with weights stay finite. */
export const cutInput = (value: number): number => Math.min(1e15, Math.max(-1e15, value)) + 0;

export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const { length } = values;
  if (length === 0) return { mean: 0, deviation: 1 };
  const mean = values.reduce((sum, value) => sum + value, 0) / length + 0;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

const logOf = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

export function scaleOf(name: ScaleName, values: readonly number[]): Scale {
  switch (name) {
    case 'none':
      return { kind: 'none' };
    case 'standard':
      return { kind: 'standard', ...meanAndDeviation(values) };
    case 'log':
      return { kind: 'log', ...meanAndDeviation(values.map(logOf)) };
    case 'minmax':
      return values.length === 0
        ? { kind: 'minmax', low: 0, high: 1 }
        : {
            kind: 'minmax',
            low: values.reduce((least, value) => (value < least ? value : least)),
            high: values.reduce((most, value) => (value > most ? value : most)),
          };
    case 'robust':
      return { kind: 'robust', ...medianAndSpread(values) };
    case 'quantile': {
      if (values.length === 0) return { kind: 'quantile', quantiles: [0, 1] };
      const sorted = Float64Array.from(values).sort();
      const last = sorted.length - 1;
      const steps = Math.max(1, Math.min(1000, last));
      const at = (step: number): number => sorted[Math.round((step * last) / steps)]!;
      return { kind: 'quantile', quantiles: Array.from({ length: steps + 1 }, (_, step) => at(step)) };
    }
  }
}

/** The median and the distance of the quartiles; where that is 0, half of the range; where that is 0, too, 1. */
function medianAndSpread(values: readonly number[]): { median: number; spread: number } {
  if (values.length === 0) return { median: 0, spread: 1 };
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return below + (place - Math.floor(place)) * (above - below);
  };
  const spreads = [at(0.75) - at(0.25), (at(1) - at(0)) / 2, 1];
  return { median: at(0.5), spread: spreads.find((spread) => spread > 0)! };
}

export function scaled(scale: Scale, value: number): number {
  switch (scale.kind) {
    case 'none':
      return value;
    case 'standard':
      return (value - scale.mean) / scale.deviation;
    case 'log':
      return (logOf(value) - scale.mean) / scale.deviation;
    case 'minmax':
      return (value - scale.low) / (scale.high > scale.low ? scale.high - scale.low : 1);
    case 'robust': {
      const z = cut((value - scale.median) / scale.spread);
      return Math.abs(z) > 1e15 ? 3 * Math.sign(z) : z / Math.sqrt(1 + (z / 3) ** 2);
    }
    case 'quantile':
      return shareBelow(scale.quantiles, value);
  }
}

/** The place of a value between the quantiles; among equal ones, their middle. */
function shareBelow(quantiles: readonly number[], value: number): number {
  const last = quantiles.length - 1;
  const equal = quantiles.flatMap((quantile, i) => (quantile === value ? [i] : []));
  if (equal.length > 0) return (equal[0]! + equal.at(-1)!) / 2 / last;
  const above = quantiles.findIndex((quantile) => quantile > value);
  if (above === 0) return 0;
  if (above < 0) return 1;
  const low = quantiles[above - 1]!;
  const high = quantiles[above]!;
  return (above - 1 + (value - low) / (high - low)) / last;
}
