import type { RunHistory } from '../../../src/shared/run/run-history.js';
import type { EventOf } from '../../../src/shared/run/run-events.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { lastOfLevel } from '../../../src/shared/run/shown-epoch.js';
import { columnWeights, expertColumns, usedCopy, type ExpertColumn } from './expert-columns.js';
import { routeKind, routeTraits, type RouteKind } from './route-kind.js';

type Group = EventOf<'routes'>['groups'][number];

export interface RouteStream {
  readonly name: string;
  /** Index of the stream's task; null: the stream is shared. */
  readonly task: number | null;
  /** [experts] Mean weight over the rows. */
  readonly mean: readonly number[];
  /** [experts] Standard deviation over the rows. */
  readonly sd: readonly number[];
  /**
   * [experts][bins] Shares of the rows in equal bins over 0 … 1; where there is a load, shares of the rows
   * that have a weight above 0. Null: the route does not depend on the row.
   */
  readonly distribution: readonly (readonly number[])[] | null;
  /** [experts] Share of the rows for which the weight is not 0; null: the gate leaves no expert out. */
  readonly load: readonly number[] | null;
}

export interface ExpertState {
  readonly column: ExpertColumn;
  /** Units that are not zero on every row; null: not looked at yet. */
  readonly alive: number | null;
  readonly units: number;
  /** Mean L2 norm of the expert's output; null: not looked at yet. */
  readonly norm: number | null;
  /** The most similar other expert (linear CKA, 0 … 1); null: there is none, or not yet. */
  readonly nearest: { readonly expert: ExpertColumn; readonly similarity: number } | null;
  readonly dead: boolean;
}

export interface GroupChoice {
  readonly key: string;
  readonly where: Group['where'];
  readonly rows: number;
}

/** Routes and experts of one level, as of one epoch. Experts with the same weights are one. */
export interface Routes {
  /** Null: before the first look. */
  readonly epoch: number | null;
  readonly kind: RouteKind;
  readonly groups: readonly GroupChoice[];
  readonly group: GroupChoice | null;
  readonly streams: readonly RouteStream[];
  readonly experts: readonly ExpertState[];
}

/** The key of the first group, which is all rows. */
export const allRows = '';
/** An expert with a smaller share of live units than this is called dead. */
const deadShare = 0.1;

export const groupKey = (where: Group['where']): string =>
  where === null ? allRows : JSON.stringify([where.task, where.label]);

export interface RoutesChoice {
  readonly level: number;
  /** Key of a group; one that is not there stands for all rows. */
  readonly group: string;
  /** Null: the latest. */
  readonly epoch: number | null;
}

/**
 * Builds the routes of a level as of an epoch. For an epoch of which only the means were written, these are
 * the routes of the last whole look before it. Returns null until the network is known.
 */
export function buildRoutes(
  history: RunHistory,
  network: RunManifest['network'],
  { level, group, epoch }: RoutesChoice,
): Routes | null {
  const shape = network?.levels[level];
  if (!network || !shape) return null;
  const kind = routeKind(network, shape);
  const columns = expertColumns(shape);
  const whole = history.routes.filter((event) => isWhole(event, kind));
  const event = lastOfLevel(whole, level, epoch) ?? lastOfLevel(history.routes, level, epoch);
  const health = lastOfLevel(history.experts, level, event?.epoch ?? epoch);
  const groups = (event?.groups ?? []).map(({ where, rows }) => ({ key: groupKey(where), where, rows }));
  const at = Math.max(
    0,
    groups.findIndex(({ key }) => key === group),
  );
  const statistics = event?.groups[at]?.streams ?? [];
  return {
    epoch: event?.epoch ?? null,
    kind,
    groups,
    group: groups[at] ?? null,
    streams: shape.streams.map(({ name, task }, index) => {
      const { mean = [], sd = [], histogram, load } = statistics[index] ?? {};
      const used = mean.length === 0 ? [] : columns.map((column) => usedCopy(column, mean));
      return {
        ...{ name, task, mean: columnWeights(columns, mean), sd: used.map((expert) => sd[expert] ?? 0) },
        distribution: histogram
          ? used.map((expert) => shares(usedRows(histogram[expert] ?? [], load?.[expert] ?? 1)))
          : null,
        load: load ? used.map((expert) => load[expert] ?? 0) : null,
      };
    }),
    experts: columns.map((column) => expertState(column, columns, health, shape.width)),
  };
}

/**
 * Returns whether the event has the histograms and groups that a long run writes, and that the page is sent,
 * at some epochs only.
 */
const isWhole = ({ groups }: EventOf<'routes'>, kind: RouteKind): boolean =>
  routeTraits[kind].dependsOnRow ? groups[0]?.streams[0]?.histogram !== undefined : groups.length > 1;

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => (sum > 0 ? count / sum : 0));
}

/** Returns the counts without the rows whose weight is 0, which all lie in the first bin. */
function usedRows(counts: readonly number[], load: number): number[] {
  const unused = Math.round((1 - load) * counts.reduce((total, count) => total + count, 0));
  return counts.map((count, bin) => (bin === 0 ? Math.max(0, count - unused) : count));
}

/**
 * Returns the weight that is drawn as the widest line: the largest by size, but at least a quarter, so that
 * even weights look even.
 */
export const largestWeight = (streams: readonly RouteStream[]): number =>
  Math.max(0.25, ...streams.flatMap(({ mean }) => mean.map((weight) => Math.abs(weight))));

export const hasNegative = (streams: readonly RouteStream[]): boolean =>
  streams.some(({ mean }) => mean.some((weight) => weight < 0));

function expertState(
  column: ExpertColumn,
  columns: readonly ExpertColumn[],
  health: EventOf<'experts'> | undefined,
  width: number,
): ExpertState {
  const state = health?.experts[column.copies[0]!];
  if (!state) return { column, alive: null, units: width, norm: null, nearest: null, dead: false };
  const { alive, units, norm, nearest } = state;
  const other = columns.find(({ copies }) => nearest !== null && copies.includes(nearest.expert));
  return {
    ...{ column, alive, units, norm, dead: units > 0 && alive / units < deadShare },
    nearest: nearest && other && other !== column ? { expert: other, similarity: nearest.similarity } : null,
  };
}
