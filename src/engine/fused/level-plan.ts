import type { LevelDescription } from '../../network/description.js';
import { levelWidth } from '../../network/widths.js';
import type { Matrix, Rows } from './areas.js';
import { planBank, planBankBackward, type Bank, type Source, type Stream } from './bank-plan.js';
import { floatBits, type Builder } from './builder.js';
import { operation } from './codes.js';
import { planGate, type RoutePlan } from './gate-plan.js';
import { planSparseExpert, sharedRows, sparseExperts } from './sparse-plan.js';

/** Layers of an expert above its first: [matrix, output, gradient of what goes into the activation]. */
interface DeepLayer {
  readonly matrix: Matrix;
  readonly out: Rows;
  readonly gradient: Rows;
}

interface ExpertPlan {
  readonly bank: Bank;
  readonly deep: readonly DeepLayer[];
  readonly out: Rows;
  readonly gradient: Rows;
}

export interface LevelPlan {
  readonly streams: readonly Stream[];
  /** Emits the backward operations; all readers of the streams have emitted theirs. */
  backward(): void;
}

export function planLevel(builder: Builder, l: number, sources: readonly Source[]): LevelPlan {
  const level = builder.network.levels[l]!;
  const sparse = sparseExperts(level, builder.limits.sparseBelow);
  const inBanks = [...level.experts.filter((_, e) => !sparse.has(e)), ...level.gates];
  const numbers = [...new Set(inBanks.map(({ source }) => source))].sort((a, b) => a - b);
  const below = [...builder.forward];
  const banks = new Map(numbers.map((number) => [number, planBank(builder, level, l, number, sources[number]!, sparse)]));
  builder.importance.startLevel([...below, ...[...banks.values()].flatMap(({ gatesForward }) => gatesForward)]);
  const gates = level.gates.map((gate, g) => {
    const bank = banks.get(gate.source)!;
    return planGate(builder, `levels.${l}.gates.${g}`, gate, bank, bank.gates.get(g)!);
  });
  const dense = new Map(
    [...level.experts.keys()].flatMap((e) => (sparse.has(e) ? [] : [[e, planExpert(builder, level, l, e, banks)] as const])),
  );
  const width = levelWidth(level);
  const routes = level.streams.map(({ route }, s) => (route.kind === 'gate' ? gates[route.gate]! : planConstants(builder, route, l, s)));
  const streams = routes.map(({ experts: seen, value }) => {
    const stream = { value: builder.rows(width), gradient: builder.rows(width), gradientStarted: false };
    const terms = seen.flatMap((e, place) => {
      const expert = dense.get(e);
      return expert === undefined ? [] : [[expert.out.at, expert.out.stride, value + place * builder.limits.blockRows]];
    });
    builder.forward.push([operation.MIX, stream.value.at, stream.value.stride, width, terms.length, ...terms.flat()]);
    return stream;
  });
  const shared = sharedRows(builder);
  const chosen = new Map(
    [...sparse].map((e) => [e, planSparseExpert(builder, l, e, sources[level.experts[e]!.source]!, shared, streams, routes)]),
  );
  for (const expert of chosen.values()) expert.forward();
  const experts = level.experts.map((_, e) => dense.get(e) ?? chosen.get(e)!);
  planEvaluation(builder, level, experts, routes, width);

  const backward = () => {
    for (const e of inColumnOrder(banks)) mixBackward(builder, level, e, dense.get(e)!, streams, routes, width);
    for (const e of inColumnOrder(banks)) expertBackward(builder, level, e, dense.get(e)!);
    for (const expert of chosen.values()) expert.backward();
    for (const bank of banks.values()) for (const g of bank.gates.keys()) gates[g]!.backward();
    level.streams.forEach(({ route }, s) => {
      const { gradient, started, experts: seen } = routes[s]!;
      if (route.kind !== 'constants' || gradient === null || started.size === 0) return;
      const [piece] = builder.pieces.get(constantsName(l, s))!;
      builder.backward.push([operation.CONSTANTS_BACKWARD, gradient, seen.length, piece!.at]);
    });
    for (const bank of banks.values()) planBankBackward(builder, bank);
  };
  return { streams, backward };
}

const at = (rows: Rows, column: number): Rows => ({ at: rows.at + column, stride: rows.stride });
const constantsName = (l: number, s: number) => `levels.${l}.routes.${s}.constants`;

/** Experts as their slices lie in the banks, from the left. */
const inColumnOrder = (banks: ReadonlyMap<number, Bank>): number[] => [...banks.values()].flatMap((bank) => [...bank.experts.keys()]);

