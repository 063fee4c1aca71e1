import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { ExperimentText } from '../../experiment/experiment-error.js';
import { readExperiment, experimentWithVariant, workspaceOf } from '../../experiment/load.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Variant } from '../../experiment/schema/variants.js';
import { estimateMemory } from '../../network/memory.js';
import { makeRunsFolder } from '../../run/create-run.js';
import { newRunId } from '../../run/id.js';
import { runsFolderFor } from '../../run/run-paths.js';
import type { RunWriter } from '../../run/writer.js';
import { compareVariants } from '../../shared/comparison.js';
import { InputError } from '../../shared/errors.js';
import type { Problem } from '../../shared/reports.js';
import type { RunManifest } from '../../shared/run.js';
import { Fitting } from '../comparison/fitting.js';
import { chooseParallel, freeMemory, programBytes, type Parallel } from '../comparison/parallel.js';
import { comparisonReport } from '../comparison/report.js';
import { writeRowsForAll, type RowsForAll } from '../comparison/rows-for-all.js';
import { TrainAll, type EndedRun } from '../comparison/train-all.js';
import { ComparisonView } from '../comparison/view.js';
import { comparisonWarnings } from '../comparison/warnings.js';
import {
  chosenVariants,
  comparisonName,
  runsOf,
  seedsFrom,
  withVariant,
  type WantedRun,
} from '../comparison/wanted-runs.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { readGit } from '../training/git.js';
import { experimentField } from '../training/manifest-fields.js';
import { matchText } from '../terminal/model-text.js';
import { formatBytes, formatCount } from '../../shared/numbers.js';
import { makePlan, readData, sizesOf } from '../training/training-plan.js';
import { printWarnings } from '../terminal/problems.js';
import { RunView } from '../terminal/run-view.js';
import { StopSignals } from '../training/stop-signals.js';
import { printError, stderr, stdout } from '../terminal/terminal.js';
import { begin, markStopped } from './train.js';

export interface CompareOptions {
  readonly variants?: string;
  /** Of `variants`, those that cannot take the experiment's settings; of all variants they always are. */
  readonly leaveOut?: boolean;
  readonly seeds: number;
  readonly parallel?: number;
  readonly set: readonly string[];
  readonly runs?: string;
  /** Of the comparison, where who started this must know it before there are runs. */
  readonly id?: string;
  readonly json?: boolean;
}

/** Queues a run for every variant and seed and trains them all, some at once, on the same rows. */
export async function compareCommand(file: string, options: CompareOptions): Promise<number> {
  const output = options.json === true ? stderr : stdout;
  const reading = new RunView(output);
  let view: { line(text?: string): void } = reading;
  let all: TrainAll | null = null;
  const stop = new StopSignals(
    () => {
      view.line('stopping after a checkpoint; once more to stop at once');
      all?.stop();
    },
    () => all?.kill(),
  );
  const path = resolve(file);
  const runsFolder = options.runs === undefined ? runsFolderFor(workspaceOf(path)) : resolve(options.runs);
  const source = { path, text: await readExperiment(path), sets: options.set };
  const fitting = new Fitting(options.variants === undefined || options.leaveOut === true);
  const sound = fitting.keep(chosenVariants(options.variants), (variant) =>
    experimentWithVariant(source, variant),
  );
  const variants = sound.map(({ variant }) => variant);
  const { experiment } = sound[0]!.made;
  const seeds = seedsFrom(experiment, options.seeds);
  if (Number.isNaN(options.parallel))
    throw new InputError('compare.parallel', '--parallel takes a whole number, at least 1');
  const warnings = comparisonWarnings(
    sound.map(({ variant, made }) => ({ variant, warnings: made.warnings })),
  );
  printWarnings(warnings);
  const [{ rows, parallel, facts, wanted }, git] = await Promise.all([
    encode({ experiment, variants, fitting, seeds, source, runsFolder, options, view: reading }),
    readGit(workspaceOf(path)),
  ]);
  reading.clear();
  const kept = [...new Set(wanted.map(({ variant }) => variant))];
  const { leftOut } = fitting;
  const comparison = {
    id: options.id ?? newRunId(new Date()),
    name: comparisonName(experiment, kept, seeds.length),
    ...(leftOut.length > 0 && { leftOut }),
  };
  try {
    for (const line of facts) reading.line(line);
    // From here on there are runs, which a signal must not leave behind half begun.
    stop.nothingToSave = null;
    const queued = await queueRuns(runsFolder, path, wanted, { comparison, git });
    const progress = new ComparisonView(output, queued.length);
    view = progress;
    all = new TrainAll(queued, progress, {
      parallel: parallel.runs,
      threads: parallel.threads,
      rowsFile: rows.file,
    });
    if (stop.requested) all.stop();
    const ended = await all.run();
    report(progress, {
      comparison,
      ids: queued.map(({ id }) => id),
      ended,
      json: options.json === true ? { warnings } : null,
    });
    if (stop.requested) return exitCodes.stopped;
    return ended.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCodes.done;
  } finally {
    rows.close();
  }
}

