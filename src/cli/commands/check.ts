import { availableParallelism } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parseExperiment, problemOf, readExperiment, workspaceOf } from '../../experiment/load.js';
import type { Experiment } from '../../experiment/schema.js';
import { InputError } from '../../shared/errors.js';
import type { CheckReport, Problem } from '../../shared/reports.js';
import { exitCodes } from '../exit-codes.js';
import { formatBytes, formatCount } from '../numbers.js';
import { stdout } from '../terminal.js';

export interface CheckOptions {
  readonly json?: boolean;
  readonly stdin?: boolean;
  /** False with --no-data. */
  readonly data: boolean;
}

/** Prints what is wrong with an experiment; exit code 2 where something is. */
export async function checkCommand(file: string, options: CheckOptions): Promise<number> {
  const path = resolve(file);
  const text = options.stdin === true ? await readAll(process.stdin) : await readExperiment(path);
  const report = await check(text, path, options.data);
  if (options.json === true) stdout.line(JSON.stringify(report, null, 2));
  else print(report);
  return report.ok ? exitCodes.done : exitCodes.badInput;
}

async function check(text: string, path: string, withData: boolean): Promise<CheckReport> {
  const { experiment, problems } = parseExperiment(text, path);
  if (experiment === null || !withData) return { ok: experiment !== null, problems, model: null, columns: [] };
  try {
    return await checkAgainstData(experiment, problems, path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ok: false, problems: [...problems, asProblem(error, text, path)], model: null, columns: [] };
  }
}
