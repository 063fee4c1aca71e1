import { comparedRun } from '../../src/host/compare-page/compared-run.js';
import type { ComparedRun, HostToComparePage } from '../../src/shared/messages/compare-protocol.js';
import { RunHistory } from '../../src/shared/run/run-history.js';
import type { RunStatus, RunTask } from '../../src/shared/run/run-manifest.js';
import { madeRun } from './made-run.fixture.js';

/** A comparison that nobody trained, of variants × seeds. */
export interface MadeComparisonOptions {
  readonly variants?: readonly string[];
  readonly seeds?: number;
  readonly tasks?: readonly RunTask[];
  readonly epochs?: number;
  /** The status of the run at that place; finished if absent. */
  readonly status?: (index: number) => RunStatus;
  /** Settings by path of the run at that place, beside variant and seed. */
  readonly learningRate?: (index: number) => number;
}

export function madeComparison(options: MadeComparisonOptions = {}): ComparedRun[] {
  const {
    variants = ['single-task', 'shared-bottom', 'omoe', 'mmoe'],
    seeds = 3,
    epochs = 20,
    tasks,
  } = options;
  return variants.flatMap((variant, at) =>
    Array.from({ length: seeds }, (_, seed) => {
      const index = at * seeds + seed;
      const status = options.status?.(index) ?? 'finished';
      const epochsDone = status === 'queued' ? -1 : status === 'finished' ? epochs : Math.floor(epochs / 2);
      const run = madeRun({
        ...(tasks !== undefined && { tasks }),
        epochs,
        epochsDone,
        stepEvents: 10,
        status,
      });
      const lift = (values: Record<string, Record<string, number | null>>) =>
        Object.fromEntries(
          Object.entries(values).map(([task, metrics]) => [
            task,
            Object.fromEntries(
              Object.entries(metrics).map(([name, value]) => [
                name,
                value === null ? null : lifted(name, value, at, seed),
              ]),
            ),
          ]),
        );
      const { manifest } = run;
      const history = new RunHistory();
      history.add(
        run.events.map((event) =>
          event.type === 'epoch'
            ? {
                ...event,
                train: lift(event.train),
                validation: event.validation === null ? null : lift(event.validation),
              }
            : event,
        ),
      );
      const learningRate = options.learningRate?.(index) ?? 0.001;
      const id = `20261124-0830${String(index).padStart(2, '0')}-made`;
      const entry = {
        folder: `/census/.mmoe/runs/${id}`,
        status,
        progress:
          status === 'running' ? { step: history.step, steps: epochs * 312, seconds: history.time } : null,
        manifest: {
          ...manifest,
          id,
          name: `census ${variant}${seeds > 1 ? ` seed ${seed + 1}` : ''}`,
          seed: seed + 1,
          parameters: status === 'queued' ? null : 8450 + at * 21_000,
          data: status === 'queued' ? null : manifest.data,
          experiment: {
            name: 'census',
            data: { source: 'census-income.csv', seed: 1 },
            tasks: [{ name: 'income', label: "income = '50000+.'", lossWeight: 1 }],
            model: { variant, experts: { count: 8, layers: [16] } },
            training: { optimizer: 'adam', learningRate, seed: seed + 1, stopEarly: null },
          },
          times: { ...manifest.times, created: `2026-11-24T08:30:${String(index).padStart(2, '0')}.000Z` },
          summary: manifest.summary && {
            ...manifest.summary,
            validation: lift(manifest.summary.validation),
            test: manifest.summary.test && lift(manifest.summary.test),
          },
        },
      };
      return comparedRun(entry, history);
    }),
  );
}

/** Scores rise and losses fall from variant to variant, a little from seed to seed. */
const lifted = (metric: string, value: number, variant: number, seed: number): number =>
  value + (/loss|mse/i.test(metric) ? -1 : 1) * (0.0008 * variant + 0.0003 * Math.sin(3 * seed + variant));

export function runsMessage(runs: readonly ComparedRun[]): Extract<HostToComparePage, { type: 'runs' }> {
  const comparison = { id: 'all', runsFolder: '/census/.mmoe/runs' };
  return {
    type: 'runs',
    subject: { folders: [], comparison, title: 'census: all variants' },
    runs: [...runs],
  };
}
