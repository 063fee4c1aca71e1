import { expect, it } from 'vitest';
import { parseExperiment } from '../load.js';

const problemsOf = (columns: object) =>
  parseExperiment(
    JSON.stringify({ data: { source: 'a.csv' }, columns, tasks: [{ label: 'y' }] }, null, 1),
    'x',
  ).problems.map(({ severity, message, line }) => `${severity} ${line}: ${message}`);

const item = { kind: 'categorical', encode: { embedding: 16 } };
const shares = (more: object = {}) => ({ kind: 'categorical', shares: 'item', ...more });

it.each<[string, object, RegExp | null]>([
  ['another column with embeddings', { item, bought: shares() }, null],
  ['one whose name is written otherwise', { Item: item, bought: shares() }, null],
  ['embeddings by hash', { item: { ...item, encode: { embedding: 4, hash: 9 } }, bought: shares() }, null],
  ['a set that shares', { item, seen: { kind: 'set', separator: '|', shares: 'item' } }, null],
  ['itself', { item: { ...item, shares: 'item' } }, /cannot share its own/],
  ['one that is not there', { bought: shares() }, /"item" is not in columns/],
  ['an ignored one', { item: 'ignore', bought: shares() }, /error 9: "item" is ignored/],
  ['a number', { item: { kind: 'numeric' }, bought: shares() }, /"item" is a number/],
  [
    'a chain',
    { item: { ...item, shares: 'other' }, other: item, bought: shares() },
    /"item" uses the embeddings of "other"/,
  ],
  ['one-hot inputs', { item: { kind: 'categorical' }, bought: shares() }, /one input per value/],
  ['another width', { item, bought: shares({ encode: { embedding: 8 } }) }, /have the width 16/],
  ['the same width', { item, bought: shares({ encode: { embedding: 16 } }) }, null],
  ['a minCount of its own', { item, bought: shares({ minCount: 2 }) }, /that of "item" counts/],
  ['a maxValues of its own', { item, bought: shares({ maxValues: 2 }) }, /that of "item" counts/],
  [
    'counted values that are hashed',
    { item: { kind: 'categorical', encode: { embedding: 4, hash: 9 }, minCount: 3 } },
    /^warning 12: values that are hashed/,
  ],
  [
    'one sign for values and weights',
    { item: { kind: 'set', separator: '|', weights: '|' } },
    /another sign/,
  ],
])('of %s, says what is wrong', (_, columns, expected) => {
  const problems = problemsOf(columns);
  if (expected === null) expect(problems).toEqual([]);
  else expect(problems.join('\n')).toMatch(expected);
});

it('says that rows with sets are not streamed', () => {
  const file = {
    data: { source: 'a.csv', stream: true },
    columns: { tags: { kind: 'set', separator: '|' } },
    tasks: [{ label: 'y' }],
  };
  expect(parseExperiment(JSON.stringify(file), 'x').problems).toMatchObject([
    { severity: 'warning', code: 'experiment.stream' },
  ]);
});
