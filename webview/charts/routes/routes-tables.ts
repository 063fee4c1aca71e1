import type { TableData } from '../../../src/shared/figures/table-data.js';
import { columnName } from './expert-columns.js';
import { routeTraits } from './route-kind.js';
import type { Routes } from './routes-data.js';

export interface RouteWords {
  readonly expert: string;
  readonly weight: string;
  readonly mean: string;
  readonly sd: string;
  readonly load: string;
}

/**
 * Returns the weights, a row for each expert. Weights that do not depend on the row have no spread, and there
 * is a load only where experts are left out.
 */
export function routesTable({ streams, experts, kind }: Routes, words: RouteWords): TableData {
  const { dependsOnRow } = routeTraits[kind];
  const shown = streams.map(({ name, mean, sd, load }) => [
    { head: `${name} ${dependsOnRow ? words.mean : words.weight}`, values: mean },
    ...(dependsOnRow ? [{ head: `${name} ${words.sd}`, values: sd }] : []),
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

/** Returns the weights and the health of the experts, a row for each expert. */
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
