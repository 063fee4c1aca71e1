import * as v from 'valibot';
import { scaleSchema } from './columns.js';
import {
  amount,
  count,
  described,
  fraction,
  option,
  positive,
  setting,
  share,
  text,
  whole,
} from './setting.js';

const sines = v.union([
  described(v.literal('random'), 'α and β are drawn from N(0, 1).'),
  described(v.literal('fixed'), 'α is 1 … m, and β is i² for i = 0 … m − 1.'),
  v.strictObject({
    alpha: described(v.array(v.number()), 'The α of each term: its frequency.'),
    beta: described(v.array(v.number()), 'The β of each term: its phase.'),
  }),
]);

export const syntheticSchema = described(
  v.strictObject({
    rows: setting(v.pipe(whole, v.minValue(10)), 10_000, 'The number of rows.'),
    dimensions: setting(v.pipe(whole, v.minValue(2)), 100, 'The number d of input columns x1 … xd.'),
    correlation: setting(
      v.pipe(v.number(), v.minValue(-1), v.maxValue(1)),
      0.5,
      'The cosine of the angle between the tasks’ weight vectors (paper, equation 2).',
    ),
    terms: setting(count, 10, 'The number m of sine terms (paper, equation 3).'),
    scale: setting(positive, 1, 'The scale c of the weight vectors.'),
    noise: setting(v.pipe(v.number(), v.minValue(0)), 0.1, 'The standard deviation of the label noise.'),
    sines: setting(sines, 'random', 'The frequencies α and phases β of the sine terms.'),
    tasks: setting(
      v.pipe(whole, v.minValue(2)),
      2,
      'The number of labels y1, y2 …; any two of them are related alike.',
    ),
    seed: setting(whole, 1, 'The seed of everything that is drawn.'),
  }),
  'The synthetic data of the paper, section 3.2: columns x1 … xd, labels y1, y2 …',
);

const severalItems = v.pipe(whole, v.minValue(2));

export const simulatorSchema = described(
  v.strictObject({
    rows: setting(v.pipe(whole, v.minValue(10)), 100_000, 'The number of rows: items that were shown.'),
    users: setting(count, 2000, 'The number of users, the vocabulary of user_id.'),
    items: setting(severalItems, 1000, 'The number of items, the vocabulary of item_id.'),
    segments: setting(
      count,
      10,
      'The number of groups of users with a common taste, the vocabulary of segment.',
    ),
    topics: setting(count, 20, 'The number of groups of items alike, the vocabulary of topic.'),
    dimensions: setting(count, 8, 'The number of latent factors of users and items.'),
    features: setting(
      v.pipe(whole, v.minValue(0)),
      8,
      'The number of dense features x1 … xf: noisy views of the factors, of users and items in turn.',
    ),
    correlation: setting(
      v.pipe(v.number(), v.minValue(-1), v.maxValue(1)),
      0.3,
      'The correlation of what users click with what they like, over all users and items.',
    ),
    clicks: setting(fraction, 0.2, 'The share of shown items that are clicked, under the existing policy.'),
    likes: setting(fraction, 0.1, 'The share of clicked items that are liked, under the existing policy.'),
    signal: setting(positive, 1.5, 'How much preferences decide: the standard deviation of the logits.'),
    drift: setting(amount, 0.01, 'How far tastes turn in a day, as an angle in radians.'),
    perDay: setting(count, 10_000, 'The number of rows of a day.'),
    candidates: setting(
      severalItems,
      10,
      'How many items the policy that shows them chooses from each time.',
    ),
    policy: setting(
      v.strictObject({
        skill: setting(
          share,
          0.5,
          'The correlation of its scores with what users click; 0: it knows nothing.',
        ),
        temperature: setting(
          positive,
          0.5,
          'How little it minds its scores: it chooses by a softmax of them.',
        ),
      }),
      {},
      'The existing policy, which has shown the items.',
    ),
    seed: setting(whole, 1, 'The seed of everything that is drawn.'),
  }),
  'A simulated recommender (docs/simulator.md): columns day, user_id, segment, item_id, topic, x1 … xf, and the ' +
    'outcomes click, dwell and like, of which the last two are known of clicked items only.',
);

