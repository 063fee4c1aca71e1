import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { getNodeValue, parseTree, type ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { InputError } from '../shared/errors.js';
import { experimentName } from '../shared/names.js';
import type { Problem } from '../shared/messages/reports.js';
import type { ExperimentText } from './experiment-error.js';
import { questionableColumns } from './sense/columns-sense.js';
import { extremes } from './sense/extremes.js';
import { explain, type Flaw } from './explain.js';
import { questionableMethods } from './sense/methods-sense.js';
import { jsoncOptions, placeIn, placeOfRange, type JsonPath } from './place.js';
import { placeOfProblem, problemAt } from './problem.js';
import { columnSchema } from './schema/columns.js';
import { experimentSchema, type Experiment } from './schema.js';
import type { Variant } from './schema/variants.js';
import { settle } from './chosen-defaults.js';
import { schemasAt } from './schema-walk.js';
import { questionable } from './sense/sense.js';
import { applySetting, parseSetting, removeSetting, settingOf, type Setting } from './set-option.js';
import { duplicateKeys, nestingProblem, syntaxProblems, zeroBytes } from './syntax.js';

/**
 * Reads an experiment's text, changed by the command line's `--set PATH=VALUE`. `experiment` is null if a
 * problem is an error; warnings do not matter.
 */
export function parseExperiment(
  text: string,
  file: string,
  sets: readonly string[] = [],
): { experiment: Experiment | null; problems: Problem[] } {
  return parseWith(text, file, sets.map(parseSetting));
}

/** Reads an experiment file. Throws an InputError that names the place of the first error. */
export async function openExperiment(
  path: string,
  sets: readonly string[],
): Promise<{ experiment: Experiment; file: ExperimentText; warnings: Problem[] }> {
  const file = { path, text: await readExperiment(path), sets };
  return { ...experimentFromText(file), file };
}

/** Returns the experiment that a text says. Throws an InputError that names the place of the first error. */
export function experimentFromText({ path, text, sets }: ExperimentText): {
  experiment: Experiment;
  warnings: Problem[];
} {
  const { experiment, problems } = parseExperiment(text, path, sets);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (experiment !== null && errors.length === 0) return { experiment, warnings: problems };
  const first = errors[0]!;
  const more =
    errors.length > 1
      ? ` (and ${errors.length - 1} more ${errors.length === 2 ? 'problem' : 'problems'})`
      : '';
  throw new InputError(first.code, first.message + more, placeOfProblem(first));
}

/**
 * Returns the experiment that a text says with another variant. The text may name any variant, but it must
 * name one. Throws an InputError that names the place of the first error.
 */
export function experimentWithVariant(
  file: ExperimentText,
  variant: Variant,
): { experiment: Experiment; warnings: Problem[] } {
  const { problems } = parseExperiment(file.text, file.path, file.sets);
  // Settings that the text's own variant cannot take have other codes, and do not matter.
  if (problems.some(({ severity, code }) => severity === 'error' && code.startsWith('schema.')))
    return experimentFromText(file);
  return experimentFromText({ ...file, sets: [...(file.sets ?? []), `model.variant=${variant}`] });
}

/** Reads an experiment file like openExperiment, and returns the experiment without its warnings. */
export const loadExperiment = async (path: string, sets: readonly string[]): Promise<Experiment> =>
  (await openExperiment(path, sets)).experiment;

/** Returns the text of an experiment file. Throws an InputError if there is none. */
export async function readExperiment(path: string): Promise<string> {
  if (tableName.test(path) && existsSync(path)) {
    const message = 'this is a table, not an experiment; mmoe new writes an experiment for it';
    throw new InputError('experiment.table', message, { file: path });
  }
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const what =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'this is a folder, not an experiment file'
          : 'cannot be read';
    throw new InputError('experiment.file', `${what}; name a *.mmoe.json file`, { file: path });
  }
}

/** File names that tables have and experiments do not. */
const tableName = /\.(csv|tsv|tab|psv|parquet|pq|jsonl|ndjson)(\.gz)?$/i;

/**
 * Returns the workspace of a file: the nearest folder above it that has `.mmoe`, `.git` or `.vscode`, or else
 * the file's own folder.
 */
