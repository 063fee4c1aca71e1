import { expect, it } from 'vitest';
import { experimentJsonSchema } from './json-schema.js';

/** All objects of the schema with their paths; snippets are no schema. */
function* nodes(value: unknown, path = ''): Generator<[string, Record<string, unknown>]> {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* nodes(item, `${path}[${i}]`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  yield [path, Object.fromEntries(Object.entries(value))];
  for (const [key, child] of Object.entries(value))
    if (key !== 'defaultSnippets') yield* nodes(child, `${path}.${key}`);
}

const schema = experimentJsonSchema();

it('describes every key, for the editor’s hover text', () => {
  const bare: string[] = [];
  for (const [path, node] of nodes(schema)) {
    for (const [key, value] of Object.entries(
      typeof node['properties'] === 'object' ? { ...node['properties'] } : {},
    )) {
      if (typeof value !== 'object' || value === null || !('description' in value))
        bare.push(`${path}.${key}`);
    }
  }
  expect(bare).toEqual([]);
});

it('takes what a person writes: defaults and limits are shown, comments and trailing commas allowed', () => {
  expect(schema).toMatchObject({
    allowTrailingCommas: true,
    properties: { training: { properties: { epochs: { default: 20, minimum: 1 } } } },
  });
});

it('leaves unknown and missing keys to the extension, which calls them errors', () => {
  const ruled = [...nodes(schema)].filter(
    ([, node]) => Array.isArray(node['required']) || node['additionalProperties'] === false,
  );
  expect(ruled.map(([path]) => path)).toEqual([]);
});

it('offers snippets for an experiment and what in it has several shapes', () => {
  const offered = [...nodes(schema)].filter(([, node]) => 'defaultSnippets' in node).map(([path]) => path);
  expect(offered).toEqual([
    '',
    '.properties.data.properties.source',
    '.properties.data.properties.validation',
    '.properties.data.properties.test',
    '.properties.columns.additionalProperties',
    '.properties.tasks.items',
    '.properties.model.properties.match',
    '.properties.model.properties.gates.properties.choose',
    '.properties.training.properties.schedule',
    '.properties.training.properties.lossWeighting',
  ]);
});

it('says of every variant and set of defaults what it is, where its name is completed', () => {
  const described = [...nodes(schema)].filter(([, node]) => 'enumDescriptions' in node);
  expect(described.map(([path]) => path)).toEqual([
    '.properties.defaults',
    '.properties.model.properties.variant',
    '.properties.model.properties.match.anyOf[0]',
  ]);
  const lengths = described.map(([, { enum: names, enumDescriptions: meanings }]) => [names, meanings]);
  expect(lengths.map((lists) => lists.map((list) => (Array.isArray(list) ? list.length : 0)))).toEqual([
    [2, 2],
    [10, 10],
    [10, 10],
  ]);
});
