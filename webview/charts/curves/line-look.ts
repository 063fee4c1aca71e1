import { runColours } from '../../ui/theme/palette.js';
import { taskVariable, type Theme } from '../../ui/theme/theme.js';

/** The meaning of a colour: a task on the run page, a run or a method on the compare page. */
export type Palette = 'tasks' | 'runs';

export interface LineLook {
  readonly colour: string;
  /** Lengths of dashes and gaps, pixels; empty: a solid line. */
  readonly dash: readonly number[];
}

/** When all colours are used they come again, dashed. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

export function lineLook(theme: Theme, palette: Palette, line: number): LineLook {
  const colours = theme[palette];
  return { colour: colours[line % colours.length]!, dash: dashOf(palette, line) };
}

export const dashOf = (palette: Palette, line: number): readonly number[] =>
  palette === 'tasks' ? [] : dashes[Math.floor(line / runColours) % dashes.length]!;

/** Returns the line's colour as style sheets write it. */
export const lineVariable = (palette: Palette, line: number): string =>
  palette === 'tasks' ? taskVariable(line) : `var(--run-${line % runColours})`;
