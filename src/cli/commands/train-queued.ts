import { closeSync } from 'node:fs';
import { readPreparedData } from '../../data/write/rows-file.js';
import type { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import { rowsDescriptor } from '../comparison/trainer-process.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { experimentNameOf, experimentOf } from '../runs/kept-experiment.js';
import { endUntrained, exitCodeOf, failRun } from '../training/end-run.js';
import { openRunToTrain } from '../training/open-run.js';
import {
  checkpointsOf,
  otherTargetWarning,
  threadsOf,
  withSameEngine,
  withSameRows,
} from '../training/go-on.js';
import { startMembers } from '../training/start-members.js';
import { onStopSignal } from '../training/stop-signals.js';
import { trainRun } from '../training/train-run.js';
import { planTraining } from '../training/training-plan.js';

export interface TrainQueuedOptions {
  readonly threads: number;
  readonly from: number;
}

/** Trains one run of a comparison, or goes on with it, on the rows that its program (process `from`) has encoded. */
export async function trainQueuedCommand(
  folder: string,
  { threads, from }: TrainQueuedOptions,
): Promise<number> {
  if (!(threads >= 1 && from >= 1))
    throw new InputError('compare.internal', 'mmoe compare starts this itself; use mmoe train');
  const stop = new StopRequest();
  try {
    return await trainQueued(await openRunToTrain(folder, from), threads, stop);
  } finally {
    stop.dispose();
  }
}

async function trainQueued(writer: RunWriter, threads: number, stop: StopRequest): Promise<number> {
  let plan;
  let members;
  let resume;
  try {
    const { manifest, paths } = writer;
    const experiment = withSameEngine(withSameRows(experimentOf(manifest, paths), manifest), manifest);
    const data = readPreparedData(rowsDescriptor, experiment.data.window);
    if (data.stream === null) closeSync(rowsDescriptor);
    plan = planTraining(
      experiment,
      data,
      { path: experimentNameOf(manifest, paths), text: null },
      threadsOf(manifest) ?? threads,
    );
    members = await startMembers(plan);
    const warning = otherTargetWarning(manifest, members.info);
    if (warning !== null) writer.log(warning);
    resume = await checkpointsOf(writer, plan);
  } catch (error) {
    throw failRun(writer, error);
  }
  if (stop.requested || writer.stopRequested()) {
    endUntrained(writer);
    members.dispose();
    return exitCodes.stopped;
  }
  const view = { start: ignore, event: ignore, tick: ignore, clear: ignore };
  const ended = await trainRun({
    plan,
    members,
    writer,
    view,
    stop,
    git: writer.manifest.git,
    resume,
  });
  return exitCodeOf(ended);
}

/** Shows nothing: progress is read from the run folder. */
const ignore = (): void => undefined;

/** Stops after a checkpoint, however often it is asked: it is the comparison that ends all at once. */
class StopRequest {
  requested = false;

  constructor() {
    const request = (): void => {
      this.requested = true;
    };
    onStopSignal(request);
    // Closed by the comparison, or with it.
    for (const event of ['end', 'close', 'error']) process.stdin.on(event, request);
    process.stdin.resume();
  }

  /** Lets the process end. */
  dispose(): void {
    process.stdin.destroy();
  }
}
