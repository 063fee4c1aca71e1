import type { MeanWeights } from './mean-weights.js';
import type { EventOf, RunEvent } from './run-events.js';

/**
 * A run's events in order, without what a resume has undone. The same code serves the page, the tree and the
 * terminal.
 */
export class RunHistory {
  readonly steps: EventOf<'step'>[] = [];
  readonly epochs: EventOf<'epoch'>[] = [];
  readonly routes: EventOf<'routes'>[] = [];
  readonly experts: EventOf<'experts'>[] = [];
  /** Mean weights by level up to some epoch, of routes too that are not held as events; set by who has them. */
  means: readonly MeanWeights[] = [];
  start: EventOf<'start'> | null = null;
  end: EventOf<'end'> | null = null;
  /** The last seq taken in; an event at or below it is ignored, so a repeated delivery does no harm. */
  seq = 0;
  /** Seconds of training and steps, as of the last event. */
  time = 0;
  step = 0;

  add(events: readonly RunEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.seq) continue;
      this.seq = event.seq;
      this.time = event.time;
      this.step = event.step;
      switch (event.type) {
        case 'start':
          // A trainer that was killed before its first checkpoint starts anew in the same log.
          for (const list of this.lists()) list.length = 0;
          this.means = [];
          this.start = event;
          this.end = null;
          break;
        case 'step':
          this.steps.push(event);
          break;
        case 'epoch':
          this.epochs.push(event);
          break;
        case 'routes':
          this.routes.push(event);
          break;
        case 'experts':
          this.experts.push(event);
          break;
        case 'resume':
          this.end = null;
          for (const list of this.lists()) dropAfter(list, event.step);
          break;
        case 'end':
          this.end = event;
          break;
        case 'checkpoint':
          break;
        default:
          // A new type of event must be given a place here.
          event satisfies never;
      }
    }
  }

  private lists(): { step: number }[][] {
    return [this.steps, this.epochs, this.routes, this.experts];
  }
}

/** Events are in ascending step order, so what a resume undoes is the tail. */
function dropAfter(list: { step: number }[], step: number): void {
  let keep = list.length;
  while (keep > 0 && list[keep - 1]!.step > step) keep--;
  list.length = keep;
}
