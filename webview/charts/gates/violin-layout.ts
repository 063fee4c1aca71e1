import type { ViolinPoint } from './violin-data.js';

/** The places of violins: experts in rows, the streams of an expert side by side. Lengths are pixels. */
export interface ViolinLayout {
  /** Experts in a row. */
  readonly perRow: number;
  readonly rows: number;
  /** Width of an expert. */
  readonly slot: number;
  /** Width of a violin. */
  readonly violin: number;
  /** Height of a row. */
  readonly rowHeight: number;
  /** Distance of the bars of the load from the plot above them; null: there are no bars. */
  readonly loads: number | null;
}

export const left = 36;
const right = 6;
const minRow = 236;
const groupRoom = 18;
export const loadHeight = 18;
const loadGap = 8;
export const plotTop = 14;
export const plotHeight = 190;
const minViolin = 7;
const maxRows = 4;

/** Takes as few rows as give each violin its minimum width, but at most four, with narrower violins. */
export function layoutViolins(
  experts: number,
  streams: number,
  width: number,
  has: { readonly grouped: boolean; readonly loaded: boolean } = { grouped: false, loaded: false },
): ViolinLayout {
  const inner = width - left - right;
  const fits = Math.max(1, Math.floor(inner / (minViolin * (streams + 1))));
  const rows = Math.min(maxRows, Math.ceil(experts / fits));
  const perRow = Math.ceil(experts / Math.max(1, rows));
  const slot = inner / perRow;
  const groups = has.grouped ? groupRoom : 0;
  return {
    ...{ perRow, rows: Math.ceil(experts / perRow), slot, violin: Math.min(28, (slot * 0.84) / streams) },
    rowHeight: minRow + groups + (has.loaded ? loadHeight + loadGap : 0),
    loads: has.loaded ? 28 + groups : null,
  };
}

/** Returns the centre of a violin. */
export function violinX(
  { perRow, slot, violin }: ViolinLayout,
  expert: number,
  stream: number,
  streams: number,
): number {
  return left + ((expert % perRow) + 0.5) * slot + (stream - (streams - 1) / 2) * violin;
}

/** Returns the closed outline as an SVG path. */
export function violinPath(
  points: readonly ViolinPoint[],
  x: number,
  halfWidth: number,
  yOf: (value: number) => number,
): string {
  const side = (sign: number) =>
    points.map(({ value, width }) => `${(x + sign * width * halfWidth).toFixed(1)} ${yOf(value).toFixed(1)}`);
  return points.length === 0 ? '' : `M${[...side(-1), ...side(1).reverse()].join('L')}Z`;
}

/** Returns the gridlines of the weight axis: three to six round values. */
export function weightTicks(floor: number, limit: number): number[] {
  const range = limit - floor;
  const step =
    [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5].find((candidate) => range / candidate <= 5) ?? range / 4;
  const first = Math.ceil(floor / step - 1e-9);
  return Array.from({ length: Math.floor(limit / step + 1e-9) - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(6)),
  );
}
