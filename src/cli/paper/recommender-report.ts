import { formatFixed, formatMetric } from '../../shared/numbers.js';
import { meanOf, standardDeviation } from '../../shared/statistics/statistics.js';
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
} from '../../shared/study/paper/recommender-claims.js';
import {
  atCheckpoint,
  checkpoints,
  likeWeight,
  linesOf,
  numbersBySeed,
  type Goal,
} from '../../shared/study/paper/recommender-results.js';
import type { Claim } from '../../shared/study/paper/claims.js';
import type { StudyLine } from '../../shared/study/line.js';
import { shownValue } from '../../shared/study/settings.js';
import type { Combination } from '../../shared/study/summary.js';
import { formatTable } from '../terminal/table.js';

/** What a table or figure of the recommender shows, and what the paper says of it. */
export interface RecommenderReport {
  readonly lines: readonly string[];
  readonly claims: readonly Claim[];
}

const goals: readonly Goal[] = ['clicks', 'likes'];

export const recommenderReports = {
  /** Table 3: how well clicks and likes are predicted at checkpoints. */
  table3: (trained: readonly Combination[]): RecommenderReport => ({
    lines: [
      `Table 3: test rows of ${seedsOf(trained)} simulated recommenders after ${checkpoints.join(', ')} of a pass over the log, and the ` +
        'paper’s own after 2, 4 and 6 million steps (in parentheses)',
      ...metricTable(trained, 'click', 'auc'),
      '',
      ...metricTable(trained, 'click', 'r2'),
      '',
      'Both of the paper’s are of its engagement task. Of the sparse goal, which it does not show:',
      ...metricTable(trained, 'like', 'auc'),
      '',
      ...metricTable(trained, 'like', 'r2'),
      'R²: of the probabilities, against 0 and 1.',
    ],
    claims: table3Claims(trained),
  }),
  /** Table 4: what ranking with the models is worth. */
  table4: (trained: readonly Combination[]): RecommenderReport => ({
    lines: [
      'Table 4: clicks and likes for each visit, by the simulator’s own chances, on the day after the log; mean of ' +
        `${seedsOf(trained)} recommenders`,
      `shown is the candidate with the largest P(click) · (1 + w · P(like)), w = ${likeWeight}; of the first model w = 0`,
      ...worthTable(trained),
      '',
      ...improvementTable(trained),
      '',
      'Clicks and likes by w:',
      ...weightTable(trained),
    ],
    claims: table4Claims(trained),
  }),
  /** Figure 6: how the gates weigh the experts. */
  fig6: (trained: readonly Combination[]): RecommenderReport => ({
    lines: gateLines(linesOf(trained, 'mmoe')),
    claims: gateClaims(trained),
  }),
} as const;
export type RecommenderFigure = keyof typeof recommenderReports;

const seedsOf = (trained: readonly Combination[]): number => linesOf(trained, 'mmoe').length;

function metricTable(trained: readonly Combination[], task: string, metric: 'auc' | 'r2'): string[] {
  const shown = metric === 'auc' ? 'AUC' : 'R²';
  const header = [`${task} ${shown}`, 'rate', ...checkpoints.map((part) => `at ${part}`)];
  const rows = table3Methods.map((method) => {
    const lines = linesOf(trained, method);
    return [
      method,
      lines[0] === undefined ? '' : shownValue(lines[0].settings['training.learningRate']),
      ...checkpoints.map((epoch, i) => {
        const values = [...numbersBySeed(lines, atCheckpoint(epoch, task, metric)).values()];
        const paper = task === 'click' ? ` (${paperTable3[method][metric][i]})` : '';
        return `${meanAndSpread(values, 4)}${paper}`;
      }),
    ];
  });
  return formatTable(header, rows, 1);
}

