import type { GateDescription } from '../../../network/description.js';
import { siteOf } from '../../../network/draws.js';
import { codeBits } from '../../../network/parameters.js';
import type { Matrix, Rows } from '../program/areas.js';
import type { Bank } from './bank-plan.js';
import { floatBits, type Builder } from '../program/builder.js';
import { loadParts, operation } from '../program/codes.js';
import { outputParts, type GatePart } from './gate-parts.js';

/**
 * Route weights of a block: p[e, r] for the experts it sees, and their gradients (null: nobody learns from
 * them).
 */
export interface RoutePlan {
  readonly experts: readonly number[];
  readonly value: number;
  readonly gradient: number | null;
  /** Experts whose row of the gradient the backward program has written. */
  readonly started: Set<number>;
}

export interface GatePlan extends RoutePlan {
  /** Emits the backward operations; all streams with this route have emitted theirs. */
  backward(): void;
}

/** Where values and gradients of each part of the last layer lie. */
type Outputs = ReadonlyMap<GatePart['suffix'], { readonly value: Rows; readonly gradient: Rows }>;

const at = (rows: Rows, column: number): Rows => ({ at: rows.at + column, stride: rows.stride });

/** `name`: before its parameters' names; `columns`: where its parts lie in the bank. */
export function planGate(
  builder: Builder,
  name: string,
  gate: GateDescription,
  bank: Bank,
  columns: ReadonlyMap<GatePart['suffix'], number>,
): GatePlan {
  const { experts, choice, balance = 0 } = gate;
  const count = experts.length;
  const began = builder.forward.length;
  const { outputs, backward: layersBackward } = planLayers(builder, name, gate, bank, columns);
  const value = builder.routeRows(count);
  const gradient = builder.routeRows(count);
  const started = new Set<number>();
  const loaded = takesLoad(gate) ? planLoad(builder, name, gate, outputs) : null;
  const weigh =
    choice?.kind === 'selectors'
      ? planSelectors(builder, name, gate, outputs, value, gradient)
      : planSoftmax(builder, name, gate, outputs, value, gradient);
  const importance = balance > 0 ? builder.importance.area.take(count) : null;
  builder.importance.add(builder.forward.slice(began), [
    ...(importance === null ? [] : [[operation.IMPORTANCE, value, count, importance]]),
    ...(loaded === null ? [] : [loaded.sums]),
  ]);
  const backward = () => {
    if (importance !== null) {
      builder.backward.push([
        operation.BALANCE,
        importance,
        floatBits(balance),
        gradient,
        count,
        started.size > 0 ? 1 : 0,
      ]);
    }
    weigh(started.size > 0 || importance !== null);
    loaded?.backward();
    layersBackward();
  };
  return { experts, value, gradient, started, backward };
}

/** The gate's layers, as far as the bank does not hold them. */
function planLayers(
  builder: Builder,
  name: string,
  gate: GateDescription,
  bank: Bank,
  columns: ReadonlyMap<GatePart['suffix'], number>,
): { outputs: Outputs; backward: () => void } {
  const parts = outputParts(gate);
  const { layers = [] } = gate;
  if (layers.length === 0) {
    const place = ({ suffix }: GatePart) => columns.get(suffix)!;
    const outputs: Outputs = new Map(
      parts.map((part) => [
        part.suffix,
        { value: at(bank.out, place(part)), gradient: at(bank.gradient, place(part)) },
      ]),
    );
    return { outputs, backward: () => undefined };
  }
  const first = columns.get('.layers.0')!;
  const all: { matrix: Matrix | null; out: Rows; gradient: Rows; biased: number }[] = [
    { matrix: null, out: at(bank.out, first), gradient: at(bank.gradient, first), biased: 0 },
  ];
  const add = (units: readonly GatePart[]) => {
    const below = all.at(-1)!;
    const total = units.reduce((sum, { columns: own }) => sum + own, 0);
    const matrix = builder.matrix(layers[all.length - 1]!, total);
    let column = 0;
    let biased = 0;
    const places = units.map(({ suffix, columns: own, bias }) => {
      const place = column;
      builder.place(`${name}${suffix}.weight`, matrix.weight + place, matrix.stride, matrix.rows, own);
      column += own;
      if (!bias) return place;
      builder.place(`${name}${suffix}.bias`, matrix.bias + place, matrix.stride, 1, own);
      biased = column;
      return place;
    });
    const layer = { matrix, out: builder.rows(total), gradient: builder.rows(total), biased };
    builder.layer(below.out, matrix, layer.out, builder.floorsOf(units[0]!.relu ? 'relu' : 'linear', total));
    all.push(layer);
    return places;
  };
  layers
    .slice(1)
    .forEach((own, j) => add([{ suffix: `.layers.${j + 1}`, columns: own, bias: true, relu: true }]));
  const places = add(parts);
  const last = all.at(-1)!;
  const outputs: Outputs = new Map(
    parts.map(({ suffix }, i) => [
      suffix,
      { value: at(last.out, places[i]!), gradient: at(last.gradient, places[i]!) },
    ]),
  );
  const backward = () => {
    for (let j = all.length - 1; j > 0; j--) {
      const { matrix, gradient, biased } = all[j]!;
      const below = all[j - 1]!;
      builder.layerGradients(below.out, matrix!, gradient, { biased });
      builder.inputGradient(gradient, matrix!, below.gradient, { add: false, below: below.out });
    }
  };
  return { outputs, backward };
}

