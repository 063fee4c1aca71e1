import { formatCount, formatDuration, formatProgress } from '../../shared/numbers.js';
import { progressOf } from '../../shared/study/record.js';
import { t } from '../editor/localise.js';
import { statusLabel } from '../runs/run-status-text.js';
import type { HostStudy } from './study-collection.js';

/** Says how far a study is: `61 %, 1,104 of 1,800 runs, about 1:55 left`. `now`: milliseconds since 1970. */
export function studyDescription({ record, status, done }: HostStudy, now: number): string {
  const { total, share, left } = progressOf(record, status, done, now);
  const runs =
    total === null
      ? t('{0} runs', formatCount(done))
      : status === 'finished'
        ? t('{0} runs', formatCount(total))
        : t('{0} of {1} runs', formatCount(done), formatCount(total));
  if (status === 'finished') return runs;
  if (status !== 'running') return `${statusLabel(status)}, ${runs}`;
  return [
    ...(share === null ? [] : [formatProgress(share)]),
    runs,
    ...(left === null ? [] : [t('about {0} left', formatDuration(left))]),
  ].join(', ');
}
