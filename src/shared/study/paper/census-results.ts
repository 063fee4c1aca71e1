import type { StudyLine } from '../line.js';
import type { Combination } from '../summary.js';

/** The tables on Census-Income. */
export const censusTables = ['table1', 'table2'] as const;
export type CensusTable = (typeof censusTables)[number];

/** The methods, in the paper's order. */
export const censusMethods = [
  'single-task',
  'shared-bottom',
  'l2-constrained',
  'cross-stitch',
  'tensor-factorization',
  'omoe',
  'mmoe',
] as const;
export type CensusMethod = (typeof censusMethods)[number];

/** The task that methods are tuned for, and the other one. */
export const censusGroups = {
  table1: { main: 'income', auxiliary: 'marital status' },
  table2: { main: 'education', auxiliary: 'marital status' },
} as const satisfies Record<CensusTable, object>;

/** AUC of the best of a method's runs, by the main task, and of all in the mean. */
export interface CensusScore {
  readonly main: { readonly best: number; readonly mean: number };
  readonly auxiliary: { readonly best: number; readonly mean: number };
}

const score = (best: number, mean: number, otherBest: number, otherMean: number): CensusScore => ({
  main: { best, mean },
  auxiliary: { best: otherBest, mean: otherMean },
});

/** What the paper reports, over 400 runs each. They were not held against its text again: check before you cite them. */
export const paperScores: Record<CensusTable, Record<CensusMethod, CensusScore>> = {
  table1: {
    'single-task': score(0.9398, 0.9337, 0.9933, 0.9922),
    'shared-bottom': score(0.9361, 0.9295, 0.9915, 0.9921),
    'l2-constrained': score(0.9389, 0.9359, 0.9922, 0.9918),
    'cross-stitch': score(0.9406, 0.9361, 0.9917, 0.9922),
    'tensor-factorization': score(0.746, 0.6765, 0.8175, 0.8412),
    omoe: score(0.9387, 0.9319, 0.9928, 0.9923),
    mmoe: score(0.941, 0.9359, 0.9926, 0.9927),
  },
  table2: {
    'single-task': score(0.8843, 0.8792, 0.9933, 0.9922),
    'shared-bottom': score(0.8836, 0.8813, 0.9927, 0.9917),
    'l2-constrained': score(0.8855, 0.8823, 0.9923, 0.9918),
    'cross-stitch': score(0.8855, 0.8819, 0.9919, 0.9921),
    'tensor-factorization': score(0.7367, 0.7256, 0.8453, 0.846),
    omoe: score(0.8852, 0.8813, 0.9915, 0.9912),
    mmoe: score(0.886, 0.8826, 0.9932, 0.9924),
  },
};

/** AUC on test rows by seed. */
export type AucBySeed = ReadonlyMap<number, number>;

/** A method's runs. `auxiliary` of single-task: of the models that were tuned for that task. */
export interface CensusRuns {
  readonly main: AucBySeed;
  readonly auxiliary: AucBySeed;
}

/** Returns the AUC of each method's runs. `own`: those of single-task that were tuned for the auxiliary task. */
export function censusRuns(
  table: CensusTable,
  combinations: readonly Combination[],
  own: readonly Combination[],
): Map<CensusMethod, CensusRuns> {
  const { main, auxiliary } = censusGroups[table];
  const linesOf = (of: readonly Combination[], method: CensusMethod): readonly StudyLine[] =>
    of.find(({ settings }) => settings['model.variant'] === method)?.lines ?? [];
  return new Map(
    censusMethods.map((method) => {
      const lines = linesOf(combinations, method);
      const others = method === 'single-task' ? linesOf(own, method) : lines;
      return [method, { main: aucOf(lines, main), auxiliary: aucOf(others, auxiliary) }];
    }),
  );
}

function aucOf(lines: readonly StudyLine[], task: string): AucBySeed {
  return new Map(
    lines.flatMap(({ seed, test }): [number, number][] => {
      const auc = test?.[task]?.['auc'] ?? null;
      return auc === null ? [] : [[seed, auc]];
    }),
  );
}
