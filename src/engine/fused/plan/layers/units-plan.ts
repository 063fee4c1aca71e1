import type { Activation, LayerExtras } from '../../../../network/description.js';
import { siteOf } from '../../../../network/draws/draws.js';
import { operation, type Operation } from '../../format/operations.js';
import type { Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { formOf } from './activations.js';
import { thresholdOf } from './dropout.js';
import { planNormal, type NormalPlan } from './normalization-plan.js';

/** A layer's product, and what is to become of it: dropout(activation(normalization(z))). */
export interface LayerProduct extends LayerExtras {
  /** The product's values, cut off at 0 already for a ReLU without normalisation (`cutsOff`). */
  readonly z: Rows;
  /** The gradient by `z`. */
  readonly dz: Rows;
  readonly units: number;
  readonly activation: Activation;
  /** The name that the layer's parameters' names begin with. */
  readonly name: string;
  /** The name by which its dropout is drawn. */
  readonly drops: string;
  /** The layer whose scale and shift it uses too. */
  readonly sharesWith?: Units;
}

export interface Units {
  readonly out: Rows;
  /** The gradient by `out`; its readers put it here, cut off where `out` is at its floor, if it has one. */
  readonly gradient: Rows;
  /** 0 or −∞. */
  readonly floor: number;
  readonly normal: NormalPlan | null;
  /** Emits the forward operations above the product, after the barrier if there is one. */
  forward(): void;
  /** Emits the backward operations down to dz: before the barrier, and after it. */
  backwardToBarrier(): void;
  backward(): void;
}

export function planUnits(builder: Builder, product: LayerProduct): Units {
  const { z, dz, units, activation, normalization, name, sharesWith } = product;
  const { forward, backward } = builder.programs;
  const { floor, smooth } = formOf(activation);
  const shared = sharesWith?.normal?.parameters ?? null;
  const normal = planNormal(builder, normalization, { z, units, name, shared });
  const normalized = normal === null ? z : builder.rows(units);
  const out = smooth === null ? normalized : builder.rows(units);
  const gradient = smooth === null && normal === null ? dz : builder.rows(units);
  const drop = planDrop(product);
  return {
    out,
    gradient,
    floor,
    normal,
    forward: () => {
      normal?.forward(normalized, floor);
      if (smooth !== null) forward.push(operation.activate({ kind: smooth, x: normalized, units, y: out }));
      if (drop !== null) forward.push(drop(out));
    },
    backwardToBarrier: () => {
      if (drop !== null) backward.push(drop(gradient));
      if (smooth !== null) {
        const dx = normal === null ? dz : gradient;
        backward.push(operation.activateBackward({ kind: smooth, x: normalized, units, dy: gradient, dx }));
      }
      normal?.backwardToBarrier(gradient);
    },
    backward: () => normal?.backward(gradient, dz),
  };
}

/** Returns the operation on a layer's values, or on the gradient by them; null: nothing is dropped. */
function planDrop({ dropout = 0, drops, units }: LayerProduct): ((x: Rows) => Operation) | null {
  if (dropout === 0) return null;
  const site = siteOf(`${drops}.dropout`);
  const threshold = thresholdOf(dropout);
  const factor = 1 / (1 - Math.fround(dropout));
  return (x) => operation.drop({ x, units, site, threshold, factor });
}
