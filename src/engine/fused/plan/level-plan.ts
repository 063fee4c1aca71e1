import type { LevelDescription, StreamDescription } from '../../../network/description.js';
import { levelWidth } from '../../../network/widths.js';
import type { Builder } from '../program/builder.js';
import { planBank, planBankBackward, type Bank } from './experts/bank-plan.js';
import { planExperts } from './experts/expert-plan.js';
import { planGate } from './gates/gate-plan.js';
import { backwardLayers, forwardLayers } from './layers/layers-plan.js';
import { mixBackward, mixForward, planLevelEvaluation } from './experts/mix-plan.js';
import { planConstants, type RoutePlan } from './gates/route-plan.js';
import type { LayerSource, Stream } from './sources/source.js';
import { sparseExperts } from './experts/sparse-choice.js';
import { planSparseExperts } from './experts/sparse-plan.js';

interface LevelPlan {
  readonly streams: readonly Stream[];
  /** Emits the backward operations; all readers of the streams have emitted theirs. */
  backward(): void;
}

/**
 * Plans level l. Forward come the banks (all first layers and gates of one source in one product), the gates'
 * weights, the experts' further layers, and the streams' sums. Experts that few rows take follow, each for
 * its own rows alone, and add what they give to those sums.
 */
export function planLevel(builder: Builder, l: number, sources: readonly LayerSource[]): LevelPlan {
  const level = builder.network.levels[l]!;
  const width = levelWidth(level);
  const leftOut = sparseExperts(level, builder.limits.sparseBelow);
  const banks = planBanks(builder, level, l, sources, leftOut);
  const gates = planGates(builder, level, l, banks);
  const { experts: dense, order, sharedBackward } = planExperts(builder, l, sources, banks, leftOut);
  const stacks = order.map((e) => dense.get(e)!.layers);
  forwardLayers(builder, stacks);
  const constants: RoutePlan[] = [];
  const routeOf = ({ route }: StreamDescription, s: number): RoutePlan => {
    if (route.kind === 'gate') return gates.get(route.gate)!;
    const plan = planConstants(builder, `levels.${l}.routes.${s}`, route);
    constants.push(plan);
    return plan;
  };
  const routes = level.streams.map(routeOf);
  const units = new Map([...dense].map(([e, expert]) => [e, expert.units]));
  const routed = routes.map((route) => {
    const stream = { value: builder.rows(width), gradient: builder.rows(width), gradientStarted: false };
    mixForward(builder, { stream, route }, units, width);
    return { stream, route };
  });
  const sparse = planSparseExperts(builder, l, leftOut, sources, routed);
  for (const expert of sparse.values()) expert.forward();
  const outputs = level.experts.map((_, e) => units.get(e)?.out ?? sparse.get(e)!.out);
  planLevelEvaluation(builder, outputs, routes, width);

  const backward = () => {
    for (const e of order) mixBackward(builder, e, units.get(e)!, routed, width);
    backwardLayers(builder, stacks);
    for (const expert of sparse.values()) expert.backward();
    // In the order of the banks' columns, because a slice may spill into the next one's place.
    for (const bank of banks.values()) for (const g of bank.gates.keys()) gates.get(g)!.backward();
    for (const route of constants) route.backward();
    for (const bank of banks.values()) planBankBackward(builder, bank);
    sharedBackward();
  };
  return { streams: routed.map(({ stream }) => stream), backward };
}

/** Plans a bank for each source that the level's gates, or experts with columns in banks, read. */
function planBanks(
  builder: Builder,
  level: LevelDescription,
  l: number,
  sources: readonly LayerSource[],
  leftOut: ReadonlySet<number>,
): ReadonlyMap<number, Bank> {
  const readers = [
    ...level.experts.filter(({ sharesWith }, e) => sharesWith === undefined && !leftOut.has(e)),
    ...level.gates,
  ];
  const numbers = [...new Set(readers.map(({ source }) => source))].sort((a, b) => a - b);
  const below = [...builder.programs.forward];
  const banks = new Map(
    numbers.map((number) => [number, planBank(builder, level, l, number, sources[number]!, leftOut)]),
  );
  // The pass that sums up gates' weights needs of this level no more than the gates' own columns.
  const gatesAlone = [...banks.values()].flatMap(({ gatesForward }) => gatesForward);
  builder.importance.startLevel([...below, ...gatesAlone]);
  return banks;
}

function planGates(
  builder: Builder,
  level: LevelDescription,
  l: number,
  banks: ReadonlyMap<number, Bank>,
): ReadonlyMap<number, RoutePlan> {
  return new Map(
    level.gates.map((gate, g) => {
      const bank = banks.get(gate.source)!;
      return [g, planGate(builder, `levels.${l}.gates.${g}`, gate, bank, bank.gates.get(g)!)];
    }),
  );
}
