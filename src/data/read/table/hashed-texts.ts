import type { Items } from '../../duckdb/vector.js';

/**
 * Finds the codes of texts by their hash in DuckDB, of which no two texts of a column share one. Where there are
 * millions of texts, DuckDB's enumerations are slow, and take gigabytes.
 */
export class HashedTexts {
  /** 1 + the number of a text by the place that its hash leads to, or one after it; 0: free. */
  private readonly places: Uint32Array;

  /** `hashes`: of 53 bits, by number of a text. */
  constructor(private readonly hashes: Float64Array) {
    this.places = new Uint32Array(2 ** Math.ceil(Math.log2(2 * hashes.length + 2)));
    for (let number = 0; number < hashes.length; number++) {
      const place = this.placeOf(hashes[number]!);
      if (this.places[place] !== 0) throw new Error('two texts have the same hash');
      this.places[place] = number + 1;
    }
  }

  /** Returns the codes of rows by the hashes of their texts; of one below 0, a missing text's, it is 0. */
  codesOf(hashes: Items): Uint32Array {
    const codes = new Uint32Array(hashes.length);
    for (let row = 0; row < hashes.length; row++) {
      const hash = hashes[row]!;
      if (hash >= 0) codes[row] = this.places[this.placeOf(hash)]!;
    }
    return codes;
  }

  private placeOf(hash: number): number {
    const last = this.places.length - 1;
    // The lower bits choose the place; the sign would be one of them in a whole number of 32 bits.
    let place = hash % this.places.length;
    for (; this.places[place] !== 0 && this.hashes[this.places[place]! - 1] !== hash;)
      place = (place + 1) & last;
    return place;
  }
}

/** Returns the SQL of a text's hash, of 53 bits: a double holds it; −1 for a missing text. `salt`: another hash. */
export const hashSql = (text: string, salt: number): string =>
  `case when (${text}) is null then -1 else hash(${text}, ${salt}) >> 11 end::double`;
