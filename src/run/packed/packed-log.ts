import { NumberRow, type PackedEvents } from '../../shared/run/packed-events.js';
import type { RunEvent } from '../../shared/run/run-events.js';
import type { EventShape, EventShapes } from './event-shapes.js';

/** Events as they were read from lines, packed. */
export class PackedLog {
  private readonly shapes: EventShape[] = [];
  private readonly starts: number[] = [];
  private readonly numbers = new NumberRow(new Float64Array(1 << 16));

  get length(): number {
    return this.shapes.length;
  }

  /** Takes the event of a line in; returns false if it has none. */
  add(line: Buffer, shapes: EventShapes): boolean {
    const start = this.numbers.length;
    const shape = shapes.read(line, this.numbers);
    if (shape === null) return false;
    this.shapes.push(shape);
    this.starts.push(start);
    return true;
  }

  typeOf(index: number): RunEvent['type'] {
    return this.shapes[index]!.places.type;
  }

  /**
   * Returns an event whose own numbers are true, and whose parts, which it shares with all of its shape, have the place
   * of each number.
   */
  head(index: number): RunEvent {
    const { places, own } = this.shapes[index]!;
    const { values } = this.numbers;
    const start = this.starts[index]!;
    const head: Record<string, unknown> = { ...places };
    for (const { key, place } of own) head[key] = values[start + place]!;
    return head as RunEvent;
  }

  /** Returns the number at a place of an event. */
  number(index: number, place: number): number {
    return this.numbers.values[this.starts[index]! + place]!;
  }

  /** Returns the events whose number is above `seq`. */
  after(seq: number): RunEvent[] {
    return this.shapes.flatMap(({ build, places }, index) => {
      if (this.number(index, places.seq) <= seq) return [];
      const row = new NumberRow(this.numbers.values);
      row.length = this.starts[index]!;
      return [build(row) as RunEvent];
    });
  }

  /** Returns these events, packed. */
  packed(indices: readonly number[]): PackedEvents {
    const places = new Map<EventShape, number>();
    const numbers = new Float64Array(indices.reduce((sum, index) => sum + this.shapes[index]!.count, 0));
    let at = 0;
    const shapeOf = Uint32Array.from(indices, (index) => {
      const shape = this.shapes[index]!;
      // Views of a few numbers each take longer than to copy them one by one.
      for (let place = 0; place < shape.count; place++) numbers[at++] = this.number(index, place);
      let known = places.get(shape);
      if (known === undefined) places.set(shape, (known = places.size));
      return known;
    });
    return { shapes: [...places.keys()].map(({ text }) => text), shapeOf, numbers };
  }
}
