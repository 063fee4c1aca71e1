import { InputError, type Place } from '../shared/errors.js';
import { placeOf, type JsonPath } from './place.js';

/** An experiment that does not fit its data: found after the file was read, so the place is a path until `placed`. */
export class ExperimentError extends InputError {
  constructor(
    code: string,
    message: string,
    readonly path: JsonPath,
    place: Place = {},
  ) {
    super(code, message, place);
  }
}

/** The same error with line and column of the experiment's text, where it is about the experiment. */
export function placed(error: unknown, file: { readonly path: string; readonly text: string } | undefined): unknown {
  if (!(error instanceof ExperimentError) || file === undefined || error.place.file !== undefined) return error;
  const { row, columnName } = error.place;
  const data = { ...(row !== undefined && { row }), ...(columnName !== undefined && { columnName }) };
  return new ExperimentError(error.code, error.message, error.path, { ...placeOf(file.text, file.path, error.path), ...data });
}
