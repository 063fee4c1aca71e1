import { toJsonSchema } from '@valibot/to-json-schema';
import { experimentSchema, variantMeanings, variants } from './schema.js';

interface Snippet {
  readonly label: string;
  readonly description: string;
  /** JSON with `${1:…}` places; `^…` inserts a text as it is. */
  readonly body: unknown;
}

/**
 * The JSON schema of `*.mmoe.json`: what gives completion, hover texts and squiggles under values in the
 * editor. It says nothing of keys that are unknown or missing: the editor would only warn of them, and the
 * extension calls them errors and knows what was meant.
 */
export function experimentJsonSchema(): object {
  const schema = {
    ...withoutKeyRules(toJsonSchema(experimentSchema, { typeMode: 'input' })),
    title: 'MMoE experiment',
  };
  for (const { at, snippets } of snippetsByPath) put(schema, at, 'defaultSnippets', snippets);
  // VS Code's own key: what the list of completions says of each value.
  const meanings = variants.map((variant) => `${variantMeanings[variant]}.`);
  put(schema, [...model, 'variant'], 'enumDescriptions', meanings);
  put(schema, [...model, 'match', 'anyOf', '0'], 'enumDescriptions', meanings);
  // VS Code's own keys: the language of these files allows both.
  return { ...schema, allowComments: true, allowTrailingCommas: true };
}

/** A copy; `properties` is looked through by its values, because its keys are those of an experiment. */
function withoutKeyRules(schema: object): object {
  const copy = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(copy)
      : typeof value === 'object' && value !== null
        ? withoutKeyRules(value)
        : value;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
      if (key === 'properties' && typeof value === 'object' && value !== null)
        return [[key, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, copy(child)]))]];
      return key === 'required' || (key === 'additionalProperties' && value === false)
        ? []
        : [[key, copy(value)]];
    }),
  );
}

/** Sets a key of the schema at a path of its own keys; a path that is not there is a mistake of this file. */
function put(schema: object, path: readonly string[], name: string, value: unknown): void {
  let node: object = schema;
  for (const key of path) {
    const child: unknown = Reflect.get(node, key);
    if (typeof child !== 'object' || child === null)
      throw new Error(`the experiment's schema has nothing at ${path.join('.')}`);
    node = child;
  }
  Reflect.set(node, name, value);
}

const model = ['properties', 'model', 'properties'] as const;
const training = ['properties', 'training', 'properties'] as const;
const synthetic = {
  synthetic: { rows: 10000, dimensions: 100, correlation: '^${1:0.5}', terms: 10, noise: 0.1 },
};

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
        body: {
          data: { source: synthetic },
          tasks: [{ label: 'y1' }, { label: 'y2' }],
          model: { variant: 'mmoe' },
        },
      },
    ],
  },
  {
    at: ['properties', 'data', 'properties', 'source'],
    snippets: [
      { label: 'File', description: 'A table beside this file.', body: '${1:table.csv}' },
      {
        label: 'Files',
        description: 'A glob: all files are read as one table.',
        body: '${1:tables/*.parquet}',
      },
      {
        label: 'SQL',
        description: 'A query in DuckDB’s SQL.',
        body: { sql: "select * from '${1:table.csv}'" },
      },
      { label: 'Synthetic', description: 'The data of the paper, section 3.2.', body: synthetic },
    ],
  },
  ...['validation', 'test'].map((split) => ({
    at: ['properties', 'data', 'properties', split],
    snippets: [
      { label: 'Share', description: 'A share of the rows.', body: '^${1:0.1}' },
      {
        label: 'Another table',
        description: 'Rows of a source of their own.',
        body: { source: '${1:table.csv}' },
      },
      {
        label: 'Condition',
        description: 'The rows that an SQL condition names.',
        body: { where: "${1:split} = '${2:test}'" },
      },
      {
        label: 'Part of the other',
        description: 'A share of the other split.',
        body: { from: '${1|test,validation|}', fraction: 0.5 },
      },
    ],
  })),
  {
    at: ['properties', 'columns', 'additionalProperties'],
    snippets: [
      {
        label: 'Numeric',
        description: 'A number, scaled.',
        body: { kind: 'numeric', scale: '${1|standard,minmax,log,quantile,none|}' },
      },
      {
        label: 'Categorical',
        description: 'One input per value.',
        body: { kind: 'categorical', encode: 'onehot' },
      },
      {
        label: 'Embedding',
        description: 'A learned vector per value.',
        body: { kind: 'categorical', encode: { embedding: '^${1:16}' } },
      },
      { label: 'Ignore', description: 'Not a feature.', body: 'ignore' },
    ],
  },
  {
    at: ['properties', 'tasks', 'items'],
    snippets: [
      {
        label: 'Task',
        description: 'A label to learn; its kind is inferred.',
        body: { name: '${1:name}', label: '${2:column}' },
      },
      {
        label: 'Binary task',
        description: 'A yes or no, by an SQL expression.',
        body: { name: '${1:name}', label: '${2:column} = ${3:1}', kind: 'binary' },
      },
    ],
  },
  {
    at: [...model, 'match'],
    snippets: [
      {
        label: 'Variant',
        description: 'As many parameters as this variant has; gates do not count.',
        body: '${1:mmoe}',
      },
      {
        label: 'With gates',
        description: 'As many parameters in all.',
        body: { variant: '${1:mmoe}', gates: true },
      },
    ],
  },
  {
    at: [...model, 'gates', 'properties', 'choose'],
    snippets: [
      { label: 'All', description: 'Every expert, by softmax, as in the paper.', body: 'all' },
      {
        label: 'Top k',
        description: 'The k with the largest logits (Shazeer et al. 2017).',
        body: { top: '^${1:2}', noisy: true },
      },
      {
        label: 'DSelect-k',
        description: 'k smooth selectors (Hazimeh et al. 2021).',
        body: { selectors: '^${1:2}', entropy: '^${2:0.01}' },
      },
    ],
  },
  {
    at: [...training, 'schedule'],
    snippets: [
      {
        label: 'Cosine',
        description: 'Falls by half a cosine, after a warm-up.',
        body: { kind: 'cosine', warmup: '^${1:1}' },
      },
      {
        label: 'Linear',
        description: 'Falls evenly, after a warm-up.',
        body: { kind: 'linear', warmup: '^${1:1}' },
      },
      {
        label: 'Steps',
        description: 'Falls in steps.',
        body: { kind: 'step', every: '^${1:10}', factor: '^${2:0.1}' },
      },
    ],
  },
  {
    at: [...training, 'lossWeighting'],
    snippets: [
      {
        label: 'Uncertainty',
        description: 'By a learned variance of each task (Kendall et al. 2018).',
        body: 'uncertainty',
      },
      {
        label: 'Dynamic weight average',
        description: 'Liu et al. 2019.',
        body: { kind: 'dwa', temperature: '^${1:2}' },
      },
      { label: 'GradNorm', description: 'Chen et al. 2018.', body: { kind: 'gradnorm', alpha: '^${1:1.5}' } },
      { label: 'PCGrad', description: 'Yu et al. 2020.', body: 'pcgrad' },
    ],
  },
];
