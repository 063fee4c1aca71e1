import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { CommanderError } from 'commander';
import { formatPlace, InputError, type Place } from '../shared/errors.js';
import type { RunError } from '../shared/run/run-manifest.js';
import { exitCodes } from '../shared/exit-codes.js';
import { printError } from './terminal/terminal.js';

/**
 * A failure of the work, not of the input: exit code 1. The message is for people, the stack is in the run's
 * log already.
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

/** Prints one `error:` line on stderr and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    printError(`${oneLine(error.message.replace(/^error: /, ''))}; see mmoe --help`);
    return exitCodes.badInput;
  }
  if (error instanceof InputError) {
    printError(describeInputError(error));
    return exitCodes.badInput;
  }
  if (error instanceof WorkError) printError(oneLine(error.message));
  else printError(`${oneLine(messageOf(error))}; the details are in ${writeTrace(error)}`);
  return exitCodes.failed;
}

export function describeInputError(error: InputError): string {
  const place = formatPlace(shortened(error.place));
  return oneLine(error.message) + (place === '' ? '' : ` (${place})`);
}

/** Returns what run.json keeps of a failure. */
export function toRunError(error: unknown): RunError {
  if (!(error instanceof InputError)) return { code: codeOf(error), message: oneLine(messageOf(error)) };
  const { file, line, column } = error.place;
  return {
    code: error.code,
    message: describeInputError(error),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, ' ');

function codeOf(error: unknown): string {
  if (error instanceof WorkError) return error.code;
  return error instanceof Error ? error.name : 'error';
}

/** Returns the place with a file name relative to where the person is, if that is shorter. */
function shortened(place: Place): Place {
  if (place.file === undefined || !isAbsolute(place.file)) return place;
  const near = relative(process.cwd(), place.file);
  return near.length > 0 && near.length < place.file.length ? { ...place, file: near } : place;
}

/** Writes the stack of a failure before there is a run folder, which would have a log.txt. */
function writeTrace(error: unknown): string {
  const path = join(tmpdir(), `mmoe-${process.pid}.log`);
  appendFileSync(path, `${new Date().toISOString()} ${stackOf(error)}\n`);
  return path;
}
