import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryNetwork } from './arbitrary-network.fixture.js';
import type { LevelDescription, NetworkDescription } from './description.js';
import { validateNetwork } from './validate.js';

const level: LevelDescription = {
  experts: [
    { source: 0, layers: [4, 3], activation: 'relu' },
    { source: 0, layers: [3], activation: 'linear' },
  ],
  gates: [{ source: 0, experts: [0, 1], bias: false, temperature: 1 }],
  streams: [{ name: 'a', task: 0, route: { kind: 'gate', gate: 0 } }],
};
const network: NetworkDescription = {
  variant: 'test',
  input: { numeric: 2, fields: [{ name: 'city', size: 3, encode: 'onehot' }] },
  levels: [level],
  tasks: [
    {
      name: 'a',
      kind: 'binary',
      outputs: 1,
      stream: 0,
      tower: { layers: [], activation: 'relu' },
      lossWeight: 1,
    },
  ],
};
const withLevel = (change: Partial<LevelDescription>) => ({ ...network, levels: [{ ...level, ...change }] });
const withRoute = (route: LevelDescription['streams'][0]['route']) =>
  withLevel({ streams: [{ name: 'a', task: 0, route }] });

test('every random description is consistent', () => {
  fc.assert(
    fc.property(arbitraryNetwork(), (each) => {
      validateNetwork(each);
    }),
  );
});

test.each<[string, NetworkDescription, string]>([
  ['no level', { ...network, levels: [] }, 'no level of experts'],
  ['no task', { ...network, tasks: [] }, 'there is no task'],
  [
    'two tasks of one name',
    { ...network, tasks: [...network.tasks, ...network.tasks] },
    'task "a" is there twice',
  ],
  [
    'a source that is not there',
    withLevel({ experts: [{ ...level.experts[0]!, source: 1 }] }),
    'level 1, expert 1 reads stream 2, but there are 1',
  ],
  [
    'unequal widths',
    withLevel({ experts: [level.experts[0]!, { ...level.experts[1]!, layers: [5] }] }),
    'expert 2 ends in 5 units, expert 1 in 3',
  ],
  [
    'a gate over experts that are not there',
    withLevel({ gates: [{ ...level.gates[0]!, experts: [0, 2] }] }),
    'gate 1 weighs expert 3, but there are 2',
  ],
  [
    'a gate that names an expert twice',
    withLevel({ gates: [{ ...level.gates[0]!, experts: [1, 1] }] }),
    'out of order or twice',
  ],
  [
    'a temperature of 0',
    withLevel({ gates: [{ ...level.gates[0]!, temperature: 0 }] }),
    'has the temperature 0',
  ],
  [
    'a route to a gate that is not there',
    withRoute({ kind: 'gate', gate: 3 }),
    'follows gate 4, but there are 1',
  ],
  ['a route with too few weights', withRoute({ kind: 'fixed', weights: [1] }), 'has 1 weights for 2 experts'],
  ['constants that are all out', withRoute({ kind: 'constants', initial: [null, null] }), 'weighs no expert'],
  ['a weight that is not a number', withRoute({ kind: 'fixed', weights: [1, NaN] }), 'not a finite number'],
  [
    'a tower on a stream that is not there',
    { ...network, tasks: [{ ...network.tasks[0]!, stream: 1 }] },
    'reads stream 2, but the top level has 1',
  ],
  [
    'two outputs of a binary task',
    { ...network, tasks: [{ ...network.tasks[0]!, outputs: 2 }] },
    'is binary and has 2 outputs',
  ],
  ['a class alone', { ...network, tasks: [{ ...network.tasks[0]!, kind: 'multiclass' }] }, 'at least 2'],
  [
    'a negative loss weight',
    { ...network, tasks: [{ ...network.tasks[0]!, lossWeight: -1 }] },
    'loss weight -1',
  ],
  [
    'an empty field',
    { ...network, input: { numeric: 1, fields: [{ name: 'city', size: 0, encode: 'onehot' }] } },
    'field "city" has 0 values',
  ],
  [
    'half a unit',
    withLevel({ experts: [{ ...level.experts[0]!, layers: [1.5, 3] }] }),
    'a layer of 1.5 units',
  ],
])('%s is refused', (_, each, message) => {
  expect(() => validateNetwork(each)).toThrow(message);
});
