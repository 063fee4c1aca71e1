import type { PreparedData } from '../../data/prepared.js';
import { readPreparedData } from '../../data/write/rows-file.js';
import { experimentNameOf, experimentOf } from '../runs/kept-experiment.js';
import { endUntrained, failRun } from '../training/end-run.js';
import {
  checkpointsOf,
  otherTargetWarning,
  threadsOf,
  withSameEngine,
  withSameRows,
} from '../training/go-on.js';
import { openRunToTrain } from '../training/open-run.js';
import { startMembers } from '../training/start-members.js';
import { trainRun } from '../training/train-run.js';
import { planTraining } from '../training/training-plan.js';
import { measureTrainings } from './measure.js';
import { rowsDescriptor, type MeasureOrder } from './messages.js';

/** What goes for all queued runs. */
interface Training {
  /** The threads of each run's engine, where it has not begun with others. */
  readonly threads: number;
  /** The process that holds the runs for this one. */
  readonly from: number;
  readonly stop: { readonly requested: boolean };
}

/** Trains queued runs, or goes on with them, on the rows that their program has encoded. */
export class QueuedRuns {
  private readonly rows = new RowsOfAll();

  constructor(private readonly training: Training) {}

  /** Trains the run in this folder, which says how it ended. */
  async train(folder: string): Promise<void> {
    const { threads, from, stop } = this.training;
    const { rows } = this;
    const writer = await openRunToTrain(folder, from);
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

  /** Looks at how long experiments take to train. */
  measure(order: MeasureOrder, onMeasured: (index: number, seconds: number) => void): Promise<void> {
    const { threads, stop } = this.training;
    return measureTrainings(order, {
      data: ({ data }) => this.rows.read(data.window),
      ...{ threads, stop, onMeasured },
    });
  }
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
