import { t } from '../editor/localise.js';
import { statusLabel } from '../runs/run-description.js';
import type { RunFilter } from './runs-arrangement.js';

/** A filter in words: `starred, failed or stopped, "census"`. */
export function filterText({ text, statuses, starred }: RunFilter): string {
  const parts = [
    starred ? t('starred') : '',
    statuses.map(statusLabel).join(` ${t('or')} `),
    text === '' ? '' : `"${text}"`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
