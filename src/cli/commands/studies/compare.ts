import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { experimentWithVariant, readExperiment, workspaceOf } from '../../../experiment/load.js';
import { newRunId } from '../../../run/id.js';
import { runsFolderFor } from '../../../run/files/run-paths.js';
import { InputError, WorkError } from '../../../shared/errors.js';
import { exitCodes } from '../../../shared/exit-codes.js';
import type { EstimateReport } from '../../../shared/messages/reports.js';
import { planComparison, trainersFor } from '../../comparison/comparison-plan.js';
import { ComparisonTraining } from '../../comparison/comparison-training.js';
import { Fitting } from '../../comparison/fitting.js';
import { queueRuns } from '../../comparison/queue-runs.js';
import { resumeComparison } from '../../comparison/resume-comparison.js';
import { chosenVariants, comparisonName, runsOf, seedsFrom } from '../../comparison/wanted-runs.js';
import { tellTime } from '../../comparison/time/tell-time.js';
import { comparisonWarnings } from '../../comparison/warnings.js';
import { runsFolderHere } from '../../runs/find-run.js';
import { printWarnings } from '../../terminal/problems.js';
import { RunView } from '../../terminal/run-view.js';
import { printJson, stderr, stdout, type Output } from '../../terminal/terminal.js';
import { readGit } from '../../training/git.js';
import { withTrainers } from '../../trainers/pool.js';

export interface CompareOptions {
  readonly variants?: string;
  /**
   * Leaves out those of `variants` that cannot take the experiment's settings. Without `variants` they always
   * are.
   */
  readonly leaveOut?: boolean;
  /** How many; absent: one. */
  readonly seeds?: number;
  readonly parallel?: number;
  readonly set: readonly string[];
  readonly runs?: string;
  /** The comparison's id, for a program that must know it before there are runs. */
  readonly id?: string;
  /** The comparison to go on with: its id, a start of it, or its name. */
  readonly resume?: string;
  /** Only tells how long it would take. */
  readonly estimate?: boolean;
  readonly json?: boolean;
}

/**
 * Queues a run for every variant and seed and trains them all, some at once, on the same rows; or goes on
 * with a comparison that was stopped or killed.
 */
export async function compareCommand(file: string | undefined, options: CompareOptions): Promise<number> {
  if (Number.isNaN(options.parallel))
    throw new InputError('compare.parallel', '--parallel takes a whole number, at least 1');
  const output = options.json === true ? stderr : stdout;
  const training = new ComparisonTraining(output);
  if (options.resume !== undefined) {
    refuseSettings(file, options);
    return resumeComparison(training, {
      wanted: options.resume,
      runsFolder: runsFolderHere(options.runs),
      parallel: options.parallel ?? null,
      output,
      json: options.json === true,
    });
  }
  if (file === undefined)
    throw new InputError(
      'compare.file',
      'name an experiment file, or with --resume the comparison to go on with; see mmoe compare --help',
    );
  const path = resolve(file);
  const runsFolder = options.runs === undefined ? runsFolderFor(workspaceOf(path)) : resolve(options.runs);
  if (options.estimate === true) return estimate(path, runsFolder, options, output);
  const { plan, warnings, comparison, git } = await prepare(path, runsFolder, options, output);
  try {
    for (const line of plan.facts) output.line(line);
    return await withTrainers(trainersFor(plan, runsFolder), async (pool) => {
      const time = await tellTime(pool.trainers(), plan, { path, output, goesOn: false });
      const timed = { ...comparison, ...(time !== null && { estimatedSeconds: Math.round(time.seconds) }) };
      return training.run(plan, {
        ...{ pool, time, comparison: timed },
        queue: () => queueRuns(runsFolder, path, plan.wanted, { comparison: timed, git }),
        ids: (queued) => queued,
        before: [],
        json: options.json === true ? { warnings } : null,
      });
    });
  } finally {
    plan.rows.close();
  }
}

/** Tells how long a comparison would take. It makes no run, and no folder for runs. */
async function estimate(
  path: string,
  runsFolder: string,
  options: CompareOptions,
  output: Output,
): Promise<number> {
  // The encoded rows lie somewhere while trainers look at them.
  const folder = existsSync(runsFolder) ? runsFolder : temporaryFolder();
  const { plan } = await prepare(path, folder, options, output);
  try {
    const time = await withTrainers(trainersFor(plan, folder), (pool) =>
      tellTime(pool.trainers(), plan, { path, output, goesOn: false }),
    );
    if (time === null)
      throw new WorkError('compare.estimate', 'how long it takes cannot be measured; mmoe compare says why');
    const { runs: parallel, threads } = plan.parallel;
    const { seconds, each, atMost } = time;
    const report: EstimateReport = {
      ...{ runs: plan.wanted.length, parallel, threads, seconds, atMost },
      each: Object.fromEntries(each),
    };
    if (options.json === true) printJson(report);
    return exitCodes.done;
  } finally {
    plan.rows.close();
  }
}

/** Makes a folder that is gone when the program ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mmoe-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A comparison goes on as it began: other settings would make its runs unlike each other. */
function refuseSettings(file: string | undefined, options: CompareOptions): void {
  const { variants, leaveOut, seeds, set, id, estimate: estimated } = options;
  const given = [
    ...(file === undefined ? [] : ['FILE']),
    ...(variants === undefined ? [] : ['--variants']),
    ...(leaveOut === true ? ['--leave-out'] : []),
    ...(seeds === undefined ? [] : ['--seeds']),
    ...(set.length === 0 ? [] : ['--set']),
    ...(id === undefined ? [] : ['--id']),
    ...(estimated === true ? ['--estimate'] : []),
  ];
  if (given.length > 0)
    throw new InputError(
      'compare.resume',
      `--resume goes on with the comparison as it began; leave out ${given.join(', ')}`,
    );
}

/** Reads the experiment and its data for all variants. Throws InputError if none of them fits. */
async function prepare(path: string, runsFolder: string, options: CompareOptions, output: Output) {
  const source = { path, text: await readExperiment(path), sets: options.set };
  const fitting = new Fitting(options.variants === undefined || options.leaveOut === true);
  const sound = fitting.keep(chosenVariants(options.variants), (variant) =>
    experimentWithVariant(source, variant),
  );
  const { experiment } = sound[0]!.made;
  const seeds = seedsFrom(experiment, options.seeds ?? 1);
  const warnings = comparisonWarnings(
    sound.map(({ variant, made }) => ({ variant, warnings: made.warnings })),
  );
  printWarnings(warnings);
  const reading = new RunView(output);
  const [plan, git] = await Promise.all([
    planComparison({
      experiment,
      variants: sound.map(({ variant }) => variant),
      fitting,
      runs: (kept, settled) => runsOf(settled, kept, seeds),
      source,
      runsFolder,
      parallel: options.parallel ?? null,
      threads: null,
      onProgress: (text) => reading.phase(text),
      onNote: (text) => reading.line(text),
    }),
    readGit(workspaceOf(path)),
  ]);
  reading.clear();
  const kept = [...new Set(plan.wanted.map(({ variant }) => variant))];
  const { leftOut } = fitting;
  const comparison = {
    id: options.id ?? newRunId(new Date()),
    name: comparisonName(experiment, kept, seeds.length),
    ...(leftOut.length > 0 && { leftOut }),
    planned: { variants: kept, seeds, threads: plan.parallel.threads, fingerprint: plan.fingerprint },
  };
  return { plan, warnings, comparison, git };
}
