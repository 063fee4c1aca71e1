import { mixColours, parseColour, toHex } from '../../ui/theme/colour.js';
import type { Theme } from '../../ui/theme/theme.js';
import { epochColumns, type Drift } from './drift-data.js';
import { columnName, columnRowLabel, textWidth, type ExpertColumn } from '../routes/expert-columns.js';

/** Where the heat maps stand, one per stream, and what each of their cells is. Pixels. */
export interface DriftLayout {
  readonly width: number;
  readonly height: number;
  /** Left of the maps, for the experts' names. */
  readonly labelRoom: number;
  readonly maps: readonly { readonly x: number; readonly y: number }[];
  readonly mapWidth: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Index of the epoch of each column. */
  readonly columns: readonly number[];
  readonly gap: number;
}

const leastLabel = 34;
const mostLabel = 96;
/** Of a task's colour, beside its experts. */
const markWidth = 3;
const titleRoom = 22;
const footRoom = 22;
const mapGap = 26;
const leastMap = 120;
const mostPerRow = 4;
/** Of all maps together, where there are many. */
const mostHeight = 560;
const fullCell = 25;

export function layoutDrift({ experts, epochs, streams }: Drift, width: number): DriftLayout {
  const labelRoom = roomFor(experts);
  const perRow = Math.max(
    1,
    Math.min(streams.length, mostPerRow, Math.floor((width - labelRoom + mapGap) / (leastMap + mapGap))),
  );
  const rows = Math.ceil(streams.length / perRow);
  const mapWidth = (width - labelRoom - mapGap * (perRow - 1) - 4) / perRow;
  const columns = epochColumns(epochs.length, mapWidth / 3);
  const cellHeight = Math.max(
    5,
    Math.min(fullCell, 320 / experts.length, (mostHeight / rows - titleRoom - footRoom) / experts.length),
  );
  const mapHeight = titleRoom + experts.length * cellHeight + footRoom;
  return {
    width,
    height: rows * mapHeight,
    labelRoom,
    maps: streams.map((_, index) => ({
      x: labelRoom + (index % perRow) * (mapWidth + mapGap),
      y: Math.floor(index / perRow) * mapHeight + titleRoom,
    })),
    mapWidth,
    cellWidth: columns.length === 0 ? 0 : Math.min(44, mapWidth / columns.length),
    cellHeight,
    columns,
    gap: cellHeight >= 8 && mapWidth / Math.max(1, columns.length) >= 6 ? 1 : 0,
  };
}

function roomFor(experts: readonly ExpertColumn[]): number {
  const longest = Math.max(0, ...experts.map((column) => textWidth(String(columnName(column)))));
  return Math.min(mostLabel, Math.max(leastLabel, longest + 12));
}

/** Colours from the card's to the task's, in steps fine enough not to be seen. */
const shades = 64;

export function drawDrift(
  ctx: CanvasRenderingContext2D,
  drift: Drift,
  layout: DriftLayout,
  theme: Theme,
): void {
  const { cellWidth, cellHeight, columns, gap, maps, labelRoom } = layout;
  ctx.fillStyle = theme.card;
  ctx.fillRect(0, 0, layout.width, layout.height);
  ctx.font = `11px ${theme.font}`;
  ctx.textBaseline = 'middle';
  const card = parseColour(theme.card)!;
  const everyLabel = Math.ceil(13 / cellHeight);
  drift.streams.forEach(({ name, task, weights }, stream) => {
    const { x, y } = maps[stream]!;
    const colour = task === null ? theme.dim : theme.tasks[task % theme.tasks.length]!;
    const scaleTo = (full: string): string[] =>
      Array.from({ length: shades + 1 }, (_, step) =>
        toHex(mixColours(card, parseColour(full)!, 0.04 + (0.96 * step) / shades)),
      );
    // Below 0 the task's colour would say too much: the text's own, and a minus where there is room.
    const [above, below] = [scaleTo(colour), scaleTo(theme.foreground)];
    const signed = drift.negative && cellWidth >= 9 && cellHeight >= 9;
    ctx.fillStyle = colour;
    ctx.textAlign = 'left';
    ctx.fillText(fitted(name, layout.mapWidth), x, y - 11);
    weights.forEach((row, expert) => {
      columns.forEach((epoch, column) => {
        const weight = row[epoch] ?? 0;
        const shade = drift.most > 0 ? Math.round(Math.min(1, Math.abs(weight) / drift.most) * shades) : 0;
        const [left, top] = [x + column * cellWidth, y + expert * cellHeight];
        ctx.fillStyle = (weight < 0 ? below : above)[shade]!;
        ctx.fillRect(left, top, cellWidth - gap + (gap ? 0 : 0.5), cellHeight - gap);
        if (!signed || weight >= 0) return;
        ctx.fillStyle = shade > shades / 2 ? theme.card : theme.foreground;
        ctx.fillRect(left + cellWidth / 2 - 3, top + (cellHeight - gap) / 2 - 0.75, 5, 1.5);
      });
      if (x > labelRoom) return;
      const owner = drift.experts[expert]!;
      if (owner.task !== null) {
        ctx.fillStyle = theme.tasks[owner.task % theme.tasks.length]!;
        ctx.fillRect(x - 2 - markWidth, y + expert * cellHeight, markWidth, cellHeight - gap);
      }
      if (expert % everyLabel !== 0 && expert !== weights.length - 1) return;
      ctx.fillStyle = theme.dim;
      ctx.textAlign = 'right';
      ctx.fillText(columnRowLabel(owner, labelRoom - 10), x - 9, y + (expert + 0.5) * cellHeight);
    });
    drawEnds(ctx, drift, layout, { x, y: y + drift.experts.length * cellHeight + 11 }, theme);
  });
}

function drawEnds(
  ctx: CanvasRenderingContext2D,
  { epochs }: Drift,
  { cellWidth, columns }: DriftLayout,
  at: { x: number; y: number },
  theme: Theme,
): void {
  const last = columns.length - 1;
  if (last < 0) return;
  ctx.fillStyle = theme.dim;
  ctx.textAlign = 'left';
  ctx.fillText(String(epochs[0]), at.x, at.y);
  if (last === 0) return;
  ctx.textAlign = 'right';
  ctx.fillText(String(epochs[columns[last]!]), at.x + (last + 1) * cellWidth, at.y);
}

const fitted = (name: string, width: number): string => {
  const most = Math.max(3, Math.floor(width / 6.2));
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
};

export interface DriftCell {
  readonly stream: number;
  readonly expert: number;
  readonly column: number;
}

/** The cell at a place, null beside the maps. */
export function cellAt(layout: DriftLayout, experts: number, x: number, y: number): DriftCell | null {
  for (const [stream, map] of layout.maps.entries()) {
    const column = Math.floor((x - map.x) / layout.cellWidth);
    const expert = Math.floor((y - map.y) / layout.cellHeight);
    if (column >= 0 && column < layout.columns.length && expert >= 0 && expert < experts)
      return { stream, expert, column };
  }
  return null;
}
