import type { GateDescription, LevelDescription } from '../../../network/description.js';
import { codeBits } from '../../../network/parameters.js';

/**
 * One of several layers that read the same stream. They are computed as one product, whose columns are the
 * units of the first layer, then those of the second, and so on: one product of 144 columns takes less than
 * ten of 16 or 8, and the order in which its gradient by the stream is summed does not change.
 */
export interface LayerColumns {
  /** The layer's weight is `<name>.weight`, its bias, if it has one, `<name>.bias`. */
  readonly name: string;
  readonly units: number;
  /** The layer's first column. */
  readonly column: number;
  readonly hasBias: boolean;
}

export const countColumns = (layers: readonly LayerColumns[]): number =>
  layers.reduce((sum, { units }) => sum + units, 0);

/**
 * Lists what reads a stream of the level below: the first layers of experts in order, then those of gates.
 */
export function layersOnStream(level: LevelDescription, l: number, source: number): LayerColumns[] {
  const experts = level.experts.flatMap((expert, e) =>
    expert.source === source && expert.sharesWith === undefined
      ? [
          {
            name: `levels.${l}.experts.${e}.layers.0`,
            units: expert.layers[0]!,
            hasBias: expert.bias ?? true,
          },
        ]
      : [],
  );
  const gates = level.gates.flatMap((gate, g) =>
    gate.source === source ? firstOfGate(`levels.${l}.gates.${g}`, gate) : [],
  );
  return sideBySide([...experts, ...gates]);
}

/** Lists the last layers of a gate: its logits, then its noise's or its selectors' units. */
export function headsOf(name: string, gate: GateDescription): LayerColumns[] {
  return sideBySide(headLayers(name, gate));
}

type Layer = Omit<LayerColumns, 'column'>;

function firstOfGate(name: string, gate: GateDescription): Layer[] {
  const [hidden] = gate.layers ?? [];
  return hidden === undefined
    ? headLayers(name, gate)
    : [{ name: `${name}.layers.0`, units: hidden, hasBias: true }];
}

function headLayers(name: string, { experts, choice, bias: hasBias }: GateDescription): Layer[] {
  const logits = { name, units: experts.length, hasBias };
  switch (choice?.kind) {
    case undefined:
      return [logits];
    case 'top':
      return choice.noisy
        ? [logits, { name: `${name}.noise`, units: experts.length, hasBias: false }]
        : [logits];
    case 'selectors': {
      const units = choice.count * codeBits(experts.length);
      return [
        { name, units: choice.count, hasBias },
        { name: `${name}.selectors`, units, hasBias },
      ];
    }
  }
}

function sideBySide(layers: readonly Layer[]): LayerColumns[] {
  let next = 0;
  return layers.map((layer) => {
    const column = next;
    next += layer.units;
    return { ...layer, column };
  });
}
