import type { JsonPath } from '../place.js';
import type { Experiment, Simulator, Source, Synthetic } from '../schema.js';
import { choiceByKind } from '../schema/gates.js';
import type { Questionable } from './sense.js';

/** A bound of a number: beyond `doubtful` there is a warning, beyond `wrong` an error. */
interface Bound {
  readonly doubtful?: number;
  readonly wrong?: number;
  /** The consequence of a number beyond the bound, as a clause. */
  readonly consequence: string;
}

/** The bounds of a number that the schema allows. */
interface Limit {
  readonly path: JsonPath;
  /** The number; undefined if this experiment has none. */
  readonly value: number | undefined;
  readonly below?: Bound;
  readonly above?: Bound;
}

/** Returns the settings that are so small or large that training fails, or does not do what was meant. */
export function extremes(experiment: Experiment): Questionable[] {
  return [...ofData(experiment), ...ofModel(experiment), ...ofTraining(experiment)].flatMap(found);
}

/** Returns the limits of synthetic data: what would take terabytes or hours has to be refused unread. */
function ofData({ data }: Experiment): Limit[] {
  const limits = ofSource(data.source, ['data', 'source']);
  for (const part of ['validation', 'test'] as const) {
    const split = data[part];
    if (typeof split === 'object' && 'source' in split)
      limits.push(...ofSource(split.source, ['data', part, 'source']));
  }
  return limits;
}

function ofSource(source: Source, path: JsonPath): Limit[] {
  if (typeof source === 'string') return [];
  if ('synthetic' in source) return ofSynthetic(source.synthetic, [...path, 'synthetic']);
  return 'simulator' in source ? ofSimulator(source.simulator, [...path, 'simulator']) : [];
}

/** Returns why a synthetic table is not drawn, as a sentence with what to change; null: it can be. */
export const syntheticExtreme = (settings: Synthetic): string | null =>
  ofSynthetic(settings, []).flatMap(found)[0]?.message ?? null;

/** Returns why a simulated log is not drawn, as a sentence with what to change; null: it can be. */
export const simulatorExtreme = (settings: Simulator): string | null =>
  ofSimulator(settings, []).flatMap(found)[0]?.message ?? null;

function ofSynthetic({ rows, dimensions, tasks, terms }: Synthetic, path: JsonPath): Limit[] {
  const perRow = Math.max(dimensions + tasks, tasks * (dimensions + terms));
  const limit = (name: string, value: number, wrong: number, consequence: string): Limit => ({
    path: [...path, name],
    value,
    above: { wrong, consequence },
  });
  const columns = 'a table of so many columns is not read in a sensible time';
  return [
    limit('dimensions', dimensions, 10_000, columns),
    limit('tasks', tasks, 1000, columns),
    limit('terms', terms, 10_000, 'the sines of a row take too long to compute'),
    // Where one of those is too large already, it is to blame.
    limit(
      'rows',
      dimensions > 10_000 || tasks > 1000 || terms > 10_000 ? 0 : rows,
      Math.max(10, Math.floor(1e11 / perRow)),
      'to draw so many rows takes hours',
    ),
  ];
}

function ofSimulator(settings: Simulator, path: JsonPath): Limit[] {
  const { rows, users, items, segments, topics, dimensions, features, candidates } = settings;
  const limit = (name: keyof Simulator, value: number, wrong: number, consequence: string): Limit => ({
    path: [...path, name],
    value,
    above: { wrong, consequence },
  });
  const slow = 'a row takes too long to draw';
  const many = 'so many are not told apart in a sensible time';
  const ofRow = candidates * (dimensions + 30) + features * (dimensions + 10);
  const others = [
    limit('dimensions', dimensions, 1000, slow),
    limit('features', features, 5000, 'a table of so many columns is not read in a sensible time'),
    limit('candidates', candidates, 10_000, slow),
    limit('users', users, 10_000_000, many),
    limit('items', items, 10_000_000, many),
    limit('segments', segments, 1_000_000, many),
    limit('topics', topics, 1_000_000, many),
  ];
  return [
    ...others,
    // Where one of those is too large already, it is to blame.
    limit(
      'rows',
      others.some(({ value, above }) => value! > above!.wrong!) ? 0 : rows,
      Math.min(4e9, Math.max(10, Math.floor(1e13 / ofRow))),
      'to draw so many rows takes hours',
    ),
  ];
}

