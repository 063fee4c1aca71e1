import { mostRuns } from '../../ui/theme/palette.js';
import { mostTasks, type Theme } from '../../ui/theme/theme.js';

/** What a colour means: on a run's page a task, in the compare view a run. */
export type Palette = 'tasks' | 'runs';

export interface LineLook {
  readonly colour: string;
  /** Canvas dashes; empty: a whole line. */
  readonly dash: readonly number[];
}

/** Once the colours are used up they come again, dashed. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

export function lineLook(theme: Theme, palette: Palette, line: number): LineLook {
  const colours = theme[palette];
  return { colour: colours[line % colours.length]!, dash: dashOf(palette, line) };
}

export const dashOf = (palette: Palette, line: number): readonly number[] =>
  palette === 'tasks' ? [] : dashes[Math.floor(line / mostRuns) % dashes.length]!;

/** The same colour for style sheets. */
export const lineVariable = (palette: Palette, line: number): string =>
  palette === 'tasks' ? `var(--task-${line % mostTasks})` : `var(--run-${line % mostRuns})`;
