import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment } from '../../experiment/schema.js';
import { doLater } from '../../run/files/file-work.js';
import { withLock } from '../../run/files/lock.js';
import { removeFile } from '../../run/files/run-file.js';
import { runPaths } from '../../run/files/run-paths.js';
import type { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import { mayGoOn, variantOf } from '../../shared/run/comparison-rest.js';
import type { PlannedComparison, RunManifest } from '../../shared/run/run-manifest.js';
import { hasDiverged } from '../../shared/run/run-status.js';
import type { FoundComparison, FoundRun } from '../runs/find-comparison.js';
import { experimentFileOf, experimentOf } from '../runs/kept-experiment.js';
import { endUntrained } from '../training/end-run.js';
import { waitingFor } from '../training/go-on.js';
import { experimentField } from '../training/manifest-fields.js';
import { createRun, openRunToTrain } from '../training/open-run.js';
import { chosenVariants, runsOf, type WantedRun } from './wanted-runs.js';

/** A run that the comparison was to train, with the one that it has for it. */
interface PlannedRun extends WantedRun {
  /** Null: its folder is gone. */
  readonly run: FoundRun | null;
  /** What a run that is made for it says of its comparison. */
  readonly comparison: NonNullable<RunManifest['comparison']>;
}

/** What a comparison has, and what is missing. */
export interface Unfinished {
  readonly comparison: NonNullable<RunManifest['comparison']>;
  /** The experiment of one of its runs; variant and seed are each run's own. */
  readonly experiment: Experiment;
  /** The experiment's file, which may be gone. */
  readonly file: string;
  /** All, in the order in which they are trained. */
  readonly runs: readonly PlannedRun[];
  readonly missing: readonly PlannedRun[];
  /** What it was to train; empty: it is one of a version that did not write this down. */
  readonly plans: readonly PlannedComparison[];
}

/** Finds out what a comparison is missing. Throws InputError where that cannot be told, or nothing is. */
export function missingOf({ comparison, runs }: FoundComparison): Unfinished {
  const begun = runs.filter(({ manifest }) => manifest.experiment !== null);
  const [first] = begun;
  if (first === undefined)
    throw new InputError(
      'compare.not-started',
      `comparison ${comparison.id} was ended before it knew its experiment; begin it anew with mmoe compare FILE`,
    );
  const all: PlannedRun[] = [];
  for (const its of byPlan(begun)) {
    for (const one of plannedRuns(its, runs))
      if (!all.some((known) => keyOf(known) === keyOf(one))) all.push(one);
  }
  const missing = all.filter(({ run }) => run === null || mayGoOn(run));
  if (missing.length === 0) {
    const diverged = all.filter(({ run }) => run !== null && hasDiverged(run)).length;
    const how = diverged === 0 ? '' : ` (${diverged} of its runs diverged, and would again)`;
    throw new InputError(
      'compare.finished',
      `comparison ${comparison.id} has finished${how}; there is nothing to go on with`,
    );
  }
  const paths = runPaths(first.folder);
  return {
    comparison,
    experiment: experimentOf(first.manifest, paths),
    file: experimentFileOf(first.manifest, paths),
    runs: all,
    missing,
    plans: begun.flatMap(({ manifest }) => manifest.comparison?.planned ?? []),
  };
}

const keyOf = ({ variant, experiment }: WantedRun): string => `${variant} ${experiment.training.seed}`;

/** Parts runs by what their comparison was to train: another call may have joined it. */
function byPlan(runs: readonly FoundRun[]): FoundRun[][] {
  const parts = new Map<string, FoundRun[]>();
  for (const run of runs) {
    const key = JSON.stringify(run.manifest.comparison?.planned ?? null);
    const known = parts.get(key);
    if (known === undefined) parts.set(key, [run]);
    else known.push(run);
  }
  return [...parts.values()];
}

/** Returns what was to be trained, given the runs of one plan and all that there are. */
function plannedRuns(its: readonly FoundRun[], all: readonly FoundRun[]): PlannedRun[] {
  // A resume has noted the engine in the experiment that it has kept: one that never trained is as it was.
  const model = its.find(({ manifest }) => manifest.engine === null) ?? its[0]!;
  const comparison = model.manifest.comparison!;
  const { planned } = comparison;
  if (planned === undefined) return its.map((run) => ({ ...wantedAs(run), run, comparison }));
  const experiment = experimentOf(model.manifest, runPaths(model.folder));
  const variants = chosenVariants(planned.variants.join(','));
  return runsOf(experiment, variants, planned.seeds).map((one) => ({
    ...one,
    run: runFor(one, all),
    comparison,
  }));
}

/** Returns the run that the comparison has for a wanted one: one that has finished, or the first. */
function runFor(wanted: WantedRun, runs: readonly FoundRun[]): FoundRun | null {
  const seed = wanted.experiment.training.seed;
  const its = runs.filter(({ manifest }) =>
    manifest.experiment === null
      ? // It was made, and its maker ended before it wrote down what it is.
        manifest.name === wanted.name && manifest.seed === seed
      : manifest.seed === seed && variantOf(manifest.experiment) === wanted.variant,
  );
  return its.find(({ status }) => status === 'finished') ?? its[0] ?? null;
}

function wantedAs({ folder, manifest }: FoundRun): WantedRun {
  const experiment = experimentOf(manifest, runPaths(folder));
  return { variant: experiment.model.variant, experiment, name: manifest.name };
}

export interface TakenRuns {
  /** In the order in which they are trained. */
  readonly writers: readonly RunWriter[];
  /** Leaves them as they were found, and those that were made as stopped. */
  giveBack(): void;
}

/**
 * Takes the missing runs, and makes those whose folders are gone, all or none. Throws InputError where
 * somebody trains one of them.
 */
export async function takeMissing(
  { comparison, missing, file }: Unfinished,
  runsFolder: string,
): Promise<TakenRuns> {
  const ways: (() => void)[] = [];
  const giveBack = (): void => {
    for (const way of ways.splice(0)) way();
  };
  // Two that go on with the same comparison must not both make what is missing.
  const lock = join(await realpath(runsFolder), `.${comparison.id}.lock`);
  return withLock(lock, async () => {
    try {
      const taken = new Map<WantedRun, RunWriter>();
      for (const one of missing) {
        if (one.run === null) continue;
        const writer = await openRunToTrain(one.run.folder);
        // It is to train now, whatever was asked of the trainer before.
        await doLater(removeFile(writer.paths.stop));
        ways.push(waitingFor(writer));
        taken.set(one, writer);
        if (writer.manifest.experiment === null)
          writer.update({ experiment: experimentField(one.experiment) });
      }
      for (const one of missing) {
        if (one.run !== null) continue;
        const writer = await createRun(runsFolder, file, {
          name: one.name,
          experiment: one.experiment,
          comparison: one.comparison,
        });
        ways.push(() => endUntrained(writer));
        taken.set(one, writer);
      }
      return { writers: missing.map((one) => taken.get(one)!), giveBack };
    } catch (error) {
      giveBack();
      throw error;
    }
  });
}