export function workspaceOf(path: string): string {
  const own = dirname(resolve(path));
  for (let folder = own; ; folder = dirname(folder)) {
    // A home folder's .vscode holds the editor's own extensions. It must not make one workspace of all that a
    // person has.
    const marks = folder === homedir() ? ['.mmoe', '.git'] : ['.mmoe', '.git', '.vscode'];
    if (marks.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (folder === dirname(folder)) return own;
  }
}

/** The name of an experiment that gives itself none. */
function parseWith(
  text: string,
  file: string,
  settings: readonly Setting[],
): { experiment: Experiment | null; problems: Problem[] } {
  const nesting = nestingProblem(text, file);
  if (nesting !== null) return { experiment: null, problems: [nesting] };
  const syntax: ParseError[] = [];
  const root = parseTree(text, syntax, jsoncOptions);
  if (syntax.length > 0 || root === undefined)
    return { experiment: null, problems: syntaxProblems(text, file, syntax) };
  const zeros = zeroBytes(text, file, root);
  if (zeros.length > 0) return { experiment: null, problems: zeros };
  const value: unknown = getNodeValue(root);
  if (root.type !== 'object') {
    const message =
      'an experiment is a JSON object: { "data": { "source": "…" }, "tasks": [{ "label": "…" }] }';
    return {
      experiment: null,
      problems: [problemAt('error', 'schema.type', message, placeOfRange(text, file, root.offset, 1))],
    };
  }
  applySettings(value, settings);
  const toProblem = (flaw: Flaw, severity: Problem['severity']): Problem => {
    const setting = settingOf(flaw.path, settings, root);
    if (setting === undefined)
      return problemAt(severity, flaw.code, flaw.message, placeIn(text, file, root, flaw.path, flaw.part));
    return problemAt(severity, flaw.code, `--set ${setting.text}: ${flaw.message}`, {});
  };
  const problems = explain(experimentSchema, value).map((flaw) => toProblem(flaw, 'error'));
  problems.push(...duplicateKeys(text, file, root));
  const parsed = v.safeParse(experimentSchema, value);
  if (!parsed.success) return { experiment: null, problems: inOrder(problems) };
  const reserved = reservedColumns(value);
  problems.push(...reserved.flaws.map((flaw) => toProblem(flaw, 'error')));
  const columns = reserved.into(parsed.output.columns);
  const experiment = withNames({ ...parsed.output, columns }, file);
  // What is chosen for a table needs its rows; doubts are about settings that go with any choice.
  const assumed = settle(experiment, value, assumedSize).experiment;
  const doubts = [
    ...questionable(assumed),
    ...questionableColumns(assumed),
    ...questionableMethods(assumed, value),
    ...extremes(assumed),
  ];
  for (const { severity, ...flaw } of doubts) problems.push(toProblem(flaw, severity));
  return {
    experiment: problems.some((problem) => problem.severity === 'error') ? null : experiment,
    problems: inOrder(problems),
  };
}

/** Returns an experiment as the person wrote it, changed by `--set`, of a text that has been found sound. */
export function writtenIn({ text, sets = [] }: ExperimentText): unknown {
  const root = parseTree(text, [], jsoncOptions);
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  applySettings(value, sets.map(parseSetting));
  return value;
}

/**
 * Changes an experiment's value in place. An unknown key that is set to null is kept, so that the schema
 * rejects it and names the key that was meant.
 */
function applySettings(value: unknown, settings: readonly Setting[]): void {
  for (const setting of settings)
    (setting.value === null && isSetting(setting.path) ? removeSetting : applySetting)(value, setting);
}

/** The size of a table of which nothing is known yet. */
const assumedSize = { rows: 10_000, numeric: 10 };

const inOrder = (problems: Problem[]): Problem[] =>
  problems.sort(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );

/** Fills in the names that the file leaves out: the file's own for the experiment, the label for a task. */
function withNames(experiment: Experiment, file: string): Experiment {
  return {
    ...experiment,
    name: experiment.name ?? experimentName(basename(file)),
    tasks: experiment.tasks.map((task) => ({ ...task, name: task.name ?? task.label })),
  };
}

/**
 * Reads the settings of columns whose names valibot skips in a record, because they could change an object's
 * prototype.
 */
function reservedColumns(value: unknown): {
  flaws: Flaw[];
  into: (columns: Experiment['columns']) => Experiment['columns'];
} {
  const columns: unknown =
    typeof value === 'object' && value !== null && 'columns' in value ? value.columns : undefined;
  const flaws: Flaw[] = [];
  const found: [string, Experiment['columns'][string]][] = [];
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    if (typeof columns !== 'object' || columns === null || !Object.hasOwn(columns, key)) continue;
    const settings: unknown = Reflect.get(columns, key);
    const parsed = v.safeParse(columnSchema, settings);
    if (parsed.success) found.push([key, parsed.output]);
    else flaws.push(...explain(columnSchema, settings, ['columns', key]));
  }
  // Object.fromEntries defines its keys, where an assignment to __proto__ would set the prototype.
  return {
    flaws,
    into: (others) =>
      found.length === 0 ? others : Object.fromEntries([...Object.entries(others), ...found]),
  };
}

const isSetting = (path: JsonPath): boolean => schemasAt(experimentSchema, path).length > 0;
