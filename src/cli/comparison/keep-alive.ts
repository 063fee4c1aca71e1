import { RunGoneError, type RunWriter } from '../../run/writer.js';

/**
 * Touches the heartbeats of runs that wait. A run that was deleted meanwhile must not end the others: it is
 * noticed when its turn comes.
 */
export function keepAlive(waiting: readonly RunWriter[]): void {
  for (const writer of waiting) {
    try {
      writer.beat();
    } catch (error) {
      if (!(error instanceof RunGoneError)) throw error;
    }
  }
}
