import { newManifest } from '../../run/manifest.js';
import type { RunListEntry } from '../../run/store/run-list-entry.js';
import type { RunManifest, RunStatus } from '../../shared/run/run-manifest.js';

type ReadableEntry = Extract<RunListEntry, { state: 'ok' }>;

/** Makes a run of two binary tasks; `auc` has the values of income and marital at the best epoch. */
export function exampleRun(
  fields: Partial<RunManifest> & { status?: RunStatus; auc?: readonly [number, number]; step?: number } = {},
): ReadableEntry {
  const { auc, step, ...given } = fields;
  const manifest: RunManifest = {
    ...newManifest({
      id: '20261124-083012-k3f9',
      name: 'census mmoe',
      experimentFile: 'census.mmoe.json',
      created: new Date('2026-11-24T08:30:12Z'),
    }),
    tasks: [
      { name: 'income', kind: 'binary' },
      { name: 'marital', kind: 'binary' },
    ],
    epochs: 20,
    stepsPerEpoch: 100,
    ...(auc === undefined
      ? {}
      : {
          summary: {
            bestEpoch: 12,
            bestEpochs: {},
            validation: { income: { auc: auc[0] }, marital: { auc: auc[1] } },
            test: null,
          },
        }),
    ...given,
  };
  return {
    state: 'ok',
    id: manifest.id,
    folder: `/films/.mmoe/runs/${manifest.id}`,
    manifest,
    status: manifest.status,
    progress: step === undefined ? null : { step, steps: 2000, seconds: step / 50 },
  };
}
