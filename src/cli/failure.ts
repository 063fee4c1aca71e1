import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { CommanderError } from 'commander';
import { formatPlace, InputError, WorkError, type Place } from '../shared/errors.js';
import type { RunError } from '../shared/run/run-manifest.js';
import { refusedCodes } from '../shared/run/run-status.js';
import { exitCodes } from '../shared/exit-codes.js';
import { systemRefusal } from '../shared/system-error.js';
import { oneLine } from '../shared/trim.js';
import { printError } from './terminal/terminal.js';

/** Prints one `error:` line on stderr and returns the exit code. `command`: the one that was called; empty: none is. */
export function reportFailure(error: unknown, command = ''): number {
  if (error instanceof CommanderError) {
    const help = ['mmoe', ...(command === '' ? [] : [command]), '--help'].join(' ');
    printError(`${oneLine(error.message.replace(/^error: /, ''))}; see ${help}`);
    return exitCodes.badInput;
  }
  if (error instanceof InputError) {
    printError(describeInputError(error));
    return exitCodes.badInput;
  }
  const refusal = systemRefusal(error);
  if (error instanceof WorkError) printError(oneLine(error.message));
  // The machine, and no fault of this program's: no stack helps.
  else if (refusal !== null) printError(`${refusal.what}; ${refusal.help}, and do it again`);
  else printError(`${oneLine(messageOf(error))}; ${writeTrace(error)}`);
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

function codeOf(error: unknown): string {
  if (error instanceof WorkError) return error.code;
  const refusal = systemRefusal(error);
  if (refusal !== null) return refusedCodes + refusal.code;
  return error instanceof Error ? error.name : 'error';
}

/** Returns the place with a file name relative to where the person is, if that is shorter. */
function shortened(place: Place): Place {
  if (place.file === undefined || !isAbsolute(place.file)) return place;
  const near = relative(process.cwd(), place.file);
  return near.length > 0 && near.length < place.file.length ? { ...place, file: near } : place;
}

/**
 * Writes the stack of a failure before there is a run folder, which would have a log.txt. The folder for
 * temporary files is everybody's: the file lies in a new one of its own, which nobody else can enter, under a
 * name that nobody can have taken before. Returns for people where it is.
 */
function writeTrace(error: unknown): string {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'mmoe-'));
    const path = join(folder, 'trace.log');
    const text = `${new Date().toISOString()} ${stackOf(error)}\n`;
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return `the details are in ${path}`;
  } catch (second) {
    return `the details could not be written (${messageOf(second)})`;
  }
}
