import type { RunTask } from '../../shared/run/run-manifest.js';
import type { EventOf, RunEvent, WithoutSeq } from '../../shared/run/run-events.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { formatDuration, formatMetric, formatProgress, formatRate } from '../../shared/numbers.js';
import { bold, type Output } from './terminal.js';

const barWidth = 20;

/** How long a training is going to be. */
export interface PlannedRun {
  readonly tasks: readonly RunTask[];
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Whether it may end before its last epoch. Default: no. */
  readonly stopsEarly?: boolean;
}

/** The line of a terminal that follows one training by its events. */
export class RunLine {
  private tasks: readonly RunTask[] = [];
  private epochs = 0;
  private stopsEarly = false;
  private steps = 0;
  private first: { step: number; time: number } | null = null;
  private step = 0;
  private time = 0;
  private losses: EventOf<'step'>['losses'] = {};
  private lastEpoch: Pick<EventOf<'epoch'>, 'epoch' | 'train' | 'validation' | 'rowsPerSecond'> | null = null;

  constructor(private readonly output: Output) {}

  start(run: PlannedRun): void {
    this.stopsEarly = run.stopsEarly ?? false;
    this.tasks = run.tasks;
    this.epochs = run.epochs;
    this.steps = run.epochs * run.stepsPerEpoch;
    this.first = null;
    this.losses = {};
    this.lastEpoch = null;
  }

  event(event: WithoutSeq<RunEvent>): void {
    this.first ??= { step: event.step, time: event.time };
    this.step = event.step;
    this.time = event.time;
    switch (event.type) {
      case 'step':
        this.losses = event.losses;
        break;
      case 'epoch':
        this.lastEpoch = event;
        break;
      case 'start':
      case 'routes':
      case 'experts':
      case 'checkpoint':
      case 'resume':
      case 'end':
        break;
      default:
        // A new type of event must be given a place here.
        event satisfies never;
    }
  }

  get begun(): boolean {
    return this.first !== null;
  }

  /** 0 … 1: of all the epochs, though a training may stop early. */
  get share(): number {
    return this.steps === 0 ? 0 : Math.min(1, this.step / this.steps);
  }

  get epoch(): string {
    return `epoch ${Math.min(this.epochs, (this.lastEpoch?.epoch ?? 0) + 1)}/${this.epochs}`;
  }

  get bar(): string {
    const full = Math.round(this.share * barWidth);
    return '█'.repeat(full) + '░'.repeat(barWidth - full);
  }

  /** The last epoch's metrics by task; the losses are those of the latest steps where the line is live. */
  scores(live: boolean): string[] {
    // Numbers of rows that were learned from are not to be taken for those of new ones.
    const parts = this.lastEpoch !== null && this.lastEpoch.validation === null ? ['on training rows:'] : [];
    for (const { name, kind } of this.tasks)
      parts.push(bold(this.output, name) + this.scoresOf(name, kind, live));
    return parts;
  }

  /** Live: a bar, and the epoch that goes on; else the epoch that is done. */
  text(live: boolean): string {
    const percent = formatProgress(this.share).padStart(5);
    const parts = live
      ? [this.bar, percent, this.epoch]
      : [percent, `epoch ${this.lastEpoch?.epoch ?? 0}/${this.epochs}`];
    const left = this.secondsLeft();
    // The time comes before the tasks: a narrow terminal cuts the end of the line off.
    if (left !== null) parts.push(`${this.stopsEarly ? 'at most ' : ''}${formatDuration(left)} left`);
    parts.push(...this.scores(live));
    const speed = this.lastEpoch?.rowsPerSecond ?? null;
    if (speed !== null) parts.push(`${formatRate(speed)} rows/s`);
    parts.push(`${formatDuration(this.time)} gone`);
    return parts.join('  ');
  }

  private scoresOf(name: string, kind: RunTask['kind'], live: boolean): string {
    const main = mainMetric(kind);
    const judged = this.lastEpoch?.validation ?? this.lastEpoch?.train;
    const score = judged?.[name]?.[main];
    const loss = live ? (this.losses[name] ?? judged?.[name]?.['loss']) : judged?.[name]?.['loss'];
    return ` ${metricLabel(main)} ${formatMetric(score)} loss ${formatMetric(loss)}`;
  }

  private secondsLeft(): number | null {
    const first = this.first;
    if (first === null || this.step <= first.step) return null;
    return ((this.time - first.time) / (this.step - first.step)) * (this.steps - this.step);
  }
}