function ofModel({ tasks, model, training }: Experiment): Limit[] {
  const { gates, constraint, stitches, experts } = model;
  const inExperts = expertsOf(model, tasks.length) * experts.layers.length;
  return [
    {
      path: ['model', 'experts', 'layers'],
      value: inExperts,
      above: {
        wrong: 100_000,
        consequence: 'these are the layers of all experts, and to lay out so many takes too long',
      },
    },
    {
      path: ['model', 'gates', 'temperature'],
      value: gates.temperature,
      below: {
        doubtful: 0.05,
        wrong: 0.001,
        consequence: 'every gate takes one expert alone and hardly learns which',
      },
      above: { doubtful: 100, wrong: 1e6, consequence: 'all experts weigh alike, whatever the gates learn' },
    },
    {
      path: ['model', 'gates', 'balance'],
      value: gates.balance,
      above: {
        doubtful: 10,
        wrong: 1e6,
        consequence: 'even use of the experts outweighs what the tasks have to learn',
      },
    },
    ...ofChoice(gates.choose),
    {
      path: ['model', 'constraint', 'strength'],
      value: constraint.strength,
      above: {
        doubtful: 100,
        wrong: 1e6,
        consequence: 'the tasks’ networks are held together so strongly that they hardly learn anything else',
      },
    },
    {
      path: ['model', 'stitches', 'learningRate'],
      value: model.variant === 'cross-stitch' ? stitches.learningRate : undefined,
      above: {
        doubtful: 1 / training.learningRate,
        consequence: 'times the learning rate it is more than 1: a step may overthrow the mix',
      },
    },
  ];
}

/** Returns how many experts a model has at most, over all levels. */
function expertsOf({ variant, levels, experts }: Experiment['model'], tasks: number): number {
  const { count, perTask, shared } = experts;
  switch (variant) {
    case 'single-task':
    case 'shared-bottom':
    case 'l2-constrained':
    case 'cross-stitch':
    case 'tensor-factorization':
      return tasks;
    case 'omoe':
    case 'mmoe':
      return count;
    case 'cgc':
      return tasks * perTask + shared;
    case 'ple':
      return levels * (tasks * perTask + shared);
    case 'pathnet':
      return levels * count;
  }
}

/** Returns the limits of how a gate chooses. */
function ofChoice(choose: Experiment['model']['gates']['choose']): Limit[] {
  const choice = choiceByKind(choose);
  switch (choice.kind) {
    case 'all':
      return [];
    case 'top':
      return [
        {
          path: ['model', 'gates', 'choose', 'load'],
          value: choice.load,
          above: {
            doubtful: 10,
            wrong: 1e6,
            consequence: 'even load of the experts outweighs what the tasks have to learn',
          },
        },
      ];
    case 'selectors':
      return [
        {
          path: ['model', 'gates', 'choose', 'width'],
          value: choice.width,
          below: { wrong: 0.001, consequence: 'the selectors’ steps are too steep to learn from' },
          above: { wrong: 1000, consequence: 'the selectors’ bits never leave the middle of their steps' },
        },
        {
          path: ['model', 'gates', 'choose', 'entropy'],
          value: choice.entropy,
          above: {
            doubtful: 10,
            wrong: 1e6,
            consequence: 'to choose sharply outweighs what the tasks have to learn',
          },
        },
      ];
  }
}

