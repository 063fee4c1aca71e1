import type { PreparedData } from '../../data/prepared.js';
import { readPreparedData } from '../../data/write/rows-file.js';
import type { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import { measureTrainings } from '../comparison/trainers/measure.js';
import { parseOrder, type TrainerOrder, type TrainerReport } from '../comparison/trainers/messages.js';
import { rowsDescriptor } from '../comparison/trainers/trainer-process.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { experimentNameOf, experimentOf } from '../runs/kept-experiment.js';
import { endUntrained, failRun } from '../training/end-run.js';
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

/**
 * Trains runs of a comparison, or goes on with them, on the rows that its program (process `from`) has encoded: those
 * that it is sent, one after the other. Before, it may be asked how long they will take.
 */
export async function trainQueuedCommand({ threads, from }: TrainQueuedOptions): Promise<number> {
  if (process.send === undefined || !(threads >= 1 && from >= 1))
    throw new InputError('compare.internal', 'mmoe compare starts this itself; use mmoe train');
  const report = (what: TrainerReport): boolean | undefined => process.send?.(what);
  const stop = new StopRequest();
  const orders = new Orders(stop);
  const rows = new RowsOfAll();
  try {
    for (let order = await orders.next(); order !== null; order = await orders.next()) {
      if (order.is === 'train') {
        await trainQueued(await openRunToTrain(order.folder, from), rows, threads, stop);
        report({ is: 'ended' });
      } else {
        await measureTrainings(order, {
          data: ({ data }) => rows.read(data.window),
          threads,
          stop,
          onMeasured: (index, seconds) => report({ is: 'measured', index, seconds }),
        });
        report({ is: 'looked' });
      }
    }
    return exitCodes.done;
  } finally {
    stop.dispose();
    process.disconnect();
  }
}

async function trainQueued(
  writer: RunWriter,
  rows: RowsOfAll,
  threads: number,
  stop: StopRequest,
): Promise<void> {
  let plan;
  let members;
  let resume;
  try {
    const { manifest, paths } = writer;
    const experiment = withSameEngine(withSameRows(experimentOf(manifest, paths), manifest), manifest);
    plan = planTraining(
      experiment,
      rows.read(experiment.data.window),
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
    return;
  }
  const view = { start: ignore, event: ignore, tick: ignore, clear: ignore };
  await trainRun({ plan, members, writer, view, stop, git: writer.manifest.git, resume });
}

/** The rows of all runs, which are read once where they are in memory. */
class RowsOfAll {
  private data: PreparedData | null = null;

  read(window: number | undefined): PreparedData {
    if (this.data !== null) return this.data;
    const data = readPreparedData(rowsDescriptor, window);
    // A stream is where its run is.
    if (data.stream === null) this.data = data;
    return data;
  }
}

/** Shows nothing: progress is read from the run folder. */
const ignore = (): void => undefined;

/** What the comparison asks for. */
class Orders {
  private readonly waiting: TrainerOrder[] = [];
  private heard: (() => void) | null = null;

  constructor(private readonly stop: StopRequest) {
    process.on('message', (message) => {
      const order = parseOrder(message);
      if (order !== null) this.waiting.push(order);
      this.heard?.();
    });
    stop.onRequest = () => this.heard?.();
  }

  /** Returns the next one; null: there is none any more. */
  async next(): Promise<TrainerOrder | null> {
    for (;;) {
      const order = this.waiting.shift();
      if (order !== undefined) return order;
      if (this.stop.requested) return null;
      await new Promise<void>((resolve) => (this.heard = resolve));
    }
  }
}

/** Stops after a checkpoint, however often it is asked: it is the comparison that ends all at once. */
class StopRequest {
  requested = false;
  onRequest: () => void = ignore;

  constructor() {
    const request = (): void => {
      this.requested = true;
      this.onRequest();
    };
    onStopSignal(request);
    // Closed by the comparison, or with it.
    for (const event of ['end', 'close', 'error']) process.stdin.on(event, request);
    process.stdin.resume();
    // What it prints has nobody to read it when the comparison is gone: that is no fault of the training.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  }

  /** Lets the process end. */
  dispose(): void {
    process.stdin.destroy();
  }
}
