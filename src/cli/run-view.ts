import { mainMetric, metricLabels, type EventOf, type RunEvent, type RunTask } from '../shared/run.js';
import { formatMetric, formatSeconds, formatShort } from './numbers.js';
import { bold, dim, type Output } from './terminal.js';
import { clip } from './text-width.js';

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never;

const redrawMilliseconds = 150;
const barWidth = 20;

/** How a training looks in a terminal: one line that changes there, plain lines (one per epoch) everywhere else. */
export class RunView {
  #tasks: readonly RunTask[] = [];
  #epochs = 0;
  #steps = 0;
  #first: { step: number; time: number } | null = null;
  #step = 0;
  #time = 0;
  #losses: EventOf<'step'>['losses'] = {};
  #epoch: Pick<EventOf<'epoch'>, 'epoch' | 'train' | 'validation' | 'rowsPerSecond'> | null = null;
  #drawnAt = -Infinity;
  #drawn = false;

  constructor(readonly output: Output) {}

  /** What goes on before the training: `reading ratings.csv`. */
  phase(text: string): void {
    if (!this.output.isTerminal) {
      this.output.line(text);
      return;
    }
    this.#draw(dim(this.output, text));
  }

  /** A line that stays. */
  line(text = ''): void {
    this.clear();
    this.output.line(text);
  }

  start(run: { tasks: readonly RunTask[]; epochs: number; stepsPerEpoch: number }): void {
    this.#tasks = run.tasks;
    this.#epochs = run.epochs;
    this.#steps = run.epochs * run.stepsPerEpoch;
    this.#first = null;
    this.#losses = {};
    this.#epoch = null;
  }

  event(event: WithoutSeq<RunEvent>): void {
    this.#first ??= { step: event.step, time: event.time };
    this.#step = event.step;
    this.#time = event.time;
    if (event.type === 'step') this.#losses = event.losses;
    if (event.type === 'epoch') {
      this.#epoch = event;
      if (!this.output.isTerminal && event.epoch > 0) this.output.line(this.#parts(false).join('  '));
    }
    this.tick();
  }

  tick(): void {
    const now = performance.now();
    if (!this.output.isTerminal || this.#first === null || now - this.#drawnAt < redrawMilliseconds) return;
    this.#drawnAt = now;
    this.#draw(this.#parts(true).join('  '));
  }

  /** Takes the changing line away. */
  clear(): void {
    if (this.#drawn) this.output.write('\r\u001b[2K');
    this.#drawn = false;
  }

  #draw(text: string): void {
    this.output.write(`\r\u001b[2K${clip(text, this.output.width - 1)}`);
    this.#drawn = true;
  }

  #parts(bar: boolean): string[] {
    const share = this.#steps === 0 ? 0 : Math.min(1, this.#step / this.#steps);
    const full = Math.round(share * barWidth);
    const epoch = bar ? Math.min(this.#epochs, (this.#epoch?.epoch ?? 0) + 1) : (this.#epoch?.epoch ?? 0);
    const parts = bar ? [`${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`] : [];
    parts.push(`${String(Math.floor(share * 100)).padStart(3)} %`, `epoch ${epoch}/${this.#epochs}`);
    const left = this.#secondsLeft();
    // Before the tasks, of which a narrow terminal cuts the last ones off.
    if (left !== null) parts.push(`${formatSeconds(left)} left`);
    // Numbers of rows that were learned from are not to be taken for those of new ones.
    if (this.#epoch !== null && this.#epoch.validation === null) parts.push('on training rows:');
    for (const { name, kind } of this.#tasks) parts.push(bold(this.output, name) + this.#scores(name, kind, bar));
    const speed = this.#epoch?.rowsPerSecond ?? null;
    if (speed !== null) parts.push(`${formatShort(speed)} rows/s`);
    parts.push(`${formatSeconds(this.#time)} gone`);
    return parts;
  }

  /** The last epoch's metric; the loss is that of the latest steps where the line is live. */
  #scores(name: string, kind: RunTask['kind'], live: boolean): string {
    const main = mainMetric(kind);
    const judged = this.#epoch?.validation ?? this.#epoch?.train;
    const score = judged?.[name]?.[main];
    const loss = live ? (this.#losses[name] ?? judged?.[name]?.['loss']) : judged?.[name]?.['loss'];
    return ` ${metricLabels[main]} ${formatMetric(score)} loss ${formatMetric(loss)}`;
  }

  #secondsLeft(): number | null {
    const first = this.#first;
    if (first === null || this.#step <= first.step) return null;
    return ((this.#time - first.time) / (this.#step - first.step)) * (this.#steps - this.#step);
  }
}
