import type { GateDescription } from '../../../network/description.js';
import { codeBits } from '../../../network/parameters.js';

/** Columns of one of a gate's layers, by what its parameters' names have after the gate's. */
export interface GatePart {
  readonly suffix: '' | '.noise' | '.selectors' | `.layers.${number}`;
  readonly columns: number;
  readonly bias: boolean;
  readonly relu: boolean;
}

/** The last layer's parts; those with a bias come first. */
export function outputParts({ experts, bias, choice }: GateDescription): GatePart[] {
  const part = (suffix: GatePart['suffix'], columns: number, biased: boolean) => ({
    suffix,
    columns,
    bias: biased,
    relu: false,
  });
  if (choice?.kind === 'selectors') {
    return [part('', choice.count, bias), part('.selectors', choice.count * codeBits(experts.length), bias)];
  }
  const logits = part('', experts.length, bias);
  return choice?.noisy === true ? [logits, part('.noise', experts.length, false)] : [logits];
}

/** What of a gate reads its stream: its first hidden layer, or all parts of its last layer. */
export function firstParts(gate: GateDescription): GatePart[] {
  const hidden = gate.layers?.[0];
  return hidden === undefined
    ? outputParts(gate)
    : [{ suffix: '.layers.0', columns: hidden, bias: true, relu: true }];
}
