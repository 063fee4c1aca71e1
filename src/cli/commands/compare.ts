import { resolve } from 'node:path';
import { experimentWithVariant, readExperiment, workspaceOf } from '../../experiment/load.js';
import { newRunId } from '../../run/id.js';
import { runsFolderFor } from '../../run/run-paths.js';
import { InputError } from '../../shared/errors.js';
import { exitCodes } from '../../shared/exit-codes.js';
import type { Problem } from '../../shared/messages/reports.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { planComparison, type ComparisonPlan } from '../comparison/comparison-plan.js';
import { Fitting } from '../comparison/fitting.js';
import { queueRuns } from '../comparison/queue-runs.js';
import { concludeComparison } from '../comparison/report.js';
import { TrainAll } from '../comparison/train-all.js';
import { ComparisonView } from '../comparison/view.js';
import { chosenVariants, comparisonName, seedsFrom } from '../comparison/wanted-runs.js';
import { comparisonWarnings } from '../comparison/warnings.js';
import { printWarnings } from '../terminal/problems.js';
import { RunView } from '../terminal/run-view.js';
import { stderr, stdout, type Output } from '../terminal/terminal.js';
import { readGit } from '../training/git.js';
import { StopSignals } from '../training/stop-signals.js';
import { TakenRun } from '../training/taken-run.js';

export interface CompareOptions {
  readonly variants?: string;
  /**
   * Leaves out those of `variants` that cannot take the experiment's settings. Without `variants` they always
   * are.
   */
  readonly leaveOut?: boolean;
  readonly seeds: number;
  readonly parallel?: number;
  readonly set: readonly string[];
  readonly runs?: string;
  /** The comparison's id, for a program that must know it before there are runs. */
  readonly id?: string;
  readonly json?: boolean;
}

/** Queues a run for every variant and seed and trains them all, some at once, on the same rows. */
export async function compareCommand(file: string, options: CompareOptions): Promise<number> {
  const path = resolve(file);
  const runsFolder = options.runs === undefined ? runsFolderFor(workspaceOf(path)) : resolve(options.runs);
  const output = options.json === true ? stderr : stdout;
  const training = new ComparisonTraining(output);
  const { plan, warnings, comparison, git } = await prepare(path, runsFolder, options, output);
  try {
    for (const line of plan.facts) output.line(line);
    return await training.run(plan, {
      path,
      runsFolder,
      comparison,
      git,
      json: options.json === true ? { warnings } : null,
    });
  } finally {
    plan.rows.close();
  }
}

/** Reads the experiment and its data for all variants. Throws InputError if none of them fits. */
async function prepare(path: string, runsFolder: string, options: CompareOptions, output: Output) {
  const source = { path, text: await readExperiment(path), sets: options.set };
  const fitting = new Fitting(options.variants === undefined || options.leaveOut === true);
  const sound = fitting.keep(chosenVariants(options.variants), (variant) =>
    experimentWithVariant(source, variant),
  );
  const { experiment } = sound[0]!.made;
  const seeds = seedsFrom(experiment, options.seeds);
  if (Number.isNaN(options.parallel))
    throw new InputError('compare.parallel', '--parallel takes a whole number, at least 1');
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
      seeds,
      source,
      runsFolder,
      parallel: options.parallel ?? null,
      onProgress: (text) => reading.phase(text),
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
  };
  return { plan, warnings, comparison, git };
}

interface PreparedComparison {
  readonly path: string;
  readonly runsFolder: string;
  readonly comparison: NonNullable<RunManifest['comparison']>;
  readonly git: RunManifest['git'];
  readonly json: { readonly warnings: readonly Problem[] } | null;
}

/** Trains the runs of a comparison, and hears the signals to this program from its start. */
class ComparisonTraining {
  private readonly taken = new TakenRun();
  private readonly stop: StopSignals;
  private view: { line(text?: string): void };
  private all: TrainAll | null = null;

  constructor(private readonly output: Output) {
    this.view = output;
    this.stop = new StopSignals(
      this.taken,
      () => {
        this.view.line('stopping after a checkpoint; once more to stop at once');
        this.all?.stop();
      },
      () => this.all?.kill(),
    );
  }

  /** Returns the exit code. */
  async run(plan: ComparisonPlan, prepared: PreparedComparison): Promise<number> {
    const { path, runsFolder, comparison, git, json } = prepared;
    this.taken.begin();
    const queued = await queueRuns(runsFolder, path, plan.wanted, { comparison, git });
    const progress = new ComparisonView(this.output, queued.length);
    this.view = progress;
    this.all = new TrainAll(queued, progress, {
      parallel: plan.parallel.runs,
      threads: plan.parallel.threads,
      rowsFile: plan.rows.file,
    });
    if (this.stop.requested) this.all.stop();
    const ended = await this.all.run();
    concludeComparison(progress, { comparison, ids: queued.map(({ id }) => id), ended, json });
    if (this.stop.requested) return exitCodes.stopped;
    return ended.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCodes.done;
  }
}
