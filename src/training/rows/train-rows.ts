import type { MemberRows, Members } from '../../engine/members.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { firstRows, type StreamedRows } from '../../network/streamed-rows.js';
import { blockOrder } from '../order.js';
import { stretchesOf, windowsOf, type Windows } from './windows.js';

/** The rows that steps are taken on: those at [start, end) of an epoch's order, of which each member has its own. */
export interface TrainWindow {
  /** From 0; null: it has all rows of the epoch. */
  readonly number: number | null;
  readonly start: number;
  readonly end: number;
  readonly rows: MemberRows;
}

/** The training rows of a training, as its members hold them. */
export interface TrainRows {
  /** The rows that the largest window has. */
  readonly most: number;
  /** Returns the window of an epoch that has the row at `position`; the one before it is gone then. */
  enter(epoch: number, position: number): Promise<TrainWindow>;
  release(): Promise<void>;
}

interface TrainRowsOptions {
  readonly members: Members;
  readonly batchSize: number;
  readonly seed: number;
  /** Of rows in a file: so many are shuffled among each other, about. */
  readonly window: number;
}

/** What is taught is a matter of the steps alone: metrics are taken on the labels. */
const asTaught = (rows: EncodedRows): EncodedRows => ({ ...rows, labels: rows.targets ?? rows.labels });

/** Rows in memory are one window. */
export class HeldTrainRows implements TrainRows {
  readonly most: number;
  readonly loaded: MemberRows;

  constructor(rows: EncodedRows, members: Members) {
    this.most = rows.rows;
    this.loaded = members.load(asTaught(rows));
  }

  enter(): Promise<TrainWindow> {
    return Promise.resolve({ number: null, start: 0, end: this.most, rows: this.loaded });
  }

  release(): Promise<void> {
    this.loaded.release();
    return Promise.resolve();
  }
}

/** Blocks that are asked for at once: the file system answers when the event loop has its turn. */
const blocksAtOnce = 48;

/** A window that is being read. */
interface Ahead {
  readonly epoch: number;
  readonly window: number;
  readonly into: EncodedRows;
  /** Resolves with the error where reading has failed, else with null. */
  readonly done: Promise<Error | null>;
}

/** Rows of a file, of which a window is in memory, and the next one is read meanwhile. */
export class StreamedTrainRows implements TrainRows {
  readonly most: number;
  private readonly windows: Windows;
  private readonly room: EncodedRows[];
  private current: { readonly window: TrainWindow; readonly into: EncodedRows } | null = null;
  private ahead: Ahead | null = null;

  constructor(
    private readonly rows: StreamedRows,
    private readonly options: TrainRowsOptions,
  ) {
    this.windows = windowsOf(rows.rows, options.window, options.batchSize);
    this.most = this.windows.most;
    // Two, or one that is all: it is read once.
    this.room = Array.from({ length: this.windows.count > 1 ? 2 : 1 }, () => rows.room(this.most));
  }

  async enter(epoch: number, position: number): Promise<TrainWindow> {
    const { windows } = this;
    const wanted = windows.at(position);
    if (windows.count === 1 && this.current !== null) return this.current.window;
    if (this.ahead?.epoch !== epoch || this.ahead.window !== wanted) {
      await this.dropAhead();
      this.ahead = this.begin(epoch, wanted);
    }
    const { into, done } = this.ahead;
    const failed = await done;
    this.ahead = null;
    if (failed !== null) throw failed;
    if (this.current !== null) {
      this.current.window.rows.release();
      this.room.push(this.current.into);
      this.current = null;
    }
    const [start, end] = [windows.start(wanted), windows.end(wanted)];
    const rows = this.options.members.load(asTaught(firstRows(into, end - start)));
    const window = { number: windows.count === 1 ? null : wanted, start, end, rows };
    this.current = { window, into };
    if (windows.count > 1)
      this.ahead = wanted + 1 < windows.count ? this.begin(epoch, wanted + 1) : this.begin(epoch + 1, 0);
    return window;
  }

  async release(): Promise<void> {
    this.current?.window.rows.release();
    this.current = null;
    await this.dropAhead();
  }

  private async dropAhead(): Promise<void> {
    const { ahead } = this;
    this.ahead = null;
    if (ahead === null) return;
    await ahead.done;
    this.room.push(ahead.into);
  }

  private begin(epoch: number, window: number): Ahead {
    const into = this.room.pop();
    if (into === undefined) throw new Error('no room is left for a window');
    const done = this.read(epoch, window, into).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    return { epoch, window, into, done };
  }

  private async read(epoch: number, window: number, into: EncodedRows): Promise<void> {
    const { rows, windows, options } = this;
    const blocks = new Uint32Array(Math.ceil(rows.rows / rows.blockRows));
    // A single window is in the order of rows in memory: shuffled, it gives the same order of steps.
    if (windows.count === 1) blocks.forEach((_, block) => (blocks[block] = block));
    else blockOrder(blocks, options.seed, epoch);
    const stretches = stretchesOf(blocks, rows, windows.start(window), windows.end(window));
    let at = 0;
    for (let i = 0; i < stretches.length; i += blocksAtOnce)
      await Promise.all(
        stretches.slice(i, i + blocksAtOnce).map(({ first, count }) => {
          const place = at;
          at += count;
          return rows.read(first, count, into, place);
        }),
      );
  }
}
