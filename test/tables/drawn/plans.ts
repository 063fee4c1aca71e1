import fc from 'fast-check';
import { scaleNames } from '../table.js';
import type { Container, Format } from '../written/container.js';
import { draws, type Draw, type Missing } from './cells.js';
import { nastyNames, plainNames } from './names.js';
import type { ConditionPlan, FeaturePlan, LabelPlan, Plan, SplitPlan } from './plan.js';

const seed = fc.integer({ min: 0, max: 0x7fffffff });

const featurePlan: fc.Arbitrary<FeaturePlan> = fc.record({
  draw: fc.constantFrom(...draws),
  missing: fc.oneof(
    { weight: 3, arbitrary: fc.constant('none' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('some' as const, 'most' as const, 'beginning' as const, 'middle' as const),
    },
    { weight: 1, arbitrary: fc.constant('all' as const) },
  ),
  late: fc.boolean(),
  seed,
  declared: fc.oneof(
    { weight: 3, arbitrary: fc.constant('no' as const) },
    { weight: 3, arbitrary: fc.constantFrom('numeric' as const, 'categorical' as const) },
    { weight: 1, arbitrary: fc.constant('ignore' as const) },
  ),
  scale: fc.constantFrom(...scaleNames),
  minCount: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3 }),
});

const labelPlan: fc.Arbitrary<LabelPlan> = fc.record({
  draw: fc.constantFrom('truth', 'few whole', 'category', 'money', 'large whole', 'share'),
  missing: fc.constantFrom('none', 'some'),
  late: fc.boolean(),
  seed,
  asCondition: fc.boolean(),
  named: fc.boolean(),
  says: fc.boolean(),
  scale: fc.constantFrom('standard', 'none'),
});

const fraction = fc.constantFrom(0.1, 0.2, 0.35);

const split: fc.Arbitrary<SplitPlan> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('share' as const), fraction }),
  fc.constant({ kind: 'marked' as const }),
  fc.record({ kind: fc.constant('other' as const), fraction: fc.constantFrom(0.3, 0.5) }),
  fc.record({ kind: fc.constant('source' as const), rows: fc.integer({ min: 12, max: 60 }) }),
);

const shortRows = fc.integer({ min: 12, max: 150 });
/** More than what is looked at to find the types of a text file; `late` values come after that. */
const longRows = fc.integer({ min: 10_600, max: 12_000 });
/** More than DuckDB looks at by itself. */
const longestRows = fc.integer({ min: 26_000, max: 28_000 });

const textStyle = {
  truth: fc.constantFrom('true' as const, 'True' as const, 'TRUE' as const),
  between: fc.constantFrom(' ' as const, 'T' as const),
  zone: fc.constantFrom('Z' as const, '+00' as const, '+02:00' as const),
  pointZero: fc.boolean(),
  dates: fc.oneof(
    { weight: 2, arbitrary: fc.constant('iso' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'slashes' as const,
        'dots' as const,
        'month name' as const,
        'mixed' as const,
      ),
    },
  ),
};

const csvFormat: fc.Arbitrary<Format> = fc.record({
  format: fc.constant('csv' as const),
  gzip: fc.boolean(),
  style: fc.record({
    ...textStyle,
    delimiter: fc.constantFrom(',' as const, ';' as const, '\t' as const, '|' as const),
    quoting: fc.constantFrom('needed' as const, 'texts' as const, 'all' as const, 'every third' as const),
    newline: fc.constantFrom('\n' as const, '\r\n' as const),
    lastNewline: fc.boolean(),
    byteOrderMark: fc.boolean(),
  }),
  says: fc.record({ delimiter: fc.boolean(), header: fc.boolean() }),
});

const jsonFormat: fc.Arbitrary<Format> = fc.record({
  format: fc.constant('json' as const),
  gzip: fc.boolean(),
  style: fc.record({
    ...textStyle,
    missing: fc.constantFrom('null' as const, 'absent' as const, 'either' as const),
  }),
});

