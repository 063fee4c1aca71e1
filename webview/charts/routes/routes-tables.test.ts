import { describe, expect, it } from 'vitest';
import { latest, made } from '../made-history.fixture.js';
import { buildRoutes } from './routes-data.js';
import { expertsTable, routesTable } from './routes-tables.js';

describe('routes', () => {
  it('have tables with a row for every expert', () => {
    const { history, network } = made();
    const routes = buildRoutes(history, network, latest)!;
    const words = {
      expert: 'expert',
      aliveUnits: 'alive',
      ofUnits: 'units',
      outputNorm: 'norm',
      nearestExpert: 'nearest',
      similarity: 'similarity',
    };
    const experts = expertsTable(routes, words);
    expect(experts.columns.slice(0, 5)).toEqual(['expert', 'income', 'never married', 'alive', 'units']);
    expect(experts.rows).toHaveLength(8);
    expect(experts.rows[5]!.slice(3)).toEqual([1, 16, 0.1, null, null]);
    expect(
      routesTable(routes, { expert: 'expert', weight: 'weight', mean: 'mean', sd: 'SD', load: 'load' })
        .columns[1],
    ).toBe('income mean');
  });
});
