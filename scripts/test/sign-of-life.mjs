import { stat } from 'node:fs/promises';
import { minutes, patience } from '../../test/patience.mjs';

/**
 * Watches whether something is still at work, however slowly: `hung` is called once nothing was heard of it,
 * and the file did not change, for `limit` milliseconds.
 * @param {string | undefined} file
 * @param {() => void} hung
 * @param {number} [limit]
 * @returns {{ heard: () => void, end: () => void }}
 */
export function watchForLife(file, hung, limit = minutes(patience.suite)) {
  let last = performance.now();
  let changed = 0;
  const heard = () => {
    last = performance.now();
  };
  const look = async () => {
    const { mtimeMs } = file === undefined ? { mtimeMs: 0 } : await stat(file).catch(() => ({ mtimeMs: 0 }));
    if (mtimeMs !== changed) heard();
    changed = mtimeMs;
    if (performance.now() - last < limit) return;
    end();
    hung();
  };
  const timer = setInterval(() => void look(), limit / 100);
  const end = () => clearInterval(timer);
  return { heard, end };
}
