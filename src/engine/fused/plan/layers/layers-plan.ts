import type { Operation } from '../../format/operations.js';
import type { Matrix, Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import type { Barrier } from '../../program/programs.js';
import { forwardProduct, inputGradient, layerGradients } from './product-plan.js';
import type { Units } from './units-plan.js';

/** A layer of an expert or a tower. */
export interface Layer {
  readonly units: Units;
  /** Emits its product; nothing where that is a part of a bank's. */
  product(): void;
  /**
   * Emits, from the gradient by its product, the gradients of its weights and of what it reads; nothing where
   * the product is a part of a bank's.
   */
  below(): void;
}

/**
 * Emits the layers of all stacks, level by level, so that those with batch normalisation wait for the batch
 * together.
 */
export function forwardLayers(builder: Builder, stacks: readonly (readonly Layer[])[]): void {
  for (let j = 0; j < depth(stacks); j++) {
    const layers = layersAt(stacks, j);
    for (const layer of layers) layer.product();
    const barriers = layers.map(({ units }) => units.normal?.forwardBarrier ?? null);
    wait(builder, builder.programs.forward, barriers);
    for (const { units } of layers) units.forward();
  }
}

export function backwardLayers(builder: Builder, stacks: readonly (readonly Layer[])[]): void {
  for (let j = depth(stacks) - 1; j >= 0; j--) {
    const layers = layersAt(stacks, j);
    for (const { units } of layers) units.backwardToBarrier();
    const barriers = layers.map(({ units }) => units.normal?.backwardBarrier ?? null);
    wait(builder, builder.programs.backward, barriers);
    for (const { units } of layers) units.backward();
    for (const layer of layers) layer.below();
  }
}

function wait(builder: Builder, program: Operation[], barriers: readonly (Barrier | null)[]): void {
  const found = barriers.filter((barrier) => barrier !== null);
  if (found.length === 0) return;
  builder.programs.wait(program, {
    end: found.flatMap(({ end }) => end),
    start: found.flatMap(({ start }) => start),
  });
}

const depth = (stacks: readonly (readonly Layer[])[]) => Math.max(0, ...stacks.map(({ length }) => length));
const layersAt = (stacks: readonly (readonly Layer[])[], j: number) =>
  stacks.flatMap((stack) => {
    const layer = stack[j];
    return layer === undefined ? [] : [layer];
  });

/** The product that a layer begins with. */
export interface ProductPlaces {
  readonly matrix: Matrix;
  readonly z: Rows;
  readonly dz: Rows;
  readonly floors: number;
}

/** Returns whether a layer's gradient is 0 wherever its product is cut off. */
export const isCutOff = ({ floor, normal }: Units): boolean => floor === 0 && normal === null;

/** Returns a layer on another one: `lower` is the layer whose `out` it reads. */
export function layerOn(
  builder: Builder,
  lower: Units,
  { matrix, z, dz, floors }: ProductPlaces,
  units: Units,
  { biased = true, shared = false }: { readonly biased?: boolean; readonly shared?: boolean } = {},
): Layer {
  return {
    units,
    product: () => forwardProduct(builder, lower.out, matrix, z, floors),
    below: () => {
      layerGradients(builder, lower.out, matrix, dz, {
        biased: biased ? matrix.columns : 0,
        add: shared,
        cutOff: isCutOff(units),
      });
      const below = lower.floor === 0 ? lower.out : null;
      inputGradient(builder, dz, matrix, lower.gradient, { add: false, below });
    },
  };
}
