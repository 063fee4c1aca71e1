import * as v from 'valibot';
import { runEventSchema, type RunEvent } from '../shared/run/run-events.js';
import { doLater, errorCode } from './files/file-work.js';
import { chunkBytes, LineSplitter } from './files/lines.js';
import { close, openToRead, readLastLines, readPart, sizeOf } from './files/run-file.js';

/** Parses a line of events.jsonl; null: it is garbled, or of a type that this version does not know. */
export function parseEvent(line: string): RunEvent | null {
  try {
    const result = v.safeParse(runEventSchema, JSON.parse(line));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** Follows a growing events.jsonl by byte offset. */
export class EventLogReader {
  /** Just after the last whole line taken in, or within a line that is too long. */
  private offset = 0;
  private skipping = false;
  private skipped = 0;
  private events: RunEvent[] = [];

  /** `types`: what is wanted, all if absent; of a long log most is not, and is not even parsed. */
  constructor(
    readonly path: string,
    private readonly types: ReadonlySet<RunEvent['type']> | null = null,
  ) {}

  /** Whole lines that were no events: garbled, too long, or of a type that this version does not know. */
  get skippedLines(): number {
    return this.skipped;
  }

  /**
   * The events since the last call. A torn last line stays unread until it is whole; a file that has become
   * shorter is another one and is read from its start (RunHistory drops what it has already).
   */
  async read(): Promise<RunEvent[]> {
    this.events = [];
    let file;
    try {
      file = await doLater(openToRead(this.path));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
    try {
      const size = await doLater(sizeOf(file));
      if (size < this.offset) {
        this.offset = this.skipped = 0;
        this.skipping = false;
      }
      const splitter = new LineSplitter(this.skipping);
      let at = this.offset;
      while (at < size) {
        const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - at));
        const bytesRead = await doLater(readPart(file, chunk, at));
        if (bytesRead === 0) break;
        at += bytesRead;
        for (const line of splitter.push(chunk.subarray(0, bytesRead))) this.takeLine(line);
      }
      this.offset = at - splitter.unfinished;
      this.skipping = splitter.isSkipping;
      this.skipped += splitter.skipped;
    } finally {
      await doLater(close(file));
    }
    return this.events;
  }

  private takeLine(line: string): void {
    if (line.trim() === '' || !this.mayBeWanted(line)) return;
    const event = parseEvent(line);
    if (event === null) this.skipped++;
    else if (this.types === null || this.types.has(event.type)) this.events.push(event);
  }

  /** Decides by how our writer begins a line; any other line has to be parsed. */
  private mayBeWanted(line: string): boolean {
    if (this.types === null) return true;
    const type = /^\{"seq":\d+,"type":"(\w+)"/.exec(line)?.[1];
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
