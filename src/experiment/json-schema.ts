import { toJsonSchema } from '@valibot/to-json-schema';
import { defaults, scheduleDefaults, simulatorDefaults, syntheticDefaults } from './defaults.js';
import { scales } from './schema/columns.js';
import { lossWeightingDefaults, lossWeightings } from './schema/loss-weighting.js';
import { defaultsMeanings, experimentSchema } from './schema.js';
import { variantMeaning, variants } from './schema/variants.js';

interface Snippet {
  readonly label: string;
  readonly description: string;
  /** JSON with `${1:…}` for the places to fill in; a text that begins with `^` is inserted without quotes. */
  readonly body: unknown;
}

/**
 * Returns the JSON schema of `*.mmoe.json`, from which the editor takes completion, hover texts and squiggles
 * under values. It says nothing of keys that are unknown or missing: the editor would only warn of them,
 * while the extension calls them errors and knows which key was meant.
 */
export function experimentJsonSchema(): object {
  const schema = {
    ...withoutKeyRules(toJsonSchema(experimentSchema, { typeMode: 'input' })),
    title: 'MMoE experiment',
  };
  for (const { at, snippets } of snippetsByPath) put(schema, at, 'defaultSnippets', snippets);
  // VS Code's own key: the list of completions says this of each value.
  const meanings = variants.map((variant) => `${variantMeaning(variant)}.`);
  put(schema, [...model, 'variant'], 'enumDescriptions', meanings);
  put(schema, [...model, 'match', 'anyOf', '0'], 'enumDescriptions', meanings);
  put(schema, ['properties', 'defaults'], 'enumDescriptions', Object.values(defaultsMeanings));
  // VS Code's own keys: the language of these files allows both.
  return { ...schema, allowComments: true, allowTrailingCommas: true };
}

/**
 * Returns a copy of a schema without the rules for keys. The keys of `properties` are those of an experiment,
 * not of a schema: only its values are looked through.
 */
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

/** Sets a key of the schema at a path of its own keys. Throws if the path is not there. */
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

/** Returns a place of a snippet that holds a number, to be changed at once. */
const place = (number: number, value: number): string => `^\${${number}:${value}}`;

const { rows, dimensions, correlation, terms, noise } = syntheticDefaults;
const synthetic = {
  synthetic: { rows, dimensions, correlation: place(1, correlation), terms, noise },
};
const simulated = simulatorDefaults;
const simulator = {
  simulator: {
    ...{ rows: simulated.rows, users: simulated.users, items: simulated.items },
    correlation: place(1, simulated.correlation),
    ...{ clicks: simulated.clicks, likes: simulated.likes, drift: simulated.drift },
  },
};
const { experts, towers } = defaults.model;
const { validation, test } = defaults.data;
const { batchSize, epochs } = defaults.training;
const { dwa, gradnorm } = lossWeightingDefaults;
const step = scheduleDefaults;

const snippetsByPath: readonly { at: readonly string[]; snippets: readonly Snippet[] }[] = [
  {
    at: [],
    snippets: [
      {
        label: 'Experiment on a table',
        description: 'Data, two tasks and a model; everything else has defaults.',
        body: {
          data: { source: '${1:table.csv}', validation, test },
          tasks: [{ label: '${2:label}' }, { label: '${3:other_label}' }],
          model: {
            variant: defaults.model.variant,
            experts: { count: experts.count, layers: experts.layers },
            towers: { layers: towers.layers },
          },
          training: { batchSize, epochs },
        },
      },
      {
        label: 'Experiment on the paper’s synthetic data',
        description: 'Two regression tasks whose relatedness you choose.',
        body: {
          data: { source: synthetic },
          tasks: [{ label: 'y1' }, { label: 'y2' }],
          model: { variant: defaults.model.variant },
        },
      },
      {
        label: 'Experiment on a simulated recommender',
        description: 'Clicks and likes, split by time.',
        body: {
          data: {
            source: simulator,
            validation: { from: 'test', fraction: 0.5 },
            test: { where: 'day >= ${2:8}' },
          },
          columns: { day: 'ignore' },
          tasks: [
            { label: 'click', kind: 'binary' },
            { label: 'like', kind: 'binary' },
          ],
          model: { variant: defaults.model.variant },
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
      {
        label: 'Simulator',
        description: 'A recommender: clicks, and likes of what was clicked.',
        body: simulator,
      },
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
        body: { kind: 'numeric', scale: `\${1|${scales.join(',')}|}` },
      },
      {
        label: 'Number in waves',
        description: 'A number, with inputs learned from sines and cosines of it.',
        body: { kind: 'numeric', scale: { periodic: '^${1:16}', sigma: '^${2:0.1}', embedding: '^${3:8}' } },
      },
      {
        label: 'Number in bins',
        description: 'A number, with an input for each of its bins and frequent values.',
        body: { kind: 'numeric', scale: { bins: '^${1:32}', values: '^${2:10}' } },
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
      {
        label: 'Embedding by hash',
        description: 'Values fall into buckets by their hash, unseen ones too; no list of them is kept.',
        body: { kind: 'categorical', encode: { hash: '^${1:100000}', embedding: '^${2:16}' } },
      },
      {
        label: 'Embedding of another column',
        description: 'The vectors that another column learns for the same values.',
        body: { kind: 'categorical', shares: '${1:item}' },
      },
      {
        label: 'Several values',
        description: 'Any number of values in a field: a list, or a text with a separator.',
        body: { kind: 'set', separator: '${1:|}' },
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
      {
        label: 'Taught task',
        description: 'A label mixed with another model’s predictions for the training rows.',
        body: { label: '${1:column}', teacher: { value: '${2:column of predictions}', weight: '^${3:0.5}' } },
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
        body: { kind: 'step', every: place(1, step.every), factor: place(2, step.factor) },
      },
    ],
  },
  {
    at: [...training, 'lossWeighting'],
    snippets: [
      { label: 'Uncertainty', description: lossWeightings.uncertainty, body: 'uncertainty' },
      {
        label: 'Dynamic weight average',
        description: lossWeightings.dwa,
        body: { kind: 'dwa', temperature: place(1, dwa.temperature) },
      },
      {
        label: 'GradNorm',
        description: lossWeightings.gradnorm,
        body: { kind: 'gradnorm', alpha: place(1, gradnorm.alpha) },
      },
      { label: 'PCGrad', description: lossWeightings.pcgrad, body: 'pcgrad' },
    ],
  },
];
