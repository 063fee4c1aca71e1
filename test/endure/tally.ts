/** Counts what was done to the program. */
export class Tally {
  kills = 0;
  /** Those of the kills that met a certain call of the file system. */
  atCalls = 0;
  stops = 0;
  doubles = 0;
  /** The runs that have ended as if nothing had happened. */
  runs = 0;
  comparisons = 0;
  /** The largest memory that a killed program was seen with. */
  peakBytes = 0;

  text(): string {
    return (
      `${this.kills} kills (${this.atCalls} at a chosen call), ${this.stops} stops, ${this.doubles} resumes at once; ` +
      `${this.runs} runs the same to the bit, ${this.comparisons} comparisons`
    );
  }
}
