import { formatDuration, formatProgress } from '../../shared/numbers.js';
import { RunLine } from '../terminal/run-line.js';
import type { Output } from '../terminal/terminal.js';
import { clip, displayWidth } from '../terminal/text-width.js';

const redrawMilliseconds = 200;
/** The time between two plain lines about runs that go on. */
const plainMilliseconds = 60_000;
/** No more lines than a small window shows. */
const mostLines = 8;

/**
 * Shows a comparison: in a terminal a line for each run that trains and one for all, plain lines
 * everywhere else.
 */
export class ComparisonView {
  private readonly running = new Map<string, RunLine>();
  private endedCount = 0;
  /** How many runs have ended, without those that never began. */
  private trained = 0;
  private failed = 0;
  private beganAt: number | null = null;
  private drawnLines = 0;
  private drawnAt = -Infinity;

  constructor(
    readonly output: Output,
    private readonly total: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Shows that a run begins. Returns the line that its events go to. */
  begin(name: string): RunLine {
    this.beganAt ??= this.clock();
    const line = new RunLine(this.output);
    this.running.set(name, line);
    if (!this.output.isTerminal) {
      this.drawnAt = this.clock();
      this.output.line(`training ${name} (${this.endedCount + this.running.size} of ${this.total})`);
    }
    return line;
  }

  /** Shows that a run has ended, with `how` as a line that stays. */
  end(name: string, how: string, failed: boolean): void {
    this.running.delete(name);
    this.endedCount++;
    this.trained++;
    if (failed) this.failed++;
    this.line(this.output.isTerminal ? how : `${how} (${this.progress()})`);
    this.tick();
  }

  /** Counts runs that had ended before this comparison went on. */
  already(ended: number, failed: number): void {
    this.endedCount += ended;
    this.failed += failed;
  }

  /** Shows that runs were stopped before they had begun. */
  left(count: number): void {
    this.endedCount += count;
    this.line(
      count === 1 ? 'a run that had not begun was stopped' : `${count} runs that had not begun were stopped`,
    );
    this.tick();
  }

  line(text = ''): void {
    this.clear();
    this.output.line(text);
  }

  tick(): void {
    const { isTerminal } = this.output;
    if (
      this.running.size === 0 ||
      this.clock() - this.drawnAt < (isTerminal ? redrawMilliseconds : plainMilliseconds)
    )
      return;
    this.drawnAt = this.clock();
    if (isTerminal) this.draw();
    else
      this.output.line(
        [
          this.progress(),
          ...[...this.running].map(([name, line]) => `${name} ${line.begun ? line.epoch : 'starting'}`),
        ].join('; '),
      );
  }

  /** Takes the changing lines away. */
  clear(): void {
    if (this.drawnLines === 0) return;
    const up = this.drawnLines - 1;
    this.output.steer(`\r${up > 0 ? `\u001b[${up}A` : ''}\u001b[0J`);
    this.drawnLines = 0;
    this.drawnAt = -Infinity;
  }

  private draw(): void {
    const shown = [...this.running].slice(0, mostLines);
    const width = Math.max(...shown.map(([name]) => displayWidth(name)));
    const lines = shown.map(([name, line]) => {
      if (!line.begun) return `${name}  starting`;
      const percent = formatProgress(line.share).padStart(5);
      return [
        name + ' '.repeat(width - displayWidth(name)),
        line.bar,
        percent,
        line.epoch,
        ...line.scores(true),
      ].join('  ');
    });
    if (this.running.size > shown.length) lines.push(`and ${this.running.size - shown.length} more`);
    lines.push(this.progress());
    this.clear();
    this.drawnAt = this.clock();
    for (const [index, line] of lines.entries()) {
      if (index > 0) this.output.steer('\n');
      this.output.write(clip(line, this.output.width - 1));
    }
    this.drawnLines = lines.length;
  }

  private progress(): string {
    const failed = this.failed === 0 ? '' : `, ${this.failed} failed`;
    const left = this.secondsLeft();
    const wait = left === null ? '' : `, about ${formatDuration(left)} left`;
    return `${this.endedCount} of ${this.total} done${failed}${wait}`;
  }

  /** Estimates the time that is left, as if all runs took the same time. */
  private secondsLeft(): number | null {
    const going = [...this.running.values()].reduce((sum, { share }) => sum + share, 0);
    const done = this.trained + going;
    if (this.beganAt === null || done < 0.02 || this.endedCount === this.total) return null;
    return (((this.clock() - this.beganAt) / 1000) * (this.total - this.endedCount - going)) / done;
  }
}
