import type { NetworkDescription } from '../../../network/description.js';
import { LINE, roundUp, type Piece } from '../program/areas.js';
import type { Stream } from './bank-plan.js';
import { Builder, encodeProgram, type Bases, type Limits } from '../program/builder.js';
import { doublesPerTask, header, piecesPerThread, stepSetting } from '../program/codes.js';
import { networkTooLarge } from './errors.js';
import { planInput } from './input-plan.js';
import { planLevel } from './level-plan.js';
import { planDistance, planSegments } from './optimizer-plan.js';
import { planTowers } from './tower-plan.js';

/**
 * A step as the kernel runs it, and where everything lies in the arena. Offsets and lengths are in floats.
 */
export interface Plan {
  /** The plan itself: header, then programs; and where it lies. */
  readonly integers: Int32Array;
  readonly at: number;
  readonly arenaLength: number;
  /** Length of each flat buffer: weights, moments, a thread's gradient. */
  readonly parameters: number;
  readonly weights: number;
  readonly firstMoments: number;
  readonly secondMoments: number;
  readonly gradients: number;
  /** Doubles: the status, then a loss for each task. */
  readonly results: number;
  /** A float for each task. */
  readonly lossWeights: number;
  /** The step's own settings (`stepSetting`). */
  readonly step: number;
  /** Doubles: by piece of the update, the sum of the gradient's squares. */
  readonly squares: number;
  /** What `distance` adds to the gradient: operations of the kernel (DISTANCE). */
  readonly distances: readonly (readonly number[])[];
  readonly constants: { readonly at: number; readonly values: readonly number[] };
  /** Where each named parameter lies in a flat buffer. */
  readonly pieces: ReadonlyMap<string, readonly Piece[]>;
  readonly evaluation: {
    readonly rows: number;
    /** By task: [rows, outputs]. */
    readonly predictions: readonly number[];
    /** By level: [rows, streams, experts] and [rows, experts, width]. */
    readonly levels: readonly { readonly routes: number; readonly experts: number }[];
  };
}

/**
 * Compiles a network into a plan for a kernel. Made twice: the first time to learn the areas' sizes, the
 * second time with the places that follow from them.
 */
export function makePlan(network: NetworkDescription, limits: Limits): Plan {
  const draft = emit(network, limits, {
    parameters: 0,
    transposed: 0,
    constants: 0,
    evaluation: 0,
    byUnit: 0,
  });
  const parameters = draft.parameters.used;
  const tasks = network.tasks.length;
  let end = 0;
  const next = (length: number) => {
    const at = end;
    end += roundUp(length, LINE);
    return at;
  };
  const weights = next(parameters);
  const firstMoments = next(parameters);
  const secondMoments = next(parameters);
  const transposed = next(draft.transposed.used);
  const constants = next(draft.constants.values.length);
  const evaluation = next(draft.evaluation.used);
  const lossWeights = next(tasks);
  const step = next(stepSetting.LENGTH);
  const sumsStride = roundUp(2 * doublesPerTask * tasks, LINE);
  const sums = next(sumsStride * limits.threads);
  const { passes, stages } = roundsOf(draft);
  const claims = next(LINE + roundUp(1 + passes + stages + piecesPerThread, LINE) * limits.threads);
  const results = next(2 * (1 + tasks));
  const importanceStride = 2 * draft.importance.area.used;
  const importance = next(importanceStride * limits.threads);
  const statisticsStride = draft.statistics.used;
  const statistics = next(statisticsStride * limits.threads);
  const squares = next(2 * piecesPerThread * limits.threads);
  // A vector may be read past the last value.
  const spare = draft.scratch.take(
    (Math.max(...network.tasks.map(({ outputs }) => outputs)) + 1) * limits.width,
  );
  const scratchStride = draft.scratch.used + LINE;
  const gradientStride = parameters + draft.byUnit.used + LINE;
  const scratch = next(scratchStride * limits.threads);
  const gradients = next(gradientStride * limits.threads);

  const built = emit(network, limits, {
    parameters: weights,
    transposed,
    constants,
    evaluation,
    byUnit: parameters,
  });
  const values = [...built.constants.values];
  const integers = encode(built, {
    WIDTH: limits.width,
    BLOCK_ROWS: limits.blockRows,
    THREADS: limits.threads,
    TASKS: tasks,
    PARAMETERS: parameters,
    WEIGHTS: weights,
    FIRST_MOMENTS: firstMoments,
    SECOND_MOMENTS: secondMoments,
    GRADIENTS: gradients,
    GRADIENT_STRIDE: gradientStride,
    SCRATCH: scratch,
    SCRATCH_STRIDE: scratchStride,
    SUMS: sums,
    SUMS_STRIDE: sumsStride,
    CLAIMS: claims,
    DISORDER: 0,
    RESULTS: results,
    SQUARES: squares,
    LOSS_WEIGHTS: lossWeights,
    STEP: step,
    SPARE: spare,
    IMPORTANCE: importance,
    IMPORTANCE_STRIDE: importanceStride,
    PASSES: passes,
    STAGES: stages,
    STATISTICS: statistics,
    STATISTICS_STRIDE: statisticsStride,
  });
  const at = next(integers.length);
  // The kernel counts places in 31 bits.
  if (end >= 2 ** 31) throw networkTooLarge();
  return {
    ...{
      integers,
      at,
      arenaLength: end,
      parameters,
      weights,
      firstMoments,
      secondMoments,
      gradients,
      results,
    },
    constants: { at: constants, values },
    ...{ lossWeights, step, squares },
    pieces: built.pieces,
    distances: built.finish,
    evaluation: { rows: limits.evaluationRows, predictions: built.predictions, levels: built.outputs },
  };
}

