import type { HostToRunPage } from '../../src/shared/messages/run-protocol.js';
import type { RunManifest, RunStatus, RunTask } from '../../src/shared/run/run-manifest.js';
import type { EventOf, RunEvent, WithoutSeq } from '../../src/shared/run/run-events.js';

/** A run that nobody trained: the same numbers each time, of the shape that a test asks for. */
export interface MadeRunOptions {
  readonly tasks?: readonly RunTask[];
  readonly experts?: number;
  readonly epochs?: number;
  readonly epochsDone?: number;
  readonly stepsPerEpoch?: number;
  readonly stepEvents?: number;
  readonly routes?: 'gate' | 'constants' | 'fixed';
  readonly levels?: number;
  readonly status?: RunStatus;
  readonly manifest?: Partial<RunManifest>;
}

export const twoTasks: readonly RunTask[] = [
  { name: 'income', kind: 'binary', positive: 0.062 },
  { name: 'never married', kind: 'binary', positive: 0.432 },
];

export const mixedTasks: readonly RunTask[] = [
  { name: 'bought', kind: 'binary', positive: 0.21 },
  { name: 'genre', kind: 'multiclass', classes: ['drama', 'comedy', 'crime', 'fantasy'] },
  { name: 'minutes watched', kind: 'regression', mean: 84.3, sd: 31.9 },
];