const takesLoad = ({ experts, choice }: GateDescription): boolean =>
  choice?.kind === 'top' && choice.noisy && choice.count < experts.length && (choice.load ?? 0) > 0;

/**
 * Emits what must come before the noise; `sums`: what adds up a share's load; `backward` comes after the
 * noise's.
 */
function planLoad(
  builder: Builder,
  name: string,
  { experts, choice }: GateDescription,
  outputs: Outputs,
): { sums: readonly number[]; backward: () => void } {
  if (choice?.kind !== 'top') throw new Error(`${name} chooses no experts`);
  const count = experts.length;
  const { value: z, gradient: dz } = outputs.get('')!;
  const { value: u, gradient: du } = outputs.get('.noise')!;
  const parts = builder.routeRows(loadParts * count);
  const place = builder.importance.area.take(count);
  builder.forward.push([
    operation.LOAD,
    z.at,
    z.stride,
    u.at,
    u.stride,
    count,
    choice.count,
    siteOf(`${name}.noise`),
    parts,
  ]);
  const factor = floatBits(choice.load ?? 0);
  const backward = () =>
    void builder.backward.push([
      ...[
        operation.LOAD_BACKWARD,
        place,
        factor,
        parts,
        count,
        u.at,
        u.stride,
        dz.at,
        dz.stride,
        du.at,
        du.stride,
      ],
    ]);
  // The chances are the first of the parts.
  return { sums: [operation.IMPORTANCE, parts, count, place], backward };
}

/** A draw is below the rate where its 24 bits are below this. */
const threshold = (rate: number) => Math.ceil(rate * 2 ** 24);

/**
 * Emits the forward operation and returns what emits the backward one: from the weights' gradient, if there
 * is any, to the layer's.
 */
type Weigh = (learns: boolean) => void;

function planSoftmax(
  builder: Builder,
  name: string,
  { experts, temperature, choice, dropout = 0 }: GateDescription,
  outputs: Outputs,
  value: number,
  gradient: number,
): Weigh {
  const count = experts.length;
  const logits = outputs.get('')!;
  const noise = outputs.get('.noise');
  const inverse = floatBits(1 / temperature);
  const { value: z, gradient: dz } = logits;
  if (noise !== undefined) {
    builder.forward.push([
      operation.NOISE,
      z.at,
      z.stride,
      noise.value.at,
      noise.value.stride,
      count,
      siteOf(`${name}.noise`),
    ]);
  }
  const most = choice?.kind === 'top' ? Math.min(choice.count, count) : count;
  const head = [z.at, z.stride, count, inverse, value];
  if (most === count && dropout === 0) builder.forward.push([operation.GATE, ...head]);
  else builder.forward.push([operation.CHOICE, ...head, most, threshold(dropout), siteOf(`${name}.dropout`)]);
  return (learns) => {
    if (learns)
      builder.backward.push([operation.GATE_BACKWARD, value, gradient, count, inverse, dz.at, dz.stride]);
    else builder.backward.push([operation.CLEAR, dz.at, dz.stride, count]);
    if (noise === undefined) return;
    const { value: u, gradient: du } = noise;
    builder.backward.push([
      operation.NOISE_BACKWARD,
      dz.at,
      dz.stride,
      u.at,
      u.stride,
      count,
      du.at,
      du.stride,
    ]);
  };
}

function planSelectors(
  builder: Builder,
  name: string,
  { experts, temperature, choice, dropout = 0 }: GateDescription,
  outputs: Outputs,
  value: number,
  gradient: number,
): Weigh {
  if (choice?.kind !== 'selectors') throw new Error(`${name} has no selectors`);
  const { value: a, gradient: da } = outputs.get('')!;
  const { value: c, gradient: dc } = outputs.get('.selectors')!;
  const bits = codeBits(experts.length);
  const head = [
    ...[
      a.at,
      a.stride,
      c.at,
      c.stride,
      choice.count,
      bits,
      experts.length,
      floatBits(1 / temperature),
      floatBits(1 / choice.width),
    ],
    ...[
      value,
      builder.routeRows(choice.count),
      builder.routeRows(1),
      builder.scratch.take(2 ** (bits + 1) * builder.limits.width),
    ],
  ];
  builder.forward.push([operation.SELECT, ...head, threshold(dropout), siteOf(`${name}.dropout`)]);
  return (learns) => {
    const tail = [learns ? gradient : -1, floatBits(choice.entropy), da.at, da.stride, dc.at, dc.stride];
    builder.backward.push([operation.SELECT_BACKWARD, ...head, ...tail]);
  };
}
