import { resolve } from 'node:path';
import { workspaceOf } from '../../experiment/load.js';
import { applySetting, parseSetting } from '../../experiment/set-option.js';
import { gainOver } from '../../shared/comparison.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { formatCount, formatDifference, formatFixed, formatInterval } from '../../shared/numbers.js';
import { meanOf } from '../../shared/statistics/statistics.js';
import { censusClaims } from '../../shared/study/paper/census-claims.js';
import {
  censusGroups,
  censusMethods,
  censusRuns,
  paperScores,
  type AucBySeed,
  type CensusMethod,
  type CensusRuns,
  type CensusTable,
} from '../../shared/study/paper/census-results.js';
import { shownValue } from '../../shared/study/settings.js';
import { studyFromText } from '../../study/load-study.js';
import type { StudyInput } from '../../study/schema.js';
import { auxiliaryStudy, censusStudy } from '../../study/paper/census-study.js';
import { studyPaths } from '../../study/store.js';
import { runStudy } from '../study/run-study.js';
import { StudyView } from '../study/study-view.js';
import { tuningReport } from '../study/tuning-report.js';
import type { Trained } from '../study/train-study.js';
import { formatTable } from '../terminal/table.js';
import { stdout } from '../terminal/terminal.js';
import { findCensus } from './census-files.js';

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
  const { main, auxiliary } = censusGroups[table];
  view.line(
    `Table ${table.slice(-1)}: ${main} and ${auxiliary} on Census-Income; each method tuned by ${formatCount(trials)} ` +
      `trials, then ${formatCount(seeds)} seeds`,
  );
  const found: Trained[][] = [];
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
    found.push(trained);
    for (const line of tuningReport(trained.flatMap(({ tuned }) => tuned ?? []))) view.line(line);
    view.line(`every run is a line of ${paths.runs}; figures are in ${paths.figures}`);
    view.line();
  }
  const runs = censusRuns(table, found[0]!, found[1]!);
  for (const line of scoreTable(table, runs, seeds)) view.line(line);
  view.line();
  view.line('What the paper says (section 5), and what these runs say:');
  const claims = censusClaims(runs).map(({ text, verdict, found: by }) => [text, verdict, by]);
  for (const line of formatTable(['claim', 'here', 'by'], claims, 3)) view.line(line);
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
    `as is, changed by --set: ${parts.join(', ')}`,
    `tuned for ${task}, validation ${metric}, for ${Object.values(vary).flat().map(shownValue).join(', ')}:`,
    ...chosen,
  ];
}

/** AUC of every method beside the paper's. */
function scoreTable(
  table: CensusTable,
  runs: ReadonlyMap<CensusMethod, CensusRuns>,
  seeds: number,
): string[] {
  const { main, auxiliary } = censusGroups[table];
  const single = runs.get('single-task')!;
  const rows = censusMethods.map((method) => {
    const { main: own, auxiliary: other } = runs.get(method)!;
    const paper = paperScores[table][method];
    // As in the paper, the best run is the best on the task that was tuned for.
    const bestSeed = seedOfBest(method === 'single-task' ? other : own);
    return [
      method,
      auc(own.get(seedOfBest(own) ?? NaN)),
      auc(paper.main.best),
      meanText(own),
      auc(paper.main.mean),
      method === 'single-task' ? '' : against(single.main, own),
      auc(other.get(bestSeed ?? NaN)),
      auc(paper.auxiliary.best),
      meanText(other),
      auc(paper.auxiliary.mean),
      method === 'single-task' ? '' : against(single.auxiliary, other),
    ];
  });
  const header = [main, auxiliary].flatMap((task) => [
    `${task}: best`,
    'paper',
    `mean of ${seeds}`,
    'paper',
    'vs single-task',
  ]);
  return [
    `AUC on test rows; the paper's are of 400 runs. best: of the run with the best AUC of ${main}.`,
    ...formatTable(['method', ...header], rows, 1),
    'vs single-task: the mean difference seed by seed, and its 95 % interval.',
  ];
}

const auc = (value: number | undefined): string => formatFixed(value ?? null, 4);

function seedOfBest(values: AucBySeed): number | null {
  const sorted = [...values].sort(([, one], [, other]) => other - one);
  return sorted[0]?.[0] ?? null;
}

const meanText = (values: AucBySeed): string =>
  values.size === 0 ? '' : formatFixed(meanOf([...values.values()]), 4);

function against(baseline: AucBySeed, values: AucBySeed): string {
  const gain = gainOver(baseline, values, 'auc');
  if (gain === null) return '';
  const { mean, interval } = gain;
  return interval === null ? formatDifference(mean) : `${formatDifference(mean)} ${formatInterval(interval)}`;
}
