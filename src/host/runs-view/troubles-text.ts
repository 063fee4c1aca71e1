import { plainText } from '../editor/plain-text.js';
import { t } from '../editor/localise.js';
import type { FolderTrouble } from '../runs/run-collection.js';

/** Returns what is said above the runs where they cannot all be shown; undefined: they can. */
export function troublesText(troubles: readonly FolderTrouble[], shown: number): string | undefined {
  if (troubles.length === 0) return undefined;
  const texts = troubles.map(({ workspace, trouble }) =>
    trouble.is === 'gone'
      ? t('The folder {0} is no longer there. Put it back, or open another one.', workspace)
      : t('The runs of {0} cannot be read: {1}.', workspace, trouble.reason),
  );
  if (shown > 0 && troubles.some(({ trouble }) => trouble.is === 'unreadable'))
    texts.push(t('What is shown is as it was before.'));
  return plainText(texts.join(' '));
}
