import { relative, resolve } from 'node:path';
import { workspaceOf } from '../../../experiment/load.js';
import { InputError } from '../../../shared/errors.js';
import { exitCodes } from '../../../shared/exit-codes.js';
import { formatCount } from '../../../shared/numbers.js';
import { combinations, seedsOf } from '../../../study/cells.js';
import { openStudy } from '../../../study/load-study.js';
import { studyPaths } from '../../../study/store.js';
import { withShortNames } from '../../../shared/study/short-names.js';
import { scoresOf } from '../../../shared/study/summary.js';
import { runStudy } from '../../study/run-study.js';
import { studyReport } from '../../study/study-report.js';
import { StudyView } from '../../study/study-view.js';
import { tuningReport } from '../../study/tuning-report.js';
import { printJson, stderr, stdout } from '../../terminal/terminal.js';

export interface StudyOptions {
  /** Not a number: it was not given as one. */
  readonly parallel?: number;
  readonly json?: boolean;
  /** A line of the study that is to be trained again as a run. */
  readonly open?: string;
}

/** Trains what is missing of a study, and prints its table; or opens one of its lines as a run. */
export async function studyCommand(
  file: string,
  { parallel, json = false, open }: StudyOptions,
): Promise<number> {
  if (open !== undefined) return (await import('../../study/open-line.js')).openLine(file, open, json);
  if (Number.isNaN(parallel))
    throw new InputError('study.parallel', '--parallel takes a whole number, at least 1');
  const path = resolve(file);
  const study = await openStudy(path);
  const output = json ? stderr : stdout;
  const view = new StudyView(output);
  const planned = combinations(study.file);
  const { count } = seedsOf(study.file);
  const { tune } = study.file;
  const before = tune === undefined ? '' : `, each tuned by ${formatCount(tune.trials)} trials`;
  view.line(
    `${study.name}: ${formatCount(planned.length)} combinations × ${formatCount(count)} seeds${before}`,
  );
  const workspace = workspaceOf(path);
  const paths = studyPaths(workspace, study.name);
  const origin = { is: 'file', path: relative(workspace, path).replaceAll('\\', '/') } as const;
  const trained = await runStudy({ study, origin, workspace, paths, parallel }, view);
  if (trained === null) {
    view.line(`stopped; mmoe study ${file} goes on with what is missing`);
    return exitCodes.stopped;
  }
  const scores = scoresOf(study.file, trained);
  view.line();
  const tuned = trained.flatMap((one) => one.tuned ?? []);
  for (const line of tuningReport(tuned)) view.line(line);
  if (tuned.length > 0) view.line();
  const short = withShortNames(study.file);
  const shown = scores.map((score) => short.combination({ ...score, lines: [] }));
  for (const line of studyReport(short.plan, shown)) view.line(line);
  view.line(`every run is a line of ${paths.runs}; figures are in ${paths.figures}`);
  if (json)
    printJson({ study: study.name, folder: paths.folder, scores, ...(tuned.length > 0 && { tuned }) });
  return exitCodes.done;
}
