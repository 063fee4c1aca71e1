import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { chooseRuns } from './choose-run.js';

const setStarred =
  (starred: boolean): Command =>
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const runs = await chooseRuns(parts, args, {
      placeholder: starred ? t('Which run to star?') : t('Which run to unstar?'),
      none: starred ? t('There is no run without a star.') : t('No run is starred.'),
      refuse: ({ entry }) => {
        if (entry.manifest.starred !== starred) return null;
        return starred
          ? t('{0} is starred already.', entry.manifest.name)
          : t('{0} is not starred.', entry.manifest.name);
      },
    });
    await Promise.all(runs.map((run) => run.store.star(run.entry.id, starred)));
  };

/** Starred runs stand first in the tree. */
export const star = setStarred(true);
export const unstar = setStarred(false);