/**
 * Reads the data once. What comes back holds none of it: it is in the trainers' file, and this process has
 * room again.
 */
async function encode(request: {
  experiment: Experiment;
  variants: readonly Variant[];
  fitting: Fitting;
  seeds: readonly number[];
  source: ExperimentText;
  runsFolder: string;
  options: CompareOptions;
  view: RunView;
}): Promise<{ rows: RowsForAll; parallel: Parallel; facts: string[]; wanted: WantedRun[] }> {
  const { experiment, variants, fitting, seeds, source, runsFolder, options, view } = request;
  const data = await readData(experiment, source, (text) => view.phase(text));
  const plans = fitting.keep(variants, (variant) => makePlan(withVariant(experiment, variant), data, source));
  const wanted = runsOf(
    experiment,
    plans.map(({ variant }) => variant),
    seeds,
  );
  await makeRunsFolder(runsFolder);
  const rows = writeRowsForAll(runsFolder, data);
  const free = freeMemory();
  const parallel = chooseParallel({
    runs: wanted.length,
    wanted: options.parallel ?? null,
    cores: availableParallelism(),
    threads: plans[0]!.made.threads,
    free,
    bytesPerRun: (threads) =>
      programBytes +
      Math.max(...plans.map(({ made }) => estimateMemory(made.description, sizesOf({ ...made, threads })))),
  });
  const count = (part: { rows: number } | null): string => formatCount(part?.rows ?? 0);
  const threads = parallel.threads === 1 ? 'one thread each' : `${parallel.threads} threads each`;
  const facts = [
    `${wanted.length} runs, ${parallel.runs} at a time with ${threads}; ` +
      `${count(data.train)} / ${count(data.validation)} / ${count(data.test)} rows to train / validate / test`,
    ...(parallel.limitedByMemory
      ? [`more at a time might not fit into the ${formatBytes(free)} of memory that are free`]
      : []),
    `parameters: ${plans.map(({ variant, made }) => `${variant} ${formatCount(made.parameters)}`).join(', ')}`,
    ...plans.flatMap(({ variant, made: { matched } }) =>
      matched === null ? [] : [`${variant}: ${matchText(matched)}`],
    ),
    ...fitting.leftOut.map(({ variant, why }) => `${variant} is left out: ${why}`),
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ];
  return { rows, parallel, facts, wanted };
}

/** All or none: what was made is marked as stopped where the rest cannot be. */
async function queueRuns(
  runsFolder: string,
  path: string,
  wanted: readonly WantedRun[],
  shared: Pick<RunManifest, 'comparison' | 'git'>,
): Promise<RunWriter[]> {
  const queued: RunWriter[] = [];
  try {
    for (const { experiment, name } of wanted) {
      const writer = await begin(runsFolder, path, {
        name,
        seed: experiment.training.seed,
        comparison: shared.comparison,
      });
      queued.push(writer);
      // Its trainer reads it there, and a run that never gets its turn can be resumed all the same.
      writer.update({ experiment: experimentField(experiment), git: shared.git });
    }
    return queued;
  } catch (error) {
    for (const writer of queued) markStopped(writer);
    throw error;
  }
}

function report(
  view: ComparisonView,
  {
    comparison,
    ids,
    ended,
    json,
  }: {
    comparison: RunManifest['comparison'];
    ids: string[];
    ended: readonly EndedRun[];
    json: { readonly warnings: readonly Problem[] } | null;
  },
): void {
  for (const { name, state, problem } of ended) if (state === 'failed') printError(`${name}: ${problem}`);
  const finished = ended.flatMap(({ state, manifest }) =>
    state === 'finished' && manifest !== null ? [manifest] : [],
  );
  const rows = compareVariants(finished.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)));
  const left = ended.length - finished.length;
  view.line();
  for (const line of comparisonReport(rows)) view.line(line);
  if (left > 0)
    view.line(
      `${left} of ${ended.length} runs did not finish and ${left === 1 ? 'is' : 'are'} not in the table`,
    );
  if (json !== null) stdout.line(JSON.stringify({ comparison, runs: ids, rows, ...json }, null, 2));
}
