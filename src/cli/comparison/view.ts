import { formatDuration, formatProgress } from '../../shared/numbers.js';
import { RunLine } from '../terminal/run-line.js';
import type { Output } from '../terminal/terminal.js';
import { clip, displayWidth } from '../terminal/text-width.js';

const redrawMilliseconds = 200;
/** The time between two plain lines about runs that go on. */
const plainMilliseconds = 60_000;
/** No more lines than a small window shows. */
const mostLines = 8;

/** How long runs are expected to take. */
export interface ExpectedTime {
  /** Of all of them, those that train side by side included; null: not known. */
  readonly seconds: number | null;
  /** Of each, by its name; empty: not known. */
  readonly each: ReadonlyMap<string, number>;
}

/**
 * Shows a comparison: in a terminal a line for each run that trains and one for all, plain lines
 * everywhere else.
 */
export class ComparisonView {
  private readonly running = new Map<string, RunLine>();
  private endedCount = 0;
  /** Of these, how many had ended before this comparison went on. */
  private before = 0;
  private failed = 0;
  /** What runs count that were trained, and that never began. */
  private trained = 0;
  private leftOut = 0;
  /** The share of all that has been shown: it never falls back, also where a run is trained anew. */
  private shownShare = 0;
  private beganAt: number | null = null;
  private drawnLines = 0;
  private drawnAt = -Infinity;

  /** `expected`: the seconds that runs take by a look at them, by their names; empty: as long as each other. */
  constructor(
    readonly output: Output,
    private readonly total: number,
    private readonly expected: ExpectedTime = { seconds: null, each: new Map() },
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
    this.trained += this.countOf(name);
    if (failed) this.failed++;
    this.line(this.output.isTerminal ? how : `${how} (${this.progress()})`);
    this.tick();
  }

  /** Counts runs that had ended before this comparison went on. */
  already(ended: number, failed: number): void {
    this.endedCount += ended;
    this.before += ended;
    this.failed += failed;
  }

  /** Shows that runs were stopped before they had begun. */
  left(names: readonly string[]): void {
    const count = names.length;
    this.endedCount += count;
    for (const name of names) this.leftOut += this.countOf(name);
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
    const { share, left } = this.whole();
    const percent = share === null ? '' : `, ${formatProgress(share)}`;
    const wait = left === null ? '' : `, about ${formatDuration(left)} left`;
    return `${this.endedCount} of ${this.total} done${percent}${failed}${wait}`;
  }

  /** Estimates the share of all that is done, and the seconds that are left, by what runs count. */
  private whole(): { share: number | null; left: number | null } {
    const begun = this.total - this.before;
    const sum = [...this.expected.each.values()].reduce((all, seconds) => all + seconds, 0);
    const all = this.expected.each.size === 0 ? begun : sum;
    const going = [...this.running].reduce((done, [name, { share }]) => done + share * this.countOf(name), 0);
    const done = this.trained + going;
    const toGo = Math.max(0, all - done - this.leftOut);
    if (this.beganAt === null || all === 0) return { share: null, left: null };
    const own = (all - toGo) / all;
    this.shownShare = Math.max(this.shownShare, (this.before + own * begun) / this.total);
    if (this.endedCount === this.total) return { share: null, left: null };
    const elapsed = (this.clock() - this.beganAt) / 1000;
    const { seconds } = this.expected;
    if (seconds === null)
      return { share: this.shownShare, left: done < 0.02 * all ? null : (elapsed * toGo) / done };
    // What was expected counts as much as a tenth of all that has been seen.
    const held = seconds / 10;
    const slower = (elapsed + held) / ((seconds * done) / all + held);
    return { share: this.shownShare, left: ((seconds * toGo) / all) * slower };
  }

  /** What a run counts, compared with the others. */
  private countOf(name: string): number {
    return this.expected.each.get(name) ?? 1;
  }
}
