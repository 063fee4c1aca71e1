import { meanOf, standardDeviation } from '../../statistics/statistics.js';
import type { StudyLine } from '../line.js';
import { shownValue } from '../settings.js';
import type { Combination } from '../summary.js';
import {
  fairComparisons,
  gateClaims,
  improvement,
  paperTable3,
  paperTable4,
  rankings,
  shareText,
  table3Claims,
  table3Methods,
  table4Claims,
  worthOf,
} from './recommender-claims.js';
import {
  atCheckpoint,
  checkpoints,
  likeWeight,
  linesOf,
  numbersBySeed,
  type Goal,
} from './recommender-results.js';
import { givenAsFigure, type PaperFigure, type PaperReport, type PaperTable } from './paper-table.js';

const goals: readonly Goal[] = ['clicks', 'likes'];
type Cells = (string | number | null)[];

/** Returns tables 3 and 4 and figure 6 of the simulated recommender, and the claims of section 6.4 about each. */
export function recommenderReport(combinations: readonly Combination[]): PaperReport {
  const runs = linesOf(combinations, 'mmoe').length;
  const claims = { table3: table3Claims, table4: table4Claims, fig6: gateClaims } as const;
  return {
    section: 'section 6.4',
    tables: [
      ...metricTables(combinations, runs),
      ...worthTables(combinations, runs),
      {
        ...{ figure: 'fig6', table: gateTable(linesOf(combinations, 'mmoe')), texts: 1 },
        title: `Figure 6: mean weights of MMoE’s experts on test rows, from the heaviest to the lightest, mean of ${runs} recommenders`,
        notes: ['largest of a row: the mean of each row’s largest weight.', givenAsFigure],
      },
    ],
    claims: (['table3', 'table4', 'fig6'] as const).flatMap((of) =>
      claims[of](combinations).map((claim) => ({ ...claim, of })),
    ),
  };
}

function metricTables(combinations: readonly Combination[], runs: number): PaperTable[] {
  const after = `after ${checkpoints.join(', ')} of a pass over the log, mean of ${runs} recommenders`;
  const figure: PaperFigure = 'table3';
  const engagement =
    'paper: of its engagement task, after 2, 4 and 6 million steps, as its Table 3 has them.';
  const sparse = 'paper: not given as numbers; it leaves the sparse goal out.';
  const r2 = 'R²: of the probabilities, against 0 and 1.';
  const table = (task: string, metric: 'auc' | 'r2') => metricTable(combinations, task, metric);
  return [
    {
      figure,
      part: 'AUC of clicks',
      title: `Table 3: AUC of clicks ${after}`,
      ...table('click', 'auc'),
      notes: [engagement],
    },
    {
      figure,
      part: 'R² of clicks',
      title: `Table 3: R² of clicks ${after}`,
      ...table('click', 'r2'),
      notes: [r2, engagement],
    },
    {
      figure,
      part: 'AUC of likes',
      title: `Table 3: AUC of likes ${after}`,
      ...table('like', 'auc'),
      notes: [sparse],
    },
    {
      figure,
      part: 'R² of likes',
      title: `Table 3: R² of likes ${after}`,
      ...table('like', 'r2'),
      notes: [r2, sparse],
    },
  ];
}

function metricTable(
  combinations: readonly Combination[],
  task: string,
  metric: 'auc' | 'r2',
): Pick<PaperTable, 'table' | 'texts'> {
  const hasPaper = task === 'click';
  const rows = table3Methods.map((method): Cells => {
    const lines = linesOf(combinations, method);
    return [
      method,
      lines[0] === undefined ? '' : shownValue(lines[0].settings['training.learningRate']),
      ...checkpoints.flatMap((epoch, i) => [
        ...meanAndSpread([...numbersBySeed(lines, atCheckpoint(epoch, task, metric)).values()]),
        ...(hasPaper ? [paperTable3[method][metric][i]!] : []),
      ]),
    ];
  });
  const columns = checkpoints.flatMap((part) => [`at ${part}`, 'SD', ...(hasPaper ? ['paper'] : [])]);
  return { table: { columns: ['method', 'rate', ...columns], rows }, texts: 1 };
}

