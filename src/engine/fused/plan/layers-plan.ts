import type { Matrix, Rows } from '../program/areas.js';
import type { Barrier, Builder } from '../program/builder.js';
import type { Units } from './units-plan.js';

/** A layer of an expert or a tower. */
export interface Layer {
  readonly units: Units;
  /** Emits its product; of the columns of a bank: nothing. */
  product(): void;
  /**
   * Emits, from the gradient by its product, the gradients of its weights and of what it reads; of the
   * columns of a bank: nothing.
   */
  below(): void;
}

/** Layer by layer over all stacks, so that those with batch normalisation wait for the batch together. */
export function forwardLayers(builder: Builder, stacks: readonly (readonly Layer[])[]): void {
  for (let j = 0; j < depth(stacks); j++) {
    const layers = layersAt(stacks, j);
    for (const layer of layers) layer.product();
    wait(
      builder,
      builder.forward,
      layers.map(({ units }) => units.forwardBarrier),
    );
    for (const { units } of layers) units.forward();
  }
}

export function backwardLayers(builder: Builder, stacks: readonly (readonly Layer[])[]): void {
  for (let j = depth(stacks) - 1; j >= 0; j--) {
    const layers = layersAt(stacks, j);
    for (const { units } of layers) units.backwardToBarrier();
    wait(
      builder,
      builder.backward,
      layers.map(({ units }) => units.backwardBarrier),
    );
    for (const { units } of layers) units.backward();
    for (const layer of layers) layer.below();
  }
}

function wait(builder: Builder, program: (readonly number[])[], barriers: readonly (Barrier | null)[]): void {
  const found = barriers.filter((barrier) => barrier !== null);
  if (found.length === 0) return;
  builder.barrier(program, {
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

/** `lower`: the layer whose `out` it reads. */
export function layerOn(
  builder: Builder,
  lower: Units,
  product: { readonly matrix: Matrix; readonly z: Rows; readonly dz: Rows; readonly floors: number },
  units: Units,
  { biased = true, shared = false }: { readonly biased?: boolean; readonly shared?: boolean } = {},
): Layer {
  const { matrix, z, dz, floors } = product;
  return {
    units,
    product: () => builder.layer(lower.out, matrix, z, floors),
    below: () => {
      const cutOff = units.floor === 0 && units.normal === null;
      builder.layerGradients(lower.out, matrix, dz, {
        biased: biased ? matrix.columns : 0,
        add: shared,
        cutOff,
      });
      builder.inputGradient(dz, matrix, lower.gradient, {
        add: false,
        below: lower.floor === 0 ? lower.out : null,
      });
    },
  };
}
