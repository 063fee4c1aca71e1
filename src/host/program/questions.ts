import * as v from 'valibot';
import {
  checkReportSchema,
  describeReportSchema,
  type CheckReport,
  type DescribeReport,
} from '../../shared/reports.js';
import { ask, errorsIn, type Program } from './program.js';

/**
 * Asks the trainer program about tables and experiments: DuckDB never runs in the editor's process.
 * All reject with an AnswerError that is for people, or with the signal's AbortError.
 */
export class AnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AnswerError';
  }
}

export interface AskOptions {
  readonly program: Program;
  /** The program's working directory. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/** `mmoe describe SOURCE --json`: a file, folder or glob. */
export async function describeTable(source: string, options: AskOptions): Promise<DescribeReport> {
  return v.parse(describeReportSchema, await askJson(['describe', source, '--json'], options));
}

/** The table that an experiment's text names, unsaved edits included; `file` is where the text belongs. */
export async function describeExperiment(
  file: string,
  text: string,
  options: AskOptions,
): Promise<DescribeReport> {
  return v.parse(
    describeReportSchema,
    await askJson(['describe', file, '--experiment', '--stdin', '--json'], { ...options, input: text }),
  );
}

/** `mmoe check`: what is wrong with an experiment's text, against its data. */
export async function checkExperiment(file: string, text: string, options: AskOptions): Promise<CheckReport> {
  return v.parse(
    checkReportSchema,
    await askJson(['check', file, '--stdin', '--json'], { ...options, input: text }),
  );
}

/** `check` exits with 2 and a report, so an answer counts before the exit code. */
async function askJson(args: readonly string[], options: AskOptions & { input?: string }): Promise<unknown> {
  const { code, stdout, stderr } = await ask(options.program, args, options.folder, options);
  if (stdout.trim() === '')
    throw new AnswerError(
      errorsIn(stderr) || stderr.trim() || `the trainer program ended with code ${String(code)}`,
    );
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    throw new AnswerError(
      `the trainer program's answer to "mmoe ${args.join(' ')}" is not JSON: ${stdout.slice(0, 200)}`,
    );
  }
}
