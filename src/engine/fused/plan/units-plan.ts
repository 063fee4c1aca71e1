import type { Activation, LayerExtras } from '../../../network/description.js';
import { siteOf } from '../../../network/draws.js';
import { LINE, roundUp, type Rows } from '../program/areas.js';
import { floatBits, type Barrier, type Builder } from '../program/builder.js';
import { operation, smoothKind, statisticsParts } from '../program/codes.js';

/** A layer's product, and what is to become of it: dropout(activation(normalization(z))). */
export interface Product extends LayerExtras {
  /**
   * What the product gives, cut off at 0 already where it is a ReLU without normalisation (`cutsOff`); and
   * the gradient by it.
   */
  readonly z: Rows;
  readonly dz: Rows;
  readonly units: number;
  readonly activation: Activation;
  /** Of the layer's parameters; `drops`: by which its dropout is drawn. */
  readonly name: string;
  readonly drops: string;
  /** Where its scale and shift are another layer's. */
  readonly sharesWith?: Units;
}

export interface Units {
  readonly out: Rows;
  /** Who reads `out` puts the gradient by it here, cut off where `out` is at its floor, if it has one. */
  readonly gradient: Rows;
  /** 0 or −∞. */
  readonly floor: number;
  readonly normal: Normal | null;
  /** Emits the forward operations above the product, after the barrier if there is one. */
  forward(): void;
  /** Emits the backward operations down to dz: before the barrier, and after it. */
  backwardToBarrier(): void;
  backward(): void;
  /** What the whole batch has to have come to before `forward`, and before `backward`. */
  readonly forwardBarrier: Barrier | null;
  readonly backwardBarrier: Barrier | null;
}

interface Normal {
  readonly kind: 'layer' | 'batch';
  readonly scale: number;
  readonly shift: number;
  /** Running statistics. */
  readonly mean: number;
  readonly variance: number;
  /**
   * Layer: the rows' moments, in scratch. Batch: those of a share of rows and of the batch, from the
   * statistics' start.
   */
  readonly moments: number;
}

/** Whether the product itself can cut off at 0. */
export const cutsOff = ({
  activation,
  normalization,
}: { readonly activation: Activation } & LayerExtras): boolean =>
  activation === 'relu' && normalization === undefined;

export function planUnits(builder: Builder, product: Product): Units {
  const { z, dz, units, activation } = product;
  const smooth = activation === 'silu' || activation === 'gelu' ? smoothKind[activation] : null;
  const normal = planNormal(builder, product);
  const own = smooth !== null || normal !== null;
  const normalized = normal === null ? z : builder.rows(units);
  const out = smooth === null ? normalized : builder.rows(units);
  const gradient = own ? builder.rows(units) : dz;
  const floor = activation === 'relu' ? 0 : -Infinity;
  const drop = planDrop(product);

  const forward = () => {
    if (normal !== null) builder.forward.push(normalize(normal, z, units, floor, normalized));
    if (smooth !== null)
      builder.forward.push([
        operation.ACTIVATE,
        smooth,
        normalized.at,
        normalized.stride,
        units,
        out.at,
        out.stride,
      ]);
    if (drop !== null) builder.forward.push(drop(out));
  };
  const backwardToBarrier = () => {
    if (drop !== null) builder.backward.push(drop(gradient));
    if (smooth !== null) {
      const to = normal === null ? dz : gradient;
      const places = [
        normalized.at,
        normalized.stride,
        units,
        gradient.at,
        gradient.stride,
        to.at,
        to.stride,
      ];
      builder.backward.push([operation.ACTIVATE_BACKWARD, smooth, ...places]);
    }
    if (normal?.kind === 'batch') {
      const gradients = [builder.gradient(normal.scale), builder.gradient(normal.shift)];
      builder.backward.push([
        operation.BATCH_GRADIENTS,
        ...[z.at, z.stride, units, normal.moments, gradient.at, gradient.stride, ...gradients],
      ]);
    }
  };
  const backward = () => {
    if (normal !== null) builder.backward.push(normalizeBackward(builder, normal, z, units, gradient, dz));
  };
  return {
    out,
    gradient,
    floor,
    normal,
    forward,
    backwardToBarrier,
    backward,
    ...barriersOf(normal, z, units),
  };
}

function barriersOf(
  normal: Normal | null,
  z: Rows,
  units: number,
): Pick<Units, 'forwardBarrier' | 'backwardBarrier'> {
  if (normal?.kind !== 'batch') return { forwardBarrier: null, backwardBarrier: null };
  const { moments, mean, variance } = normal;
  return {
    forwardBarrier: {
      end: [[operation.BATCH_MOMENTS, z.at, z.stride, units, moments]],
      start: [[operation.BATCH_COMBINE, units, moments, mean, variance]],
    },
    backwardBarrier: { end: [], start: [[operation.BATCH_COMBINE_GRADIENTS, units, moments]] },
  };
}

function planNormal(
  builder: Builder,
  { normalization: kind, units, name, sharesWith }: Product,
): Normal | null {
  if (kind === undefined) return null;
  const batch = kind === 'batch';
  const moments = batch
    ? builder.statistics.take(statisticsParts * roundUp(units, LINE))
    : builder.scratch.take(2 * builder.limits.blockRows);
  if (sharesWith !== undefined && sharesWith.normal !== null) return { ...sharesWith.normal, moments };
  const take = (what: string) => {
    const at = builder.parameters.take(units);
    builder.place(`${name}.${what}`, at, units, 1, units);
    return at;
  };
  const learned = (what: string) => {
    const at = take(what);
    builder.clearGradient(at, units);
    return at;
  };
  const own = { kind, scale: learned('scale'), shift: learned('shift'), moments };
  return { ...own, mean: batch ? take('mean') : -1, variance: batch ? take('variance') : -1 };
}

function normalize(
  { kind, scale, shift, mean, variance, moments }: Normal,
  z: Rows,
  units: number,
  floor: number,
  to: Rows,
): number[] {
  const end = [floatBits(floor), to.at, to.stride];
  if (kind === 'layer')
    return [operation.LAYER_NORMALIZE, z.at, z.stride, units, scale, shift, moments, ...end];
  return [operation.BATCH_NORMALIZE, z.at, z.stride, units, moments, mean, variance, scale, shift, ...end];
}

function normalizeBackward(
  builder: Builder,
  normal: Normal,
  z: Rows,
  units: number,
  dy: Rows,
  dz: Rows,
): number[] {
  const { kind, scale, shift, moments } = normal;
  const places = [dy.at, dy.stride, dz.at, dz.stride];
  if (kind === 'batch')
    return [operation.BATCH_NORMALIZE_BACKWARD, z.at, z.stride, units, moments, scale, ...places];
  const gradients = [builder.gradient(scale), builder.gradient(shift)];
  return [operation.LAYER_NORMALIZE_BACKWARD, z.at, z.stride, units, scale, moments, ...places, ...gradients];
}

/** The operation on a layer's values, or on the gradient by them. */
function planDrop({ dropout = 0, drops, units }: Product): ((of: Rows) => number[]) | null {
  if (dropout === 0) return null;
  const site = siteOf(`${drops}.dropout`) | 0;
  // Of the draws' 24 bits.
  const threshold = Math.ceil(dropout * 2 ** 24);
  const factor = floatBits(1 / (1 - Math.fround(dropout)));
  return ({ at, stride }) => [operation.DROP, at, stride, units, site, threshold, factor];
}
