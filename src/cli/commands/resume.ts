import { dirname } from 'node:path';
import { workspaceOf } from '../../experiment/load.js';
import type { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import { earlierOfRun } from '../earlier/earlier-run.js';
import { findRun, runsFolderHere } from '../runs/find-run.js';
import { readGit } from '../training/git.js';
import { experimentFileOf, experimentOf } from '../runs/kept-experiment.js';
import {
  checkpointsOf,
  otherTargetWarning,
  waitingFor,
  threadsOf,
  withSameEngine,
  withSameRows,
} from '../training/go-on.js';
import { openRunToTrain } from '../training/open-run.js';
import { readData } from '../training/read-data.js';
import { startMembersFrom, startOfPlan } from '../training/start-members.js';
import { TakenRun } from '../training/taken-run.js';
import { planTraining } from '../training/training-plan.js';
import { RunView } from '../terminal/run-view.js';
import { StopSignals } from '../training/stop-signals.js';
import { stderr, stdout } from '../terminal/terminal.js';
import { trainRun } from '../training/train-run.js';
import { announce, conclude } from '../training/training-report.js';

export async function resumeCommand(
  run: string,
  options: { runs?: string; json?: boolean },
): Promise<number> {
  const view = new RunView(options.json === true ? stderr : stdout);
  const taken = new TakenRun();
  const stop = new StopSignals(taken, () =>
    view.line('stopping after a checkpoint; once more to stop at once'),
  );
  const folder = await findRun(run, runsFolderHere(options.runs));
  const writer = await openRunToTrain(folder);
  const giveBack = waitingFor(writer);
  taken.adopt(writer, {
    stopped: giveBack,
    failed: (error) => {
      giveBack();
      return error;
    },
  });
  let prepared;
  try {
    prepared = await prepare(writer, view);
  } catch (error) {
    view.clear();
    throw taken.fail(error);
  }
  taken.begin();
  announce(view, prepared.plan, writer, prepared.start?.from);
  const manifest = await trainRun({ ...prepared, writer, view, stop });
  return conclude(view, manifest, folder, options.json === true ? { warnings: [] } : null);
}

/** The same experiment, data and engine as before; throws InputError where they are no longer to be had. */
async function prepare(writer: RunWriter, view: RunView) {
  const { manifest, paths } = writer;
  if (manifest.status === 'finished')
    throw new InputError('run.finished', `run ${manifest.id} has finished; there is nothing to go on with`);
  const experiment = experimentOf(manifest, paths);
  const file = experimentFileOf(manifest, paths);
  // Its file may say something else by now: errors name settings, not lines.
  const source = { path: file, text: null };
  const onProgress = (text: string): void => {
    writer.beat();
    view.phase(text);
  };
  const earlier = await earlierOfRun(experiment, paths, dirname(paths.folder));
  const [data, git] = await Promise.all([
    readData(withSameRows(experiment, manifest), source, onProgress, {
      onNote: (text) => view.line(text),
      ...(earlier !== null && { earlier: earlier.encoder }),
    }),
    readGit(workspaceOf(file)),
  ]);
  if (manifest.data !== null && manifest.data.fingerprint !== data.fingerprint) {
    throw new InputError(
      'run.data-changed',
      `the data has changed since run ${manifest.id} began; train it anew`,
      { file },
    );
  }
  const plan = planTraining(withSameEngine(experiment, manifest), data, source, threadsOf(manifest));
  const resume = await checkpointsOf(writer, plan);
  // A run with a checkpoint has all that it has started from in it.
  const start = resume === null && earlier !== null ? startOfPlan(earlier, plan) : null;
  const { members, from } = await startMembersFrom(plan, start);
  const warning = otherTargetWarning(manifest, members.info);
  if (warning !== null) view.line(warning);
  return { plan, members, git, resume, start: earlier && from && { earlier, from } };
}
