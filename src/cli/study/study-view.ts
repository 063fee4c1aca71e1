import { formatCount, formatDuration } from '../../shared/numbers.js';
import { dim, type Output } from '../terminal/terminal.js';
import { clip } from '../terminal/text-width.js';

const redrawMilliseconds = 150;
/** The time between two plain lines. */
const plainMilliseconds = 30_000;

/** Shows how far a study has come: a line that changes in a terminal, plain lines everywhere else. */
export class StudyView {
  private done = 0;
  private total = 0;
  private begunAt = 0;
  private shownAt = -Infinity;
  private isDrawn = false;
  private noted = '';

  constructor(
    private readonly output: Output,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Begins a stage of about so many trainings. */
  begin(total: number): void {
    [this.done, this.total, this.begunAt] = [0, total, this.clock()];
  }

  /** What is shown beside how far it has come, from now on; empty: nothing. */
  note(text: string): void {
    this.noted = text;
  }

  /** Shows that a training has ended. */
  ended(name: string): void {
    this.done++;
    const now = this.clock();
    const { isTerminal } = this.output;
    const isDue = now - this.shownAt >= (isTerminal ? redrawMilliseconds : plainMilliseconds);
    if (!isDue && this.done < this.total) return;
    this.shownAt = now;
    const best = this.noted === '' ? '' : `, best so far ${this.noted}`;
    const text = `${this.counted()}${this.left(now)}${best}`;
    if (!isTerminal) {
      this.output.line(text);
      return;
    }
    this.output.steer('\r\u001b[2K');
    this.output.write(clip(`${text}  ${dim(this.output, name)}`, this.output.width - 1));
    this.isDrawn = true;
  }

  /** A line that stays. */
  line(text = ''): void {
    this.clear();
    this.output.line(text);
  }

  /** Takes the changing line away. */
  clear(): void {
    if (this.isDrawn) this.output.steer('\r\u001b[2K');
    this.isDrawn = false;
  }

  private counted(): string {
    // There may be more than were to be expected.
    if (this.done > this.total) return this.done === 1 ? '1 run' : `${formatCount(this.done)} runs`;
    return `${formatCount(this.done)} of ${formatCount(this.total)} runs`;
  }

  private left(now: number): string {
    if (this.done === 0 || this.done >= this.total) return '';
    const each = (now - this.begunAt) / 1000 / this.done;
    return `, about ${formatDuration(each * (this.total - this.done))} left`;
  }
}
