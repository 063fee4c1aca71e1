import { experimentFromText } from '../../experiment/load.js';
import { formatMetric } from '../../shared/numbers.js';
import { meanOf } from '../../shared/statistics/statistics.js';
import type { StudyLine } from '../../shared/study/line.js';
import { isSameValue, shownValue, type Settings } from '../../shared/study/settings.js';
import { metricLabel } from '../../shared/task-kinds.js';
import { tuningRunsOf, type Stopping, type StudyRun } from '../../study/cells.js';
import { spaceOf } from '../../study/choices.js';
import type { Study } from '../../study/load-study.js';
import { asCost, costOf, metricOf, objectivesOf, type Objective } from '../../study/objectives.js';
import type { TuneSettings } from '../../study/tune-schema.js';
import { rungsFor } from '../../tuner/halving.js';
import { drawPoints, encode, type Point, type Space } from '../../tuner/space.js';
import { nextPoint, valuesOf, verdictOn, type Trial } from '../../tuner/tuner.js';

/** Settings that were tried. */
export interface Candidate {
  readonly chosen: Point;
  /** Its objectives as they are believed to be from all trials, and as its own trainings had them. */
  readonly believed: readonly number[];
  readonly found: readonly number[];
}

/** What tuning has found for a combination of a study. */
export interface Tuned {
  readonly combination: Settings;
  /** What it was tuned for, by the name of the metric. */
  readonly objectives: readonly { readonly task: string; readonly metric: string }[];
  /** The settings that were chosen; null: no trial has metrics. */
  readonly winner: Candidate | null;
  /** Those that no other is believed to be better than in every objective, the winner among them. */
  readonly front: readonly Candidate[];
  readonly trials: number;
  /** How many trials have diverged, or lack a metric; and how many were stopped early. */
  readonly failed: number;
  readonly stopped: number;
}

/** Returns the names of the tasks of a study's experiment. Throws its InputErrors. */
const tasksOf = ({ base }: Study): string[] =>
  experimentFromText(base).experiment.tasks.map(({ name, label }) => name ?? label);

/** A trial that is being trained. */
interface Begun {
  readonly point: Point;
  readonly runs: readonly StudyRun[];
}

/**
 * Tunes a combination of a study, some trials at a time. What a round proposes depends on the rounds before it and on
 * nothing else; the settings of a trial that is recorded are taken from its line, so that a study that goes on, or is
 * given more trials, does what it would have done undisturbed.
 */
export class Tuning {
  private readonly tune: TuneSettings;
  private readonly space: Space;
  private readonly objectives: readonly Objective[];
  /** The names of their metrics, as the kinds of the tasks have them. */
  private metrics: readonly string[] = [];
  private readonly trials: Trial[] = [];
  /** Of trials that may be stopped early: the first objective by epoch, less is better. */
  private readonly curves: (readonly number[])[] = [];
  private readonly recorded = new Map<number, { readonly point: Point; readonly key: string }[]>();
  private round: readonly Begun[] = [];

  constructor(
    private readonly study: Study,
    private readonly settings: Settings,
    lines: Iterable<StudyLine>,
  ) {
    this.tune = study.file.tune!;
    this.space = spaceOf(this.tune.settings, settings);
    this.objectives = objectivesOf(this.tune, tasksOf(study));
    for (const { key, trial, settings: of } of lines) {
      if (trial === undefined || encode(this.space, of) === null) continue;
      if (!Object.entries(settings).every(([path, value]) => isSameValue(of[path], value))) continue;
      const point = Object.fromEntries(
        this.space.flatMap(({ name }) => (name in of ? [[name, of[name]]] : [])),
      );
      this.recorded.set(trial, [...(this.recorded.get(trial) ?? []), { point, key }]);
    }
  }

  /** How many trials are planned that are not over yet. */
  get left(): number {
    return this.tune.trials - this.trials.length;
  }

  /** How many trainings its trials have, at most, that are not there yet. */
  get missing(): number {
    const { trials, seeds } = this.tune;
    let known = 0;
    for (let index = 0; index < trials; index++) {
      const keys = new Set((this.recorded.get(index) ?? []).map(({ key }) => key));
      known += this.again(index)?.runs.filter((run) => keys.has(run.key)).length ?? 0;
    }
    return Math.max(0, trials * seeds - known);
  }

