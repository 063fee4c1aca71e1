import * as v from 'valibot';
import { runEventSchema, type RunEvent } from './run-events.js';

/**
 * Many events, packed: what is the same in many of them is written once, and their numbers lie one after the
 * other. A long log so is sent and taken in within a fraction of the time.
 */
export const packedEventsSchema = v.object({
  /** The different events as JSON, with a 0 in place of each number. */
  shapes: v.array(v.string()),
  /** [events] The shape of each event. */
  shapeOf: v.instance(Uint32Array),
  /** The numbers of all events, in the order of their shapes. */
  numbers: v.instance(Float64Array),
});
export type PackedEvents = v.InferOutput<typeof packedEventsSchema>;

/** Numbers one after the other, and how many of them have been written, or taken. */
export class NumberRow {
  length = 0;

  constructor(public values: Float64Array = new Float64Array(1 << 10)) {}

  push(value: number): void {
    if (this.length === this.values.length) this.grow();
    this.values[this.length++] = value;
  }

  private grow(): void {
    const more = new Float64Array(4 * this.values.length);
    more.set(this.values);
    this.values = more;
  }
}

/** Returns a value as JSON with 0 for each number, which are appended to `numbers`. */
export function shapeText(value: unknown, numbers: NumberRow): string {
  if (typeof value === 'number') {
    numbers.push(value);
    return '0';
  }
  if (Array.isArray(value)) return `[${value.map((one) => shapeText(one, numbers)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  let text = '';
  for (const [key, own] of Object.entries(value))
    if (own !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${shapeText(own, numbers)}`;
  return `{${text}}`;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/**
 * Returns the events as they were packed. Throws where they are none: the first of each shape is parsed, which
 * stands for all others, as they differ in their numbers alone.
 */
export function unpackedEvents({ shapes, shapeOf, numbers }: PackedEvents): RunEvent[] {
  const checked = new Set<number>();
  const row = new NumberRow(numbers);
  const builders = shapes.map((shape) => shapeBuilder(shape));
  const events = Array.from(shapeOf, (shape) => {
    const event = builders[shape]?.(row);
    if (checked.has(shape)) return event as RunEvent;
    checked.add(shape);
    return v.parse(runEventSchema, event);
  });
  if (row.length !== numbers.length || !numbers.every(Number.isFinite))
    throw new Error('packed events do not have the numbers of their shapes');
  return events;
}

/** Builds a value of a shape, taking its numbers from where `length` is on. */
export type ShapeBuilder = (numbers: NumberRow) => unknown;

/** Returns what builds values of a shape. */
export const shapeBuilder = (shape: string): ShapeBuilder => builderOf(JSON.parse(shape));

function builderOf(shape: unknown): ShapeBuilder {
  if (typeof shape === 'number') return (row) => row.values[row.length++];
  if (Array.isArray(shape)) {
    const { length } = shape;
    if (shape.every(isNumber)) return (row) => numbersOf(row, length);
    const builders = shape.map((one) => builderOf(one));
    return (row) => builders.map((build) => build(row));
  }
  if (typeof shape !== 'object' || shape === null) return () => shape;
  // What is the same in all is copied in one go, which is far faster than to put an object together.
  const parts = Object.entries(shape).flatMap(([key, one]) =>
    typeof one === 'number' || (typeof one === 'object' && one !== null)
      ? [{ key, build: builderOf(one) }]
      : [],
  );
  return (row) => {
    const built: Record<string, unknown> = { ...shape };
    for (const { key, build } of parts) built[key] = build(row);
    return built;
  };
}

function numbersOf(row: NumberRow, count: number): number[] {
  const { values, length } = row;
  const list: number[] = [];
  for (let i = length; i < length + count; i++) list.push(values[i]!);
  row.length += count;
  return list;
}