const parquetFormat: fc.Arbitrary<Format> = fc.record({
  format: fc.constant('parquet' as const),
  style: fc.record({
    whole: fc.constantFrom('smallest' as const, 'large' as const),
    decimal: fc.constantFrom('decimal' as const, 'double' as const),
    unit: fc.constantFrom('s' as const, 'ms' as const, 'us' as const, 'ns' as const),
    nothing: fc.constantFrom('as elsewhere' as const, 'integer' as const),
    codec: fc.constantFrom('snappy' as const, 'zstd' as const, 'gzip' as const, 'uncompressed' as const),
  }),
});

const ends = fc.constantFrom<number[]>([], [], [1 / 3, 2 / 3], [0.5], [0, 0.4], [0.2, 0.2, 0.7], [0.9, 1]);

const inFiles = (format: fc.Arbitrary<Format>): fc.Arbitrary<Container> =>
  fc
    .record({
      ends,
      partitioned: fc.boolean(),
      named: fc.constantFrom('glob' as const, 'list' as const, 'folder' as const),
      reordered: fc.boolean(),
      format,
    })
    .map(({ format: how, ...parts }) => ({ ...parts, ...how }));

const kinds = [csvFormat, jsonFormat, parquetFormat].map(inFiles);

/** Two containers of different formats. */
const containers: fc.Arbitrary<Container[]> = fc
  .constantFrom<[number, number][]>([0, 1], [0, 2], [1, 2], [0, 0])
  .chain(([one, other]) => fc.tuple(kinds[one]!, kinds[other]!));

const names = fc.uniqueArray(fc.oneof(fc.constantFrom(...plainNames), fc.constantFrom(...nastyNames)), {
  minLength: 9,
  maxLength: 9,
});

/** Columns that only their last rows show: fractions, large numbers, texts, keys. */
const lateFeature: fc.Arbitrary<FeaturePlan> = fc
  .tuple(
    featurePlan,
    fc.constantFrom<Draw[]>(
      'money',
      'money',
      'tiny real',
      'tiny real',
      'decimal',
      'large whole',
      '37 digits',
      'codes',
      'date',
    ),
    fc.constantFrom<Missing[]>('none', 'none', 'beginning'),
  )
  .map(([feature, draw, missing]) => ({ ...feature, draw, missing, late: true }));

const partition = fc.record({
  kind: fc.constantFrom('whole' as const, 'date' as const, 'text' as const),
  ends: fc.constantFrom([0.5], [1 / 3, 2 / 3], [0.2, 0.6, 0.9]),
});

const base = {
  names,
  sameButCase: fc.integer({ min: 0, max: 29 }).map((one) => one === 29),
  partition: fc.option(partition, { freq: 4 }),
  validation: split,
  test: split,
  where: fc.option(fc.constantFrom<ConditionPlan[]>('first feature is there', 'marked'), { freq: 2 }),
  weight: fc.constantFrom('none', 'none', 'whole', 'real'),
  seed: fc.integer({ min: 1, max: 1000 }),
  containers,
  predicts: fc.integer({ min: 0, max: 9 }).map((one) => one === 9),
};

const shortPlan: fc.Arbitrary<Plan> = fc.record({
  ...base,
  rows: shortRows,
  features: fc.array(featurePlan, { minLength: 1, maxLength: 4 }),
  labels: fc.array(labelPlan, { minLength: 1, maxLength: 2 }),
});

/** In parts, the last one would show by itself what its values are, and so would 2.0. */
const inOneFile = (container: Container): Container =>
  container.format === 'parquet'
    ? { ...container, ends: [] }
    : container.format === 'csv'
      ? { ...container, ends: [], style: { ...container.style, pointZero: false } }
      : { ...container, ends: [], style: { ...container.style, pointZero: false } };

/** Few columns, so that many rows are cheap. */
const longPlan: fc.Arbitrary<Plan> = fc.record({
  ...base,
  rows: fc.oneof({ weight: 5, arbitrary: longRows }, { weight: 1, arbitrary: longestRows }),
  features: fc.array(lateFeature, { minLength: 1, maxLength: 2 }),
  labels: fc.array(labelPlan, { minLength: 1, maxLength: 1 }),
  predicts: fc.constant(false),
  partition: fc.constant(null),
  containers: containers.map(([first, ...others]) => [inOneFile(first!), ...others]),
});

/** All plans of cases. */
export const plans: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 9, arbitrary: shortPlan },
  { weight: 1, arbitrary: longPlan },
);
