import { doublesPerTask, piecesPerThread } from '../format/numbers.js';
import { stepLength } from '../format/plan-header.js';
import { LINE, roundUp, type Bases } from './areas.js';
import type { Builder } from './builder.js';

/** The place of everything but the plan itself in the arena, in floats, in whole cache lines. */
export interface ArenaLayout {
  /** The places of the areas that a plan takes memory from. */
  readonly bases: Bases;
  /** Length of each flat buffer: weights, moments, the part of a share's gradient buffer for parameters. */
  readonly parameters: number;
  readonly weights: number;
  readonly firstMoments: number;
  readonly secondMoments: number;
  /** A float for each task. */
  readonly lossWeights: number;
  /** The settings that change from step to step (struct step_settings). */
  readonly step: number;
  /** Doubles for each share of rows, and the distance in floats from one share's to the next. */
  readonly sums: number;
  readonly sumsStride: number;
  readonly claims: number;
  /** Doubles: the status, then a loss for each task. */
  readonly results: number;
  readonly importance: number;
  readonly importanceStride: number;
  readonly statistics: number;
  readonly statisticsStride: number;
  /** Doubles: by piece of the update, the sum of the gradient's squares. */
  readonly squares: number;
  /** An integer: the rows of the batch that gradients are kept of. */
  readonly keptRows: number;
  /** Room for the outputs of a task, vector by vector, in a thread's scratch area. */
  readonly spare: number;
  readonly scratch: number;
  readonly scratchStride: number;
  readonly gradients: number;
  readonly gradientStride: number;
  /** Passes over the rows before training, and stages of the training pass. */
  readonly passes: number;
  readonly stages: number;
  /** The length of all of it. */
  readonly length: number;
}

/** Finds a place for everything, from the sizes that a draft of the plan has come to. */
export function layOut({ areas, programs, importance, network, limits }: Builder): ArenaLayout {
  const { threads, width } = limits;
  const tasks = network.tasks.length;
  let end = 0;
  const next = (length: number) => {
    const at = end;
    end += roundUp(length, LINE);
    return at;
  };
  const { passes, stages } = rounds(programs.waits, importance.program !== null);
  const parameters = areas.parameters.used;
  const sumsStride = roundUp(2 * doublesPerTask * tasks, LINE);
  const importanceStride = 2 * importance.area.used;
  const statisticsStride = areas.statistics.used;
  // A vector may be read past the last value.
  const spare = areas.scratch.take((Math.max(...network.tasks.map(({ outputs }) => outputs)) + 1) * width);
  const scratchStride = areas.scratch.used + LINE;
  const gradientStride = parameters + areas.byUnit.used + LINE;
  const claimsPerThread = roundUp(1 + passes + stages + piecesPerThread, LINE);
  const weights = next(parameters);
  const firstMoments = next(parameters);
  const secondMoments = next(parameters);
  const bases: Bases = {
    parameters: weights,
    transposed: next(areas.transposed.used),
    constants: next(areas.constants.values.length),
    evaluation: next(areas.evaluation.used),
    tables: next(areas.tables.used),
    byUnit: parameters,
  };
  return {
    ...{ bases, parameters, weights, firstMoments, secondMoments, passes, stages, spare },
    ...{ sumsStride, importanceStride, statisticsStride, scratchStride, gradientStride },
    lossWeights: next(tasks),
    step: next(stepLength),
    sums: next(sumsStride * threads),
    claims: next(LINE + claimsPerThread * threads),
    results: next(2 * (1 + tasks)),
    importance: next(importanceStride * threads),
    statistics: next(statisticsStride * threads),
    keptRows: next(1),
    squares: next(2 * piecesPerThread * threads),
    scratch: next(scratchStride * threads),
    gradients: next(gradientStride * threads),
    length: end,
  };
}

/** Counts the passes over the rows before training, and the stages of the training pass. */
function rounds(waits: number, sumsUp: boolean): { passes: number; stages: number } {
  const sums = sumsUp ? 1 : 0;
  if (waits === 0) return { passes: sums, stages: 1 };
  // Gates' weights are there before the first backward stage, so they are summed up in the training pass.
  return { passes: 0, stages: waits + 1 + sums };
}