function planExpert(builder: Builder, level: LevelDescription, l: number, e: number, banks: ReadonlyMap<number, Bank>): ExpertPlan {
  const { source, layers, activation } = level.experts[e]!;
  const bank = banks.get(source)!;
  const column = bank.experts.get(e)!;
  let out = at(bank.out, column);
  let gradient = at(bank.gradient, column);
  const deep = layers.slice(1).map((units, j) => {
    const matrix = builder.matrix(layers[j]!, units);
    const name = `levels.${l}.experts.${e}.layers.${j + 1}`;
    builder.place(`${name}.weight`, matrix.weight, matrix.stride, matrix.rows, units);
    builder.place(`${name}.bias`, matrix.bias, matrix.stride, 1, units);
    const layer = { matrix, out: builder.rows(units), gradient: builder.rows(units) };
    builder.layer(out, matrix, layer.out, builder.floorsOf(activation, units));
    ({ out, gradient } = layer);
    return layer;
  });
  return { bank, deep, out, gradient };
}

function planConstants(
  builder: Builder,
  route: Exclude<LevelDescription['streams'][number]['route'], { kind: 'gate' }>,
  l: number,
  s: number,
): RoutePlan {
  const learned = route.kind === 'constants';
  if (route.kind === 'path') throw new Error('paths are not planned yet');
  const weights = learned ? route.initial : route.weights;
  const seen = (weight: number | null) => (learned ? weight !== null : weight !== 0);
  const experts = [...weights.keys()].filter((e) => seen(weights[e]!));
  const value = builder.routeRows(experts.length);
  let from: number;
  if (learned) {
    from = builder.parameters.take(experts.length);
    builder.clearGradient(from, experts.length);
    builder.place(constantsName(l, s), from, experts.length, 1, experts.length);
  } else {
    from = builder.constants.put(experts.map((e) => weights[e]!));
  }
  builder.forward.push([operation.CONSTANTS, from, experts.length, value]);
  return { experts, value, gradient: learned ? builder.routeRows(experts.length) : null, started: new Set() };
}

/** The gradient of an expert's last layer, before its activation; and the part of its routes' gradients that it makes. */
function mixBackward(
  builder: Builder,
  level: LevelDescription,
  e: number,
  expert: ExpertPlan,
  streams: readonly Stream[],
  routes: readonly RoutePlan[],
  width: number,
): void {
  const terms = streams.flatMap(({ gradient, gradientStarted }, s) => {
    const route = routes[s]!;
    const place = route.experts.indexOf(e);
    if (!gradientStarted || place < 0) return [];
    const row = place * builder.limits.blockRows;
    const add = route.started.has(e);
    route.started.add(e);
    return [[gradient.at, gradient.stride, route.value + row, route.gradient === null ? -1 : route.gradient + row, add ? 1 : 0]];
  });
  const floor = floatBits(level.experts[e]!.activation === 'relu' ? 0 : -Infinity);
  const { out, gradient } = expert;
  builder.backward.push([
    operation.MIX_BACKWARD,
    ...[out.at, out.stride, gradient.at, gradient.stride, width, floor, terms.length],
    ...terms.flat(),
  ]);
}

function expertBackward(builder: Builder, level: LevelDescription, e: number, { bank, deep }: ExpertPlan): void {
  const column = bank.experts.get(e)!;
  for (let j = deep.length - 1; j >= 0; j--) {
    const { matrix, gradient } = deep[j]!;
    const below = j > 0 ? deep[j - 1]!.out : at(bank.out, column);
    const to = j > 0 ? deep[j - 1]!.gradient : at(bank.gradient, column);
    builder.layerGradients(below, matrix, gradient);
    builder.inputGradient(gradient, matrix, to, { add: false, below: level.experts[e]!.activation === 'relu' ? below : null });
  }
}

function planEvaluation(
  builder: Builder,
  level: LevelDescription,
  experts: readonly { readonly out: Rows }[],
  routes: readonly RoutePlan[],
  width: number,
): void {
  const { evaluationRows, blockRows } = builder.limits;
  const count = experts.length;
  const routesOut = builder.evaluation.take(evaluationRows * routes.length * count);
  routes.forEach((route, s) => {
    for (let e = 0; e < count; e++) {
      const place = route.experts.indexOf(e);
      const from = place < 0 ? -1 : route.value + place * blockRows;
      builder.routes.push([operation.COPY_ROUTE, from, routesOut, level.streams.length * count, s * count + e]);
    }
  });
  const expertsOut = builder.evaluation.take(evaluationRows * count * width);
  experts.forEach(({ out }, e) => {
    builder.experts.push([operation.COPY_EXPERT, out.at, out.stride, width, expertsOut + e * width, count * width]);
  });
  builder.outputs.push({ routes: routesOut, experts: expertsOut });
}