/** Mulberry32: 0 … 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const secondsPerStep = 0.006;
const bins = 40;

export function madeRun(options: MadeRunOptions = {}): {
  manifest: RunManifest;
  status: RunStatus;
  events: RunEvent[];
} {
  const {
    tasks = twoTasks,
    experts = 8,
    epochs = 20,
    epochsDone = 13,
    stepsPerEpoch = 312,
    stepEvents = 400,
  } = options;
  const { routes = 'gate', levels = 1, status = 'running' } = options;
  const random = numbers(7);
  const noise = (): number => random() + random() + random() - 1.5;
  const goals = tasks.map((_, task) => gateGoal(experts, task, tasks.length, random));
  const events: WithoutSeq<RunEvent>[] = [{ type: 'start', time: 0, step: 0, epochs, stepsPerEpoch }];
  const every = Math.max(1, Math.floor((epochsDone * stepsPerEpoch) / stepEvents));
  let best = -Infinity;
  for (let epoch = 0; epoch <= epochsDone; epoch++) {
    for (
      let step = (epoch - 1) * stepsPerEpoch + every;
      epoch > 0 && step <= epoch * stepsPerEpoch;
      step += every
    ) {
      const losses = Object.fromEntries(
        tasks.map(({ name }, task) => [
          name,
          0.2 + 0.5 * Math.exp(-step / 900) + task * 0.06 + noise() * 0.03,
        ]),
      );
      events.push({ type: 'step', time: step * secondsPerStep, step, epoch: step / stepsPerEpoch, losses });
    }
    const at = { time: epoch * stepsPerEpoch * secondsPerStep, step: epoch * stepsPerEpoch, epoch };
    const metrics = (lead: number): Record<string, Record<string, number>> =>
      Object.fromEntries(
        tasks.map((task, index) => [task.name, taskMetrics(task, index, epoch, lead, noise)]),
      );
    const validation = metrics(0);
    const main = Object.values(validation).reduce(
      (sum, { auc, accuracy, r2 }) => sum + (auc ?? accuracy ?? r2 ?? 0),
      0,
    );
    const isBest = epoch > 0 && main > best;
    if (isBest) best = main;
    events.push({
      type: 'epoch',
      ...at,
      train: metrics(0.006),
      validation,
      rowsPerSecond: epoch === 0 ? null : 1_310_000,
      best: isBest,
    });
    for (let level = 0; level < levels; level++) {
      const groups = [
        null,
        ...tasks.slice(0, 2).flatMap(({ name }) => ['0', '1'].map((label) => ({ task: name, label }))),
      ].map((where, index) => ({
        where,
        rows: index === 0 ? 9976 : 2400 + index * 17,
        streams: goals.map((goal) => streamStatistics(goal, epoch, index * 0.2, routes)),
      }));
      events.push({ type: 'routes', ...at, level, groups });
      events.push({ type: 'experts', ...at, level, experts: expertHealth(experts, random) });
    }
  }
  return {
    manifest: madeManifest(options, events),
    status,
    events: events.map((event, index) => ({ ...event, seq: index + 1 })),
  };
}

function taskMetrics(
  { kind, sd = 1 }: RunTask,
  task: number,
  epoch: number,
  lead: number,
  noise: () => number,
): Record<string, number> {
  const late = epoch - (lead > 0 ? 0 : Math.max(0, epoch - 10) * 0.4);
  const gain = 1 - Math.exp(-late / 2.2);
  const top = [0.9421, 0.9871, 0.84, 0.79, 0.9][task % 5]! - Math.floor(task / 5) * 0.013;
  const score = top - 0.045 * (1 - gain) + lead + noise() * 0.0008;
  const loss = 0.3 + (1 - top) * 2 - 0.12 * gain - lead * 4 + noise() * 0.003;
  if (kind === 'binary') return { auc: score, loss, logLoss: loss, accuracy: score - 0.02 };
  if (kind === 'multiclass')
    return { accuracy: score - 0.2, auc: score, loss: loss + 0.4, logLoss: loss + 0.4 };
  return { r2: score - 0.4, loss, mse: loss * sd * sd };
}

/** Returns the mean weights of the experts that a task's gate tends to. */
function gateGoal(experts: number, task: number, tasks: number, random: () => number): number[] {
  const paper = [
    [0.06, 0.31, 0.02, 0.22, 0.12, 0.01, 0.19, 0.07],
    [0.24, 0.05, 0.03, 0.06, 0.13, 0.01, 0.08, 0.4],
  ];
  const known = experts === 8 && tasks === 2 ? paper[task] : undefined;
  const raw = known ?? Array.from({ length: experts }, () => random() ** 4 + 0.02);
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

function streamStatistics(
  goal: readonly number[],
  epoch: number,
  shift: number,
  routes: MadeRunOptions['routes'],
): EventOf<'routes'>['groups'][number]['streams'][number] {
  const uniform = 1 / goal.length;
  const progress = routes === 'fixed' ? 1 : 1 - Math.exp(-epoch / 3);
  const mean = goal.map(
    (weight, expert) =>
      uniform +
      (goal[(expert + Math.round(shift * 2)) % goal.length]! * shift + weight * (1 - shift) - uniform) *
        progress,
  );
  if (routes !== 'gate') return { mean, sd: mean.map(() => 0) };
  const sd = mean.map((weight) => Math.min(0.2, 0.02 + weight * 0.45 * progress));
  return { mean, sd, histogram: mean.map((weight, expert) => bell(weight, sd[expert]!)) };
}

/** Counts of about 9,976 rows. */
function bell(mean: number, sd: number): number[] {
  const heights = Array.from({ length: bins }, (_, bin) =>
    Math.exp(-(((bin + 0.5) / bins - mean) ** 2) / (2 * sd * sd)),
  );
  const sum = heights.reduce((total, height) => total + height, 0);
  return heights.map((height) => Math.round((9976 * height) / sum));
}

function expertHealth(experts: number, random: () => number): EventOf<'experts'>['experts'] {
  const alive = [15, 13, 6, 14, 11, 1, 13, 15];
  return Array.from({ length: experts }, (_, expert) => ({
    alive: alive[expert % alive.length]!,
    units: 16,
    norm: expert % 8 === 5 ? 0.1 : 0.6 + random() * 2,
    nearest:
      experts < 2 || expert % 8 === 5
        ? null
        : { expert: (expert + 3) % experts, similarity: 0.2 + random() * 0.25 },
  }));
}

function madeManifest(options: MadeRunOptions, events: readonly WithoutSeq<RunEvent>[]): RunManifest {
  const {
    tasks = twoTasks,
    experts = 8,
    epochs = 20,
    stepsPerEpoch = 312,
    routes = 'gate',
    levels = 1,
    status = 'running',
  } = options;
  const seen = events.filter((event): event is WithoutSeq<EventOf<'epoch'>> => event.type === 'epoch');
  const best = seen.findLast((event) => event.best);
  return {
    format: 1,
    id: '20261124-083012-k3f9',
    name: 'census · mmoe 8×16',
    status,
    experiment: { name: 'census' },
    experimentFile: 'census.mmoe.json',
    data: {
      source: 'census-income.csv',
      rows: { train: 79810, validation: 9976, test: 9976 },
      inputs: 499,
      fingerprint: 'made',
    },
    tasks: [...tasks],
    network: {
      variant: 'mmoe',
      levels: Array.from({ length: levels }, () => ({
        experts,
        width: 16,
        routes,
        streams: tasks.map(({ name }, task) => ({ name, task })),
      })),
    },
    engine: { name: 'fused', target: 'native AVX-512', threads: 2, why: 'the fastest that loads here' },
    seed: 1,
    parameters: 71226,
    epochs,
    stepsPerEpoch,
    versions: {},
    git: null,
    times: {
      created: '2026-11-24T08:30:12.000Z',
      started: '2026-11-24T08:30:13.000Z',
      ended: status === 'finished' ? '2026-11-24T08:30:52.000Z' : null,
      seconds: events.at(-1)?.time ?? 0,
      rowsPerSecond: 1_310_000,
    },
    summary: best
      ? {
          bestEpoch: best.epoch,
          bestEpochs: {},
          validation: best.validation ?? {},
          test: status === 'finished' ? best.train : null,
        }
      : null,
    error: null,
    tags: [],
    notes: '',
    comparison: null,
    starred: false,
    ...options.manifest,
  };
}

export function runMessage(
  run: ReturnType<typeof madeRun>,
  canTrain = true,
): Extract<HostToRunPage, { type: 'run' }> {
  return { type: 'run', from: 0, canTrain, ...run };
}
