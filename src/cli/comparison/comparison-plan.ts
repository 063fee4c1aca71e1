import { availableParallelism } from 'node:os';
import { leakWarnings } from '../../data/leaks.js';
import type { PreparedData } from '../../data/prepared.js';
import type { Verification } from '../../data/stream/verification.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Variant } from '../../experiment/schema/variants.js';
import { estimateMemory } from '../../network/memory-estimate.js';
import { makeRunsFolder } from '../../run/create-run.js';
import { formatBytes, formatCount } from '../../shared/numbers.js';
import type { LeftOut } from '../../shared/run/run-manifest.js';
import { chosenLines, matchText } from '../terminal/model-text.js';
import { sizesOf } from '../training/memory-limit.js';
import { readData, type ExperimentFile } from '../training/read-data.js';
import { planTraining, settled, type TrainingPlan } from '../training/training-plan.js';
import type { PoolOptions } from '../trainers/pool.js';
import type { Fitting } from './fitting.js';
import { chooseParallel, freeMemory, programBytes, type Parallel } from './parallel.js';
import { writeRowsForAll, type RowsForAll } from './rows-for-all.js';
import { withVariant, type WantedRun } from './wanted-runs.js';

/** All that the runs of a comparison need. It holds none of the data: that is in the trainers' file. */
export interface ComparisonPlan {
  readonly rows: RowsForAll;
  /** Holds rows that were encoded before against what was written; null: there are none. */
  readonly verification: Verification | null;
  readonly parallel: Parallel;
  readonly wanted: readonly WantedRun[];
  /** How many parameters each variant has. */
  readonly parameters: ReadonlyMap<Variant, number>;
  /** Of the encoded rows. */
  readonly fingerprint: string;
  /** The lines that a person reads before the runs begin. */
  readonly facts: readonly string[];
}

interface ComparisonRequest {
  readonly experiment: Experiment;
  readonly variants: readonly Variant[];
  readonly fitting: Fitting;
  /**
   * Returns the runs to train, given the variants that can take the settings, and the experiment with what
   * was chosen for its table.
   */
  readonly runs: (variants: readonly Variant[], experiment: Experiment) => readonly WantedRun[];
  readonly source: ExperimentFile;
  readonly runsFolder: string;
  /** The number of runs to train at once; null: as many as there are cores. */
  readonly parallel: number | null;
  /** The threads of each run's engine; null: the experiment's, shared out among those that run at once. */
  readonly threads: number | null;
  onProgress(text: string): void;
  onNote(text: string): void;
}

interface PlannedVariant {
  readonly variant: Variant;
  readonly made: TrainingPlan;
}

/** Reads the data once for all runs, after which this process has room again. */
export async function planComparison(request: ComparisonRequest): Promise<ComparisonPlan> {
  const { experiment, variants, fitting, source, runsFolder } = request;
  const data = await readData(experiment, source, (text) => request.onProgress(text), {
    onNote: (text) => request.onNote(text),
  });
  const plans = fitting.keep(variants, (variant) =>
    planTraining(withVariant(experiment, variant), data, source),
  );
  const wanted = request.runs(
    plans.map(({ variant }) => variant),
    settled(experiment, data, source).experiment,
  );
  await makeRunsFolder(runsFolder);
  const rows = writeRowsForAll(runsFolder, data);
  const free = freeMemory();
  const parallel = chooseParallel({
    runs: wanted.length,
    wanted: request.parallel,
    cores: availableParallelism(),
    threads: plans[0]!.made.threads,
    threadsEach: request.threads,
    free,
    bytesPerRun: (threads) =>
      programBytes +
      Math.max(...plans.map(({ made }) => estimateMemory(made.description, sizesOf({ ...made, threads })))),
  });
  const facts = [
    ...factsOfAll(wanted.length, data, parallel, free),
    ...factsOfVariants(plans, fitting.leftOut),
    ...[...data.warnings, ...leakWarnings(data), ...plans.flatMap(({ made }) => made.warnings)].map(
      (warning) => `warning: ${warning}`,
    ),
  ];
  const verification = data.stream?.verification() ?? null;
  const parameters = new Map(plans.map(({ variant, made }) => [variant, made.parameters]));
  return { rows, verification, parallel, facts, wanted, parameters, fingerprint: data.fingerprint };
}

/** Returns what starts the trainers of a comparison: as many as train at once, on the same rows. */
export const trainersFor = ({ rows, parallel }: ComparisonPlan, runsFolder: string): PoolOptions => ({
  ...{ runsFolder, rowsFile: rows.file },
  ...{ lanes: parallel.runs, threads: parallel.threads },
});

function factsOfAll(runs: number, data: PreparedData, parallel: Parallel, free: number): string[] {
  const rows = [data.train, data.validation, data.test].map((part) => formatCount(part?.rows ?? 0));
  const threads = parallel.threads === 1 ? 'one thread each' : `${parallel.threads} threads each`;
  const first =
    `${runs} runs, ${parallel.runs} at a time with ${threads}; ` +
    `${rows.join(' / ')} rows to train / validate / test`;
  return parallel.limitedByMemory
    ? [first, `more at a time might not fit into the ${formatBytes(free)} of memory that are free`]
    : [first];
}

function factsOfVariants(plans: readonly PlannedVariant[], leftOut: readonly LeftOut[]): string[] {
  const parameters = plans.map(({ variant, made }) => `${variant} ${formatCount(made.parameters)}`);
  return [
    `parameters: ${parameters.join(', ')}`,
    ...chosenLines(plans[0]!.made.chosen, plans[0]!.made.data.train.rows),
    ...plans.flatMap(({ variant, made: { matched } }) =>
      matched === null ? [] : [`${variant}: ${matchText(matched)}`],
    ),
    ...leftOut.map(({ variant, why }) => `${variant} is left out: ${why}`),
  ];
}
