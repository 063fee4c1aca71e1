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
  if (Array.isArray(value)) {
    if (!value.every(isNumber)) return `[${value.map((one) => shapeText(one, numbers)).join(',')}]`;
    for (const number of value) numbers.push(number);
    return zeros(value.length);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  let text = '';
  for (const [key, own] of Object.entries(value))
    if (own !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${shapeText(own, numbers)}`;
  return `{${text}}`;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** [numbers] Lists of zeros as JSON: those of numbers, one for each expert or bin, are most of a log. */
const zeroLists: string[] = [];
const longestKept = 256;

function zeros(count: number): string {
  if (count > longestKept) return `[${Array.from({ length: count }, () => '0').join(',')}]`;
  return (zeroLists[count] ??= JSON.stringify(Array.from({ length: count }, () => 0)));
}

/**
 * Returns the events as they were packed. Throws where they are none: the first of each shape is parsed, which
 * stands for all others, as they differ in their numbers alone.
 */
export function unpackedEvents({ shapes, shapeOf, numbers }: PackedEvents): RunEvent[] {
  const checked = new Set<number>();
  const source: Source = { numbers, at: 0 };
  const builders = shapes.map((shape) => builderOf(JSON.parse(shape), source));
  const events = Array.from(shapeOf, (shape) => {
    const event = builders[shape]?.();
    if (checked.has(shape)) return event as RunEvent;
    checked.add(shape);
    return v.parse(runEventSchema, event);
  });
  if (source.at !== numbers.length || !numbers.every(Number.isFinite))
    throw new Error('packed events do not have the numbers of their shapes');
  return events;
}

/** The numbers, and how many of them have been taken. */
interface Source {
  readonly numbers: Float64Array;
  at: number;
}

/** Returns what builds a value of a shape, taking its numbers from the source. */
function builderOf(shape: unknown, source: Source): () => unknown {
  if (typeof shape === 'number') return () => source.numbers[source.at++];
  if (Array.isArray(shape)) {
    const { length } = shape;
    if (shape.every(isNumber)) return () => numbersOf(source, length);
    const builders = shape.map((one) => builderOf(one, source));
    return () => builders.map((build) => build());
  }
  if (typeof shape !== 'object' || shape === null) return () => shape;
  // What is the same in all is copied in one go, which is far faster than to put an object together.
  const parts = Object.entries(shape).flatMap(([key, one]) =>
    typeof one === 'number' || (typeof one === 'object' && one !== null)
      ? [{ key, build: builderOf(one, source) }]
      : [],
  );
  return () => {
    const built: Record<string, unknown> = { ...shape };
    for (const { key, build } of parts) built[key] = build();
    return built;
  };
}

function numbersOf(source: Source, count: number): number[] {
  const { numbers, at } = source;
  const list: number[] = [];
  for (let i = at; i < at + count; i++) list.push(numbers[i]!);
  source.at += count;
  return list;
}
