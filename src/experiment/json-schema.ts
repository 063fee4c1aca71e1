import { toJsonSchema } from '@valibot/to-json-schema';
import { experimentSchema } from './schema.js';

interface Snippet {
  readonly label: string;
  readonly description: string;
  /** JSON with `${1:…}` places; `^…` inserts a text as it is. */
  readonly body: unknown;
}

/**
 * The JSON schema of `*.mmoe.json`: what gives completion, hover texts and squiggles under values in the editor. It says nothing of
 * keys that are unknown or missing: the editor would only warn of them, and the extension calls them errors and knows what was meant.
 */
export function experimentJsonSchema(): object {
  const schema = { ...withoutKeyRules(toJsonSchema(experimentSchema, { typeMode: 'input' })), title: 'MMoE experiment' };
  for (const { at, snippets } of snippetsByPath) addSnippets(schema, at, snippets);
  // VS Code's own keys: the language of these files allows both.
  return { ...schema, allowComments: true, allowTrailingCommas: true };
}

/** A copy; `properties` is looked through by its values, because its keys are those of an experiment. */
function withoutKeyRules(schema: object): object {
  const copy = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(copy) : typeof value === 'object' && value !== null ? withoutKeyRules(value) : value;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
      if (key === 'properties' && typeof value === 'object' && value !== null)
        return [[key, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, copy(child)]))]];
      return key === 'required' || (key === 'additionalProperties' && value === false) ? [] : [[key, copy(value)]];
    }),
  );
}

/** Puts snippets on the schema at a path of its own keys; a path that is not there is a mistake of this file. */
function addSnippets(schema: object, path: readonly string[], snippets: readonly Snippet[]): void {
  let node: object = schema;
  for (const key of path) {
    const child: unknown = Reflect.get(node, key);
    if (typeof child !== 'object' || child === null) throw new Error(`the experiment's schema has nothing at ${path.join('.')}`);
    node = child;
  }
  Reflect.set(node, 'defaultSnippets', snippets);
}

const synthetic = { synthetic: { rows: 10000, dimensions: 100, correlation: '^${1:0.5}', terms: 10, noise: 0.1 } };

const snippetsByPath: readonly { at: readonly string[]; snippets: readonly Snippet[] }[] = [
  {
    at: [],
    snippets: [
      {
        label: 'Experiment on a table',
        description: 'Data, two tasks and a model; everything else has defaults.',
        body: {
          data: { source: '${1:table.csv}', validation: 0.1, test: 0.1 },
          tasks: [{ label: '${2:label}' }, { label: '${3:other_label}' }],
          model: { variant: 'mmoe', experts: { count: 8, layers: [16] }, towers: { layers: [8] } },
          training: { batchSize: 256, epochs: 20 },
        },
      },
      {
        label: 'Experiment on the paper’s synthetic data',
        description: 'Two regression tasks whose relatedness you choose.',
        body: { data: { source: synthetic }, tasks: [{ label: 'y1' }, { label: 'y2' }], model: { variant: 'mmoe' } },
      },
    ],
  },
  {
    at: ['properties', 'data', 'properties', 'source'],
    snippets: [
      { label: 'File', description: 'A table beside this file.', body: '${1:table.csv}' },
      { label: 'Files', description: 'A glob: all files are read as one table.', body: '${1:tables/*.parquet}' },
      { label: 'SQL', description: 'A query in DuckDB’s SQL.', body: { sql: "select * from '${1:table.csv}'" } },
      { label: 'Synthetic', description: 'The data of the paper, section 3.2.', body: synthetic },
    ],
  },
  ...['validation', 'test'].map((split) => ({
    at: ['properties', 'data', 'properties', split],
    snippets: [
      { label: 'Share', description: 'A share of the rows.', body: '^${1:0.1}' },
      { label: 'Another table', description: 'Rows of a source of their own.', body: { source: '${1:table.csv}' } },
      { label: 'Condition', description: 'The rows that an SQL condition names.', body: { where: "${1:split} = '${2:test}'" } },
      { label: 'Part of the other', description: 'A share of the other split.', body: { from: '${1|test,validation|}', fraction: 0.5 } },
    ],
  })),
  {
    at: ['properties', 'columns', 'additionalProperties'],
    snippets: [
      { label: 'Numeric', description: 'A number, scaled.', body: { kind: 'numeric', scale: '${1|standard,minmax,log,quantile,none|}' } },
      { label: 'Categorical', description: 'One input per value.', body: { kind: 'categorical', encode: 'onehot' } },
      { label: 'Embedding', description: 'A learned vector per value.', body: { kind: 'categorical', encode: { embedding: '^${1:16}' } } },
      { label: 'Ignore', description: 'Not a feature.', body: 'ignore' },
    ],
  },
  {
    at: ['properties', 'tasks', 'items'],
    snippets: [
      { label: 'Task', description: 'A label to learn; its kind is inferred.', body: { name: '${1:name}', label: '${2:column}' } },
      {
        label: 'Binary task',
        description: 'A yes or no, by an SQL expression.',
        body: { name: '${1:name}', label: '${2:column} = ${3:1}', kind: 'binary' },
      },
    ],
  },
];