type Fields = Exclude<
  keyof typeof header,
  | 'FIRST_STAGE'
  | 'FIRST_PASS'
  | 'TRANSPOSE'
  | 'START'
  | 'END'
  | 'FINISH'
  | 'TRAIN'
  | 'FORWARD'
  | 'PREDICT'
  | 'ROUTES'
  | 'EXPERTS'
  | 'SEGMENTS'
  | 'LENGTH'
>;

function encode(built: Builder, fields: Record<Fields, number>): Int32Array {
  const integers = Array.from({ length: header.LENGTH }, () => 0);
  for (const [name, value] of Object.entries(fields)) integers[header[name as Fields]] = value;
  const program = (name: keyof typeof header, operations: Parameters<typeof encodeProgram>[0]) => {
    integers[header[name]] = integers.length;
    integers.push(...encodeProgram(operations));
  };
  program('TRANSPOSE', built.transposes);
  program('START', built.start);
  program('END', built.end);
  program('FINISH', built.finish);
  const unmarked = (operations: readonly (readonly number[])[]) =>
    operations.filter((each) => !built.barriers.has(each));
  if (fields.STAGES === 1) program('TRAIN', [...built.forward, ...built.backward]);
  program('FORWARD', unmarked(built.forward));
  program('PREDICT', built.predict);
  program('ROUTES', built.routes);
  program('EXPERTS', built.experts);
  if (fields.STAGES > 1) {
    const places = stagesOf(built).map((operations) => {
      const at = integers.length;
      integers.push(...encodeProgram(operations));
      return at;
    });
    integers[header.FIRST_STAGE] = integers.length;
    integers.push(...places);
  }
  if (fields.PASSES === 1 && built.importance.program !== null) {
    integers[header.FIRST_PASS] = integers.length;
    integers.push(integers.length + 1, ...encodeProgram(built.importance.program));
  }
  integers[header.SEGMENTS] = integers.length;
  integers.push(
    ...planSegments(built.network, built.pieces, fields.PARAMETERS, built.limits.decays === true),
  );
  return Int32Array.from(integers);
}

/** Passes over the rows before training, and stages of the training pass. */
function roundsOf({ barriers, importance }: Builder): { passes: number; stages: number } {
  const sums = importance.program === null ? 0 : 1;
  if (barriers.size === 0) return { passes: sums, stages: 1 };
  // Gates' weights are there before the first backward stage: they are summed up in the training pass itself.
  return { passes: 0, stages: barriers.size + 1 + sums };
}

/** Three programs for each stage: once before a share's blocks, for each block, once after them. */
function stagesOf({ forward, backward, barriers, importance }: Builder): (readonly number[])[][] {
  const stages: [start: (readonly number[])[], blocks: (readonly number[])[], end: (readonly number[])[]][] =
    [[[], [], []]];
  const add = (operations: readonly (readonly number[])[]) => {
    for (const each of operations) {
      const barrier = barriers.get(each);
      if (barrier === undefined) stages.at(-1)![1].push(each);
      else {
        stages.at(-1)![2].push(...barrier.end);
        stages.push([[...barrier.start], [], []]);
      }
    }
  };
  add(forward);
  if (importance.program !== null) {
    add(importance.sums);
    stages.push([[], [], []]);
  }
  add(backward);
  return stages.flat();
}

function emit(network: NetworkDescription, limits: Limits, bases: Bases): Builder {
  const builder = new Builder(network, limits, bases);
  const levels = [];
  let streams: readonly Stream[] = [];
  for (const l of network.levels.keys()) {
    const level = planLevel(builder, l, l === 0 ? [planInput(builder)] : streams);
    levels.push(level);
    streams = level.streams;
  }
  const towersBackward = planTowers(builder, streams);
  towersBackward();
  for (const level of levels.reverse()) level.backward();
  planDistance(builder);
  return builder;
}
