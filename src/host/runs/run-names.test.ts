import { expect, it } from 'vitest';
import { exampleRun } from './example-run.fixture.js';
import { RunNames } from './run-names.js';

const run = (id: string, learningRate: number, name = 'census mmoe', file = 'census.mmoe.json') => ({
  workspace: '/films',
  entry: exampleRun({
    ...{ id, name, experimentFile: file },
    experiment: { name: 'census', model: { variant: 'mmoe' }, training: { learningRate, seed: 1 } },
  }),
});

it('runs are called by what tells them from the others of their experiment, as these come and go', () => {
  const names = new RunNames();
  const [one, other, elsewhere] = [
    run('a', 0.001),
    run('b', 0.01),
    run('c', 0.5, 'deep mmoe', 'deep.mmoe.json'),
  ];
  for (const { workspace, entry } of [one, elsewhere]) names.replace(workspace, null, entry);
  expect([names.short(one), names.full(one)]).toEqual(['mmoe', 'census · mmoe']);
  const before = names.stateOf('/films', 'census.mmoe.json');
  names.replace('/films', null, other.entry);
  expect([names.short(one), names.short(other)]).toEqual([
    'mmoe · learningRate .001',
    'mmoe · learningRate .01',
  ]);
  expect(names.stateOf('/films', 'census.mmoe.json')).not.toBe(before);
  const renamed = run('b', 0.01, 'my best');
  names.replace('/films', other.entry, renamed.entry);
  expect([names.short(renamed), names.full(renamed)]).toEqual(['my best', 'my best']);
  names.replace('/films', renamed.entry, null);
  expect(names.short(one)).toBe('mmoe');
});

it('a run that is only queued, or cannot be read, has the name that there is', () => {
  const names = new RunNames();
  const queued = { workspace: '/films', entry: exampleRun({ status: 'queued' }) };
  names.replace('/films', null, queued.entry);
  expect(names.full(queued)).toBe('census mmoe');
  const entry = { state: 'unreadable' as const, id: 'x', folder: '/x', reason: 'torn' };
  expect(names.full({ workspace: '/films', entry })).toBe('x');
});
