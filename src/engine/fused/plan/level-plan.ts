import type { LevelDescription } from '../../../network/description.js';
import { levelWidth } from '../../../network/widths.js';
import type { Rows } from '../program/areas.js';
import { planBank, planBankBackward, type Source, type Stream } from './bank-plan.js';
import { floatBits, type Builder } from '../program/builder.js';
import { operation } from '../program/codes.js';
import { planExperts } from './expert-plan.js';
import { planGate, type RoutePlan } from './gate-plan.js';
import { backwardLayers, forwardLayers } from './layers-plan.js';
import { planSparseExpert, sharedRows, sparseExperts } from './sparse-plan.js';
import type { Units } from './units-plan.js';

export interface LevelPlan {
  readonly streams: readonly Stream[];
  /** Emits the backward operations; all readers of the streams have emitted theirs. */
  backward(): void;
}

export function planLevel(builder: Builder, l: number, sources: readonly Source[]): LevelPlan {
  const level = builder.network.levels[l]!;
  const sparse = sparseExperts(level, builder.limits.sparseBelow);
  const inBanks = [
    ...level.experts.filter(({ sharesWith }, e) => sharesWith === undefined && !sparse.has(e)),
    ...level.gates,
  ];
  const numbers = [...new Set(inBanks.map(({ source }) => source))].sort((a, b) => a - b);
  const below = [...builder.forward];
  const banks = new Map(
    numbers.map((number) => [number, planBank(builder, level, l, number, sources[number]!, sparse)]),
  );
  builder.importance.startLevel([
    ...below,
    ...[...banks.values()].flatMap(({ gatesForward }) => gatesForward),
  ]);
  const gates = level.gates.map((gate, g) => {
    const bank = banks.get(gate.source)!;
    return planGate(builder, `levels.${l}.gates.${g}`, gate, bank, bank.gates.get(g)!);
  });
  const { experts: dense, order, sharedBackward } = planExperts(builder, l, sources, banks, sparse);
  const stacks = order.map((e) => dense.get(e)!.layers);
  forwardLayers(builder, stacks);
  const width = levelWidth(level);
  const routes = level.streams.map(({ route }, s) =>
    route.kind === 'gate' ? gates[route.gate]! : planConstants(builder, route, l, s),
  );
  const streams = routes.map(({ experts: seen, value }) => {
    const stream = { value: builder.rows(width), gradient: builder.rows(width), gradientStarted: false };
    const terms = seen.flatMap((e, place) => {
      const expert = dense.get(e)?.units;
      return expert === undefined
        ? []
        : [[expert.out.at, expert.out.stride, value + place * builder.limits.blockRows]];
    });
    builder.forward.push([
      operation.MIX,
      stream.value.at,
      stream.value.stride,
      width,
      terms.length,
      ...terms.flat(),
    ]);
    return stream;
  });
  const shared = sharedRows(builder);
  const chosen = new Map(
    [...sparse].map((e) => [
      e,
      planSparseExpert(builder, l, e, sources[level.experts[e]!.source]!, shared, streams, routes),
    ]),
  );
  for (const expert of chosen.values()) expert.forward();
  const experts = level.experts.map((_, e) => dense.get(e)?.units ?? chosen.get(e)!);
  planEvaluation(builder, level, experts, routes, width);

  const backward = () => {
    for (const e of order) mixBackward(builder, e, dense.get(e)!.units, streams, routes, width);
    backwardLayers(builder, stacks);
    for (const expert of chosen.values()) expert.backward();
    for (const bank of banks.values()) for (const g of bank.gates.keys()) gates[g]!.backward();
    level.streams.forEach(({ route }, s) => {
      const { gradient, started, experts: seen } = routes[s]!;
      if (route.kind !== 'constants' || gradient === null || started.size === 0) return;
      const [piece] = builder.pieces.get(constantsName(l, s))!;
      builder.backward.push([operation.CONSTANTS_BACKWARD, gradient, seen.length, piece!.at]);
    });
    for (const bank of banks.values()) planBankBackward(builder, bank);
    sharedBackward();
  };
  return { streams, backward };
}

const constantsName = (l: number, s: number) => `levels.${l}.routes.${s}.constants`;

function planConstants(
  builder: Builder,
  route: Exclude<LevelDescription['streams'][number]['route'], { kind: 'gate' }>,
  l: number,
  s: number,
): RoutePlan {
  const learned = route.kind === 'constants';
  const weights = route.kind === 'fixed' ? route.weights : route.initial;
  // A path's weights are set while the network lives.
  const seen = (weight: number | null) => (route.kind === 'fixed' ? weight !== 0 : weight !== null);
  const experts = [...weights.keys()].filter((e) => seen(weights[e]!));
  const value = builder.routeRows(experts.length);
  let from: number;
  if (route.kind !== 'fixed') {
    from = builder.parameters.take(experts.length);
    if (learned) builder.clearGradient(from, experts.length);
    builder.place(
      learned ? constantsName(l, s) : `levels.${l}.routes.${s}.path`,
      from,
      experts.length,
      1,
      experts.length,
    );
  } else {
    from = builder.constants.put(experts.map((e) => weights[e] ?? 0));
  }
  builder.forward.push([operation.CONSTANTS, from, experts.length, value]);
  return { experts, value, gradient: learned ? builder.routeRows(experts.length) : null, started: new Set() };
}

/**
 * The gradient by what an expert gives, cut off where its ReLU is; and the part of its routes' gradients that
 * it makes.
 */
function mixBackward(
  builder: Builder,
  e: number,
  { out, gradient: to, floor }: Units,
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
    return [
      [
        gradient.at,
        gradient.stride,
        route.value + row,
        route.gradient === null ? -1 : route.gradient + row,
        add ? 1 : 0,
      ],
    ];
  });
  builder.backward.push([
    operation.MIX_BACKWARD,
    ...[out.at, out.stride, to.at, to.stride, width, floatBits(floor), terms.length],
    ...terms.flat(),
  ]);
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
      builder.routes.push([
        operation.COPY_ROUTE,
        from,
        routesOut,
        level.streams.length * count,
        s * count + e,
      ]);
    }
  });
  const expertsOut = builder.evaluation.take(evaluationRows * count * width);
  experts.forEach(({ out }, e) => {
    builder.experts.push([
      operation.COPY_EXPERT,
      out.at,
      out.stride,
      width,
      expertsOut + e * width,
      count * width,
    ]);
  });
  builder.outputs.push({ routes: routesOut, experts: expertsOut });
}
