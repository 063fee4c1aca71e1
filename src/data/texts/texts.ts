import { murmur3 } from './murmur3.js';

/**
 * A list of texts in one buffer, so that ten million of them are no ten million objects: their bytes in UTF-8 one
 * after the other, and where each ends.
 */
export class Texts implements Iterable<string | null> {
  /** `TextsBuilder` makes these. `missing`: the numbers of those that are null. */
  constructor(
    readonly length: number,
    private readonly bytes: Buffer,
    private readonly ends: Float64Array,
    private readonly missing: ReadonlySet<number>,
  ) {}

  static from(values: Iterable<string | null>): Texts {
    const builder = new TextsBuilder();
    for (const value of values) builder.add(value);
    return builder.build();
  }

  /** Returns the text of this number; null: it is missing, or there is none. */
  at(number: number): string | null {
    if (number < 0 || number >= this.length || this.missing.has(number)) return null;
    return this.bytes.toString('utf8', this.startOf(number), this.ends[number]);
  }

  isMissing(number: number): boolean {
    return this.missing.has(number);
  }

  *[Symbol.iterator](): Generator<string | null, undefined> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** Returns the first texts as plain ones. */
  first(count: number): (string | null)[] {
    return Array.from({ length: Math.min(count, this.length) }, (_, i) => this.at(i));
  }

  every(holds: (text: string | null) => boolean): boolean {
    for (let i = 0; i < this.length; i++) if (!holds(this.at(i))) return false;
    return true;
  }

  map(change: (text: string) => string | null): Texts {
    const builder = new TextsBuilder();
    for (const text of this) builder.add(text === null ? null : change(text));
    return builder.build();
  }

  /** Returns the hash of a text's bytes. */
  hash(number: number, seed: number): number {
    return murmur3(this.bytes, this.startOf(number), this.ends[number]!, seed);
  }

  /** Returns the number of a text, the first of those that are the same; −1: it is not there. */
  indexOf(text: string): number {
    const bytes = Buffer.from(text);
    return this.find(bytes, 0, bytes.length);
  }

  /** Returns the number here of a text of another list; −1: it is not there, or missing. */
  indexOfTextIn(other: Texts, number: number): number {
    if (other.missing.has(number)) return -1;
    return this.find(other.bytes, other.startOf(number), other.ends[number]!);
  }

  /** Whether no text comes twice, as is seen from their order. Where none is seen, they may still differ. */
  get isAscending(): boolean {
    for (let i = 1; i < this.length; i++) if (this.compare(i - 1, i) >= 0) return false;
    return true;
  }

  /**
   * Compares two texts as JavaScript's < does, by units of UTF-16: below 0, 0 or above 0. Bytes of UTF-8 are in the
   * order of code points, which is another one for those above U+FFFF.
   */
  compare(one: number, other: number): number {
    const { bytes } = this;
    const [from, to] = [this.startOf(one), this.startOf(other)];
    const [length, others] = [this.ends[one]! - from, this.ends[other]! - to];
    const both = Math.min(length, others);
    for (let i = 0; i < both; i++) {
      const a = bytes[from + i]!;
      const b = bytes[to + i]!;
      if (a === b) continue;
      const isAbove = a >= 0xf0;
      return a >= 0xee && b >= 0xee && isAbove !== b >= 0xf0 ? (isAbove ? -1 : 1) : a - b;
    }
    return length - others;
  }

  /** Appends one of these texts to another list. */
  copyTo(builder: TextsBuilder, number: number): void {
    builder.addBytes(this.bytes, this.startOf(number), this.ends[number]!);
  }

  toJSON(): (string | null)[] {
    return [...this];
  }

  /** Yields the list's JSON in pieces. */
  *json(): Generator<string, undefined> {
    yield '[';
    for (let from = 0; from < this.length; from += textsOfPiece) {
      const some: string[] = [];
      for (let i = from; i < Math.min(this.length, from + textsOfPiece); i++)
        some.push(JSON.stringify(this.at(i)));
      yield (from === 0 ? '' : ',') + some.join(',');
    }
    yield ']';
  }

  private startOf(number: number): number {
    return number === 0 ? 0 : this.ends[number - 1]!;
  }

  private find(bytes: Uint8Array, start: number, end: number): number {
    let places = placesOf.get(this);
    if (places === undefined) placesOf.set(this, (places = this.listed()));
    return places.find(bytes, start, end, this.bytes, this.ends);
  }

  private listed(): TextPlaces {
    const places = new TextPlaces(this.length);
    for (let i = 0; i < this.length; i++) {
      if (this.missing.has(i)) places.skip();
      else places.add(this.bytes, this.startOf(i), this.ends[i]!, this.ends);
    }
    return places;
  }
}

