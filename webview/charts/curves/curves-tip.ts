import { formatCount, formatDuration, formatMetric } from '../../../src/shared/numbers.js';
import { biggerIsBetter } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import type { Tip } from '../../ui/tip.js';
import type { Axis, Curves, CurvesReading } from './curves.js';
import { lineVariable, type Palette } from './line-look.js';

/** More rows would not fit beside the chart. */
const maxRows = 16;

export interface Lines {
  readonly names: readonly string[];
  readonly palette: Palette;
  readonly lit: number | null;
}

/** Returns the value of every line at a place. Runs, which can be many, come with the best one first. */
export function curvesTip(
  { metric, axis }: Curves,
  { x, lines }: CurvesReading,
  { names, palette, lit }: Lines,
): Pick<Tip, 'title' | 'rows'> {
  const sign = biggerIsBetter(metric) ? 1 : -1;
  const rank = ({ line, main }: CurvesReading['lines'][number]): number =>
    line === lit ? Infinity : main === null ? -Infinity : sign * main;
  const ordered =
    palette === 'tasks' ? lines : [...lines].sort((a, b) => rank(b) - rank(a) || a.line - b.line);
  const rows = ordered
    .slice(0, ordered.length > maxRows ? maxRows - 1 : maxRows)
    .map(({ line, main, train }) => ({
      colour: lineVariable(palette, line),
      label: names[line] ?? '',
      value:
        main === null && train === null
          ? formatMetric(null)
          : [
              ...(main === null ? [] : [formatMetric(main)]),
              ...(train === null ? [] : [`${s('train')} ${formatMetric(train)}`]),
            ].join(' · '),
    }));
  const more = lines.length - rows.length;
  return {
    title: placeText(axis, x),
    rows: more === 0 ? rows : [...rows, { colour: null, label: s('moreLines', more), value: '' }],
  };
}

function placeText(axis: Axis, x: number): string {
  switch (axis) {
    case 'time':
      return formatDuration(x);
    case 'step':
      return `${s('step')} ${formatCount(x)}`;
    case 'epoch':
      return `${s('epoch')} ${Number(x.toFixed(2))}`;
  }
}
