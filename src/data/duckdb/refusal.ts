/** What DuckDB has refused to do. */
export interface Refusal {
  /** DuckDB's kind of error: `Binder`, `Conversion`, `IO`, `Invalid Input` … */
  readonly kind: string;
  /** The first line of its message, without the kind. */
  readonly text: string;
}

/** The kinds of errors that say nothing about what was read, but something about the machine. */
const machineKinds = new Set(['Out of Memory', 'Interrupt']);

/** What DuckDB says where what it keeps in files has no more room. */
const isFull = /No space left on device|not enough space on the disk|quota exceeded/i;

/**
 * Tells an error of DuckDB's from those of the program; null for others, and for failures of the machine. Its
 * text is for the log: people are told what it means in words of this program.
 */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  const [, kind, text = ''] = /^([A-Z][A-Za-z ]*?) Error: (.*)/.exec(error.message) ?? [];
  if (kind === undefined || machineKinds.has(kind) || isFull.test(text)) return null;
  return { kind, text };
}

/**
 * Returns what an error of DuckDB's says about SQL that a person wrote: the first line, without its kind;
 * advice about SQL follows in others.
 */
export function saidOfSql(error: unknown): string {
  const text =
    refusalOf(error)?.text ?? (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  const [, value, type] = /Could not convert string '(.*)' to '?(\w+)/.exec(text) ?? [];
  return value === undefined ? text : `"${value}" is no ${type!.toLowerCase()}; try_cast(…) makes it missing`;
}
