import { biggerIsBetter } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import { formatCount, formatDuration, formatMetric } from '../../../src/shared/numbers.js';
import type { Tip } from '../../ui/tip.js';
import type { Axis, Curves, CurvesReading } from './curves.js';
import { lineVariable, type Palette } from './line-look.js';

/** More would not fit beside the chart. */
const mostRows = 16;

export interface Lines {
  readonly names: readonly string[];
  readonly palette: Palette;
  readonly lit: number | null;
}

/** What is said of a place: of every line its value. Runs, which are many, the best first. */
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
    .slice(0, ordered.length > mostRows ? mostRows - 1 : mostRows)
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

const placeText = (axis: Axis, x: number): string =>
  axis === 'time' ? formatDuration(x) : `${s(axis)} ${axis === 'step' ? formatCount(x) : formatPlace(x)}`;

const formatPlace = (x: number): string => Number(x.toFixed(2)).toString();
