import { resolve } from 'node:path';
import { workspaceOf } from '../../../experiment/load.js';
import { applySetting, parseSetting } from '../../../experiment/set-option.js';
import { InputError } from '../../../shared/errors.js';
import { exitCodes } from '../../../shared/exit-codes.js';
import { studyFromText } from '../../../study/load-study.js';
import { censusTables, type CensusTable } from '../../../shared/study/paper/census-results.js';
import { paperFigures } from '../../../shared/study/paper/paper-table.js';
import { paperReport } from '../../../shared/study/paper/report.js';
import { labelStudy } from '../../../study/paper/label-study.js';
import type { StudyInput } from '../../../study/schema.js';
import { recommenderStudy, withRates } from '../../../study/paper/recommender-study.js';
import { protocols, syntheticStudy, type Protocol } from '../../../study/paper/synthetic-study.js';
import { studyPaths } from '../../../study/store.js';
import { shownValue } from '../../../shared/study/settings.js';
import { censusTable } from '../../paper/census-table.js';
import { drawLabels } from '../../paper/draw-labels.js';
import { gateBars } from '../../paper/gate-bars.js';
import { printReport } from '../../paper/print-report.js';
import { runStudy } from '../../study/run-study.js';
import { trainStudy } from '../../study/train-study.js';
import { StudyView } from '../../study/study-view.js';
import { stdout } from '../../terminal/terminal.js';

export interface PaperOptions {
  /** The folder of the data of tables 1 and 2. */
  readonly data: string;
  /** How many trials each method is tuned by. */
  readonly trials?: number;
  /** Not a number: it was not given as one. */
  readonly seeds?: number;
  readonly parallel?: number;
  /** How much the paper's synthetic study is trained on. */
  readonly protocol: string;
  readonly set: readonly string[];
}

type Figure = Exclude<(typeof paperFigures)[number], CensusTable>;

/** Reproduces a figure or table of the paper: what was measured, and what the paper says of it. */
export async function paperCommand(name: string, options: PaperOptions): Promise<number> {
  for (const [flag, value] of [
    ['--seeds', options.seeds],
    ['--trials', options.trials],
    ['--parallel', options.parallel],
  ] as const)
    if (Number.isNaN(value)) throw new InputError('paper.option', `${flag} takes a whole number, at least 1`);
  const protocol = protocolOf(options.protocol);
  const table = censusTables.find((one) => one === name);
  if (table !== undefined) return censusTable(table, options);
  const figure = paperFigures.find((one): one is Figure => one === name);
  if (figure === undefined) {
    const known = paperFigures.join(', ');
    throw new InputError('paper.figure', `there is no figure or table "${name}"; name one of ${known}`);
  }
  switch (figure) {
    case 'fig2':
      return labelFigure(options);
    case 'fig3':
    case 'fig4':
    case 'fig5':
      return syntheticFigure(figure, protocol, options);
    case 'fig6':
    case 'table3':
    case 'table4':
      return recommenderFigure(figure, options);
  }
}

/** Throws an InputError for what is none, also where the figure has no use of it. */
function protocolOf(wanted: string): Protocol {
  const names = Object.keys(protocols) as Protocol[];
  const protocol = names.find((one) => one === wanted);
  if (protocol === undefined)
    throw new InputError('paper.option', `--protocol takes ${names.join(' or ')}, not "${wanted}"`);
  return protocol;
}

/** What the paper's experiments are written to, if only by its text: their runs go to this workspace. */
const inline = (): string => resolve('paper.study.json');

function labelFigure({ seeds = 100, ...options }: PaperOptions): Promise<number> {
  const input = changed(labelStudy(seeds), options.set);
  return paperStudy('fig2', input, { ...options, call: ['--seeds', String(seeds)] });
}

async function syntheticFigure(
  figure: Figure,
  protocol: Protocol,
  { seeds = 200, ...options }: PaperOptions,
): Promise<number> {
  const call = ['--seeds', String(seeds), '--protocol', protocol];
  const input = changed(syntheticStudy(seeds, protocol), options.set);
  return paperStudy(figure, input, { ...options, call });
}

function recommenderFigure(figure: Figure, { seeds = 10, ...options }: PaperOptions): Promise<number> {
  const input = withRates(changed(recommenderStudy(seeds), options.set));
  return paperStudy(figure, input, { ...options, call: ['--seeds', String(seeds)] });
}

/** Changes settings of a study's experiment. */
function changed(input: StudyInput, set: readonly string[]): StudyInput {
  for (const setting of set.map(parseSetting)) applySetting(input.base, setting);
  return input;
}

/** Trains what is missing of a study of the paper, and prints what comes of it beside what the paper says. */
async function paperStudy(
  figure: Figure,
  input: StudyInput,
  /** `call`: how it was called, but for `set`, which the input has. */
  { parallel, set, call }: Pick<PaperOptions, 'parallel' | 'set'> & { readonly call: readonly string[] },
): Promise<number> {
  const study = await studyFromText(JSON.stringify(input), inline());
  const view = new StudyView(stdout);
  const workspace = workspaceOf(inline());
  const paths = studyPaths(workspace, study.name);
  for (const line of protocolLines(input)) view.line(line);
  const options = [...call, ...set.flatMap((setting) => ['--set', setting])];
  const origin = { is: 'paper', figure, options } as const;
  const job = { study, origin, workspace, paths, parallel };
  const trained = await runStudy(job, view, figure === 'fig2' ? drawLabels : trainStudy);
  if (trained === null) {
    view.line(`stopped; mmoe paper ${figure} goes on with what is missing`);
    return exitCodes.stopped;
  }
  const report = paperReport({ origin, vary: study.file.vary }, trained)!;
  if (figure === 'fig6') for (const line of gateBars(trained)) view.line(line);
  printReport(view, report, figure);
  view.line(`every run is a line of ${paths.runs}; figures are in ${paths.figures}`);
  return exitCodes.done;
}

/** Says how it is here what the paper leaves open. */
function protocolLines({ base, vary = {}, pick }: StudyInput): string[] {
  const parts = Object.entries(base).map(([part, value]) => `${part} ${JSON.stringify(value)}`);
  return [
    'the experiment, of which --set changes settings:',
    ...parts.map((part) => `  ${part}`),
    ...Object.entries(vary).map(([path, values]) => `${path}: ${values.map(shownValue).join(', ')}`),
    ...(pick === undefined
      ? []
      : [`${pick.setting}: of ${pick.values.map(shownValue).join(', ')}, what suits each best`]),
  ];
}
