import { resolve } from 'node:path';
import { generateSynthetic } from '../../../data/simulate/synthetic.js';
import { experimentFromText, workspaceOf } from '../../../experiment/load.js';
import { applySetting, parseSetting } from '../../../experiment/set-option.js';
import { InputError } from '../../../shared/errors.js';
import { exitCodes } from '../../../shared/exit-codes.js';
import { formatFixed } from '../../../shared/numbers.js';
import {
  correlationOf,
  meanOf,
  quantileOf,
  standardDeviation,
} from '../../../shared/statistics/statistics.js';
import { studyFromText } from '../../../study/load-study.js';
import { censusTables } from '../../../shared/study/paper/census-results.js';
import { syntheticClaims, type Claim } from '../../../shared/study/paper/claims.js';
import {
  correlations,
  meanCurve,
  methods,
  testLosses,
} from '../../../shared/study/paper/synthetic-results.js';
import type { StudyInput } from '../../../study/schema.js';
import { recommenderStudy, withRates } from '../../../study/paper/recommender-study.js';
import { protocols, syntheticStudy, type Protocol } from '../../../study/paper/synthetic-study.js';
import { studyPaths } from '../../../study/store.js';
import { shownValue } from '../../../shared/study/settings.js';
import type { Combination } from '../../../shared/study/summary.js';
import { censusTable } from '../../paper/census-table.js';
import { recommenderReports, type RecommenderFigure } from '../../paper/recommender-report.js';
import { runStudy } from '../../study/run-study.js';
import { StudyView } from '../../study/study-view.js';
import { formatTable } from '../../terminal/table.js';
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

const figures = ['fig2', 'fig3', 'fig4', 'fig5', 'fig6', 'table3', 'table4'] as const;
type Figure = (typeof figures)[number];
type SyntheticFigure = 'fig3' | 'fig4' | 'fig5';

/** Reproduces a figure or table of the paper: what was measured, and what the paper says of it. */
export async function paperCommand(name: string, options: PaperOptions): Promise<number> {
  for (const [flag, value] of [
    ['--seeds', options.seeds],
    ['--trials', options.trials],
    ['--parallel', options.parallel],
  ] as const)
    if (Number.isNaN(value)) throw new InputError('paper.option', `${flag} takes a whole number, at least 1`);
  const table = censusTables.find((one) => one === name);
  if (table !== undefined) return censusTable(table, options);
  const figure = figures.find((one) => one === name);
  if (figure === undefined) {
    const known = [...figures, ...censusTables].join(', ');
    throw new InputError('paper.figure', `there is no figure or table "${name}"; name one of ${known}`);
  }
  switch (figure) {
    case 'fig2':
      return labelCorrelation(options);
    case 'fig3':
    case 'fig4':
    case 'fig5':
      return syntheticFigure(figure, options);
    case 'fig6':
    case 'table3':
    case 'table4':
      return recommenderFigure(figure, options);
  }
}

/** What the paper's experiments are written to, if only by its text: their runs go to this workspace. */
const inline = (): string => resolve('paper.study.json');

/** Figure 2: the correlation of the labels against the cosine of the tasks' weights, over trials. */
function labelCorrelation({ seeds = 100, set }: PaperOptions): number {
  const view = new StudyView(stdout);
  const points = Array.from({ length: 11 }, (_, i) => i / 10);
  view.begin(points.length * seeds);
  const rows = points.map((p) => {
    const found = Array.from({ length: seeds }, (_, trial) => {
      const base = {
        data: { source: { synthetic: { rows: 2000, correlation: p, seed: trial + 1 } } },
        tasks: [{ label: 'y1' }],
      };
      const { experiment } = experimentFromText({ path: inline(), text: JSON.stringify(base), sets: set });
      const { source } = experiment.data;
      if (typeof source === 'string' || !('synthetic' in source))
        throw new InputError('paper.data', 'this figure is about synthetic data; leave data.source as it is');
      const [one, other] = generateSynthetic(source.synthetic).labels;
      view.ended(`p = ${p}, trial ${trial + 1}`);
      return correlationOf(one!, other!);
    });
    return { p, mean: meanOf(found), sd: standardDeviation(found) };
  });
  view.clear();
  view.line(`Figure 2: correlation of the labels against that of the tasks' weights, ${seeds} trials each`);
  const header = ['p', 'mean', '− 2 SD', '+ 2 SD'];
  const cells = rows.map(({ p, mean, sd }) => {
    const around = sd === null ? ['', ''] : [formatFixed(mean - 2 * sd, 3), formatFixed(mean + 2 * sd, 3)];
    return [String(p), formatFixed(mean, 3), ...around];
  });
  for (const line of formatTable(header, cells)) view.line(line);
  const isRising = rows.every(({ mean }, i) => i === 0 || mean > rows[i - 1]!.mean);
  view.line(
    `the paper: the labels are more correlated the more the weights are: ${isRising ? 'holds' : 'fails'}`,
  );
  return exitCodes.done;
}

