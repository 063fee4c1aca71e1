import { workspaceOf } from '../../experiment/load.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { findComparison, type FoundRun } from '../runs/find-comparison.js';
import { RunView } from '../terminal/run-view.js';
import type { Output } from '../terminal/terminal.js';
import { readGit } from '../training/git.js';
import { withSameRows } from '../training/go-on.js';
import { withTrainers } from '../trainers/pool.js';
import { planComparison, trainersFor, type ComparisonPlan } from './comparison-plan.js';
import type { ComparisonTraining } from './comparison-training.js';
import { Fitting } from './fitting.js';
import { keepAlive } from './keep-alive.js';
import { missingOf, takeMissing, type TakenRuns, type Unfinished } from './take-runs.js';
import type { EndedRun } from './train-all.js';
import { tellTime } from './time/tell-time.js';

interface ResumeRequest {
  /** The comparison's id, a unique start of it, or its name. */
  readonly wanted: string;
  readonly runsFolder: string;
  /** The number of runs to train at once; null: as many as there are cores. */
  readonly parallel: number | null;
  readonly output: Output;
  readonly json: boolean;
}

/**
 * Goes on with a comparison: runs that have finished stay, the others go on from their checkpoints, and those
 * that are gone are made again. Returns the exit code.
 */
export async function resumeComparison(
  training: ComparisonTraining,
  request: ResumeRequest,
): Promise<number> {
  const { runsFolder, output } = request;
  const unfinished = missingOf(await findComparison(request.wanted, runsFolder));
  const { comparison, runs, missing, file } = unfinished;
  const taken = await takeMissing(unfinished, runsFolder);
  training.taken.adopt(taken.writers[0]!, {
    stopped: () => taken.giveBack(),
    failed: (error) => {
      taken.giveBack();
      return error;
    },
  });
  let plan: ComparisonPlan;
  try {
    for (const line of factsOf(unfinished)) output.line(line);
    plan = await prepare(unfinished, taken, request);
  } catch (error) {
    throw training.taken.fail(error);
  }
  try {
    for (const line of plan.facts) output.line(line);
    const queued = new Map(missing.map((one, index) => [one, taken.writers[index]!.id]));
    return await withTrainers(trainersFor(plan, runsFolder), async (pool) => {
      const time = await tellTime(pool.trainers(), plan, { path: file, output, goesOn: true });
      return training.run(plan, {
        ...{ pool, time, comparison },
        queue: () => Promise.resolve(taken.writers),
        ids: () => runs.map((one) => queued.get(one) ?? one.run!.manifest.id),
        before: runs.filter((one) => !queued.has(one)).map(({ run }) => endedBefore(run!)),
        json: request.json ? { warnings: [] } : null,
      });
    });
  } finally {
    plan.rows.close();
  }
}

/** Reads the data again. Throws InputError where it is no longer what the comparison began with. */
async function prepare(
  { comparison, experiment, file, runs, missing, plans }: Unfinished,
  { writers }: TakenRuns,
  { runsFolder, parallel, output }: ResumeRequest,
): Promise<ComparisonPlan> {
  const reading = new RunView(output);
  try {
    const begun = runs.flatMap(({ run }) => (run === null ? [] : [run.manifest]));
    const [plan, git] = await Promise.all([
      planComparison({
        experiment: withSameRows(experiment, { data: begun.flatMap(({ data }) => data ?? [])[0] ?? null }),
        variants: [...new Set(missing.map(({ variant }) => variant))],
        fitting: new Fitting(false),
        runs: () => missing,
        source: { path: file, text: null },
        runsFolder,
        parallel,
        threads: plans.length === 0 ? threadsOf(begun) : Math.max(...plans.map(({ threads }) => threads)),
        onProgress: (text) => {
          keepAlive(writers);
          reading.phase(text);
        },
        onNote: (text) => reading.line(text),
      }),
      readGit(workspaceOf(file)),
    ]);
    const known = [...plans, ...begun.flatMap(({ data }) => data ?? [])];
    if (known.some(({ fingerprint }) => fingerprint !== plan.fingerprint)) {
      plan.rows.close();
      throw new InputError(
        'compare.data-changed',
        `the data has changed since comparison ${comparison.id} began; compare anew`,
        { file },
      );
    }
    for (const writer of writers) writer.update({ git });
    return plan;
  } finally {
    reading.clear();
  }
}

/** Returns the threads that the runs of an older comparison have trained with; null: none has. */
const threadsOf = (begun: readonly RunManifest[]): number | null =>
  begun.flatMap(({ engine }) => (engine === null ? [] : [engine.threads]))[0] ?? null;

function factsOf({ comparison, runs, missing, plans }: Unfinished): string[] {
  const stay = runs.length - missing.length;
  const gone = missing.filter(({ run }) => run === null).length;
  return [
    `going on with comparison ${comparison.id} (${comparison.name}): ${missing.length} of ${runs.length} runs ` +
      `to train${gone === 0 ? '' : `, ${gone} of them made again`}; ${stay} stay as they are`,
    ...(plans.length === 0
      ? ['an older version began it: runs of it whose folders are gone cannot be known, and are not trained']
      : []),
  ];
}

function endedBefore({ manifest, status }: FoundRun): EndedRun {
  const finished = status === 'finished';
  return {
    name: manifest.name,
    state: finished ? 'finished' : 'failed',
    manifest,
    problem: finished ? null : (manifest.error?.message ?? status),
  };
}