function worthTables(combinations: readonly Combination[], runs: number): PaperTable[] {
  const figure: PaperFigure = 'table4';
  const shown = `shown is the candidate with the largest P(click) · (1 + w · P(like)), w = ${likeWeight}; of the first model w = 0.`;
  return [
    {
      ...{ figure, part: 'worth', table: worthTable(combinations), texts: 1 },
      title: `Table 4: clicks and likes for each visit, by the simulator’s own chances, on the day after the log; mean of ${runs} recommenders`,
      notes: [shown, 'paper: not given as numbers; it has the improvements of live metrics.'],
    },
    {
      ...{ figure, part: 'improvements', table: improvementTable(combinations), texts: 7 },
      title: 'Table 4: improvements',
      notes: ['paper: as its Table 4 has them.'],
    },
    {
      ...{ figure, part: 'by weight', table: weightTable(combinations), texts: 1 },
      title: 'Table 4: clicks and likes by the weight w of likes',
      notes: ['paper: not given.'],
    },
  ];
}

function worthTable(combinations: readonly Combination[]): PaperTable['table'] {
  const lines = linesOf(combinations, 'mmoe');
  const row = (name: string, valuesOf: (goal: Goal) => ReadonlyMap<number, number>): Cells => [
    name,
    ...goals.flatMap((goal) => meanAndSpread([...valuesOf(goal).values()])),
  ];
  const reference = (name: string, worth: (line: StudyLine, goal: Goal) => number | undefined): Cells =>
    row(name, (goal) => numbersBySeed(lines, (line) => worth(line, goal)));
  return {
    columns: ['ranked by', ...goals.flatMap((goal) => [goal, 'SD'])],
    rows: [
      reference('the existing policy', ({ policies }, goal) => policies?.existing[goal]),
      ...Object.values(rankings).map((ranking) =>
        row(ranking.name, (goal) => worthOf(combinations, ranking, goal)),
      ),
      reference(
        'the truth',
        ({ policies }, goal) => policies?.ideal.find((one) => one.likeWeight === likeWeight)?.[goal],
      ),
    ],
  };
}

function improvementTable(combinations: readonly Combination[]): PaperTable['table'] {
  const cells = (pair: Parameters<typeof improvement>[1], goal: Goal): string[] => {
    const { gain, share } = improvement(combinations, pair, goal);
    return [shareText(share), gain?.verdict ?? ''];
  };
  const row = (pair: Parameters<typeof improvement>[1], paper: (goal: Goal) => string): Cells => [
    `${pair.of.name}, over ${pair.over.name}`,
    ...goals.flatMap((goal) => [...cells(pair, goal), paper(goal)]),
  ];
  return {
    columns: ['improvement', 'clicks', 'is it better?', 'paper', 'likes', 'is it better?', 'paper'],
    rows: [
      ...paperTable4.map((pair) => row(pair, (goal) => shareText(pair[goal]))),
      ...fairComparisons.map((pair) => row(pair, () => '')),
    ],
  };
}

function weightTable(combinations: readonly Combination[]): PaperTable['table'] {
  const methods = ['single-task', 'shared-bottom', 'mmoe'] as const;
  const weights = linesOf(combinations, 'mmoe')[0]?.policies?.model.map((one) => one.likeWeight) ?? [];
  return {
    columns: ['w', ...methods.flatMap((method) => goals.map((goal) => `${method}, ${goal}`))],
    rows: weights.map((weight) => [
      String(weight),
      ...methods.flatMap((method) =>
        goals.map((goal) => {
          const values = [...worthOf(combinations, { name: method, method, weight }, goal).values()];
          return values.length === 0 ? null : meanOf(values);
        }),
      ),
    ]),
  };
}

/** Experts of one recommender are not those of another: they are told apart by their weight. */
function gateTable(lines: readonly StudyLine[]): PaperTable['table'] {
  const gates = Object.entries(lines[0]?.gates ?? {});
  const rows = gates.map(([task]): Cells => {
    const each = lines.flatMap((line) => line.gates?.[task] ?? []);
    const ordered = each.map(({ mean }) => [...mean].sort((one, other) => other - one));
    return [
      task,
      ...(ordered[0] ?? []).map((_, place) => meanOf(ordered.map((of) => of[place]!))),
      meanOf(each.map(({ largest }) => largest)),
    ];
  });
  const places = gates[0]?.[1].mean.map((_, place) => `${place + 1}.`) ?? [];
  return { columns: ['gate of', ...places, 'largest of a row'], rows };
}

const meanAndSpread = (values: readonly number[]): Cells =>
  values.length === 0 ? [null, null] : [meanOf(values), standardDeviation(values)];
