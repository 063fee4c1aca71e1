import { expect, it } from 'vitest';
import { nameInGroup } from './name-in-group.js';
import { exampleRun } from '../runs/example-run.fixture.js';

it('leaves the experiment off a default name below its group, and no other name', () => {
  const inGroup = (name: string, experiment: Record<string, unknown> | null = null) =>
    nameInGroup(exampleRun({ name, experiment, experimentFile: 'tests/census.mmoe.json' }).manifest);
  expect(['census mmoe', 'census shared-bottom', 'census omoe seed 3'].map((name) => inGroup(name))).toEqual([
    'mmoe',
    'shared-bottom',
    'omoe seed 3',
  ]);
  expect(inGroup('Adult income mmoe', { name: 'Adult income' })).toBe('mmoe');
  for (const name of ['census', 'census with dropout', 'mmoe', 'census mmoe 2', 'other mmoe'])
    expect(inGroup(name)).toBe(name);
  expect(nameInGroup(exampleRun({ name: 'census mmoe', experimentFile: null }).manifest)).toBe('census mmoe');
});
