import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { runEventSchema, type RunEvent } from '../shared/run/run-events.js';
import { doLater } from './files/file-work.js';
import { LineFollower } from './files/line-follower.js';
import { readLastLines } from './files/run-file.js';

/** Parses a line of events.jsonl; null: it is garbled, or of a type that this version does not know. */
export function parseEvent(line: string): RunEvent | null {
  try {
    const result = v.safeParse(runEventSchema, JSON.parse(line));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/**
 * Texts and lists of numbers in a line, and single numbers. What is within quotation marks stays as it is, so that
 * lines with the same shape differ in their numbers alone.
 */
const numbersOfLine = /"[^"\\]*(?:\\.[^"\\]*)*"|\[[-+.\deE,\s]+\]|-?\d[-+.\deE]*/g;

/** Returns a line of JSON without its numbers; a list of numbers is as one number. */
const shapeOf = (line: string): string =>
  line.replace(numbersOfLine, (found) => (found[0] === '"' ? found : found[0] === '[' ? '[0]' : '0'));

/** A log of ours has a dozen. */
const mostShapes = 1000;

/**
 * Parses the lines of a log. No number can make an event of what is none, so each shape is checked once: that takes
 * several times as long as to read the line.
 */
class EventParser {
  /** Whether what has a shape is an event, and nothing more than that. */
  private readonly shapes = new Map<string, boolean>();

  /** As `parseEvent`. */
  parse(line: string): RunEvent | null {
    const shape = shapeOf(line);
    const isSound = this.shapes.get(shape);
    if (isSound !== true) {
      const event = parseEvent(line);
      if (isSound === undefined && this.shapes.size < mostShapes)
        this.shapes.set(shape, event !== null && isDeepStrictEqual(event, JSON.parse(line)));
      return event;
    }
    try {
      return JSON.parse(line) as RunEvent;
    } catch {
      return null;
    }
  }
}

/** Follows a growing events.jsonl. */
export class EventLogReader {
  private readonly lines: LineFollower;
  private readonly parser = new EventParser();
  private garbled = 0;
  private events: RunEvent[] = [];

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
    this.events = [];
    await this.lines.read(
      (line) => this.takeLine(line),
      () => (this.garbled = 0),
    );
    return this.events;
  }

  private takeLine(line: string): void {
    if (line.trim() === '' || !this.mayBeWanted(line)) return;
    const event = this.parser.parse(line);
    if (event === null) this.garbled++;
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
