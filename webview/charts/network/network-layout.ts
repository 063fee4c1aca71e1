/** Where the boxes of the task × expert picture stand. Pixels. */
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

/** What experts' boxes hold besides their numbers. Pixels. */
export interface ExpertRoom {
  /** For the longest name. */
  readonly label: number;
  /** Below each row, for what groups them. */
  readonly foot: number;
}

const margin = 4;
const mostPerRow = 16;
const streamHeight = 32;
const streamGap = 8;
const expertGap = 9;
const plainExpert = 40;
const mostExpert = 112;
const between = 104;

/** Streams above, experts below, each in as many rows as fit `width`. */
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
  const expertsPerRow = perRow(experts, Math.min(mostPerRow, Math.max(1, Math.floor(inner / 26))));
  const expertRows = Math.ceil(experts / expertsPerRow);
  const slot = inner / expertsPerRow;
  const wanted = Math.max(plainExpert, Math.min(mostExpert, room.label));
  const expertWidth = Math.min(wanted, slot - Math.min(expertGap, slot * 0.2));
  const expertHeight = Math.max(26, Math.min(plainExpert, expertWidth));
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
      // Rows are of one grid, a last shorter row too, so that a place means the same in each.
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

/** Rows of about equal length. */
function perRow(count: number, most: number): number {
  const rows = Math.ceil(Math.max(1, count) / most);
  return Math.ceil(Math.max(1, count) / rows);
}

/** From the bottom of a stream's box to the top of an expert's, as the path of an SVG. */
export function linePath(stream: Box, expert: Box): string {
  const [x0, y0] = [expert.x + expert.width / 2, expert.y];
  const [x1, y1] = [stream.x + stream.width / 2, stream.y + stream.height];
  const bend = (y0 - y1) * 0.7;
  return `M${round(x0)} ${round(y0)}C${round(x0)} ${round(y0 - bend)} ${round(x1)} ${round(y1 + bend)} ${round(x1)} ${round(y1)}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Of a weight, by its size as a share of the largest that is drawn, which is `widest`. */
export const lineWidth = (weight: number, most: number, widest = 14): number =>
  most > 0 ? Math.max(0.6, (Math.abs(weight) / most) * widest) : 0.6;
