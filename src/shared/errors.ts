/** The place of a problem; lines and columns from 1, data rows from 1 without the header. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** Row and column of a table. */
  readonly row?: number;
  readonly columnName?: string;
}

/**
 * An error in what a person did or gave (exit code 2). It says what is wrong, where, and what to do. Small
 * factories beside the code that finds it make it; `code` is stable, messages may change.
 */
export class InputError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly place: Place = {},
    /** What a library said, for the log. */
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InputError';
  }
}

/**
 * An error of the work, not of the input (exit code 1), that needs no stack: the message says all that a
 * person can use. `code` is stable, messages may change.
 */
export class WorkError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'WorkError';
  }
}

/** Formats a place as `file:line:column`, or `file, row 3, column "age"`; empty when nothing is known. */
export function formatPlace(place: Place): string {
  const parts: string[] = [];
  if (place.file !== undefined) {
    parts.push(
      place.file +
        (place.line !== undefined
          ? `:${place.line}${place.column !== undefined ? `:${place.column}` : ''}`
          : ''),
    );
  } else if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.row !== undefined) parts.push(`row ${place.row}`);
  if (place.columnName !== undefined) parts.push(`column "${place.columnName}"`);
  return parts.join(', ');
}
