import type { ExpertDescription, LevelDescription } from '../../../../network/description.js';
import { operation, type Operation } from '../../format/operations.js';
import type { Matrix, Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { cutsOff } from '../layers/activations.js';
import { firstParts, type GatePart } from '../gates/gate-parts.js';
import {
  placeColumns,
  sourceBackward,
  sourceMatrix,
  sourceProduct,
  type LayerSource,
} from '../sources/source.js';

/**
 * The first layers of all experts that read one source, and all gates that read it: one matrix product.
 * Columns, from the left: experts that end here, experts that go on, gates' hidden layers, parts of gates
 * with a bias, parts without. In the backward program they are written in that order, and a slice that does
 * not end on a whole vector spills into the next one's place before that is written; gates' parts write no
 * further than they reach.
 */
export interface Bank {
  readonly source: LayerSource;
  readonly matrix: Matrix;
  readonly out: Rows;
  readonly gradient: Rows;
  /** Columns that have a bias: the first ones. */
  readonly biased: number;
  /** True if most columns' gradients are 0 where their ReLU is at its floor. */
  readonly cutOff: boolean;
  /** Experts among the biased columns that have no bias. */
  readonly unbiased: readonly { readonly column: number; readonly units: number }[];
  /** First column of each expert's layer, by its number in the level. */
  readonly experts: ReadonlyMap<number, number>;
  /** First column of each gate's parts, by its number, in the order of the columns. */
  readonly gates: ReadonlyMap<number, ReadonlyMap<GatePart['suffix'], number>>;
  /** The forward program as far as gates need it. */
  readonly gatesForward: readonly Operation[];
}

type Numbered<T> = readonly [number: number, description: T];
type BankPart = GatePart & { readonly gate: number };

/** The columns of everything that is in a bank. */
interface BankColumns extends Pick<Bank, 'experts' | 'gates' | 'biased'> {
  /** True for each column that the product cuts off at 0. */
  readonly relu: readonly boolean[];
  readonly firstGate: number;
}

/** `number`: the source's; `leftOut`: experts that have no place in banks. */
export function planBank(
  builder: Builder,
  level: LevelDescription,
  l: number,
  number: number,
  source: LayerSource,
  leftOut: ReadonlySet<number>,
): Bank {
  const experts = bankExperts(level, number, leftOut);
  const parts = bankParts(level, number);
  const columns = layOutColumns(experts, parts);
  const { relu, firstGate, biased, gates } = columns;
  const matrix = sourceMatrix(builder, source, relu.length);
  placeParameters(builder, l, source, matrix, experts, parts, columns);

  const out = builder.rows(relu.length);
  const gradient = builder.rows(reach(builder, experts, parts, columns));
  const floors = builder.floors(relu);
  builder.programs.forward.push(...sourceProduct(source, matrix, out, floors));
  // The gates alone start at a whole vector, so that no row's last vector reaches past its end.
  const { width } = builder.limits;
  const first = Math.floor(firstGate / width) * width;
  return {
    ...{ source, matrix, out, gradient, biased, gates },
    cutOff: 2 * relu.filter(Boolean).length > relu.length,
    unbiased: experts
      .filter(([, { bias = true }]) => !bias)
      .map(([e, { layers }]) => ({ column: columns.experts.get(e)!, units: layers[0]! })),
    experts: columns.experts,
    gatesForward: sourceProduct(source, matrix, out, floors, first),
  };
}

/** Returns the experts with columns in the bank; those that end with their first layer come first. */
function bankExperts(
  level: LevelDescription,
  number: number,
  leftOut: ReadonlySet<number>,
): Numbered<ExpertDescription>[] {
  const found = [...level.experts.entries()].filter(
    ([e, { source, sharesWith }]) => source === number && !leftOut.has(e) && sharesWith === undefined,
  );
  return [
    ...found.filter(([, { layers }]) => layers.length === 1),
    ...found.filter(([, { layers }]) => layers.length > 1),
  ];
}

/** Returns the gates' parts: hidden layers, then what has a bias, then what has none. */
function bankParts(level: LevelDescription, number: number): BankPart[] {
  const parts = [...level.gates.entries()]
    .filter(([, { source }]) => source === number)
    .flatMap(([g, gate]) => firstParts(gate).map((part) => ({ ...part, gate: g })));
  const rank = (part: GatePart) => (part.relu ? 0 : part.bias ? 1 : 2);
  return parts.sort((a, b) => rank(a) - rank(b));
}

function layOutColumns(
  experts: readonly Numbered<ExpertDescription>[],
  parts: readonly BankPart[],
): BankColumns {
  const relu: boolean[] = [];
  const append = (units: number, cut: boolean) => {
    const column = relu.length;
    for (let unit = 0; unit < units; unit++) relu.push(cut);
    return column;
  };
  const expertColumns = new Map<number, number>();
  for (const [e, expert] of experts) expertColumns.set(e, append(expert.layers[0]!, cutsOff(expert)));
  const firstGate = relu.length;
  let biased = firstGate;
  const gates = new Map<number, Map<GatePart['suffix'], number>>();
  for (const part of parts) {
    const own = gates.get(part.gate) ?? new Map<GatePart['suffix'], number>();
    gates.set(part.gate, own.set(part.suffix, append(part.columns, part.relu)));
    if (part.bias) biased = relu.length;
  }
  return { relu, experts: expertColumns, gates, firstGate, biased };
}

function placeParameters(
  builder: Builder,
  l: number,
  source: LayerSource,
  matrix: Matrix,
  experts: readonly Numbered<ExpertDescription>[],
  parts: readonly BankPart[],
  columns: BankColumns,
): void {
  for (const [e, { layers, bias = true }] of experts) {
    const own = { column: columns.experts.get(e)!, columns: layers[0]!, biased: bias };
    placeColumns(builder, `levels.${l}.experts.${e}.layers.0`, source, matrix, own);
  }
  for (const part of parts) {
    const column = columns.gates.get(part.gate)!.get(part.suffix)!;
    const own = { column, columns: part.columns, biased: part.bias };
    placeColumns(builder, `levels.${l}.gates.${part.gate}${part.suffix}`, source, matrix, own);
  }
}

/**
 * Returns how far the gradients are written. A slice's last vector may reach past the bank's last column, and
 * must not reach into the next row.
 */
function reach(
  builder: Builder,
  experts: readonly Numbered<ExpertDescription>[],
  parts: readonly BankPart[],
  columns: BankColumns,
): number {
  const slices = experts.map(([e, { layers }]) => columns.experts.get(e)! + builder.padded(layers[0]!));
  const hidden = parts
    .filter((part) => part.relu)
    .map((part) => columns.gates.get(part.gate)!.get(part.suffix)! + builder.padded(part.columns));
  return Math.max(columns.relu.length, ...slices, ...hidden);
}

/** Emits the gradients from that of all of the bank's columns: by its weights, and by what it reads. */
export function planBankBackward(builder: Builder, bank: Bank): void {
  const { source, matrix, gradient, biased, cutOff, unbiased } = bank;
  sourceBackward(builder, source, matrix, gradient, { biased, cutOff });
  // An expert without a bias has columns among those that have one; their bias must stay 0.
  for (const { column, units } of unbiased) {
    const place = builder.gradient(matrix.bias) + column;
    builder.programs.backward.push(operation.clearGradient({ gradient: place, length: units }));
  }
}
