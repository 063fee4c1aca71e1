import type { ExpertDescription } from '../../../network/description.js';
import type { Matrix, Rows } from '../program/areas.js';
import { planProductBackward, productOf, type Bank, type Source } from './bank-plan.js';
import type { Builder } from '../program/builder.js';
import { layerOn, type Layer } from './layers-plan.js';
import { cutsOff, planUnits, type Units } from './units-plan.js';

export interface ExpertPlan {
  readonly layers: readonly Layer[];
  /** Its last layer's. */
  readonly units: Units;
  /** By layer. */
  readonly matrices: readonly Matrix[];
}

interface ExpertsPlan {
  readonly experts: ReadonlyMap<number, ExpertPlan>;
  /**
   * As the slices of those with weights of their own lie in the banks, from the left; then those that share.
   */
  readonly order: readonly number[];
  /** Emits, once the banks' gradients are there, the first layers' of those that share. */
  readonly sharedBackward: () => void;
}

/**
 * The experts of a level, but for those left out. Who shares weights has them as a part of the owner's bank,
 * and a product of its own.
 */
export function planExperts(
  builder: Builder,
  l: number,
  sources: readonly Source[],
  banks: ReadonlyMap<number, Bank>,
  leftOut: ReadonlySet<number>,
): ExpertsPlan {
  const descriptions = builder.network.levels[l]!.experts;
  const experts = new Map<number, ExpertPlan>();
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

const at = (rows: Rows, column: number): Rows => ({ at: rows.at + column, stride: rows.stride });

/** Columns of the bank, whose product is the bank's. */
function firstOfBank(
  { builder, expert, l, e }: Place,
  { matrix, out, gradient, experts }: Bank,
): { layer: Layer; matrix: Matrix } {
  const column = experts.get(e)!;
  const name = `levels.${l}.experts.${e}.layers.0`;
  const units = expert.layers[0]!;
  const product = { ...expert, z: at(out, column), dz: at(gradient, column), units, name, drops: name };
  const own = { ...matrix, weight: matrix.weight + column, bias: matrix.bias + column, columns: units };
  return {
    layer: { units: planUnits(builder, without(product)), product: () => undefined, below: () => undefined },
    matrix: own,
  };
}

/** The product with the owner's columns. */
function firstShared(
  { builder, expert, l, e }: Place,
  source: Source,
  owner: ExpertPlan,
): { layer: Layer; matrix: Matrix; backward: () => void } {
  const matrix = owner.matrices[0]!;
  const units = expert.layers[0]!;
  const [z, dz] = [builder.rows(units), builder.rows(units)];
  const name = `levels.${l}.experts.${e}.layers.0`;
  const floors = builder.floorsOf(cutsOff(expert) ? 'relu' : 'linear', units);
  const made = planUnits(builder, {
    ...without(expert),
    z,
    dz,
    units,
    name,
    drops: name,
    sharesWith: owner.layers[0]!.units,
  });
  const product = () => builder.forward.push(...productOf(source, matrix, z, floors));
  return {
    layer: { units: made, product, below: () => undefined },
    matrix,
    backward: () =>
      planProductBackward(builder, source, matrix, dz, {
        biased: expert.bias === false ? 0 : units,
        add: true,
      }),
  };
}

/** The layers above the first. */
function planDeep(
  { builder, expert, l, e }: Place,
  first: { layer: Layer; matrix: Matrix },
  owner: ExpertPlan | null,
): ExpertPlan {
  const { bias = true } = expert;
  const layers = [first.layer];
  const matrices = [first.matrix];
  expert.layers.slice(1).forEach((units, i) => {
    const name = `levels.${l}.experts.${e}.layers.${i + 1}`;
    const matrix = owner?.matrices[i + 1] ?? builder.matrix(expert.layers[i]!, units);
    if (owner === null) {
      builder.place(`${name}.weight`, matrix.weight, matrix.stride, matrix.rows, units);
      if (bias) builder.place(`${name}.bias`, matrix.bias, matrix.stride, 1, units);
    }
    const [z, dz] = [builder.rows(units), builder.rows(units)];
    const floors = builder.floorsOf(cutsOff(expert) ? 'relu' : 'linear', units);
    const shared = owner === null ? {} : { sharesWith: owner.layers[i + 1]!.units };
    const made = planUnits(builder, { ...without(expert), z, dz, units, name, drops: name, ...shared });
    layers.push(
      layerOn(builder, layers.at(-1)!.units, { matrix, z, dz, floors }, made, {
        biased: bias,
        shared: owner !== null,
      }),
    );
    matrices.push(matrix);
  });
  return { layers, units: layers.at(-1)!.units, matrices };
}

/** An expert's `sharesWith` is a number; a layer's is the other layer. */
const without = <T extends { readonly sharesWith?: number }>({
  sharesWith: _,
  ...rest
}: T): Omit<T, 'sharesWith'> => rest;
