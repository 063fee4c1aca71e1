/** A box of the task × expert picture. Lengths are pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly streams: readonly Box[];
  readonly experts: readonly Box[];
  readonly expertsPerRow: number;
}

/** The room that experts need besides their numbers. Pixels. */
export interface ExpertRoom {
  /** Width of the longest name in a box. */
  readonly label: number;
  /** Height below each row for the marks of groups. */
  readonly foot: number;
}

const margin = 4;
const maxPerRow = 16;
const streamHeight = 32;
const streamGap = 8;
const expertGap = 9;
const expertSize = 40;
const maxExpertWidth = 112;
/** Height between streams and experts, where the lines are. */
const between = 104;

/** Places the streams above and the experts below, both in as many rows as `width` needs. */
export function layoutNetwork(
  streams: number,
  experts: number,
  width: number,
  room: ExpertRoom = { label: 0, foot: 0 },
): NetworkLayout {
  const inner = width - 2 * margin;
  const streamsPerRow = perRow(streams, Math.max(1, Math.floor(inner / (streams > 8 ? 62 : 84))));
  const streamRows = Math.ceil(streams / streamsPerRow);
  const streamWidth = Math.min(120, inner / streamsPerRow - streamGap);
  const expertsPerRow = perRow(experts, Math.min(maxPerRow, Math.max(1, Math.floor(inner / 26))));
  const expertRows = Math.ceil(experts / expertsPerRow);
  const slot = inner / expertsPerRow;
  const wanted = Math.max(expertSize, Math.min(maxExpertWidth, room.label));
  const expertWidth = Math.min(wanted, slot - Math.min(expertGap, slot * 0.2));
  const expertHeight = Math.max(26, Math.min(expertSize, expertWidth));
  const top = 12;
  const expertTop = top + streamRows * (streamHeight + streamGap) + between;
  const boxes = (
    count: number,
    each: number,
    size: { width: number; height: number },
    y: number,
    gap: number,
  ): Box[] =>
    Array.from({ length: count }, (_, index) => {
      const row = Math.floor(index / each);
      // All rows have the same columns, also a last one that is shorter.
      const inRow = row === 0 ? Math.min(each, count) : each;
      const column = index % each;
      const x = margin + (inner * (column + 0.5)) / inRow - size.width / 2;
      return { x, y: y + row * (size.height + gap), ...size };
    });
  const rowGap = (expertRows > 1 ? 12 : 0) + room.foot;
  return {
    width,
    height: expertTop + expertRows * (expertHeight + rowGap) + 8,
    expertsPerRow,
    streams: boxes(streams, streamsPerRow, { width: streamWidth, height: streamHeight }, top, streamGap),
    experts: boxes(experts, expertsPerRow, { width: expertWidth, height: expertHeight }, expertTop, rowGap),
  };
}

/** Returns how many stand in a row, at most `max`, so that rows are of about equal length. */
function perRow(count: number, max: number): number {
  const rows = Math.ceil(Math.max(1, count) / max);
  return Math.ceil(Math.max(1, count) / rows);
}

/** Returns the line from the bottom of a stream's box to the top of an expert's, as an SVG path. */
export function linePath(stream: Box, expert: Box): string {
  const [x0, y0] = [expert.x + expert.width / 2, expert.y];
  const [x1, y1] = [stream.x + stream.width / 2, stream.y + stream.height];
  const bend = (y0 - y1) * 0.7;
  const point = (x: number, y: number): string => `${round(x)} ${round(y)}`;
  return `M${point(x0, y0)}C${point(x0, y0 - bend)} ${point(x1, y1 + bend)} ${point(x1, y1)}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Returns the width of a weight's line. The largest weight has the width `widest`. */
export const lineWidth = (weight: number, largest: number, widest = 14): number =>
  largest > 0 ? Math.max(0.6, (Math.abs(weight) / largest) * widest) : 0.6;
