import { inLine } from '../../shared/in-line.js';
import type { Matched, StartedFrom } from '../../shared/run/run-manifest.js';
import { formatBytes, formatCount } from '../../shared/numbers.js';

/** `experts 12,928, gates 1,600, towers 290`: the parts that have parameters. */
export function partsText(parts: Readonly<Record<string, number>>): string {
  const present = Object.entries(parts).filter(([, count]) => count > 0);
  return present.map(([name, count]) => `${name} ${formatCount(count)}`).join(', ');
}

/** Says in words what `model.match` has chosen. */
export function matchText({ variant, gates, layers, parameters, target }: Matched): string {
  const counted = gates ? '' : '; gates are not counted';
  return (
    `experts of ${layers.join(', ')} units, to match ${variant}: ` +
    `${formatCount(parameters)} parameters to its ${formatCount(target)}${counted}`
  );
}

/** Says how rows are read from a file while it trains. */
export const streamText = ({ window, bytes }: { readonly window: number; readonly bytes: number }): string =>
  `rows are read from the disk (${formatBytes(bytes)}), ${formatCount(window)} at a time shuffled among each other`;

/** The names that a line has room for. */
const mostNames = 8;

/** Says of which numbers a line is enough, so that nothing stands beside them; nothing where it is of none. */
export function aloneLines(alone: readonly string[]): string[] {
  if (alone.length === 0) return [];
  const rest = alone.length - mostNames;
  const names = alone.slice(0, mostNames).map((name) => JSON.stringify(name));
  const all = `${names.join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`;
  return [`no label bends along ${all}: nothing stands beside ${alone.length === 1 ? 'it' : 'them'}`];
}

/** Says what a run has taken over from an earlier one, and what is new. */
export function startLines({
  id,
  name,
  epoch,
  moments,
  kept,
  added,
  dropped,
  values,
}: StartedFrom): string[] {
  const parts = ({ columns, tasks }: StartedFrom['kept']): string[] => [
    ...(columns.length > 0 ? [`columns ${columns.join(', ')}`] : []),
    ...(tasks.length > 0 ? [`tasks ${tasks.join(', ')}`] : []),
  ];
  const grown = Object.entries(values).map(([column, count]) => `${formatCount(count)} values of ${column}`);
  const lines = [
    `starts from ${name} (${id}), epoch ${epoch}${moments ? '' : ', without the moments of its optimizer'}`,
    `kept: ${parts(kept).join('; ') || 'none of its columns and tasks'}`,
    `new: ${[...parts(added), ...grown].join('; ') || 'nothing'}`,
  ];
  const gone = parts(dropped);
  return gone.length === 0 ? lines : [...lines, `left out: ${gone.join('; ')}`];
}

/** Says what was chosen for a table by its training rows; nothing where nothing was. */
export function chosenLines(chosen: Readonly<Record<string, unknown>>, rows: number): string[] {
  const settings = Object.entries(chosen).map(([path, value]) => `${path} ${inLine(value)}`);
  if (settings.length === 0) return [];
  return [`chosen for ${formatCount(rows)} training rows: ${settings.join(', ')}`];
}