function ofTraining({ tasks, training }: Experiment): Limit[] {
  const { learningRate, optimizer, weightDecay, clipNorm, epsilon, lossWeighting } = training;
  const isSgd = optimizer === 'sgd';
  return [
    {
      path: ['training', 'learningRate'],
      value: learningRate,
      below: { doubtful: 1e-8, consequence: 'steps this small are lost in single precision' },
      above: {
        doubtful: isSgd ? 10 : 0.5,
        wrong: 1e6,
        consequence: isSgd
          ? 'training will hardly settle'
          : `${optimizer} changes every weight by about as much in each step, so training will hardly settle`,
      },
    },
    {
      path: ['training', 'weightDecay'],
      value: weightDecay,
      above: {
        doubtful: 0.1 / learningRate,
        wrong: 1 / learningRate,
        consequence: 'each step takes learningRate · weightDecay of every weight away',
      },
    },
    {
      path: ['training', 'clipNorm'],
      value: clipNorm,
      below: {
        doubtful: 1e-6,
        consequence: isSgd ? 'the weights hardly change' : 'gradients this small vanish beside epsilon',
      },
    },
    {
      path: ['training', 'epsilon'],
      value: isSgd ? undefined : epsilon,
      below: {
        wrong: 1e-30,
        consequence: 'single precision rounds it to 0, and a weight without a gradient becomes 0 / 0',
      },
    },
    ...ofWeighting(lossWeighting),
    ...tasks.map(({ lossWeight }, task) => ({
      path: ['tasks', task, 'lossWeight'],
      value: lossWeight,
      above: {
        doubtful: 1e4,
        wrong: 1e8,
        consequence: 'beside it the other tasks’ losses are lost in single precision',
      },
    })),
  ];
}

/** Returns the limits of a loss weighting with options; the compiler asks for those of a new one. */
function ofWeighting(weighting: Experiment['training']['lossWeighting']): Limit[] {
  if (typeof weighting === 'string') return [];
  const path = (name: string): JsonPath => ['training', 'lossWeighting', name];
  switch (weighting.kind) {
    case 'fixed':
    case 'uncertainty':
    case 'pcgrad':
      return [];
    case 'dwa':
      return [
        {
          path: path('temperature'),
          value: weighting.temperature,
          below: {
            doubtful: 0.05,
            wrong: 0.001,
            consequence: 'the task whose loss falls most slowly takes all the weight',
          },
        },
      ];
    case 'gradnorm':
      return [
        {
          path: path('alpha'),
          value: weighting.alpha,
          above: { doubtful: 10, wrong: 1000, consequence: 'the slowest task takes all the weight' },
        },
        {
          path: path('learningRate'),
          value: weighting.learningRate,
          above: { doubtful: 1, wrong: 1000, consequence: 'the tasks’ weights jump from step to step' },
        },
      ];
  }
}

function found({ path, value, below, above }: Limit): Questionable[] {
  if (value === undefined) return [];
  const name = String(path.at(-1));
  if (below !== undefined && value < (below.wrong ?? 0))
    return [
      flaw(
        'error',
        path,
        `${name} ${value} is too small: ${below.consequence}; give ${text(below.wrong)} or more`,
      ),
    ];
  if (above !== undefined && value > (above.wrong ?? Infinity))
    return [
      flaw(
        'error',
        path,
        `${name} ${value} is too large: ${above.consequence}; give ${text(above.wrong)} or less`,
      ),
    ];
  if (below !== undefined && value < (below.doubtful ?? 0))
    return [flaw('warning', path, `${name} ${value} is very small: ${below.consequence}`)];
  if (above !== undefined && value > (above.doubtful ?? Infinity))
    return [flaw('warning', path, `${name} ${value} is very large: ${above.consequence}`)];
  return [];
}

/** Writes a limit with three digits: those that are computed have more, which say nothing. */
const text = (limit: number | undefined): string => String(Number(limit?.toPrecision(3)));

const flaw = (severity: Questionable['severity'], path: JsonPath, message: string): Questionable => ({
  severity,
  code: 'experiment.extreme',
  message,
  path,
  part: 'value',
});
