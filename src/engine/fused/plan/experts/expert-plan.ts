import type { ExpertDescription } from '../../../../network/description.js';
import { fromColumn, tableFrom, type Matrix } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { cutsOff } from '../layers/activations.js';
import type { Bank } from './bank-plan.js';
import { layerOn, type Layer } from '../layers/layers-plan.js';
import { sourceBackward, sourceProduct, type LayerSource } from '../sources/source.js';
import { planUnits, type Units } from '../layers/units-plan.js';

export interface DenseExpert {
  readonly layers: readonly Layer[];
  /** The units of its last layer. */
  readonly units: Units;
  /** The weights of each layer. */
  readonly matrices: readonly Matrix[];
}

interface DenseExperts {
  readonly experts: ReadonlyMap<number, DenseExpert>;
  /**
   * The experts' numbers: those with weights of their own as their slices lie in the banks, from the left;
   * then those that share.
   */
  readonly order: readonly number[];
  /** Emits the first layers' gradients of those that share, once the banks' gradients are there. */
  readonly sharedBackward: () => void;
}

/**
 * Plans the experts of a level, but for those left out. An expert that shares weights has them as a part of
 * the owner's bank, and a product of its own.
 */
export function planExperts(
  builder: Builder,
  l: number,
  sources: readonly LayerSource[],
  banks: ReadonlyMap<number, Bank>,
  leftOut: ReadonlySet<number>,
): DenseExperts {
  const descriptions = builder.network.levels[l]!.experts;
  const experts = new Map<number, DenseExpert>();
  const sharing: number[] = [];
  const backward: (() => void)[] = [];
  descriptions.forEach((expert, e) => {
    if (leftOut.has(e)) return;
    const place = { builder, expert, l, e };
    if (expert.sharesWith === undefined) {
      const bank = banks.get(expert.source)!;
      experts.set(e, planDeep(place, firstOfBank(place, bank), null));
      return;
    }
    sharing.push(e);
    const owner = experts.get(expert.sharesWith)!;
    const source = sources[expert.source]!;
    const first = firstShared(place, source, owner);
    backward.push(first.backward);
    experts.set(e, planDeep(place, first, owner));
  });
  const owned = [...banks.values()].flatMap((bank) => [...bank.experts.keys()]);
  return {
    experts,
    order: [...owned, ...sharing],
    sharedBackward: () => {
      for (const emit of backward) emit();
    },
  };
}

interface Place {
  readonly builder: Builder;
  readonly expert: ExpertDescription;
  readonly l: number;
  readonly e: number;
}

interface FirstLayer {
  readonly layer: Layer;
  readonly matrix: Matrix;
}

/** Returns the layer that has columns of the bank; its product is the bank's. */
function firstOfBank({ builder, expert, l, e }: Place, { matrix, out, gradient, experts }: Bank): FirstLayer {
  const column = experts.get(e)!;
  const name = `levels.${l}.experts.${e}.layers.0`;
  const units = expert.layers[0]!;
  const z = fromColumn(out, column);
  const dz = fromColumn(gradient, column);
  const made = planUnits(builder, { ...without(expert), z, dz, units, name, drops: name });
  const weight = fromColumn(matrix.weight, column);
  return {
    layer: { units: made, product: () => undefined, below: () => undefined },
    matrix: {
      ...{ weight, bias: matrix.bias + column, rows: matrix.rows, columns: units },
      ...(matrix.table !== undefined && { table: tableFrom(matrix.table, column) }),
    },
  };
}

/** Returns the layer that has a product of its own with the owner's columns. */
function firstShared(
  { builder, expert, l, e }: Place,
  source: LayerSource,
  owner: DenseExpert,
): FirstLayer & { backward: () => void } {
  const matrix = owner.matrices[0]!;
  const units = expert.layers[0]!;
  const z = builder.rows(units);
  const dz = builder.rows(units);
  const name = `levels.${l}.experts.${e}.layers.0`;
  const floors = builder.floorsOf(cutsOff(expert), units);
  const sharesWith = owner.layers[0]!.units;
  const made = planUnits(builder, { ...without(expert), z, dz, units, name, drops: name, sharesWith });
  const product = () => builder.programs.forward.push(...sourceProduct(source, matrix, z, floors));
  const biased = expert.bias === false ? 0 : units;
  return {
    layer: { units: made, product, below: () => undefined },
    matrix,
    backward: () => sourceBackward(builder, source, matrix, dz, { biased, add: true }),
  };
}

/** Plans the layers above the first. */
function planDeep(
  { builder, expert, l, e }: Place,
  first: FirstLayer,
  owner: DenseExpert | null,
): DenseExpert {
  const { bias = true } = expert;
  const layers = [first.layer];
  const matrices = [first.matrix];
  expert.layers.slice(1).forEach((units, i) => {
    const name = `levels.${l}.experts.${e}.layers.${i + 1}`;
    const matrix = owner?.matrices[i + 1] ?? builder.matrix(expert.layers[i]!, units);
    if (owner === null) {
      builder.place(`${name}.weight`, matrix.weight, matrix.rows, units);
      if (bias) builder.placeRow(`${name}.bias`, matrix.bias, units);
    }
    const z = builder.rows(units);
    const dz = builder.rows(units);
    const floors = builder.floorsOf(cutsOff(expert), units);
    const shared = owner === null ? {} : { sharesWith: owner.layers[i + 1]!.units };
    const made = planUnits(builder, { ...without(expert), z, dz, units, name, drops: name, ...shared });
    const places = { matrix, z, dz, floors };
    const options = { biased: bias, shared: owner !== null };
    layers.push(layerOn(builder, layers.at(-1)!.units, places, made, options));
    matrices.push(matrix);
  });
  return { layers, units: layers.at(-1)!.units, matrices };
}

/** Leaves out an expert's `sharesWith`: it is a number, while a layer's is the other layer. */
const without = <T extends { readonly sharesWith?: number }>({
  sharesWith: _,
  ...rest
}: T): Omit<T, 'sharesWith'> => rest;
