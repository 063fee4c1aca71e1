import type { NumberRow } from '../../shared/run/packed-events.js';

/** Stands in the bytes of a shape for a number; no JSON has it. */
const numberSign = 0;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const smallE = 0x65;
const largeE = 0x45;
/** So many digits make a whole number that is exact, and so is a power of ten with as many zeros. */
const exactDigits = 15;
const powers = Float64Array.from({ length: exactDigits + 1 }, (_, zeros) => 10 ** zeros);

/** Texts in a line of JSON, which stay as they are, and numbers. */
const textsAndNumbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-+.\deE]*/g;

/** Returns a line of JSON with what `number` returns in place of each number. */
export const withNumbers = (line: string, number: () => string): string =>
  line.replace(textsAndNumbers, (found) => (found.startsWith('"') ? found : number()));

/** What lines have in common from some byte on, and how they go on. */
interface Branch<Shape> {
  bytes: Uint8Array;
  /** By the next byte of their shape. */
  next: Map<number, Branch<Shape>>;
  /** The shape that ends here. */
  shape: Shape | null;
}

/**
 * The shapes of lines of JSON: lines with the same shape differ in their numbers alone. A line of a known shape is
 * read by holding its bytes against the shapes' and taking its numbers, in a fraction of the time that a parser takes.
 */
export class LineShapes<Shape> {
  private readonly root: Branch<Shape> = { bytes: new Uint8Array(), next: new Map(), shape: null };
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Learns the shape of a line, which must be JSON. */
  add(line: string, shape: Shape): void {
    this.count++;
    let branch = this.root;
    let rest = Buffer.from(withNumbers(line, () => String.fromCharCode(numberSign)));
    for (;;) {
      const { bytes } = branch;
      let same = 0;
      while (same < bytes.length && bytes[same] === rest[same]) same++;
      if (same < bytes.length) {
        const tail = { bytes: bytes.subarray(same), next: branch.next, shape: branch.shape };
        Object.assign(branch, { bytes: bytes.subarray(0, same), next: new Map([[bytes[same]!, tail]]) });
        branch.shape = null;
      }
      rest = rest.subarray(same);
      const next = rest.length === 0 ? null : branch.next.get(rest[0]!);
      if (next === undefined) branch.next.set(rest[0]!, { bytes: rest, next: new Map(), shape });
      else if (next === null) branch.shape = shape;
      if (next === undefined || next === null) return;
      branch = next;
    }
  }

  /** Returns the shape of a line and appends its numbers; null, and appends nothing: it has none that is known. */
  read(line: Uint8Array, numbers: NumberRow): Shape | null {
    const { length } = numbers;
    let branch: Branch<Shape> | undefined = this.root;
    for (let at = 0; ;) {
      at = take(branch.bytes, line, at, numbers);
      if (at === line.length && branch.shape !== null) return branch.shape;
      branch = at < 0 ? undefined : (branch.next.get(line[at] ?? -1) ?? branch.next.get(numberSign));
      if (branch === undefined) {
        numbers.length = length;
        return null;
      }
    }
  }
}

/** Holds a line from `at` on against the bytes of a shape; returns where it goes on, or -1 where it differs. */
function take(shape: Uint8Array, line: Uint8Array, at: number, numbers: NumberRow): number {
  for (const wanted of shape) {
    if (wanted !== numberSign) {
      if (line[at++] !== wanted) return -1;
      continue;
    }
    const start = at;
    if (line[at] === minus) at++;
    const first = at;
    let whole = 0;
    let byte = line[at]!;
    for (; byte >= zero && byte <= nine; byte = line[++at]!) whole = whole * 10 + (byte - zero);
    let digits = at - first;
    if (digits === 0 || (digits > 1 && line[first] === zero)) return -1;
    let decimals = 0;
    if (byte === point) {
      const from = at + 1;
      for (byte = line[++at]!; byte >= zero && byte <= nine; byte = line[++at]!)
        whole = whole * 10 + (byte - zero);
      decimals = at - from;
      digits += decimals;
      if (decimals === 0) return -1;
    }
    const hasExponent = byte === smallE || byte === largeE;
    if (hasExponent) {
      byte = line[++at]!;
      if (byte === plus || byte === minus) at++;
      const from = at;
      for (byte = line[at]!; byte >= zero && byte <= nine; byte = line[++at]!);
      if (at === from) return -1;
    }
    // A division of two exact numbers is rounded once, as a parser rounds.
    const isExact = !hasExponent && digits <= exactDigits;
    const size = isExact ? whole / powers[decimals]! : Math.abs(Number(textOf(line, start, at)));
    numbers.push(line[start] === minus ? -size : size);
  }
  return at;
}

const textOf = (line: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...line.subarray(from, to));
