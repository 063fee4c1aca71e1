import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { NumberRow, shapeBuilder, shapeText, type ShapeBuilder } from '../../shared/run/packed-events.js';
import { runEventSchema, type RunEvent } from '../../shared/run/run-events.js';
import { LineShapes, withNumbers } from './line-shapes.js';

/** Parses a line of events.jsonl; null: it is garbled, or of a type that this version does not know. */
export function parseEvent(line: string): RunEvent | null {
  try {
    const result = v.safeParse(runEventSchema, JSON.parse(line));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** Events that differ in their numbers alone. */
export interface EventShape {
  /** As JSON, with a 0 in place of each number. */
  readonly text: string;
  readonly build: ShapeBuilder;
  /** An event that has, in place of each number, its place among the event's numbers. */
  readonly places: RunEvent;
  /** The numbers that lie in no part of the event. */
  readonly own: readonly { readonly key: string; readonly place: number }[];
  /** How many numbers there are. */
  readonly count: number;
}

/** A log of ours has a dozen. */
const mostShapes = 1000;

/**
 * Takes events out of lines. No number can make an event of what is none, so each shape is checked once, and all other
 * lines that have it are only read.
 */
export class EventShapes {
  private readonly lines = new LineShapes<EventShape>();
  private readonly byText = new Map<string, EventShape>();

  /** Appends the numbers of a line's event, and returns its shape; null: it is none, as `parseEvent` says. */
  read(line: Buffer, numbers: NumberRow): EventShape | null {
    const known = this.lines.read(line, numbers);
    if (known !== null) return known;
    const text = line.toString('utf8');
    const event = parseEvent(text);
    if (event === null) return null;
    const from = numbers.length;
    const shape = this.shapeOf(shapeText(event, numbers), numbers.length - from);
    if (this.lines.size < mostShapes && saysAll(shape, text)) this.lines.add(text, shape);
    return shape;
  }

  private shapeOf(text: string, count: number): EventShape {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const build = shapeBuilder(text);
    const row = new NumberRow(Float64Array.from({ length: count }, (_, place) => place));
    const places = build(row) as RunEvent;
    const own = Object.entries(places).flatMap(([key, place]: [string, unknown]) =>
      typeof place === 'number' ? [{ key, place }] : [],
    );
    const shape = { text, build, places, own, count };
    this.byText.set(text, shape);
    return shape;
  }
}

/** Returns whether lines like this one have nothing but their event, and its numbers in the same order. */
function saysAll({ places }: EventShape, line: string): boolean {
  let place = 0;
  return isDeepStrictEqual(JSON.parse(withNumbers(line, () => String(place++))), places);
}
