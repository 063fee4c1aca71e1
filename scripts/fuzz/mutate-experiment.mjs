import { columns } from './tables.mjs';
import { mutatedBytes } from './mutate-bytes.mjs';

/** @import { Random } from './random.mjs' */

/** @type {object[]} */
const bases = [
  { data: { source: 't.csv' }, tasks: [{ label: 'bought' }] },
  {
    data: {
      source: 't.jsonl',
      read: { null: ['NA', '?'], types: { age: 'DOUBLE' } },
      where: 'age > 21',
      validation: 0.2,
      test: { where: "city = 'Oslo'" },
      weight: 'age / 10',
    },
    columns: {
      age: { kind: 'numeric', scale: 'quantile' },
      city: { kind: 'categorical', encode: { embedding: 4 }, minCount: 2 },
      day: 'ignore',
    },
    tasks: [
      { name: 'bought', label: 'bought', kind: 'binary' },
      { name: 'long', label: 'minutes > 30' },
      { name: 'minutes', label: 'minutes', kind: 'regression', lossWeight: 0.5, scale: 'none' },
    ],
    model: {
      variant: 'ple',
      levels: 2,
      experts: { perTask: 1, shared: 1, layers: [8], activation: 'gelu', normalization: 'batch' },
      towers: { layers: [4], dropout: 0.1 },
      gates: { bias: true, temperature: 2, choose: { top: 1 } },
    },
    training: { optimizer: 'adamw', epochs: 1, batchSize: 16, lossWeighting: 'uncertainty' },
    engine: { threads: 1 },
  },
  {
    data: {
      source: { sql: "select *, age * 2 as twice from 't.parquet' where age < 65" },
      validation: { from: 'test', fraction: 0.5 },
      test: { source: 't.tsv', where: 'member' },
    },
    tasks: [{ label: 'city' }, { label: "case when spent > 9 then 'much' else 'little' end", name: 'sum' }],
    model: { variant: 'mmoe', experts: { count: 3, layers: [8, 4] }, match: 'shared-bottom' },
    training: { epochs: 1, stopEarly: { task: 'city', metric: 'accuracy', patience: 1 } },
  },
  {
    data: { source: { synthetic: { rows: 200, dimensions: 6, correlation: 0.5, terms: 2, noise: 0.1 } } },
    tasks: [{ label: 'y1' }, { label: 'y2' }],
    model: { variant: 'cross-stitch', experts: { layers: [4] } },
    training: { epochs: 1, batchSize: 32, learningRate: 0.003 },
  },
  {
    data: {
      source: ['t.csv.gz', 't.csv'],
      read: { header: true, delimiter: ',', quote: '"', encoding: 'utf-8', names: [...columns] },
    },
    tasks: [{ label: '"user id" > 1010' }, { label: "day > '2024-05-01'" }],
    training: { epochs: 1 },
  },
];

const expressions = [
  '*',
  'columns(*)',
  'sum(age)',
  'unnest([1, 2])',
  'age::integer',
  'age::integer / 0',
  'city::integer',
  "error('x')",
  'random()',
  '(select max(age) from data)',
  "(select 1 from '../outside/secret.csv')",
  "read_text('../outside/secret.csv')",
  "getenv('HOME')",
  "current_setting('memory_limit')",
  'age -- comment',
  'age) from data; drop view data; --',
  'bought; select 1',
  '1',
  'null',
  "'a'",
  'age over ()',
  'row_number() over ()',
  'lag(age) over (order by minutes)',
  '[age, minutes]',
  '{a: age}',
  'rowid',
  '"mmoe row"',
  'age in (1, 2',
  'list_transform([1], x -> x + age)',
  'day::date',
  "day::timestamp + interval '1 day'",
  'age::decimal(38, 10)',
  'age::hugeint * 1e30::hugeint',
  'chr(0)',
  "'\0'",
  '\0',
  '("age")',
  'age::blob',
  'age = age',
  'isnan(minutes)',
  'minutes / 0.0',
  "nextval('x')",
  'pg_sleep(1)',
  "city like '%\\'",
  "regexp_matches(city, '(')",
  "strptime(city, '%d')",
  'case when',
  '😀',
  'age'.repeat(500),
  '('.repeat(400) + 'age' + ')'.repeat(400),
];

