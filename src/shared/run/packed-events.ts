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

/** Packs events one by one, so that whoever does it can rest between them. */
export class EventPacker {
  private readonly numberOf = new Map<string, number>();
  private readonly shapeOf: number[] = [];
  private readonly numbers: number[] = [];

  add(event: RunEvent): void {
    const shape = shapeText(event, this.numbers);
    let number = this.numberOf.get(shape);
    if (number === undefined) this.numberOf.set(shape, (number = this.numberOf.size));
    this.shapeOf.push(number);
  }

  packed(): PackedEvents {
    return {
      shapes: [...this.numberOf.keys()],
      shapeOf: Uint32Array.from(this.shapeOf),
      numbers: Float64Array.from(this.numbers),
    };
  }
}

/** Returns a value as JSON with 0 for each number, which are appended to `numbers`. */
function shapeText(value: unknown, numbers: number[]): string {
  if (typeof value === 'number') {
    numbers.push(value);
    return '0';
  }
  if (Array.isArray(value)) return `[${value.map((one) => shapeText(one, numbers)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, own]) => own !== undefined);
  return `{${entries.map(([key, own]) => `${JSON.stringify(key)}:${shapeText(own, numbers)}`).join(',')}}`;
}

/**
 * Returns the events as they were packed. Throws where they are none: the first of each shape is parsed, which
 * stands for all others, as they differ in their numbers alone.
 */
export function unpackedEvents({ shapes, shapeOf, numbers }: PackedEvents): RunEvent[] {
  const checked = new Set<number>();
  let at = 0;
  const next = (): number => numbers[at++]!;
  const builders = shapes.map((shape) => builderOf(JSON.parse(shape), next));
  const events = Array.from(shapeOf, (shape) => {
    const event = builders[shape]?.();
    if (checked.has(shape)) return event as RunEvent;
    checked.add(shape);
    return v.parse(runEventSchema, event);
  });
  if (at !== numbers.length || !numbers.every(Number.isFinite))
    throw new Error('packed events do not have the numbers of their shapes');
  return events;
}

/** Returns what builds a value of a shape, taking its numbers from `next`. */
function builderOf(shape: unknown, next: () => number): () => unknown {
  if (typeof shape === 'number') return next;
  if (Array.isArray(shape)) {
    const builders = shape.map((one) => builderOf(one, next));
    return () => builders.map((build) => build());
  }
  if (typeof shape !== 'object' || shape === null) return () => shape;
  const entries = Object.entries(shape).map(([key, one]) => [key, builderOf(one, next)] as const);
  return () => Object.fromEntries(entries.map(([key, build]) => [key, build()]));
}
