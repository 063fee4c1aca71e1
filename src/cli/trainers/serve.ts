import { InputError, WorkError } from '../../shared/errors.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { describeInputError } from '../failure.js';
import { onStopSignal } from '../training/stop-signals.js';
import type { LineTrainer } from './lines/train-line.js';
import { parseOrder, type LineRequest, type TrainerOrder, type TrainerReport } from './messages.js';
import type { QueuedRuns } from './queued-runs.js';

export interface ServeOptions {
  readonly threads: number;
  /** The process of the program that has started it, which holds the queued runs. */
  readonly from: number;
}

/**
 * Trains what its program sends it, one after the other: queued runs, and runs of studies to their lines. Before, it may
 * be asked how long they will take.
 */
export async function serveTraining({ threads, from }: ServeOptions): Promise<number> {
  if (process.send === undefined || !(threads >= 1 && from >= 1))
    throw new InputError(
      'trainers.internal',
      'mmoe compare and mmoe study start this themselves; use mmoe train',
    );
  const report = (what: TrainerReport): boolean | undefined => process.send?.(what);
  const stop = new StopRequest();
  const orders = new Orders(stop);
  // What trains lines reads tables, which trainers of a comparison never do: each is loaded where it is needed.
  let loadedRuns: QueuedRuns | null = null;
  let loadedLines: LineTrainer | null = null;
  const runs = async (): Promise<QueuedRuns> =>
    (loadedRuns ??= new (await import('./queued-runs.js')).QueuedRuns({ threads, from, stop }));
  const lines = async (): Promise<LineTrainer> =>
    (loadedLines ??= new (await import('./lines/train-line.js')).LineTrainer(threads, stop));
  try {
    for (let order = await orders.next(); order !== null; order = await orders.next()) {
      switch (order.is) {
        case 'run':
          await (await runs()).train(order.folder);
          report({ is: 'ended' });
          break;
        case 'measure':
          await (await runs()).measure(order, (index, seconds) => report({ is: 'measured', index, seconds }));
          report({ is: 'looked' });
          break;
        case 'line': {
          const found = stop.requested ? null : await lineOf(await lines(), order, stop);
          if (found !== null) report(found);
        }
      }
    }
    return exitCodes.done;
  } finally {
    stop.dispose();
    process.disconnect();
  }
}

/** Returns what there is to report of a line; null: it was stopped. Throws what another process may do better. */
async function lineOf(
  trainer: LineTrainer,
  order: LineRequest,
  stop: StopRequest,
): Promise<TrainerReport | null> {
  stop.endsAtOnce = true;
  try {
    return { is: 'line', line: await trainer.train(order, () => (stop.endsAtOnce = false)) };
  } catch (error) {
    if (stop.requested) return null;
    if (error instanceof InputError)
      return { is: 'refused', fault: 'input', code: error.code, message: describeInputError(error) };
    if (error instanceof WorkError)
      return { is: 'refused', fault: 'work', code: error.code, message: error.message };
    throw error;
  } finally {
    stop.endsAtOnce = false;
  }
}

/** What the program asks for. */
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

/** Stops after a checkpoint, however often it is asked: it is the program that ends all at once. */
class StopRequest {
  requested = false;
  /** Whether nothing is lost by an end without a checkpoint. */
  endsAtOnce = false;
  onRequest: () => void = ignore;

  constructor() {
    const request = (): void => {
      this.requested = true;
      if (this.endsAtOnce) process.exit(exitCodes.stopped);
      this.onRequest();
    };
    onStopSignal(request);
    // Closed by the program, or with it.
    for (const event of ['end', 'close', 'error']) process.stdin.on(event, request);
    process.stdin.resume();
    // What it prints has nobody to read it when the program is gone: that is no fault of the training.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  }

  /** Lets the process end. */
  dispose(): void {
    process.stdin.destroy();
  }
}

const ignore = (): void => undefined;
