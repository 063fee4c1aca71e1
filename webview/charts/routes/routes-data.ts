import type { RunHistory } from '../../../src/shared/history.js';
import type { RunManifest } from '../../../src/shared/run.js';
import type { EventOf } from '../../../src/shared/run-events.js';
import { lastOfLevel } from '../../../src/shared/shown-epoch.js';
import {
  columnName,
  columnWeights,
  expertColumns,
  usedCopy,
  type ExpertColumn,
  type Level,
} from './expert-columns.js';
import { routeKind, type RouteKind } from './route-kind.js';
import type { TableData } from '../../ui/table-data.js';

type Group = EventOf<'routes'>['groups'][number];

export interface RouteStream {
  readonly name: string;
  /** Index of the task, null: shared. */
  readonly task: number | null;
  /** Per expert. */
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  /**
   * Per expert, shares of the rows in equal bins over 0 … 1, where there is a load of the rows that have a
   * weight above 0; null: the route does not depend on the row.
   */
  readonly distribution: readonly (readonly number[])[] | null;
  /** Per expert, share of the rows for which its weight is not 0; null: none is left out by choice. */
  readonly load: readonly number[] | null;
}

export interface ExpertState {
  readonly column: ExpertColumn;
  /** Null: not looked at yet. */
  readonly alive: number | null;
  readonly units: number;
  readonly norm: number | null;
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
  readonly epoch: number | null;
  readonly kind: RouteKind;
  readonly groups: readonly GroupChoice[];
  readonly group: GroupChoice | null;
  readonly streams: readonly RouteStream[];
  readonly experts: readonly ExpertState[];
}

/** The first group is all rows. */
export const allRows = '';
/** Fewer live units than that and an expert is called dead. */
const deadShare = 0.1;

export const groupKey = (where: Group['where']): string =>
  where === null ? allRows : JSON.stringify([where.task, where.label]);

export interface RoutesChoice {
  readonly level: number;
  /** A group that is not there is taken as all rows. */
  readonly group: string;
  /** Null: the latest. */
  readonly epoch: number | null;
}

/**
 * Null until the network is known. Of an epoch of which only the means were written, the last whole look
 * before it.
 */
export function buildRoutes(
  history: RunHistory,
  network: RunManifest['network'],
  { level, group, epoch }: RoutesChoice,
): Routes | null {
  const shape = network?.levels[level];
  if (!network || !shape) return null;
  const columns = expertColumns(shape);
  const whole = history.routes.filter((event) => isWhole(event, shape.routes));
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
    kind: routeKind(network, shape),
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

/** With what a long run writes of some epochs only, and what the page is sent of some epochs only. */
const isWhole = ({ groups }: EventOf<'routes'>, routes: Level['routes']): boolean =>
  routes === 'gate' ? groups[0]?.streams[0]?.histogram !== undefined : groups.length > 1;

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => (sum > 0 ? count / sum : 0));
}

/** Without the rows whose weight is 0; they all lie in the first bin. */
function usedRows(counts: readonly number[], load: number): number[] {
  const unused = Math.round((1 - load) * counts.reduce((total, count) => total + count, 0));
  return counts.map((count, bin) => (bin === 0 ? Math.max(0, count - unused) : count));
}

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

export interface RouteWords {
  readonly expert: string;
  readonly weight: string;
  readonly mean: string;
  readonly sd: string;
  readonly load: string;
}

/** Weights that no row changes have no spread; a load stands only where experts are left out. */
export function routesTable({ streams, experts, kind }: Routes, words: RouteWords): TableData {
  const shown = streams.map(({ name, mean, sd, load }) => [
    { head: `${name} ${kind === 'gate' ? words.mean : words.weight}`, values: mean },
    ...(kind === 'gate' ? [{ head: `${name} ${words.sd}`, values: sd }] : []),
    ...(load ? [{ head: `${name} ${words.load}`, values: load }] : []),
  ]);
  return {
    columns: [words.expert, ...shown.flat().map(({ head }) => head)],
    rows: experts.map(({ column }, expert) => [
      columnName(column),
      ...shown.flat().map(({ values }) => values[expert] ?? null),
    ]),
  };
}

export interface ExpertWords {
  readonly expert: string;
  readonly aliveUnits: string;
  readonly ofUnits: string;
  readonly outputNorm: string;
  readonly nearestExpert: string;
  readonly similarity: string;
}

export function expertsTable({ streams, experts }: Routes, words: ExpertWords): TableData {
  return {
    columns: [
      words.expert,
      ...streams.map(({ name }) => name),
      words.aliveUnits,
      words.ofUnits,
      words.outputNorm,
      words.nearestExpert,
      words.similarity,
    ],
    rows: experts.map(({ column, alive, units, norm, nearest }, expert) => [
      columnName(column),
      ...streams.map(({ mean }) => mean[expert] ?? null),
      alive,
      units,
      norm,
      nearest ? columnName(nearest.expert) : null,
      nearest?.similarity ?? null,
    ]),
  };
}
