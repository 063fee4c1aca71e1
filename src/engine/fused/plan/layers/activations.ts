import type { Activation, LayerExtras } from '../../../../network/description.js';
import type { smoothKind } from '../../format/numbers.js';

/** The kernel computes an activation as the floor of a product, or by an operation of its own. */
interface ActivationForm {
  /** 0: everything below is cut off; −∞: nothing is. */
  readonly floor: number;
  /** Null: the floor is all. */
  readonly smooth: keyof typeof smoothKind | null;
}

export function formOf(activation: Activation): ActivationForm {
  switch (activation) {
    case 'relu':
      return { floor: 0, smooth: null };
    case 'linear':
      return { floor: -Infinity, smooth: null };
    case 'silu':
    case 'gelu':
      return { floor: -Infinity, smooth: activation };
  }
}

/** Returns whether the product itself can cut off at 0. */
export const cutsOff = ({
  activation,
  normalization,
}: { readonly activation: Activation } & LayerExtras): boolean =>
  formOf(activation).floor === 0 && normalization === undefined;
