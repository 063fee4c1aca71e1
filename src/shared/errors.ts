/** Where a problem lies; lines and columns from 1, data rows from 1 without the header. */
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
 * What a person did or gave cannot be worked with (exit code 2): what is wrong, where, what to do. Thrown by
 * small factories beside the code that finds it; `code` is stable, messages may change.
 */
export class InputError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly place: Place = {},
  ) {
    super(message);
    this.name = 'InputError';
  }
}

/** `file:line:column`, or `file, row 3, column "age"`; empty when nothing is known. */
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