const paths = [
  't.csv',
  'T.CSV',
  '.',
  '..',
  '/',
  '',
  ' ',
  '*',
  '**/*.csv',
  '../outside/secret.csv',
  '../outside/*.csv',
  '/etc/passwd',
  'link.csv',
  'folder',
  'none.csv',
  't.csv\0',
  't.[',
  'http://127.0.0.1:9/t.csv',
  's3://bucket/t.csv',
  'x.mmoe.json',
  'empty.csv',
  'a'.repeat(5000),
  'CON',
  't.csv/t.csv',
];

const types = [
  'DOUBLE',
  'INTEGER',
  'NO SUCH',
  'STRUCT(a INTEGER)',
  'VARCHAR[]',
  'ENUM()',
  'DATE',
  '',
  'DECIMAL(99,1)',
];

/** @type {unknown[]} */
const values = [null, true, false, 0, -1, 1, 2, 0.5, -0.1, 1e-300, 1e308, 2 ** 31, 2 ** 53, '', 'x', [], {}];

/**
 * Returns the text of an experiment that was valid, with changes to its shape, its values or its letters.
 * @param {Random} random
 */
export function mutatedExperiment(random) {
  let experiment = structuredClone(random.of(bases));
  const changes = random.happens(0.1) ? 0 : 1 + random.below(3);
  for (let change = 0; change < changes; change++) experiment = mutated(random, experiment);
  const text = JSON.stringify(experiment, null, random.happens(0.5) ? 2 : 0);
  if (changes > 0 && random.happens(0.9)) return Buffer.from(text);
  return random.happens(0.1) ? Buffer.from(deep(random)) : mutatedBytes(random, Buffer.from(text));
}

/** @param {Random} random */
function deep(random) {
  const depth = 10 ** (1 + random.below(5));
  const [open, close] = random.of([
    ['[', ']'],
    ['{"data":', '}'],
    ['{"model":{"experts":', '}}'],
  ]);
  return `{"data":{"source":"t.csv"},"tasks":${open?.repeat(depth)}1${close?.repeat(depth)}}`;
}

/**
 * Changes one place of a tree, drawn among all.
 * @param {Random} random
 * @param {object} tree
 * @returns {object}
 */
function mutated(random, tree) {
  const places = placesOf(tree);
  if (places.length === 0) return tree;
  // What is looked at most closely is changed most often.
  const chosen = places.filter(({ key }) => /^(label|where|weight|sql|source|types|null)$/.test(key));
  const { holder, key } = random.of(chosen.length > 0 && random.happens(0.4) ? chosen : places);
  const value = Reflect.get(holder, key);
  if (random.happens(0.25)) {
    if (random.happens(0.5)) Reflect.deleteProperty(holder, key);
    else Reflect.set(holder, `${key}${random.of(['s', ' ', '_', ''])}`, random.of(values));
    // A list keeps no holes: JSON would write them as null.
    return tree;
  }
  Reflect.set(holder, key, random.happens(0.3) ? random.of(values) : like(random, key, value));
  return tree;
}

/**
 * Returns another value of the same sort, or of the sort that a setting of this name has.
 * @param {Random} random
 * @param {string} key
 * @param {unknown} value
 * @returns {unknown}
 */
function like(random, key, value) {
  if (/^(label|where|weight)$/.test(key)) return random.of(random.happens(0.2) ? columns : expressions);
  if (key === 'sql')
    return random.happens(0.5)
      ? `select ${random.of(expressions)} as x, * from ${random.of(["'t.csv'", "'none.csv'", 'data'])}`
      : `select * from read_csv('${random.of(paths).replaceAll("'", '')}')`;
  if (key === 'source') return random.of(paths);
  if (/^(age|types)$/.test(key) && typeof value === 'string') return random.of(types);
  if (typeof value === 'number')
    return random.of([value * 2, value + 0.5, -value, 0, value * 1000, 1e15, Math.round(value / 2)]);
  if (typeof value === 'string') return random.happens(0.5) ? `${value}x` : value.slice(1);
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return random.happens(0.5) ? [...value, ...value] : [value];
  return value === null
    ? 0
    : { ...Object(value), [random.of([...columns, 'extra', '__proto__', ''])]: random.of(values) };
}

/**
 * @param {unknown} tree
 * @returns {{ holder: object, key: string }[]}
 */
function placesOf(tree) {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) => [{ holder: tree, key }, ...placesOf(value)]);
}
