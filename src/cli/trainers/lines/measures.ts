import type { PreparedData } from '../../../data/prepared.js';
import { encodedVisits, type EncodedVisits } from '../../../data/simulated-visits.js';
import { policyValue, showingBest } from '../../../data/simulate/recommender-policy.js';
import type { Members } from '../../../engine/members.js';
import type { Experiment } from '../../../experiment/schema.js';
import type { NetworkDescription } from '../../../network/description.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { isStreamed } from '../../../network/streamed-rows.js';
import { MAX_EVALUATION_ROWS } from '../../../network/memory-estimate.js';
import { InputError } from '../../../shared/errors.js';
import type { Metrics } from '../../../shared/run/run-manifest.js';
import type { StudyLine } from '../../../shared/study/line.js';
import type { Measure } from '../../../study/schema.js';
import { limit } from '../../../training/scores/limit.js';
import { meanOfMembers, type MeanOfMembers } from '../../../training/scores/mean-of-members.js';
import { reported, taskMetrics, type ScoredTask } from '../../../training/scores/metrics.js';

/** What a study measures of a training beside the metrics of its best epoch. */
export type Measured = Pick<StudyLine, 'checkpoints' | 'gates' | 'policies'>;

/** A training that is measured. */
export interface Subject {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly description: NetworkDescription;
  readonly members: Members;
}

/** Draws the visits that policies are valued on; the next training on the same data has the same. */
export class VisitsOfData {
  private kept: {
    readonly data: PreparedData;
    readonly count: number;
    readonly encoded: EncodedVisits;
  } | null = null;

  /** Throws an InputError where the data is no simulated log. */
  of({ experiment, data }: Subject, count: number): EncodedVisits {
    if (this.kept?.data === data && this.kept.count === count) return this.kept.encoded;
    const { source } = experiment.data;
    if (typeof source === 'string' || !('simulator' in source))
      throw new InputError(
        'study.policy',
        'measure.policy needs to know the truth: the source must be a simulator (data.source.simulator)',
      );
    this.kept = null;
    this.kept = { data, count, encoded: encodedVisits(data.encoder, source.simulator, count) };
    return this.kept.encoded;
  }
}

/** Measures a training while it runs, and when it has ended. */
export class TrainingMeasures {
  private readonly checkpoints: { epoch: number; test: Metrics }[] = [];
  /** Those that have not been reached, ascending. */
  private readonly ahead: number[];

  constructor(
    private readonly measure: Measure,
    private readonly subject: Subject,
    private readonly visits: VisitsOfData,
  ) {
    this.ahead = [...new Set(measure.checkpoints)].sort((one, other) => one - other);
  }

  /** To be called while the members have the weights that they have after so many epochs, or parts of one. */
  at(epochs: number): void {
    while (this.ahead.length > 0 && this.ahead[0]! <= epochs)
      this.checkpoints.push({ epoch: this.ahead.shift()!, test: testMetrics(this.subject) });
  }

  /** To be called when the members have the weights that count. */
  atEnd(): Measured {
    const { checkpoints, gates, policy } = this.measure;
    const found = gates ? gatesOf(this.subject) : {};
    return {
      ...(checkpoints !== undefined && { checkpoints: this.checkpoints }),
      ...(Object.keys(found).length > 0 && { gates: found }),
      ...(policy !== undefined && { policies: this.policies(policy) }),
    };
  }

  private policies({ visits: count, likeWeights }: NonNullable<Measure['policy']>): Measured['policies'] {
    const { subject } = this;
    const encoded = this.visits.of(subject, count);
    const { visits } = encoded;
    const { tasks } = subject.experiment;
    const taskOf = (label: string): number => tasks.findIndex((task) => task.label === label);
    const [clickTask, likeTask] = [taskOf('click'), taskOf('like')];
    if (clickTask < 0)
      throw new InputError('study.policy', 'measure.policy ranks by clicks, and no task has the label click');
    const click = new Float64Array(encoded.rows.rows);
    const like = new Float64Array(encoded.rows.rows);
    for (const { first, predictions } of evaluated(subject, encoded.rows, false)) {
      click.set(predictions[clickTask]!, first);
      if (likeTask >= 0) like.set(predictions[likeTask]!, first);
    }
    const ranked = (clicks: Float64Array, likes: Float64Array) =>
      likeWeights.map((likeWeight) => {
        const scores = clicks.map((chance, at) => chance * (1 + likeWeight * likes[at]!));
        return { likeWeight, ...policyValue(visits, showingBest(visits, scores)) };
      });
    return {
      model: ranked(click, like),
      ideal: ranked(visits.click, visits.like),
      existing: policyValue(visits, visits.existing),
    };
  }
}

