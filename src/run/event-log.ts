import { NumberRow } from '../shared/run/packed-events.js';
import type { RunEvent } from '../shared/run/run-events.js';
import { doLater } from './files/file-work.js';
import { LineFollower } from './files/line-follower.js';
import { readLastLines } from './files/run-file.js';
import { EventShapes, parseEvent } from './packed/event-shapes.js';
import { PackedLog } from './packed/packed-log.js';

/** A line's first bytes, in which our writer says the event's type. */
const headBytes = 64;
const brace = 0x7b;

/** Follows a growing events.jsonl. */
export class EventLogReader {
  private readonly lines: LineFollower;
  private readonly shapes = new EventShapes();
  private garbled = 0;

  /** `types`: what is wanted, all if absent; of a long log most is not, and is not even parsed. */
  constructor(
    path: string,
    private readonly types: ReadonlySet<RunEvent['type']> | null = null,
  ) {
    this.lines = new LineFollower(path);
  }

  get path(): string {
    return this.lines.path;
  }

  /** Whole lines that were no events: garbled, too long, or of a type that this version does not know. */
  get skippedLines(): number {
    return this.garbled + this.lines.skippedLines;
  }

  /**
   * The events since the last call; of a file that has become shorter, all of them (RunHistory drops what it has
   * already).
   */
  async read(): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    const numbers = new NumberRow();
    await this.readLines((line) => {
      numbers.length = 0;
      const shape = this.shapes.read(line, numbers);
      if (shape === null) return false;
      numbers.length = 0;
      const event = shape.build(numbers) as RunEvent;
      if (this.types === null || this.types.has(event.type)) events.push(event);
      return true;
    });
    return events;
  }

  /** As `read`, packed; of all types. */
  async readPacked(): Promise<PackedLog> {
    const log = new PackedLog();
    await this.readLines((line) => log.add(line, this.shapes));
    return log;
  }

  /** `take` returns false where a line has no event. */
  private readLines(take: (line: Buffer) => boolean): Promise<void> {
    return this.lines.readBytes(
      (line) => {
        if (!isBlank(line) && this.mayBeWanted(line) && !take(line)) this.garbled++;
      },
      () => (this.garbled = 0),
    );
  }

  /** Decides by how our writer begins a line; any other line has to be parsed. */
  private mayBeWanted(line: Buffer): boolean {
    if (this.types === null) return true;
    const head = line.toString('latin1', 0, headBytes);
    const type = /^\{"seq":\d+,"type":"(\w+)"/.exec(head)?.[1];
    return type === undefined || [...this.types].some((wanted) => wanted === type);
  }
}

/** The last whole event within the last 64 KB, for a look at how far a run is; null: none. */
export async function lastEvent(path: string): Promise<RunEvent | null> {
  const tail = await doLater(readLastLines(path, 1 << 16)).catch(() => '');
  for (const line of tail.split('\n').slice(0, -1).reverse()) {
    const event = parseEvent(line);
    if (event !== null) return event;
  }
  return null;
}

/** A line that begins as ours do is not blank; of any other its text tells. */
const isBlank = (line: Buffer): boolean => line[0] !== brace && line.toString('utf8').trim() === '';
