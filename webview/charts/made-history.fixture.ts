import type { EventOf } from '../../src/shared/run/run-events.js';
import { RunHistory } from '../../src/shared/run/run-history.js';
import type { RunManifest } from '../../src/shared/run/run-manifest.js';
import { madeRun } from '../../test/webview/made-run.fixture.js';
import type { Level } from './routes/expert-columns.js';

export const latest = { level: 0, group: '', epoch: null };

/** Makes a run's network, and the history of its events. */
export function made(options: Parameters<typeof madeRun>[0] = {}) {
  const run = madeRun(options);
  const history = new RunHistory();
  history.add(run.events);
  return { history, network: run.manifest.network };
}

const streams = [
  { name: 'income', task: 0 },
  { name: 'age', task: 1 },
];

/** Makes a level of two experts, for two tasks. */
export const level = (more: Partial<Level>): Level => ({
  experts: 2,
  width: 4,
  routes: 'gate',
  streams,
  ...more,
});

export const network = (variant: string, ...levels: Level[]): NonNullable<RunManifest['network']> => ({
  variant,
  levels,
});

type Stream = EventOf<'routes'>['groups'][number]['streams'][number];

/** Makes the history of level 0, with an epoch for each list of streams. */
export function historyOf(...epochs: Stream[][]): RunHistory {
  const history = new RunHistory();
  history.add(
    epochs.map((each, epoch) => ({
      ...{ type: 'routes' as const, seq: epoch + 1, time: epoch, step: epoch, epoch, level: 0 },
      groups: [{ where: null, rows: 10, streams: each }],
    })),
  );
  return history;
}

/** Makes a stream whose weights are the same for every row. */
export const constant = (...mean: number[]): Stream => ({ mean, sd: mean.map(() => 0) });
