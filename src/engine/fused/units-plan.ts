import type { Activation, LayerExtras } from '../../network/description.js';
import { siteOf } from '../../network/draws.js';
import type { Rows } from './areas.js';
import { floatBits, type Barrier, type Builder } from './builder.js';
import { operation, smoothKind } from './codes.js';

/** A layer's product, and what is to become of it: dropout(activation(normalization(z))). */
export interface Product extends LayerExtras {
  /** What the product gives, cut off at 0 already where it is a ReLU without normalisation (`cutsOff`); and the gradient by it. */
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
  /** Layer: the rows' moments, in scratch. Batch: those of a share of rows and of the batch, from the statistics' start. */
  readonly moments: number;
}

/** Whether the product itself can cut off at 0. */
export const cutsOff = ({ activation, normalization }: { readonly activation: Activation } & LayerExtras): boolean =>
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
    if (smooth !== null) builder.forward.push([operation.ACTIVATE, smooth, normalized.at, normalized.stride, units, out.at, out.stride]);
    if (drop !== null) builder.forward.push(drop(out));
  };
  const backwardToBarrier = () => {
    if (drop !== null) builder.backward.push(drop(gradient));
    if (smooth !== null) {
      const to = normal === null ? dz : gradient;
      const places = [normalized.at, normalized.stride, units, gradient.at, gradient.stride, to.at, to.stride];
      builder.backward.push([operation.ACTIVATE_BACKWARD, smooth, ...places]);
    }
  };
  const backward = () => {
    if (normal !== null) builder.backward.push(normalizeBackward(builder, normal, z, units, gradient, dz));
  };
  const barriers = { forwardBarrier: null, backwardBarrier: null };
  return { out, gradient, floor, normal, forward, backwardToBarrier, backward, ...barriers };
}

function planNormal(builder: Builder, { normalization: kind, units, name, sharesWith }: Product): Normal | null {
  if (kind === undefined) return null;
  if (kind === 'batch') throw new Error('batch normalisation is not planned yet');
  const moments = builder.scratch.take(2 * builder.limits.blockRows);
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
  return { kind, scale: learned('scale'), shift: learned('shift'), mean: -1, variance: -1, moments };
}

function normalize({ scale, shift, moments }: Normal, z: Rows, units: number, floor: number, to: Rows): number[] {
  return [operation.LAYER_NORMALIZE, z.at, z.stride, units, scale, shift, moments, floatBits(floor), to.at, to.stride];
}

function normalizeBackward(builder: Builder, { scale, shift, moments }: Normal, z: Rows, units: number, dy: Rows, dz: Rows): number[] {
  const gradients = [builder.gradient(scale), builder.gradient(shift)];
  return [operation.LAYER_NORMALIZE_BACKWARD, ...[z.at, z.stride, units, scale, moments, dy.at, dy.stride, dz.at, dz.stride, ...gradients]];
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