export const sourceSchema = v.union([
  described(
    text,
    'A path or glob beside this file: CSV, TSV, Parquet or JSON lines, gzip too; or a folder of them.',
  ),
  described(v.pipe(v.array(text), v.minLength(1)), 'Several paths or globs, read as one table.'),
  v.strictObject({
    sql: described(text, 'A query in DuckDB’s SQL; files of this workspace can be read by path.'),
  }),
  v.strictObject({ synthetic: syntheticSchema }),
  v.strictObject({ simulator: simulatorSchema }),
]);

const splitSchema = v.union([
  described(v.literal(0), 'No rows.'),
  described(fraction, 'A share of the rows, drawn with `data.seed`.'),
  described(
    v.strictObject({
      source: described(sourceSchema, 'Where these rows come from.'),
      where: option(text, 'An SQL condition: the rows of that source to use.'),
    }),
    'Rows of a source of their own, with the same columns.',
  ),
  v.strictObject({
    where: described(text, 'An SQL condition: the rows of the source that belong here.'),
  }),
  described(
    v.strictObject({
      from: described(v.picklist(['test', 'validation']), 'The other split.'),
      fraction: described(fraction, 'The share that is taken from it.'),
    }),
    'A share of the other split’s rows.',
  ),
]);

/** One character that no number and no word has. */
const sign = v.pipe(v.string(), v.regex(/^[^A-Za-z0-9]$/, 'one sign'));

export const readSchema = v.strictObject({
  header: option(v.boolean(), 'Whether the first line names the columns; detected where this is left out.'),
  names: option(
    v.pipe(v.array(text), v.minLength(1)),
    'The columns’ names, in order; a first line that plainly names them is passed over.',
  ),
  delimiter: option(text, 'The text between two fields; blanks around a field never count.'),
  quote: option(v.string(), 'The character that encloses a text; empty: none does.'),
  encoding: option(
    v.picklist(['utf-8', 'latin-1', 'utf-16']),
    'The encoding of the file; utf-8 where this is left out.',
  ),
  decimal: option(sign, 'The decimal sign of numbers, such as ","; "." where this is left out.'),
  thousands: option(sign, 'The sign between groups of three digits, such as "." or ","; none by default.'),
  dateFormat: option(
    text,
    'How dates are written, as "%d/%m/%Y" (DuckDB’s strptime); several forms with | between; detected by default.',
  ),
  timestampFormat: option(
    text,
    'How dates with a time are written, as "%d.%m.%Y %H:%M"; several with | between; detected by default.',
  ),
  skip: option(v.pipe(whole, v.minValue(0)), 'How many lines to pass over before the table begins.'),
  comment: option(sign, 'The character that begins a line which is no row, such as "#".'),
  null: option(
    v.array(v.string()),
    'Texts that mean a missing value; in tables that have numbers, numbers too, such as nan or -999.',
  ),
  types: option(v.record(v.string(), v.string()), 'DuckDB types by column, where detection goes wrong.'),
});

export const dataSchema = v.strictObject({
  source: described(sourceSchema, 'Where the rows come from. A path is relative to this file.'),
  read: option(readSchema, 'How to read text files, where DuckDB’s own detection is not wanted.'),
  where: option(text, 'An SQL condition: the rows to use.'),
  validation: setting(splitSchema, 0.1, 'The rows that choose the best epoch.'),
  test: setting(splitSchema, 0.1, 'The rows that are looked at once, at the end.'),
  weight: option(
    text,
    'A column or SQL expression: the row’s weight in losses and metrics; rows of weight 0 are left out.',
  ),
  scale: option(
    scaleSchema,
    'How numbers are scaled where columns does not say it. Default: standard; by the size of the table with ' +
      '"defaults": 2.',
  ),
  seed: setting(whole, 1, 'The seed of the split.'),
  stream: option(
    v.union([
      described(v.literal('auto'), 'Rows of more than 2 GB, as they are encoded, are read from the disk.'),
      described(v.boolean(), 'true: always, and false: never, whatever their size.'),
    ]),
    'Whether the encoded rows stay on the disk and are read from there while it trains, in constant memory. ' +
      'Default: "auto".',
  ),
  window: option(
    count,
    'How many rows are in memory and shuffled among each other, where they are read from the disk. Default: as ' +
      'many as 128 MB have.',
  ),
});
