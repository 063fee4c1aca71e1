import { relative, resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { checkData } from '../../data/check.js';
import { sourceKind } from '../../data/read/source-kind.js';
import { inputWidth } from '../../data/encode/encoder.js';
import { placed, type ExperimentText } from '../../experiment/experiment-error.js';
import { parseExperiment, readExperiment, workspaceOf } from '../../experiment/load.js';
import type { Experiment } from '../../experiment/schema.js';
import { estimateMemory } from '../../network/memory-estimate.js';
import { InputError } from '../../shared/errors.js';
import type { CheckReport, Problem } from '../../shared/messages/reports.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { outsideLines } from '../../shared/run/outside-text.js';
import { vocabularyText } from '../../shared/run/vocabulary-text.js';
import { aloneLines, chosenLines, matchText, partsText } from '../terminal/model-text.js';
import { formatBytes, formatCount } from '../../shared/numbers.js';
import { sizesOf } from '../training/memory-limit.js';
import { runsFolderFor } from '../../run/files/run-paths.js';
import type { Earlier } from '../../training/earlier/earlier.js';
import { earlierRunOf } from '../earlier/earlier-run.js';
import { withPlaces } from '../training/error-places.js';
import { dataOptions } from '../training/read-data.js';
import { startOfPlan } from '../training/start-members.js';
import { planTraining, type TrainingPlan } from '../training/training-plan.js';
import { taskText } from '../terminal/task-text.js';
import { dataField, taskFields } from '../training/manifest-fields.js';
import { problemLine } from '../terminal/problems.js';
import { printJson, stderr, stdout } from '../terminal/terminal.js';

export interface CheckOptions {
  readonly json?: boolean;
  readonly stdin?: boolean;
  /** False with --no-data. */
  readonly data: boolean;
  readonly set: readonly string[];
}

/** Prints what is wrong with an experiment; exit code 2 where something is. */
export async function checkCommand(file: string, options: CheckOptions): Promise<number> {
  const path = resolve(file);
  const text = options.stdin === true ? await readAll(process.stdin) : await readExperiment(path);
  const report = await check({ path, text, sets: options.set }, options);
  if (options.json === true) printJson(report);
  else print(report);
  return report.ok ? exitCodes.done : exitCodes.badInput;
}

async function check(
  file: ExperimentText,
  { data: withData, stdin = false }: Pick<CheckOptions, 'data' | 'stdin'>,
): Promise<CheckReport> {
  const { experiment, problems } = parseExperiment(file.text, file.path, file.sets);
  if (experiment === null || !withData)
    return { ok: experiment !== null, problems, data: null, model: null, columns: [] };
  const earlier = await earlierOf(experiment, file);
  if (earlier !== null && 'problem' in earlier)
    return { ok: false, problems: [...problems, earlier.problem], data: null, model: null, columns: [] };
  const found = await checkData(experiment, {
    ...dataOptions(file),
    ...(earlier !== null && { earlier: earlier.encoder }),
    // A text that comes from an editor is another one with the next word that is typed.
    isUnasked: stdin,
    onNote: (text) => stderr.line(text),
  });
  const all = [...problems, ...found.problems];
  if (found.data === null) {
    const ok = all.every(({ severity }) => severity !== 'error');
    return { ok, problems: all, data: null, model: null, columns: found.columns };
  }
  const { rows, leaks, vocabularies } = dataField(found.data);
  const { stream } = found.data;
  const data = {
    ...{ tasks: taskFields(found.data), rows },
    ...(leaks !== undefined && { leaks }),
    ...(vocabularies !== undefined && { vocabularies }),
    ...(stream !== null && { stream: { bytes: stream.bytes, path: stream.path } }),
  };
  try {
    const plan = planTraining(experiment, found.data, file);
    if (earlier !== null) withPlaces(file, () => startOfPlan(earlier, plan));
    const model = modelOf(plan);
    const { outside } = found.data;
    const some = outside.length > 0 ? { outside: [...outside] } : {};
    const offered = experiment.defaults === 1 && experiment.preset === undefined && isTable(experiment);
    return {
      ok: true,
      problems: [...all, ...plan.warnings.map((message) => asWarning(message, file.path))],
      data,
      model,
      ...some,
      ...(offered && { newerDefaults: true }),
      columns: found.columns,
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      ok: false,
      problems: [...all, asProblem(error, file.path)],
      data,
      model: null,
      columns: found.columns,
    };
  }
}

/** Returns the run that the experiment starts from, or what is wrong with it; null: it starts from none. */
async function earlierOf(
  experiment: Experiment,
  file: ExperimentText,
): Promise<Earlier | { readonly problem: Problem } | null> {
  try {
    return await earlierRunOf(experiment, runsFolderFor(workspaceOf(file.path)));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const known = placed(error, file);
    return { problem: asProblem(known instanceof InputError ? known : error, file.path) };
  }
}

const isTable = ({ data }: Experiment): boolean => ['files', 'query'].includes(sourceKind(data.source).kind);

function modelOf(plan: TrainingPlan): NonNullable<CheckReport['model']> {
  const { experiment, data, parameters, parts, matched, chosen, alone } = plan;
  return {
    variant: plan.description.variant,
    inputs: inputWidth(data.input),
    parameters,
    parts,
    matched: matched === null ? null : { ...matched, layers: [...matched.layers] },
    ...(experiment.training.members > 1 && { members: experiment.training.members }),
    memoryBytes: estimateMemory(plan.description, sizesOf(plan)),
    chosen: { ...chosen },
    ...(alone.length > 0 && { alone: [...alone] }),
  };
}

const asWarning = (message: string, path: string): Problem => ({
  severity: 'warning',
  code: 'model.shared',
  message,
  file: path,
  ...{ line: null, column: null, endLine: null, endColumn: null },
});

function asProblem(error: InputError, path: string): Problem {
  const { file, line, column, endLine, endColumn } = error.place;
  return {
    severity: 'error',
    code: error.code,
    message: error.message,
    file: file ?? path,
    line: line ?? null,
    column: column ?? null,
    endLine: endLine ?? null,
    endColumn: endColumn ?? null,
  };
}

/** Says where rows are that do not stay in memory. */
const streamText = ({ bytes, path }: { readonly bytes: number; readonly path: string | null }): string =>
  path === null
    ? `the rows stay on the disk while it trains: ${formatBytes(bytes)}; each training encodes them anew`
    : `the rows stay on the disk: ${formatBytes(bytes)} in ${relative(process.cwd(), path)}, from which the next ` +
      'training starts (mmoe cache)';

/** What a file that has no set of defaults could have. */
const offer =
  '"defaults": 2 would choose encodings, sizes and training by the table, mostly for better predictions ' +
  '(docs/accuracy.md)';

function print({ problems, data, model, outside = [], newerDefaults, ok }: CheckReport): void {
  for (const problem of problems) stdout.line(problemLine(problem));
  for (const task of data?.tasks ?? []) stdout.line(`task ${task.name}: ${taskText(task, data!.rows)}`);
  for (const column of data?.vocabularies ?? []) stdout.line(vocabularyText(column));
  if (data?.stream !== undefined) stdout.line(streamText(data.stream));
  if (model !== null) {
    const { variant, inputs, parameters, parts, matched, members = 1, chosen = {}, alone = [] } = model;
    stdout.line(
      `${members > 1 ? `${members} members of ` : ''}${variant}: ${formatCount(inputs)} inputs, ` +
        `${formatCount(parameters)} parameters (${partsText(parts)})`,
    );
    if (matched !== null) stdout.line(matchText(matched));
    for (const line of [...chosenLines(chosen, data?.rows.train ?? 0), ...aloneLines(alone)])
      stdout.line(line);
    stdout.line(`training takes about ${formatBytes(model.memoryBytes)} of memory`);
  }
  for (const line of outsideLines(outside)) stdout.line(line);
  if (newerDefaults === true) stdout.line(offer);
  if (ok) stdout.line('the experiment can be trained');
}
