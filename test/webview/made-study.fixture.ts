import type { HostToStudyPage } from '../../src/shared/messages/study-protocol.js';
import type { StudyLine } from '../../src/shared/study/line.js';
import type { StudyRecord } from '../../src/shared/study/record.js';

export interface MadeStudy {
  readonly methods?: readonly string[];
  readonly correlations?: readonly number[];
  readonly seeds?: number;
  /** How many of the trainings are there. */
  readonly done?: number;
  readonly paper?: boolean;
  readonly record?: Partial<StudyRecord>;
}

const epochs = Array.from({ length: 15 }, (_, i) => i + 1);

/** A number from 0 to 1 that depends on all of these. */
function drawn(...of: readonly (string | number)[]): number {
  let hash = 2166136261;
  for (const one of of.join('|')) hash = Math.imul(hash ^ one.charCodeAt(0), 16777619);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** Makes a study as the paper's figures 4 and 5 have it, and its lines. */
export function madeStudy({
  methods = ['shared-bottom', 'omoe', 'mmoe'],
  correlations = [0.5, 0.9, 1],
  seeds = 20,
  done = Infinity,
  paper = true,
  record = {},
}: MadeStudy = {}): { record: StudyRecord; lines: StudyLine[] } {
  const all = correlations.flatMap((p) =>
    methods.flatMap((method, m) =>
      Array.from({ length: seeds }, (_, i): StudyLine => {
        const seed = i + 1;
        const bell = [1, 2, 3, 4].reduce((sum, k) => sum + drawn(method, p, seed, k) - 0.5, 0);
        const level = [0.12, 0.095, 0.075][m % 3]! - (p - 0.5) * 0.05;
        const final = level + bell * [0.03, 0.016, 0.013][m % 3]! + 0.008 * (drawn(p, seed) - 0.5);
        const curve = (gap: number) =>
          epochs.map((epoch) => final + gap + (1 - final) * Math.exp(-epoch / (2 + m * 0.2)));
        const metrics = (shift: number) => ({
          y1: { loss: final + shift, r2: 1 - 5 * (final + shift), mse: final + shift },
          y2: { loss: final + 2 * shift, r2: 1 - 4.6 * (final + 2 * shift), mse: final + 2 * shift },
        });
        return {
          key: `${method} ${p} ${seed}`.padEnd(24, '.'),
          settings: {
            'data.source.synthetic.correlation': p,
            'model.variant': method,
            'training.learningRate': 0.01,
          },
          ...{ seed, isTrial: false, status: 'finished', kinds: { y1: 'regression', y2: 'regression' } },
          ...{ validation: metrics(0.004), test: metrics(0.006), bestEpoch: 14, epochs: 15 },
          curves: {
            epochs,
            train: { y1: curve(0), y2: curve(0.01) },
            validation: { y1: curve(0.004), y2: curve(0.012) },
          },
          ...{ parameters: 13_056, seconds: 0.64 },
          engine: { name: 'fused', target: 'native avx2', threads: 1 },
          ...{ fingerprint: 'abc', version: '0.1.0' },
        };
      }),
    ),
  );
  return {
    record: {
      format: 1,
      name: paper ? 'paper synthetic' : 'rates',
      description: paper ? 'Figures 3, 4 and 5 of Ma et al., KDD 2018.' : '',
      origin: paper
        ? { is: 'paper', figure: 'fig5', options: ['--seeds', String(seeds)] }
        : { is: 'file', path: 'work/rates.study.json' },
      base: { path: 'paper.study.json', text: '{}' },
      vary: { 'data.source.synthetic.correlation': [...correlations], 'model.variant': [...methods] },
      seeds: { count: seeds, first: 1, data: true },
      compare: { setting: 'model.variant', to: 'shared-bottom' },
      pick: { setting: 'training.learningRate', values: [1e-4, 1e-3, 1e-2], seeds: 3 },
      ...{ drawn: [], tune: null },
      planned: all.map(({ key }) => key),
      total: all.length,
      times: { begun: new Date(Date.now() - 182_000).toISOString(), before: 0, ended: null },
      version: '0.1.0',
      ...record,
    },
    // Trainings end in the order in which they are planned, but for those of the last combinations.
    lines: all.filter((_, i) => i < done),
  };
}

/** Makes a study as tables 3 and 4 and figure 6 of the paper have it, with two experts' worth of gates. */
export function madeRecommender(): ReturnType<typeof madeStudy> {
  const methods = ['single-task', 'shared-bottom', 'l2-constrained', 'cross-stitch', 'omoe', 'mmoe'];
  const models = methods.map((variant) => ({ variant, towers: { layers: [16] } }));
  const { record, lines } = madeStudy({ methods, correlations: [1], seeds: 4 });
  const metrics = (method: number, seed: number) => ({
    auc: 0.7 + 0.01 * method + 0.002 * drawn(method, seed),
    r2: 0.1 + 0.01 * method + 0.002 * drawn(seed, method),
    loss: 0.5 - 0.01 * method + 0.002 * drawn(seed),
  });
  return {
    record: {
      ...record,
      ...{ name: 'paper recommender', origin: { is: 'paper', figure: 'table3', options: [] } },
      vary: { model: models },
      compare: { setting: 'model', to: models[0] },
    },
    lines: lines.map((line) => {
      const method = methods.indexOf(String(line.settings['model.variant']));
      const both = { click: metrics(method, line.seed), like: metrics(method, line.seed + 9) };
      const worth = [0, 5].map((likeWeight) => ({
        likeWeight,
        clicks: 0.25 + 0.01 * method + 0.001 * drawn(method, line.seed, likeWeight),
        likes: 0.01 + 0.001 * method + 0.0001 * drawn(method, likeWeight, line.seed),
      }));
      const gate = (most: number) => ({ mean: [0.2, most, 0.5 - most, 0.3], largest: most });
      return {
        ...line,
        settings: { model: models[method], 'training.learningRate': 0.003 },
        kinds: { click: 'binary', like: 'binary' },
        ...{ validation: both, test: both },
        checkpoints: [0.33, 0.67, 1].map((epoch) => ({ epoch, test: both })),
        policies: { model: worth, ideal: worth, existing: { clicks: 0.2, likes: 0.01 } },
        ...(method >= 4 && {
          gates: { click: gate(0.4 + 0.05 * drawn(line.seed)), like: gate(0.3 + 0.05 * drawn(line.seed)) },
        }),
      };
    }),
  };
}

/** Makes a study as figure 2 of the paper has it, whose trials train nothing. */
export function madeLabels(): ReturnType<typeof madeStudy> {
  const points = [0, 0.5, 1];
  const { record, lines } = madeStudy({ methods: ['mmoe'], correlations: points, seeds: 6 });
  const path = 'data.source.synthetic.correlation';
  return {
    record: {
      ...record,
      ...{ name: 'paper labels', origin: { is: 'paper', figure: 'fig2', options: [] }, pick: null },
      ...{ vary: { [path]: points }, compare: null },
    },
    lines: lines.map((line) => ({
      ...line,
      settings: { [path]: line.settings[path] },
      ...{ kinds: {}, validation: null, test: null, epochs: 0 },
      curves: { epochs: [], train: {}, validation: {} },
      labelCorrelation: Number(line.settings[path]) * (0.9 + 0.1 * drawn(line.seed)),
    })),
  };
}

/** What the host tells a page that says it is ready. */
export const studyMessage = (
  { record, lines }: ReturnType<typeof madeStudy>,
  status: Extract<HostToStudyPage, { type: 'study' }>['status'] = 'finished',
): HostToStudyPage => ({
  ...{ type: 'study', record, notes: '', status, canTrain: true },
  lines: lines.map((line) => JSON.stringify(line)),
});