  /** Returns the trainings of the next trials, those included that are there already; none: tuning is over. */
  next(): StudyRun[] {
    const round: Begun[] = [];
    const { trials, batch } = this.tune;
    while (round.length < batch && this.trials.length + round.length < trials) {
      const index = this.trials.length + round.length;
      const begun = this.again(index) ?? this.propose(index, round);
      if (begun === null) break;
      round.push(begun);
    }
    this.round = round;
    return round.flatMap(({ runs }) => runs);
  }

  /** Takes what the trainings of the last round have come to. */
  take(lines: ReadonlyMap<string, StudyLine>): void {
    for (const { point, runs } of this.round) {
      const found = runs.map(({ key }) => lines.get(key)!);
      this.metrics = this.objectives.map((objective) => metricOf(objective, found[0]!.kinds));
      const values = this.objectives.map((objective) => {
        const costs = found.map((line) => costOf(line, objective));
        return costs.every((cost) => cost !== null) ? meanOf(costs) : null;
      });
      const isStopped = found.some(({ stoppedEarly }) => stoppedEarly === true);
      const isWhole = values.every((value) => value !== null);
      this.trials.push({ point, values: isStopped ? 'stopped' : isWhole ? values : 'failed' });
      for (const { reached } of found)
        if (reached !== undefined) this.curves.push(reached.map((cost) => cost ?? Infinity));
    }
    this.round = [];
  }

  /** Returns the best so far, for people; null: there is none yet. */
  best(): string | null {
    const values = this.trials.flatMap((trial) => valuesOf(trial)?.[0] ?? []);
    if (values.length === 0) return null;
    const metric = this.metrics[0]!;
    const name = Object.values(this.settings).map(shownValue).join(' ');
    const value = formatMetric(asCost(metric, Math.min(...values)));
    return `${name === '' ? '' : `${name}: `}${metricLabel(metric)} ${value}`;
  }

  result(): Tuned {
    const { space, trials, settings, metrics } = this;
    const count = (kind: Trial['values']): number => trials.filter(({ values }) => values === kind).length;
    const verdict = verdictOn(space, trials);
    const own = (costs: readonly number[]): number[] => costs.map((cost, i) => asCost(metrics[i]!, cost));
    const candidate = (i: number): Candidate => ({
      chosen: trials[i]!.point,
      believed: own(verdict!.believed[i]!),
      found: own(valuesOf(trials[i]!)!),
    });
    return {
      combination: settings,
      objectives: this.objectives.map(({ task }, i) => ({ task, metric: metrics[i]! })),
      winner: verdict === null ? null : candidate(verdict.winner),
      front: (verdict?.front ?? []).map(candidate),
      ...{ trials: trials.length, failed: count('failed'), stopped: count('stopped') },
    };
  }

  /** Returns a trial that is recorded, if it is one of this study as it is now. */
  private again(index: number): Begun | null {
    for (const { point, key } of this.recorded.get(index) ?? []) {
      const begun = this.begin(index, point);
      if (begun.runs.some((run) => run.key === key)) return begun;
    }
    return null;
  }

  private propose(index: number, round: readonly Begun[]): Begun | null {
    const { space, trials } = this;
    const { by, seed } = this.tune;
    const pending = round.map(({ point }) => point);
    const point = by === 'random' ? this.draw(index) : nextPoint({ space, trials, pending, seed });
    return point === null ? null : this.begin(index, point);
  }

  /** Returns a draw that is unlike those before it; null: none was found. */
  private draw(index: number): Point | null {
    const drawn = drawPoints(this.space, 20 * (index + 1), this.tune.seed);
    return [...new Map(drawn.map((point) => [JSON.stringify(point), point])).values()][index] ?? null;
  }

  private begin(index: number, point: Point): Begun {
    const { runs, epochs } = tuningRunsOf(this.study, { ...this.settings, ...point }, index);
    const stopping = this.stoppingFor(epochs);
    return { point, runs: stopping === null ? runs : runs.map((run) => ({ ...run, stopping })) };
  }

  private stoppingFor(epochs: number): Stopping | null {
    const { stopEarly } = this.tune;
    if (stopEarly === undefined) return null;
    const { after, keep } = stopEarly;
    const [objective] = this.objectives;
    return { objective: objective!, rungs: rungsFor(this.curves, { first: after, keep, last: epochs }) };
  }
}
