import { NumberRow, shapeText, type PackedEvents } from './packed-events.js';
import type { RunEvent } from './run-events.js';

/** Packs events. */
export function packedEvents(events: readonly RunEvent[]): PackedEvents {
  const numbers = new NumberRow();
  const texts = events.map((event) => shapeText(event, numbers));
  const shapes = [...new Set(texts)];
  return {
    shapes,
    shapeOf: Uint32Array.from(texts, (text) => shapes.indexOf(text)),
    numbers: numbers.values.slice(0, numbers.length),
  };
}
