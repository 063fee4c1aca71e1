import { RunGoneError, type RunWriter } from '../../run/writer.js';

/**
 * Touches the heartbeats of runs that wait. That one was deleted is found when its turn comes; it must not
 * end the others.
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
