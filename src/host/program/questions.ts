import * as v from 'valibot';
import {
  checkReportSchema,
  describeReportSchema,
  estimateReportSchema,
  type CheckReport,
  type DescribeReport,
  type EstimateReport,
} from '../../shared/messages/reports.js';
import { ask, errorsIn, type Program } from './program.js';

/**
 * Questions to the trainer program about tables and experiments: DuckDB never runs in the editor’s process.
 * All functions reject with an AnswerError, whose message is for people, or with the signal’s AbortError.
 */
export class AnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AnswerError';
  }
}

export interface AskOptions {
  readonly program: Program;
  /** The working directory of the program. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** The bytes that the program may take. */
  readonly memory?: number;
}

/** Describes a table, which is a file, a folder or a glob, by `mmoe describe SOURCE --json`. */
export async function describeTable(source: string, options: AskOptions): Promise<DescribeReport> {
  return v.parse(describeReportSchema, await askJson(['describe', source, '--json'], options));
}

/**
 * Describes the table that an experiment’s text names, with unsaved edits; `file` is the experiment’s own
 * file.
 */
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

/** Checks an experiment’s text against its data, by `mmoe check`. */
export async function checkExperiment(file: string, text: string, options: AskOptions): Promise<CheckReport> {
  return v.parse(
    checkReportSchema,
    await askJson(['check', file, '--stdin', '--json'], { ...options, input: text }),
  );
}

/**
 * Finds out how long it takes to train an experiment with each variant that can take its settings, by
 * `mmoe compare --estimate`.
 */
export async function estimateComparison(
  file: string,
  seeds: number,
  options: AskOptions,
): Promise<EstimateReport> {
  const args = ['compare', file, '--estimate', '--seeds', String(seeds), '--json'];
  return v.parse(estimateReportSchema, await askJson(args, options));
}

/**
 * Asks for JSON. `check` exits with 2 and still prints a report, so an answer counts more than the exit code.
 */
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
