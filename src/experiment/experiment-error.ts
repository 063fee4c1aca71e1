import { parseTree } from 'jsonc-parser';
import { InputError, type Place } from '../shared/errors.js';
import { jsoncOptions, placeIn, type JsonPath } from './place.js';
import { parseSetting, settingOf } from './set-option.js';

/** An experiment as it is written: the text of its file, and the command line's `--set PATH=VALUE`. */
export interface ExperimentText {
  readonly path: string;
  readonly text: string;
  readonly sets?: readonly string[];
}

/**
 * An experiment that does not fit its data. This is found after the file was read, so the place is a path
 * until `placed` looks it up in the text.
 */
export class ExperimentError extends InputError {
  constructor(
    code: string,
    message: string,
    readonly path: JsonPath,
    place: Place = {},
    cause?: unknown,
  ) {
    super(code, message, place, cause);
  }
}

/**
 * Returns the same error with its line and column in the experiment, or with the `--set` that it is about;
 * errors about something else stay as they are.
 */
export function placed(error: unknown, file: ExperimentText | undefined): unknown {
  if (!(error instanceof ExperimentError) || file === undefined || error.place.file !== undefined)
    return error;
  const { row, columnName } = error.place;
  const root = parseTree(file.text, [], jsoncOptions);
  const setting = settingOf(error.path, (file.sets ?? []).map(parseSetting), root);
  if (setting !== undefined)
    return new InputError(error.code, `--set ${setting.text}: ${error.message}`, error.place);
  const data = { ...(row !== undefined && { row }), ...(columnName !== undefined && { columnName }) };
  const place = { ...placeIn(file.text, file.path, root, error.path, 'value'), ...data };
  return new ExperimentError(error.code, error.message, error.path, place, error.cause);
}