/** Where the texts of a list are found, as soon as somebody has looked for one. */
const placesOf = new WeakMap<Texts, TextPlaces>();

const textsOfPiece = 10_000;

/** Finds texts by their bytes: a table of their numbers by hash, with the next place where one is taken. */
class TextPlaces {
  /** 1 + the number of a text; 0: free. A power of two of them, at least twice as many as there are texts. */
  private table: Uint32Array;
  private added = 0;

  constructor(expected: number) {
    this.table = new Uint32Array(2 ** Math.max(4, Math.ceil(Math.log2(2 * expected + 1))));
  }

  get isFull(): boolean {
    return 2 * (this.added + 1) > this.table.length;
  }

  skip(): void {
    this.added++;
  }

  /** Adds the text that comes next, whose bytes are these, unless one that is the same is there. */
  add(bytes: Uint8Array, start: number, end: number, ends: Float64Array): void {
    this.added++;
    const place = this.placeOf(bytes, start, end, bytes, ends);
    if (this.table[place] === 0) this.table[place] = this.added;
  }

  /** Returns the number of the text with these bytes among those that lie in `known`; −1: there is none. */
  find(bytes: Uint8Array, start: number, end: number, known: Uint8Array, ends: Float64Array): number {
    return this.table[this.placeOf(bytes, start, end, known, ends)]! - 1;
  }

  private placeOf(
    bytes: Uint8Array,
    start: number,
    end: number,
    known: Uint8Array,
    ends: Float64Array,
  ): number {
    const { table } = this;
    const last = table.length - 1;
    let place = murmur3(bytes, start, end) & last;
    for (; table[place] !== 0; place = (place + 1) & last) {
      const number = table[place]! - 1;
      const from = number === 0 ? 0 : ends[number - 1]!;
      if (ends[number]! - from !== end - start) continue;
      let i = 0;
      while (start + i < end && known[from + i] === bytes[start + i]) i++;
      if (start + i === end) break;
    }
    return place;
  }
}

/** Collects texts into one buffer. */
export class TextsBuilder {
  private bytes = Buffer.allocUnsafe(1024);
  private used = 0;
  private ends = new Float64Array(64);
  private count = 0;
  private readonly missing = new Set<number>();
  private places: TextPlaces | null = null;

  get length(): number {
    return this.count;
  }

  /** Appends a text; null: a missing one. */
  add(text: string | null): void {
    if (text === null) this.missing.add(this.count);
    else {
      // A unit of UTF-16 takes three bytes at the most.
      this.makeRoom(3 * text.length);
      this.used += this.bytes.write(text, this.used);
    }
    this.end();
  }

  addBytes(from: Buffer, start: number, end: number): void {
    this.makeRoom(end - start);
    from.copy(this.bytes, this.used, start, end);
    this.used += end - start;
    this.end();
  }

  /** Returns the number of a text, which is appended if it is not there. Nothing else may have been added. */
  number(text: string): number {
    this.makeRoom(3 * text.length);
    const start = this.used;
    const end = start + this.bytes.write(text, start);
    if (this.places === null || this.places.isFull) {
      this.places = new TextPlaces(2 * this.count);
      for (let i = 0; i < this.count; i++)
        this.places.add(this.bytes, i === 0 ? 0 : this.ends[i - 1]!, this.ends[i]!, this.ends);
    }
    const known = this.places.find(this.bytes, start, end, this.bytes, this.ends);
    if (known >= 0) return known;
    this.used = end;
    this.end();
    this.places.add(this.bytes, start, end, this.ends);
    return this.count - 1;
  }

  /** Returns the texts; the builder may not be used any more. */
  build(): Texts {
    const bytes = Buffer.from(this.bytes.subarray(0, this.used));
    return new Texts(this.count, bytes, this.ends.slice(0, this.count), this.missing);
  }

  private makeRoom(length: number): void {
    if (this.used + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.used + length));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }

  private end(): void {
    if (this.count === this.ends.length) {
      const more = new Float64Array(2 * this.ends.length);
      more.set(this.ends);
      this.ends = more;
    }
    this.ends[this.count++] = this.used;
  }
}

/** Returns the different texts of a list, without missing ones. */
export function distinctOf(texts: Texts): Texts {
  if (texts.isAscending && texts.every((text) => text !== null)) return texts;
  const distinct = new TextsBuilder();
  for (const text of texts) if (text !== null) distinct.number(text);
  return distinct.build();
}
