import { resolve } from 'node:path';
import { placed } from '../../experiment/experiment-error.js';
import { openExperiment, workspaceOf } from '../../experiment/load.js';
import { runsFolderFor } from '../../run/files/run-paths.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { defaultRunName } from '../../shared/names.js';
import { printWarnings } from '../terminal/problems.js';
import { RunView } from '../terminal/run-view.js';
import { stderr, stdout } from '../terminal/terminal.js';
import { endUntrained, failRun } from '../training/end-run.js';
import { readGit } from '../training/git.js';
import { createRun, openQueuedRun } from '../training/open-run.js';
import { earlierRunOf } from '../earlier/earlier-run.js';
import { withPlaces } from '../training/error-places.js';
import { readData } from '../training/read-data.js';
import { startMembersFrom, startOfPlan } from '../training/start-members.js';
import { StopSignals } from '../training/stop-signals.js';
import { TakenRun } from '../training/taken-run.js';
import { trainRun } from '../training/train-run.js';
import { planTraining } from '../training/training-plan.js';
import { announce, conclude } from '../training/training-report.js';

export interface TrainOptions {
  readonly set: readonly string[];
  readonly name?: string;
  readonly runs?: string;
  /** The queued run to train; without one a run is made once everything has been read. */
  readonly id?: string;
  readonly json?: boolean;
}

export async function trainCommand(file: string, options: TrainOptions): Promise<number> {
  const view = new RunView(options.json === true ? stderr : stdout);
  const taken = new TakenRun();
  const stop = new StopSignals(taken, () =>
    view.line('stopping after a checkpoint; once more to stop at once'),
  );
  const path = resolve(file);
  const runsFolder = options.runs === undefined ? runsFolderFor(workspaceOf(path)) : resolve(options.runs);
  if (options.id !== undefined) {
    const writer = await openQueuedRun(runsFolder, options.id);
    taken.adopt(writer, {
      stopped: () => endUntrained(writer),
      failed: (error) => failRun(writer, error),
    });
  }
  let prepared;
  try {
    prepared = await prepare(
      path,
      runsFolder,
      options.set,
      (text) => {
        taken.beat();
        view.phase(text);
      },
      (text) => view.line(text),
    );
  } catch (error) {
    view.clear();
    throw taken.fail(error);
  }
  const { plan, members, git, warnings, start } = prepared;
  if (taken.wasStopped()) {
    members.dispose();
    return exitCodes.stopped;
  }
  const writer =
    taken.begin() ??
    (await createRun(runsFolder, path, {
      name: options.name ?? defaultRunName(plan.experiment),
      experiment: plan.experiment,
    }));
  announce(view, plan, writer, start?.from);
  const manifest = await trainRun({ plan, members, writer, view, stop, git, resume: null, start });
  return conclude(view, manifest, writer.paths.folder, options.json === true ? { warnings } : null);
}

/** Reads the experiment and its data and starts the engine. Throws InputError if they do not fit. */
async function prepare(
  path: string,
  runsFolder: string,
  sets: readonly string[],
  onProgress: (text: string) => void,
  onNote: (text: string) => void,
) {
  const { experiment, file, warnings } = await openExperiment(path, sets);
  printWarnings(warnings);
  const earlier = await earlierRunOf(experiment, runsFolder).catch((error: unknown) => {
    throw placed(error, file);
  });
  const [data, git] = await Promise.all([
    readData(experiment, file, onProgress, { onNote, ...(earlier !== null && { earlier: earlier.encoder }) }),
    readGit(workspaceOf(path)),
  ]);
  const plan = planTraining(experiment, data, file);
  const start = earlier && withPlaces(file, () => startOfPlan(earlier, plan));
  const { members, from } = await startMembersFrom(plan, start);
  return { plan, members, git, warnings, start: earlier && from && { earlier, from } };
}
