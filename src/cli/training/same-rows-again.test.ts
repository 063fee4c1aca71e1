import { expect, it } from 'vitest';
import { experimentFromText } from '../../experiment/load.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { withSameRows } from './go-on.js';

const { experiment } = experimentFromText({
  path: '/w/x.mmoe.json',
  text: JSON.stringify({ data: { source: 'a.csv', window: 7 }, tasks: [{ label: 'y' }] }),
  sets: [],
});
const data: NonNullable<RunManifest['data']> = {
  ...{ source: 'a.csv', inputs: 1, fingerprint: 'f' },
  rows: { train: 1, validation: 0, test: 0 },
};

it('a resume keeps where the rows were, and how many were shuffled together', () => {
  expect(withSameRows(experiment, { data: null }).data).toEqual(experiment.data);
  // A run of a version without streams, or one of rows in memory.
  expect(withSameRows(experiment, { data }).data).toMatchObject({ source: 'a.csv', stream: false });
  expect(withSameRows(experiment, { data }).data.window).toBeUndefined();
  const streamed = { ...data, stream: { window: 42, bytes: 9 } };
  expect(withSameRows(experiment, { data: streamed }).data).toMatchObject({ stream: true, window: 42 });
});
