import type { GateDescription } from '../../../../network/description.js';
import { codeBits } from '../../../../network/parameters.js';

/** Some columns of one of a gate's layers, under the name of their parameters. */
export interface GatePart {
  /** The end of the parameters' names, after the gate's. */
  readonly suffix: '' | '.noise' | '.selectors' | `.layers.${number}`;
  readonly columns: number;
  readonly bias: boolean;
  readonly relu: boolean;
}

/** Returns the last layer's parts; those with a bias come first. */
export function outputParts({ experts, bias, choice }: GateDescription): GatePart[] {
  const part = (suffix: GatePart['suffix'], columns: number, biased: boolean) => ({
    suffix,
    columns,
    bias: biased,
    relu: false,
  });
  const logits = part('', experts.length, bias);
  switch (choice?.kind) {
    case undefined:
      return [logits];
    case 'top':
      return choice.noisy ? [logits, part('.noise', experts.length, false)] : [logits];
    case 'selectors': {
      const { count } = choice;
      return [part('', count, bias), part('.selectors', count * codeBits(experts.length), bias)];
    }
  }
}

/** Returns what of a gate reads its stream: its first hidden layer, or all parts of its last layer. */
export function firstParts(gate: GateDescription): GatePart[] {
  const hidden = gate.layers?.[0];
  return hidden === undefined ? outputParts(gate) : [hiddenPart(0, hidden)];
}

export const hiddenPart = (layer: number, units: number): GatePart => ({
  suffix: `.layers.${layer}`,
  columns: units,
  bias: true,
  relu: true,
});
