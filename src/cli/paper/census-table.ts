import { resolve } from 'node:path';
import { workspaceOf } from '../../experiment/load.js';
import { applySetting, parseSetting } from '../../experiment/set-option.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { formatCount } from '../../shared/numbers.js';
import { censusGroups, type CensusTable } from '../../shared/study/paper/census-results.js';
import { figureName } from '../../shared/study/paper/paper-table.js';
import { paperReport } from '../../shared/study/paper/report.js';
import type { StudyRecord } from '../../shared/study/record.js';
import { shownValue } from '../../shared/study/settings.js';
import { studyFromText, type Study } from '../../study/load-study.js';
import type { StudyInput } from '../../study/schema.js';
import { auxiliaryStudy, censusStudy } from '../../study/paper/census-study.js';
import { studyPaths, type StudyPaths } from '../../study/store.js';
import { runStudy } from '../study/run-study.js';
import { StudyView } from '../study/study-view.js';
import { tuningReport } from '../study/tuning-report.js';
import type { Trained } from '../study/train-study.js';
import { writePaper } from '../study/write-figures.js';
import { stdout } from '../terminal/terminal.js';
import { findCensus } from './census-files.js';
import { printReport } from './print-report.js';

export interface CensusOptions {
  /** The folder of the files. */
  readonly data: string;
  readonly trials?: number;
  readonly seeds?: number;
  readonly parallel?: number;
  readonly set: readonly string[];
}

/** What is tuned with, and trained then, where it is not said. */
const usual = { trials: 40, seeds: 20 };

/** Reproduces table 1 or 2 of the paper: what was measured beside the paper's numbers, and what the paper says of it. */
export async function censusTable(table: CensusTable, options: CensusOptions): Promise<number> {
  const { data, trials = usual.trials, seeds = usual.seeds, parallel, set } = options;
  const view = new StudyView(stdout);
  const files = await findCensus(data);
  const made = [censusStudy, auxiliaryStudy].map((make) => make(table, { ...files, trials, seeds }));
  const { main: task, auxiliary } = censusGroups[table];
  view.line(
    `${figureName(table)}: ${task} and ${auxiliary} on Census-Income; each method tuned by ${formatCount(trials)} ` +
      `trials, then ${formatCount(seeds)} seeds`,
  );
  const found: { study: Study; paths: StudyPaths; trained: Trained[] }[] = [];
  for (const input of made) {
    for (const setting of set.map(parseSetting)) applySetting(input.base, setting);
    for (const line of protocolLines(input)) view.line(line);
    const study = await studyFromText(JSON.stringify(input), resolve('paper.study.json'));
    const workspace = workspaceOf(resolve('paper.study.json'));
    const paths = studyPaths(workspace, study.name);
    const call = ['--data', data, '--trials', String(trials), '--seeds', String(seeds)];
    const options = [...call, ...set.flatMap((setting) => ['--set', setting])];
    const origin = { is: 'paper', figure: table, options } as const;
    const trained = await runStudy({ study, origin, workspace, paths, parallel }, view);
    if (trained === null) {
      view.line(`stopped; mmoe paper ${table} goes on with what is missing`);
      return exitCodes.stopped;
    }
    found.push({ study, paths, trained });
    for (const line of tuningReport(trained.flatMap(({ tuned }) => tuned ?? []))) view.line(line);
    view.line(`every run is a line of ${paths.runs}; figures are in ${paths.figures}`);
    view.line();
  }
  const [main, own] = found;
  const origin: StudyRecord['origin'] = { is: 'paper', figure: table, options: [] };
  const { vary } = main!.study.file;
  const report = paperReport({ origin, vary }, main!.trained, own!.trained)!;
  // Its own figures were written before there were single-task models of the auxiliary task.
  await writePaper(main!.paths, report);
  printReport(view, report, table);
  return exitCodes.done;
}

/** Says what the paper leaves open, and how it is here. */
function protocolLines({ base, vary = {}, tune }: StudyInput): string[] {
  const { model, training } = base as Readonly<Record<string, unknown>>;
  const parts = Object.entries({ model, training }).map(
    ([part, value]) => `${part} ${JSON.stringify(value)}`,
  );
  const chosen = Object.entries(tune!.settings).map(([path, choice]) => {
    const { when = {}, ...from } = choice;
    const only = Object.values(when).flat().map(shownValue);
    const text =
      'values' in from
        ? from.values.map(shownValue).join(', ')
        : `${from.from} … ${from.to}${from.scale === 'log' ? ', logarithmic' : ''}`;
    return `  ${path}: ${text}${only.length === 0 ? '' : ` (${only.join(', ')})`}`;
  });
  const { task, metric } = tune!.objectives![0]!;
  return [
    'the experiment, of which --set changes settings:',
    ...parts.map((part) => `  ${part}`),
    `tuned for ${task}, validation ${metric}, for ${Object.values(vary).flat().map(shownValue).join(', ')}:`,
    ...chosen,
  ];
}
