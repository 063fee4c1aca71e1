/** Memory is handed out in whole cache lines: 16 floats. */
export const LINE = 16;

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** A stretch of the arena that is handed out piece by piece. Offsets are in floats. */
export class Area {
  #used = 0;
  constructor(
    /** Where it begins in the arena; 0 for an area of a thread's own. */
    readonly base: number,
  ) {}

  take(floats: number): number {
    const at = this.base + this.#used;
    this.#used += roundUp(floats, LINE);
    return at;
  }

  /** Floats handed out. */
  get used(): number {
    return this.#used;
  }
}

/** Numbers that never change, once each. */
export class Constants {
  readonly values: number[] = [];
  readonly #known = new Map<string, number>();
  constructor(readonly base: number) {}

  put(values: readonly number[]): number {
    const key = values.map((value) => (Object.is(value, -0) ? '-0' : value)).join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const at = this.base + this.values.length;
    this.values.push(
      ...values,
      ...Array.from({ length: roundUp(values.length, LINE) - values.length }, () => 0),
    );
    this.#known.set(key, at);
    return at;
  }
}

/** Row-major values in a thread's scratch area, one row for each row of a block. */
export interface Rows {
  readonly at: number;
  readonly stride: number;
}

/**
 * A layer's weight [rows, stride] and its bias [stride] in the flat parameters; columns past `columns` are 0
 * for ever.
 */
export interface Matrix {
  /** Places in the arena; −1: no bias. */
  readonly weight: number;
  readonly bias: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** Where `rows` × `columns` values of a named parameter, from its row `first` on, lie in the flat buffers. */
export interface Piece {
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
  /** From the flat buffer's start. */
  readonly at: number;
  readonly stride: number;
}