async function syntheticFigure(
  figure: SyntheticFigure,
  { seeds = 200, protocol: wanted, ...options }: PaperOptions,
): Promise<number> {
  const names = Object.keys(protocols) as Protocol[];
  const protocol = names.find((one) => one === wanted);
  if (protocol === undefined)
    throw new InputError('paper.option', `--protocol takes ${names.join(' or ')}, not "${wanted}"`);
  const call = ['--seeds', String(seeds), '--protocol', protocol];
  const input = changed(syntheticStudy(seeds, protocol), options.set);
  return paperStudy(figure, input, { ...options, call }, 'section 4.2', (trained) => ({
    lines: figureLines[figure](trained, seeds),
    claims: syntheticClaims(trained),
  }));
}

function recommenderFigure(
  figure: RecommenderFigure,
  { seeds = 10, ...options }: PaperOptions,
): Promise<number> {
  const input = withRates(changed(recommenderStudy(seeds), options.set));
  return paperStudy(
    figure,
    input,
    { ...options, call: ['--seeds', String(seeds)] },
    'section 6.4',
    recommenderReports[figure],
  );
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
  section: string,
  report: (trained: readonly Combination[]) => { lines: readonly string[]; claims: readonly Claim[] },
): Promise<number> {
  const study = await studyFromText(JSON.stringify(input), inline());
  const view = new StudyView(stdout);
  const workspace = workspaceOf(inline());
  const paths = studyPaths(workspace, study.name);
  for (const line of protocolLines(input)) view.line(line);
  const options = [...call, ...set.flatMap((setting) => ['--set', setting])];
  const origin = { is: 'paper', figure, options } as const;
  const trained = await runStudy({ study, origin, workspace, paths, parallel }, view);
  if (trained === null) {
    view.line(`stopped; mmoe paper ${figure} goes on with what is missing`);
    return exitCodes.stopped;
  }
  const { lines, claims } = report(trained);
  for (const line of lines) view.line(line);
  view.line();
  view.line(`What the paper says (${section}), and what these runs say:`);
  const rows = claims.map(({ text, verdict, found }) => [text, verdict, found]);
  for (const line of formatTable(['claim', 'here', 'by'], rows, 3)) view.line(line);
  view.line(`every run is a line of ${paths.runs}; figures are in ${paths.figures}`);
  return exitCodes.done;
}

/** Says how it is here what the paper leaves open. */
function protocolLines({ base, vary = {}, pick }: StudyInput): string[] {
  const parts = Object.entries(base).map(([part, value]) => `${part} ${JSON.stringify(value)}`);
  return [
    `as is, changed by --set: ${parts.join(', ')}`,
    ...Object.entries(vary).map(([path, values]) => `${path}: ${values.map(shownValue).join(', ')}`),
    ...(pick === undefined
      ? []
      : [`${pick.setting}: of ${pick.values.map(shownValue).join(', ')}, what suits each best`]),
  ];
}

const figureLines: Record<SyntheticFigure, (trained: readonly Combination[], seeds: number) => string[]> = {
  fig3: (trained, seeds) => [
    `Figure 3: loss of the shared bottom on the training rows by epoch, mean of ${seeds} runs`,
    ...curveTable(trained, ['shared-bottom']),
  ],
  fig4: (trained, seeds) => [
    `Figure 4: loss on the training rows by epoch, mean of ${seeds} runs each, with the learning rate that suits it best`,
    ...curveTable(trained, methods),
  ],
  fig5: (trained, seeds) => [
    `Figure 5: the losses of ${seeds} runs each on test rows, at their best epoch`,
    ...spreadTable(trained),
  ],
};

/** Mean curves at about ten epochs, a line for each method and correlation. */
function curveTable(trained: readonly Combination[], of: readonly (typeof methods)[number][]): string[] {
  const curves = correlations.flatMap((p) =>
    of.map((method) => ({ p, method, ...meanCurve(trained, method, p) })),
  );
  const epochs = curves[0]?.epochs ?? [];
  const every = Math.max(1, Math.ceil(epochs.length / 10));
  const shown = epochs.flatMap((_, i) => (i % every === 0 || i === epochs.length - 1 ? [i] : []));
  const header = ['p', 'method', 'rate', ...shown.map((i) => `epoch ${epochs[i]}`)];
  const rows = curves.map(({ p, method, rate, losses }) => [
    String(p),
    method,
    rate,
    ...shown.map((i) => formatFixed(losses[i], 4)),
  ]);
  return formatTable(header, rows, 2);
}

/** How the losses of methods and correlations are distributed. */
function spreadTable(trained: readonly Combination[]): string[] {
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const rows = correlations.flatMap((p) =>
    methods.map((method) => {
      const losses = [...testLosses(trained, method, p).values()].sort((a, b) => a - b);
      const quantiles = shares.map((share) =>
        formatFixed(losses.length === 0 ? null : quantileOf(losses, share), 4),
      );
      return [
        String(p),
        method,
        String(losses.length),
        formatFixed(losses.length === 0 ? null : meanOf(losses), 4),
        formatFixed(standardDeviation(losses), 4),
        ...quantiles,
      ];
    }),
  );
  return formatTable(
    ['p', 'method', 'runs', 'mean', 'SD', 'least', '25 %', 'median', '75 %', 'most'],
    rows,
    2,
  );
}
