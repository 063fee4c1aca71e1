import { mixColours, parseColour, toHex } from '../../ui/theme/colour.js';
import type { Theme } from '../../ui/theme/theme.js';
import {
  columnName,
  columnRowLabel,
  cutText,
  textWidth,
  type ExpertColumn,
} from '../routes/expert-columns.js';
import { epochColumns, type Drift } from './drift-data.js';

/** The places of the heat maps, one for each stream, and of their cells. Lengths are pixels. */
export interface DriftLayout {
  readonly width: number;
  readonly height: number;
  /** Room left of the maps for the experts' names. */
  readonly labelRoom: number;
  readonly maps: readonly { readonly x: number; readonly y: number }[];
  readonly mapWidth: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** [columns] Index of the epoch that each column shows. */
  readonly columns: readonly number[];
  readonly gap: number;
}

const minLabel = 34;
const maxLabel = 96;
/** Width of the mark in the task's colour beside its own experts. */
const markWidth = 3;
const titleRoom = 22;
const footRoom = 22;
const mapGap = 26;
const minMap = 120;
const maxPerRow = 4;
/** Height of all maps together, where there are many. */
const maxHeight = 560;
const maxCell = 25;
/** Colours from the card's to the task's, in steps fine enough not to be seen. */
const shades = 64;

export function layoutDrift({ experts, epochs, streams }: Drift, width: number): DriftLayout {
  const labelRoom = roomFor(experts);
  const perRow = Math.max(
    1,
    Math.min(streams.length, maxPerRow, Math.floor((width - labelRoom + mapGap) / (minMap + mapGap))),
  );
  const rows = Math.ceil(streams.length / perRow);
  const mapWidth = (width - labelRoom - mapGap * (perRow - 1) - 4) / perRow;
  const columns = epochColumns(epochs.length, mapWidth / 3);
  const cellHeight = Math.max(
    5,
    Math.min(maxCell, 320 / experts.length, (maxHeight / rows - titleRoom - footRoom) / experts.length),
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
  return Math.min(maxLabel, Math.max(minLabel, longest + 12));
}

/** Draws the maps, each with its stream's name above, and the first and the last epoch below. */
export function drawDrift(
  ctx: CanvasRenderingContext2D,
  drift: Drift,
  layout: DriftLayout,
  theme: Theme,
): void {
  ctx.fillStyle = theme.card;
  ctx.fillRect(0, 0, layout.width, layout.height);
  ctx.font = `11px ${theme.font}`;
  ctx.textBaseline = 'middle';
  drift.streams.forEach(({ name, task, weights }, stream) => {
    const at = layout.maps[stream]!;
    const colour = task === null ? theme.dim : theme.tasks[task % theme.tasks.length]!;
    ctx.fillStyle = colour;
    ctx.textAlign = 'left';
    ctx.fillText(cutText(name, layout.mapWidth), at.x, at.y - 11);
    drawCells(ctx, drift, layout, { at, colour, weights }, theme);
    // Maps in one row share the names at the left of the first one.
    if (at.x <= layout.labelRoom) drawExperts(ctx, drift, layout, at.y, theme);
    drawEnds(ctx, drift, layout, { x: at.x, y: at.y + drift.experts.length * layout.cellHeight + 11 }, theme);
  });
}

function drawCells(
  ctx: CanvasRenderingContext2D,
  { largest, isSigned }: Drift,
  { cellWidth, cellHeight, columns, gap }: DriftLayout,
  map: { at: { x: number; y: number }; colour: string; weights: Drift['streams'][number]['weights'] },
  theme: Theme,
): void {
  // Below 0 the task's colour would say too much: these cells take the text's own colour, and a minus where
  // there is room.
  const [above, below] = [scaleTo(map.colour, theme), scaleTo(theme.foreground, theme)];
  const hasMinus = isSigned && cellWidth >= 9 && cellHeight >= 9;
  const shadeOf = (weight: number): number =>
    largest > 0 ? Math.round(Math.min(1, Math.abs(weight) / largest) * shades) : 0;
  map.weights.forEach((row, expert) => {
    const top = map.at.y + expert * cellHeight;
    for (let column = 0; column < columns.length;) {
      const from = column++;
      const weight = row[columns[from]!] ?? 0;
      const colour = (weight < 0 ? below : above)[shadeOf(weight)]!;
      // Cells without gaps that look alike are one, as weights move slowly.
      const isAlike = (other: number): boolean => (other < 0 ? below : above)[shadeOf(other)] === colour;
      if (gap === 0 && !hasMinus)
        while (column < columns.length && isAlike(row[columns[column]!] ?? 0)) column++;
      const left = map.at.x + from * cellWidth;
      ctx.fillStyle = colour;
      ctx.fillRect(left, top, (column - from) * cellWidth - gap + (gap ? 0 : 0.5), cellHeight - gap);
      if (!hasMinus || weight >= 0) continue;
      ctx.fillStyle = shadeOf(weight) > shades / 2 ? theme.card : theme.foreground;
      ctx.fillRect(left + cellWidth / 2 - 3, top + (cellHeight - gap) / 2 - 0.75, 5, 1.5);
    }
  });
}

/** Returns the colours from nearly the card's to `full`. */
function scaleTo(full: string, theme: Theme): string[] {
  const [card, end] = [parseColour(theme.card)!, parseColour(full)!];
  return Array.from({ length: shades + 1 }, (_, step) =>
    toHex(mixColours(card, end, 0.04 + (0.96 * step) / shades)),
  );
}

/** Draws the experts' names beside a map that begins at `y`, and the marks of those that a task owns. */
function drawExperts(
  ctx: CanvasRenderingContext2D,
  { experts }: Drift,
  { labelRoom, cellHeight, gap }: DriftLayout,
  y: number,
  theme: Theme,
): void {
  const everyLabel = Math.ceil(13 / cellHeight);
  experts.forEach((column, expert) => {
    const top = y + expert * cellHeight;
    if (column.task !== null) {
      ctx.fillStyle = theme.tasks[column.task % theme.tasks.length]!;
      ctx.fillRect(labelRoom - 2 - markWidth, top, markWidth, cellHeight - gap);
    }
    if (expert % everyLabel !== 0 && expert !== experts.length - 1) return;
    ctx.fillStyle = theme.dim;
    ctx.textAlign = 'right';
    ctx.fillText(columnRowLabel(column, labelRoom - 10), labelRoom - 9, top + 0.5 * cellHeight);
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

export interface DriftCell {
  readonly stream: number;
  readonly expert: number;
  readonly column: number;
}

/** Returns the cell at a place; null beside the maps. */
export function cellAt(layout: DriftLayout, experts: number, x: number, y: number): DriftCell | null {
  for (const [stream, map] of layout.maps.entries()) {
    const column = Math.floor((x - map.x) / layout.cellWidth);
    const expert = Math.floor((y - map.y) / layout.cellHeight);
    if (column >= 0 && column < layout.columns.length && expert >= 0 && expert < experts)
      return { stream, expert, column };
  }
  return null;
}
