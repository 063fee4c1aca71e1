import type { GateDescription, LevelDescription } from '../../../network/description.js';
import { codeBits } from '../../../network/parameters.js';

/** A layer's place among the columns of one product. */
export interface Columns {
  /** Its weight is `<name>.weight`. */
  readonly name: string;
  readonly units: number;
  readonly column: number;
  readonly hasBias: boolean;
}

export const unitsOf = (columns: readonly Columns[]) => columns.reduce((sum, { units }) => sum + units, 0);

/** The columns of one source's product: its experts' first layers in order, then its gates'. */
export function columnsOf(level: LevelDescription, index: number, source: number): Columns[] {
  const experts = level.experts.flatMap((expert, e) =>
    expert.source === source && expert.sharesWith === undefined
      ? [
          {
            name: `levels.${index}.experts.${e}.layers.0`,
            units: expert.layers[0]!,
            hasBias: expert.bias ?? true,
          },
        ]
      : [],
  );
  const gates = level.gates.flatMap((gate, g) =>
    gate.source === source ? firstOfGate(`levels.${index}.gates.${g}`, gate) : [],
  );
  return sideBySide([...experts, ...gates]);
}

/** A gate's logits, then its noise's or its selectors' units. */
export function headsOf(name: string, gate: GateDescription): Columns[] {
  return sideBySide(headLayers(name, gate));
}

type Layer = Omit<Columns, 'column'>;

function firstOfGate(name: string, gate: GateDescription): Layer[] {
  const [hidden] = gate.layers ?? [];
  return hidden === undefined
    ? headLayers(name, gate)
    : [{ name: `${name}.layers.0`, units: hidden, hasBias: true }];
}

function headLayers(name: string, { experts, choice, bias }: GateDescription): Layer[] {
  const seen = experts.length;
  if (choice?.kind === 'selectors') {
    const bits = choice.count * codeBits(seen);
    return [
      { name, units: choice.count, hasBias: bias },
      { name: `${name}.selectors`, units: bits, hasBias: bias },
    ];
  }
  const noise = { name: `${name}.noise`, units: seen, hasBias: false };
  return [{ name, units: seen, hasBias: bias }, ...(choice?.noisy === true ? [noise] : [])];
}

function sideBySide(layers: readonly Layer[]): Columns[] {
  let next = 0;
  return layers.map((layer) => {
    const column = next;
    next += layer.units;
    return { ...layer, column };
  });
}