/** Returns the test metrics of each task, and of binary ones R² as well: of the probabilities, against 0 and 1. */
function testMetrics(subject: Subject): Metrics {
  const { tasks } = subject.data;
  const test = testRows(subject.data);
  const all = tasks.map(({ outputs }) => new Float32Array(test.rows * outputs));
  for (const { first, predictions } of evaluated(subject, test, false))
    predictions.forEach((values, k) => all[k]!.set(values, first * tasks[k]!.outputs));
  return Object.fromEntries(
    tasks.map(({ name, kind, outputs, factor }, k) => {
      const labels = Float32Array.from(
        { length: test.rows },
        (_, row) => test.labels[row * tasks.length + k]!,
      );
      const scored: ScoredTask = {
        kind,
        outputs,
        factor,
        labels,
        predictions: all[k]!,
        weights: test.weights,
      };
      const metrics = reported(kind, taskMetrics(scored));
      if (kind !== 'binary') return [name, metrics];
      const { r2 } = reported('regression', taskMetrics({ ...scored, kind: 'regression' }));
      return [name, { ...metrics, r2: r2 ?? null }];
    }),
  );
}

/** Returns, by task, the mean weight of each expert of the top level over the test rows; only of gates. */
function gatesOf(subject: Subject): NonNullable<Measured['gates']> {
  const { data, description } = subject;
  const top = description.levels.length - 1;
  const { streams, experts } = description.levels[top]!;
  const gated = description.tasks.filter(({ stream }) => streams[stream]!.route.kind === 'gate');
  if (gated.length === 0) return {};
  const test = testRows(data);
  const sums = gated.map(() => ({ mean: experts.map(() => 0), largest: 0 }));
  for (const { rows, routes } of evaluated(subject, test, true))
    for (let row = 0; row < rows; row++)
      gated.forEach(({ stream }, k) => {
        const at = (row * streams.length + stream) * experts.length;
        const weights = routes![top]!.subarray(at, at + experts.length);
        weights.forEach((weight, expert) => (sums[k]!.mean[expert]! += weight / test.rows));
        sums[k]!.largest += Math.max(...weights) / test.rows;
      });
  return Object.fromEntries(gated.map(({ name }, k) => [name, sums[k]!]));
}

function testRows({ test }: PreparedData): EncodedRows {
  if (test !== null && !isStreamed(test)) return test;
  if (test !== null)
    throw new InputError(
      'study.measure',
      'measure.checkpoints and measure.gates are of test rows in memory; set data.stream to false, or leave them out',
    );
  const message = 'measure.checkpoints and measure.gates are of test rows, and there are none; set data.test';
  throw new InputError('study.measure', message);
}

/** Evaluates rows chunk by chunk, with all members; routes are the first one's. */
function* evaluated(
  { members, data: { tasks } }: Subject,
  rows: EncodedRows,
  routes: boolean,
): Generator<MeanOfMembers & { readonly first: number }> {
  const loaded = members.load(rows);
  try {
    for (let first = 0; first < rows.rows; first += MAX_EVALUATION_ROWS) {
      const count = Math.min(MAX_EVALUATION_ROWS, rows.rows - first);
      const indices = Uint32Array.from({ length: count }, (_, i) => first + i);
      const evaluations = members.engines.map((engine, member) =>
        engine.evaluate(loaded.of[member]!, indices, { routes: routes && member === 0 }),
      );
      for (const { predictions } of evaluations) predictions.forEach((values, k) => limit(values, tasks[k]!));
      yield { ...meanOfMembers(evaluations, tasks), first };
    }
  } finally {
    loaded.release();
  }
}
