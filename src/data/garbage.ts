import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collector = (options?: { readonly type: 'minor' }) => void;

const isCollector = (found: unknown): found is Collector => typeof found === 'function';

/** Node's own, which its command line would expose. */
function collector(): Collector {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  return isCollector(found) ? found : () => undefined;
}

let known: Collector | null = null;

/**
 * Gives back the memory of what nothing refers to any more. By itself that happens when much is allocated,
 * and a training allocates next to nothing: the columns as they were read would stay beside the encoded rows
 * to its end.
 */
export async function collectGarbage(): Promise<void> {
  // What was just awaited is let go of by the next turn.
  await setImmediate();
  known ??= collector();
  known();
}

/** Bytes of small buffers that were let go of, since they were last given back; and how many there may be. */
let held = 0;
const mostHeld = 2e6;

/**
 * To be told of buffers that are no longer needed: left alone, they would be tens of megabytes before they
 * are given back.
 */
export function letGo(bytes: number): void {
  held += bytes;
  if (held < mostHeld) return;
  held = 0;
  known ??= collector();
  known({ type: 'minor' });
}

/** Frees a buffer whose last word was had: its arrays are empty from now on. */
export function free(buffer: ArrayBufferLike): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  const { byteLength } = buffer;
  // What holds the bytes now is young, and goes with the next minor collection.
  structuredClone(buffer, { transfer: [buffer] });
  letGo(byteLength);
}

/**
 * Keeps what a training leaves behind small: short-lived buffers that outlive a minor collection would
 * otherwise wait for a major one, which the few objects of a training hardly ever cause.
 */
export class GarbageWatch {
  private floor = bufferBytes();

  /** `giveBack`: called after a collection, to give what was freed back to the system. */
  constructor(private readonly giveBack: () => void = () => undefined) {}

  /** Collects where buffers have grown since the last time. Between epochs: it may take some milliseconds. */
  check(): void {
    if (bufferBytes() < this.floor + mostGrown) return;
    known ??= collector();
    known();
    this.giveBack();
    this.floor = bufferBytes();
  }
}

const mostGrown = 3e6;
const bufferBytes = (): number => process.memoryUsage().arrayBuffers;
