import type { RunManifest } from '../../src/shared/run/run-manifest.js';
import { suspicions } from '../../src/shared/run/suspicion-text.js';
import { s } from '../strings.js';

/** So many are shown in full. */
const most = 4;

/** Returns what makes the metrics of runs doubtful, each thing once and as a sentence; the rest is counted. */
export function shownSuspicions(runs: readonly Pick<RunManifest, 'data' | 'tasks' | 'summary'>[]): string[] {
  const all = [...new Set(runs.flatMap(suspicions))];
  const shown = all.slice(0, most).map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
  return all.length > most ? [...shown, s('moreSuspicions', all.length - most)] : shown;
}
