import type { RunHistory } from '../../src/shared/history.js';
import type { EventOf, RunManifest } from '../../src/shared/run.js';
import { lastOfLevel } from '../../src/shared/shown-epoch.js';
import type { Table } from './table.js';

type Level = NonNullable<RunManifest['network']>['levels'][number];
type Group = EventOf<'routes'>['groups'][number];

export interface RouteStream {
  readonly name: string;
  /** Index of the task, null: shared. */
  readonly task: number | null;
  /** Per expert. */
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  /** Per expert, shares of the rows in equal bins over 0 … 1; null: the route does not depend on the row. */
  readonly distribution: readonly (readonly number[])[] | null;
}

export interface ExpertState {
  /** Null: not looked at yet. */
  readonly alive: number | null;
  readonly units: number;
  readonly norm: number | null;
  readonly nearest: { readonly expert: number; readonly similarity: number } | null;
  readonly dead: boolean;
}

export interface GroupChoice {
  readonly key: string;
  readonly where: Group['where'];
  readonly rows: number;
}

/** Routes and experts of one level, as of one epoch. */
export interface Routes {
  readonly epoch: number | null;
  readonly kind: Level['routes'];
  readonly groups: readonly GroupChoice[];
  readonly group: GroupChoice | null;
  readonly streams: readonly RouteStream[];
  readonly experts: readonly ExpertState[];
}

/** The first group is all rows. */
export const allRows = '';
/** Fewer live units than that and an expert is called dead. */
const deadShare = 0.1;

export const groupKey = (where: Group['where']): string => (where === null ? allRows : JSON.stringify([where.task, where.label]));

export interface RoutesChoice {
  readonly level: number;
  /** A group that is not there is taken as all rows. */
  readonly group: string;
  /** Null: the latest. */
  readonly epoch: number | null;
}

/** Null until the network is known. Of an epoch of which only the means were written, the last whole look before it. */
export function buildRoutes(history: RunHistory, network: RunManifest['network'], { level, group, epoch }: RoutesChoice): Routes | null {
  const shape = network?.levels[level];
  if (!shape) return null;
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
    kind: shape.routes,
    groups,
    group: groups[at] ?? null,
    streams: shape.streams.map(({ name, task }, index) => {
      const { mean = [], sd = [], histogram } = statistics[index] ?? {};
      return { name, task, mean, sd, distribution: histogram?.map(shares) ?? null };
    }),
    experts: Array.from({ length: shape.experts }, (_, expert) => expertState(health?.experts[expert], shape.width)),
  };
}

/** With what a long run writes of some epochs only, and what the page is sent of some epochs only. */
const isWhole = ({ groups }: EventOf<'routes'>, routes: Level['routes']): boolean =>
  routes === 'gate' ? groups[0]?.streams[0]?.histogram !== undefined : groups.length > 1;

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => (sum > 0 ? count / sum : 0));
}

function expertState(health: EventOf<'experts'>['experts'][number] | undefined, width: number): ExpertState {
  if (!health) return { alive: null, units: width, norm: null, nearest: null, dead: false };
  return { ...health, dead: health.units > 0 && health.alive / health.units < deadShare };
}

export function routesTable({ streams, experts }: Routes, words: { expert: string; mean: string; sd: string }): Table {
  return {
    columns: [words.expert, ...streams.flatMap(({ name }) => [`${name} ${words.mean}`, `${name} ${words.sd}`])],
    rows: experts.map((_, expert) => [expert + 1, ...streams.flatMap(({ mean, sd }) => [mean[expert] ?? null, sd[expert] ?? null])]),
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

export function expertsTable({ streams, experts }: Routes, words: ExpertWords): Table {
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
    rows: experts.map(({ alive, units, norm, nearest }, expert) => [
      expert + 1,
      ...streams.map(({ mean }) => mean[expert] ?? null),
      alive,
      units,
      norm,
      nearest ? nearest.expert + 1 : null,
      nearest?.similarity ?? null,
    ]),
  };
}
