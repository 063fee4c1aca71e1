import type { NetworkDescription } from '../../../network/description.js';
import { levelWidth } from '../../../network/widths.js';
import { LINE, roundUp, type Pieces } from '../program/areas.js';
import { Builder, type Limits } from '../program/builder.js';
import { encodePlan } from '../program/encode-plan.js';
import { layOut, type ArenaLayout } from '../program/layout.js';
import { networkTooLarge } from './errors.js';
import { planEncodedInput } from './sources/input-plan.js';
import { planLevel } from './level-plan.js';
import { planDistances, planSegments, planTables, type Distance } from './optimizer-plan.js';
import { sourceOf, type LayerSource, type Stream } from './sources/source.js';
import { planTowers } from './tower-plan.js';

/**
 * A step as the kernel runs it, and where everything lies in the arena. Offsets and lengths are in floats.
 */
export interface StepPlan extends Pick<
  ArenaLayout,
  | 'parameters'
  | 'weights'
  | 'firstMoments'
  | 'secondMoments'
  | 'gradients'
  | 'results'
  | 'lossWeights'
  | 'step'
  | 'squares'
> {
  /** The plan itself: its header, then programs and lists; and where it lies. */
  readonly integers: Int32Array;
  readonly at: number;
  readonly arenaLength: number;
  readonly threads: number;
  readonly constants: { readonly at: number; readonly values: readonly number[] };
  /** The places of each named parameter in a flat buffer. */
  readonly pieces: Pieces;
  /** The rows that the network's `distance` keeps close to each other. */
  readonly distances: readonly Distance[];
  /** What a training pass keeps of each row of a batch, in floats (kernel/tables/kept.h). */
  readonly keptWidth: number;
  readonly evaluation: {
    readonly rows: number;
    /** The place of [rows, outputs] for each task. */
    readonly predictions: readonly number[];
    /** The places of [rows, streams, experts] and [rows, experts, width] for each level. */
    readonly levels: readonly { readonly routes: number; readonly experts: number }[];
  };
}

/**
 * Compiles a network into a plan for a kernel. It is made twice: the first time to learn the areas' sizes,
 * the second time with the places that follow from them.
 */
export function makeStepPlan(network: NetworkDescription, limits: Limits): StepPlan {
  const draft = emitAll(network, limits, {
    parameters: 0,
    transposed: 0,
    constants: 0,
    evaluation: 0,
    tables: 0,
    byUnit: 0,
  });
  const layout = layOut(draft.builder);
  const { builder, distances } = emitAll(network, limits, layout.bases);
  const segments = planSegments(network, builder.pieces, layout.parameters, limits.decays === true);
  const integers = encodePlan(builder, layout, segments, planTables(builder, limits.decays === true));
  const arenaLength = roundUp(layout.length + integers.length, LINE);
  // The kernel counts places in 31 bits.
  if (arenaLength >= 2 ** 31) throw networkTooLarge();
  const { predictions, levels } = builder.evaluated;
  return {
    ...layout,
    integers,
    at: layout.length,
    arenaLength,
    threads: limits.threads,
    constants: { at: layout.bases.constants, values: builder.areas.constants.values },
    pieces: builder.pieces,
    distances,
    keptWidth: builder.keptWidth,
    evaluation: { rows: limits.evaluationRows, predictions, levels },
  };
}

/** Runs the planner over the whole network, with the areas at these places. */
function emitAll(
  network: NetworkDescription,
  limits: Limits,
  bases: ArenaLayout['bases'],
): { builder: Builder; distances: Distance[] } {
  const builder = new Builder(network, limits, bases);
  const levels = [];
  let sources: readonly LayerSource[] = [planEncodedInput(builder)];
  let streams: readonly Stream[] = [];
  for (const [l, level] of network.levels.entries()) {
    const plan = planLevel(builder, l, sources);
    levels.push(plan);
    streams = plan.streams;
    sources = streams.map((stream) => sourceOf(stream, levelWidth(level)));
  }
  const towersBackward = planTowers(builder, streams);
  towersBackward();
  for (const level of levels.reverse()) level.backward();
  return { builder, distances: planDistances(builder) };
}
