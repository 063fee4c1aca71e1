import type { LayerExtras } from '../../network/description.js';
import type { ArrayBuilder, ArrayIndex } from './arrays.js';

/** The arrays of a layer. */
export interface LayerPlan {
  /** [width below, units]. */
  readonly weight: ArrayIndex;
  /** [units]; null: it has none. */
  readonly bias: ArrayIndex | null;
  readonly normalization: NormalizationPlan | null;
}

/** Each [units]. */
export interface NormalizationPlan {
  readonly scale: ArrayIndex;
  readonly shift: ArrayIndex;
  /** Of batch normalisation. */
  readonly running: { readonly mean: ArrayIndex; readonly variance: ArrayIndex } | null;
}

interface Extras extends LayerExtras {
  readonly bias?: boolean;
}

export function planNormalization(
  builder: ArrayBuilder,
  name: string,
  units: number,
  { normalization }: LayerExtras,
): NormalizationPlan | null {
  if (normalization === undefined) return null;
  const vector = (part: string) => builder.addWhole(true, `${name}.${part}`, units);
  return {
    scale: vector('scale'),
    shift: vector('shift'),
    running: normalization === 'batch' ? { mean: vector('mean'), variance: vector('variance') } : null,
  };
}

export function planLayer(
  builder: ArrayBuilder,
  name: string,
  width: number,
  units: number,
  extras: Extras = {},
): LayerPlan {
  return {
    weight: builder.addWhole(true, `${name}.weight`, width, units),
    bias: extras.bias === false ? null : builder.addWhole(true, `${name}.bias`, units),
    normalization: planNormalization(builder, name, units, extras),
  };
}

/** Layers `from` … of an MLP whose layer j is called `<name>.<j>`; `width`: of what its first layer reads. */
export function planLayers(
  builder: ArrayBuilder,
  name: string,
  { layers, ...extras }: Extras & { readonly layers: readonly number[] },
  from: { readonly layer: number; readonly width: number },
): LayerPlan[] {
  return layers.flatMap((units, j) =>
    j < from.layer ? [] : [planLayer(builder, `${name}.${j}`, layers[j - 1] ?? from.width, units, extras)],
  );
}
