import { RunHistory } from '../../../src/shared/run/run-history.js';
import type { TriedRun } from '../../../src/shared/messages/try-row-protocol.js';
import { allRows, buildRoutes, type Routes } from '../../charts/routes/routes-data.js';

/** Returns the routes of a level as one row takes them, `weights` being its [streams][experts]. */
export function routesOfRow(
  { network }: Pick<TriedRun, 'network'>,
  level: number,
  weights: readonly (readonly number[])[],
): Routes | null {
  const history = new RunHistory();
  const streams = weights.map((mean) => ({ mean: [...mean], sd: mean.map(() => 0) }));
  history.add([
    {
      ...{ type: 'routes', seq: 1, time: 0, step: 0, epoch: 0, level },
      groups: [{ where: null, rows: 1, streams }],
    },
  ]);
  return buildRoutes(history, network, { level, group: allRows, epoch: null });
}
