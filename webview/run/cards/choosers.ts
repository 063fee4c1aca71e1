import { nothing } from 'lit';
import { formatCount } from '../../../src/shared/numbers.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { allRows, type GroupChoice } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import { dropdown } from '../../ui/dropdown.js';
import { levelText } from '../../charts/routes/level-text.js';

/** Returns a list of the levels of a stacked network; nothing where there is only one. */
export function levelChooser(
  network: NonNullable<RunManifest['network']>,
  level: number,
  choose: (level: number) => void,
) {
  if (network.levels.length < 2) return nothing;
  return dropdown(
    s('level'),
    network.levels.map((_, index) => ({ value: String(index), label: levelText(network, index) })),
    String(level),
    allRows,
    (value) => choose(Number(value)),
  );
}

/** Returns a list of the groups of validation rows; nothing where there is only one. */
export function groupChooser(groups: readonly GroupChoice[], chosen: string, choose: (key: string) => void) {
  if (groups.length < 2) return nothing;
  return dropdown(
    s('group'),
    groups.map(({ key, where, rows }) => ({
      value: key,
      label:
        where === null ? s('groupAll') : `${s('groupOf', where.task, where.label)} (${formatCount(rows)})`,
    })),
    chosen,
    allRows,
    choose,
  );
}
