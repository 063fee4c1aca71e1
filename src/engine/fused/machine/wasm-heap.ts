import { roundUp } from '../program/areas.js';

const PAGE = 65_536;
const LINE_BYTES = 64;

/**
 * Hands out pieces of a WebAssembly memory that grows: the first that fits, and neighbours are joined again
 * when freed. Places and lengths are in bytes.
 */
export class WasmHeap {
  /** Free stretches, by place. */
  private readonly free: { at: number; length: number }[] = [];
  private readonly taken = new Map<number, number>();

  constructor(
    readonly memory: WebAssembly.Memory,
    /** Everything below this address belongs to the module. */
    private end: number,
  ) {
    this.end = roundUp(end, LINE_BYTES);
  }

  /**
   * Takes memory, which is zeroed only where it was never used. Throws RangeError when the memory cannot grow
   * any more.
   */
  take(bytes: number): number {
    const length = Math.max(LINE_BYTES, roundUp(bytes, LINE_BYTES));
    const fit = this.free.findIndex((piece) => piece.length >= length);
    let at: number;
    if (fit >= 0) {
      const piece = this.free[fit]!;
      at = piece.at;
      piece.at += length;
      piece.length -= length;
      if (piece.length === 0) this.free.splice(fit, 1);
    } else {
      at = this.end;
      const missing = at + length - this.memory.buffer.byteLength;
      if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
      this.end = at + length;
    }
    this.taken.set(at, length);
    return at;
  }

  give(at: number): void {
    const length = this.taken.get(at);
    if (length === undefined) return;
    this.taken.delete(at);
    const place = this.free.findIndex((piece) => piece.at > at);
    this.free.splice(place < 0 ? this.free.length : place, 0, { at, length });
    for (let i = this.free.length - 1; i > 0; i--) {
      const left = this.free[i - 1]!;
      const right = this.free[i]!;
      if (left.at + left.length !== right.at) continue;
      left.length += right.length;
      this.free.splice(i, 1);
    }
  }
}