function worthTable(trained: readonly Combination[]): string[] {
  const rows = Object.values(rankings).map((ranking) => [
    ranking.name,
    ...goals.map((goal) => meanAndSpread([...worthOf(trained, ranking, goal).values()], 4)),
  ]);
  const lines = linesOf(trained, 'mmoe');
  const reference = (name: string, worth: (line: StudyLine, goal: Goal) => number | undefined): string[] => [
    name,
    ...goals.map((goal) => meanAndSpread([...numbersBySeed(lines, (line) => worth(line, goal)).values()], 4)),
  ];
  return formatTable(
    ['ranked by', ...goals],
    [
      reference('the existing policy', ({ policies }, goal) => policies?.existing[goal]),
      ...rows,
      reference('the truth', ({ policies }, goal) => idealAt(policies, likeWeight)?.[goal]),
    ],
    1,
  );
}

const idealAt = (policies: StudyLine['policies'], weight: number) =>
  policies?.ideal.find((one) => one.likeWeight === weight);

function improvementTable(trained: readonly Combination[]): string[] {
  const cells = (pair: Parameters<typeof improvement>[1], goal: Goal): string[] => {
    const { gain, share } = improvement(trained, pair, goal);
    return [shareText(share), gain?.verdict ?? ''];
  };
  const row = (pair: Parameters<typeof improvement>[1], paper: (goal: Goal) => string): string[] => [
    `${pair.of.name}, over ${pair.over.name}`,
    ...goals.flatMap((goal) => [...cells(pair, goal), paper(goal)]),
  ];
  return formatTable(
    ['improvement', 'clicks', 'is it better?', 'paper', 'likes', 'is it better?', 'paper'],
    [
      ...paperTable4.map((pair) => row(pair, (goal) => shareText(pair[goal]))),
      ...fairComparisons.map((pair) => row(pair, () => '')),
    ],
    7,
  );
}

function weightTable(trained: readonly Combination[]): string[] {
  const methods = ['single-task', 'shared-bottom', 'mmoe'] as const;
  const weights = linesOf(trained, 'mmoe')[0]?.policies?.model.map((one) => one.likeWeight) ?? [];
  const rows = weights.map((weight) => [
    String(weight),
    ...methods.flatMap((method) =>
      goals.map((goal) => {
        const values = [...worthOf(trained, { name: method, method, weight }, goal).values()];
        return formatFixed(values.length === 0 ? null : meanOf(values), 4);
      }),
    ),
  ]);
  return formatTable(['w', ...methods.flatMap((method) => goals.map((goal) => `${method}, ${goal}`))], rows);
}

/** The width of a bar of weight 1. */
const barWidth = 40;

function gateLines(lines: readonly StudyLine[]): string[] {
  const [first] = lines;
  const gates = Object.entries(first?.gates ?? {});
  if (first === undefined || gates.length === 0) return ['there are no gates'];
  const bars = gates.flatMap(([task, { mean }]) => [
    `gate of ${task}`,
    ...mean.map((weight, expert) => `  expert ${expert + 1}  ${bar(weight)} ${formatFixed(weight, 3)}`),
  ]);
  const sorted = gates.map(([task]) => {
    const each = lines.flatMap((line) => line.gates?.[task] ?? []);
    const ordered = each.map(({ mean }) => [...mean].sort((one, other) => other - one));
    return [
      task,
      ...(ordered[0] ?? []).map((_, place) => formatFixed(meanOf(ordered.map((of) => of[place]!)), 3)),
      formatMetric(meanOf(each.map(({ largest }) => largest))),
    ];
  });
  const places = gates[0]![1].mean.map((_, place) => `${place + 1}.`);
  return [
    `Figure 6: mean weights of the experts over test rows, MMoE, seed ${first.seed}`,
    ...bars,
    '',
    `Mean of ${lines.length} recommenders, each with its experts from the heaviest to the lightest:`,
    ...formatTable(['gate of', ...places, 'largest of a row'], sorted, 1),
  ];
}

const bar = (weight: number): string => '█'.repeat(Math.round(weight * barWidth)).padEnd(barWidth, '·');

const meanAndSpread = (values: readonly number[], digits: number): string => {
  if (values.length === 0) return formatFixed(null, digits);
  const spread = standardDeviation(values);
  return `${formatFixed(meanOf(values), digits)}${spread === null ? '' : ` ± ${formatFixed(spread, digits)}`}`;
};
