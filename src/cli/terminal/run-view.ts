import type { RunEvent, WithoutSeq } from '../../shared/run/run-events.js';
import { RunLine, type PlannedRun } from './run-line.js';
import { dim, type Output } from './terminal.js';
import { clip } from './text-width.js';

const redrawMilliseconds = 150;

/**
 * Shows a training in a terminal: one line that changes there, plain lines (one per epoch) everywhere
 * else.
 */
export class RunView {
  private readonly training: RunLine;
  private drawnAt = -Infinity;
  private drawn = false;

  constructor(readonly output: Output) {
    this.training = new RunLine(output);
  }

  /** Shows what goes on before the training: `reading ratings.csv`. */
  phase(text: string): void {
    if (!this.output.isTerminal) {
      this.output.line(text);
      return;
    }
    this.draw(dim(this.output, text));
  }

  /** A line that stays. */
  line(text = ''): void {
    this.clear();
    this.output.line(text);
  }

  start(run: PlannedRun): void {
    this.training.start(run);
  }

  event(event: WithoutSeq<RunEvent>): void {
    this.training.event(event);
    if (event.type === 'epoch' && !this.output.isTerminal && event.epoch > 0)
      this.output.line(this.training.text(false));
    this.tick();
  }

  tick(): void {
    const now = performance.now();
    if (!this.output.isTerminal || !this.training.begun || now - this.drawnAt < redrawMilliseconds) return;
    this.drawnAt = now;
    this.draw(this.training.text(true));
  }

  /** Takes the changing line away. */
  clear(): void {
    if (this.drawn) this.output.steer('\r\u001b[2K');
    this.drawn = false;
  }

  private draw(text: string): void {
    this.output.steer('\r\u001b[2K');
    this.output.write(clip(text, this.output.width - 1));
    this.drawn = true;
  }
}
