import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { getNodeValue, parseTree, type ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { explain } from '../experiment/explain.js';
import { readExperiment } from '../experiment/load.js';
import { jsoncOptions, placeIn } from '../experiment/place.js';
import { placeOfProblem } from '../experiment/problem.js';
import { nestingProblem, syntaxProblems } from '../experiment/syntax.js';
import { InputError } from '../shared/errors.js';
import { isStudyFile, studyName } from '../shared/names.js';
import { studySchema, type StudyFile } from './schema.js';
import { choiceFlaw, objectiveFlaw, varyFlaw } from './tune-flaws.js';

/** A study, read. */
export interface Study {
  readonly name: string;
  readonly file: StudyFile;
  /** The text of the experiment, which settings change, and the path that its sources are relative to. */
  readonly base: { readonly path: string; readonly text: string };
}

/** Reads a study file and its experiment's text. Throws an InputError that names the place of the first error. */
export async function openStudy(path: string): Promise<Study> {
  if (!isStudyFile(path))
    throw new InputError('study.file', 'this is no study; name a *.study.json file', { file: path });
  return studyFromText(await readStudy(path), path);
}

async function readStudy(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const what = isMissing ? 'there is no such file' : 'cannot be read';
    throw new InputError('study.file', `${what}; name a *.study.json file`, { file: path });
  }
}

/** Returns the study that a text says. `path`: of its file, which paths in it are relative to. */
export async function studyFromText(text: string, path: string): Promise<Study> {
  const nesting = nestingProblem(text, path);
  if (nesting !== null) throw new InputError(nesting.code, nesting.message, placeOfProblem(nesting));
  const syntax: ParseError[] = [];
  const root = parseTree(text, syntax, jsoncOptions);
  if (syntax.length > 0 || root === undefined) {
    const [first] = syntaxProblems(text, path, syntax);
    throw new InputError(first!.code, first!.message, placeOfProblem(first!));
  }
  const value: unknown = getNodeValue(root);
  const [flaw] = explain(studySchema, value, [], 'a study');
  if (flaw !== undefined)
    throw new InputError(flaw.code, flaw.message, placeIn(text, path, root, flaw.path, flaw.part));
  const file = v.parse(studySchema, value);
  const base = await baseOf(file, path);
  const wrong = choiceFlaw(file) ?? varyFlaw(file, base) ?? objectiveFlaw(file, base);
  if (wrong !== null)
    throw new InputError('study.choices', wrong.message, placeIn(text, path, root, wrong.path, wrong.part));
  return { name: file.name ?? studyName(path), file, base };
}

async function baseOf({ base }: StudyFile, path: string): Promise<Study['base']> {
  // What is wrong in an experiment that stands in the study is told with its setting, but without a line.
  if (typeof base !== 'string') return { path, text: JSON.stringify(base) };
  const experiment = resolve(dirname(path), base);
  return { path: experiment, text: await readExperiment(experiment) };
}
