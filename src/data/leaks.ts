import { takeRows, type EncodedRows } from '../network/encoded-rows.js';
import { isStreamed, pieces, rowsAt, type PartOfRows } from '../network/streamed-rows.js';
import { formatCount, formatPercent } from '../shared/numbers.js';
import type { Leak } from '../shared/run/run-manifest.js';
import { leakText } from '../shared/run/suspicion-text.js';
import { quoted } from '../shared/sql.js';
import { isIdName } from './decide/infer.js';
import { inputOf, numericInputs } from './encode/encoder.js';
import { labelCounts } from './label-counts.js';
import type { PreparedData, PreparedTask } from './prepared.js';

/** The number of training rows that are looked at, evenly over all: fewer for many features and classes. */
const sampleRows = (measures: number): number =>
  Math.max(500, Math.min(10_000, Math.floor(2e6 / Math.max(1, measures))));
/** A feature that alone is better than this is suspected. */
const nearlyPerfect = 0.99;
/** Fewer rows on one side of a label prove nothing. */
const fewestRows = 10;
/** So many classes, the most frequent ones, are told from all others. */
const mostClasses = 8;
/** So many ranges of a number are looked at where its order says nothing of classes. */
const ranges = 32;
/** So many features of a task are named. */
const mostNamed = 20;

const found = new WeakMap<PreparedData, readonly Leak[]>();

/** What is looked at: encoded rows, and how they are encoded. */
type Looked = Pick<PreparedData, 'encoder' | 'tasks'>;

/**
 * Finds features that alone nearly give a label away: by their value, by being missing, or by their category,
 * learned from half of the rows and looked at in the other half. Such a column is often known only after the
 * label is. The cost is linear in features × tasks, on a sample of the training rows.
 */
export function leaksOf(data: PreparedData): readonly Leak[] {
  const { train, stream } = data;
  if (stream !== null) return stream.known.leaks;
  const known = found.get(data);
  if (known !== undefined || isStreamed(train)) return known ?? [];
  const leaks = data.tasks.flatMap((task, at) =>
    leaksOfTask(data, task, at, takeRows(train, lookedAt(data, task, train.rows))),
  );
  found.set(data, leaks);
  return leaks;
}

/** Finds what `leaksOf` finds, in rows wherever they are. */
export async function findLeaks(data: Looked & { readonly train: PartOfRows }): Promise<Leak[]> {
  const { train } = data;
  const leaks: Leak[] = [];
  for (const [at, task] of data.tasks.entries()) {
    const numbers = lookedAt(data, task, train.rows);
    const rows = isStreamed(train) ? await rowsAt(train, numbers) : takeRows(train, numbers);
    leaks.push(...leaksOfTask(data, task, at, rows));
  }
  return leaks;
}

/** What `mmoe check` and a training say of labels and features that promise too much. */
export const leakWarnings = (data: PreparedData): string[] => [
  ...leaksOf(data).map(leakText),
  ...manyClassesWarnings(data),
];

/** Returns how many classes of a task are told from all others. */
const lookedClasses = ({ kind, classes }: PreparedTask): number =>
  kind === 'multiclass' ? Math.min(mostClasses, classes?.length ?? 0) : 1;

/** Returns the numbers of the training rows that are looked at for a task, evenly over all. */
function lookedAt({ encoder }: Looked, task: PreparedTask, rows: number): Uint32Array {
  const features = numericInputs(encoder).length + encoder.categorical.length;
  const step = Math.ceil(rows / sampleRows(features * lookedClasses(task)));
  return new Uint32Array(Math.floor(rows / step)).map((_, i) => i * step);
}

function leaksOfTask({ encoder, tasks }: Looked, task: PreparedTask, at: number, train: EncodedRows): Leak[] {
  const { name, kind, classes, positive } = task;
  const inputs = numericInputs(encoder);
  const fields = inputOf(encoder).fields.length;
  const rows = Array.from({ length: train.rows }, (_, row) => row).filter(
    (row) => !Number.isNaN(train.labels[row * tasks.length + at]!),
  );
  const labels = rows.map((row) => train.labels[row * tasks.length + at]!);
  const metric = kind === 'regression' ? 'r2' : 'auc';
  const leaks: Leak[] = [];
  const suspect = (leak: Omit<Leak, 'task' | 'metric'>): void => {
    if (leak.value > nearlyPerfect) leaks.push({ task: name, metric, ...leak });
  };
  const byCode =
    kind === 'multiclass'
      ? oneAgainstTheRest(labels)
      : (codes: readonly number[]) => heldOut(codes, labels, kind === 'binary' ? aucOf : r2Of, positive ?? 0);
  inputs.forEach(({ column, isMissing }, input) => {
    const values = rows.map((row) => train.numeric[row * inputs.length + input]!);
    const value =
      kind === 'multiclass'
        ? byCode(isMissing ? values : rangesOf(values))
        : (kind === 'binary' ? aucOf : r2Of)(values, labels);
    const side = isMissing && kind === 'binary' ? classes?.[missingSide(values, labels)] : undefined;
    suspect({
      feature: column,
      value,
      ...(isMissing && { missing: { ...(side !== undefined && { side }) } }),
    });
  });
  encoder.categorical.forEach(({ name: feature }, field) => {
    suspect({ feature, value: byCode(rows.map((row) => train.categorical[row * fields + field]!)) });
  });
  return leaks.sort((one, other) => other.value - one.value).slice(0, mostNamed);
}

/** Returns the label, 0 or 1, that most rows have whose value is missing. */
function missingSide(missing: readonly number[], labels: readonly number[]): 0 | 1 {
  const least = missing.reduce((one, other) => Math.min(one, other), Infinity);
  const its = labels.filter((_, i) => missing[i]! > least);
  return its.filter((label) => label === 1).length * 2 > its.length ? 1 : 0;
}

/** Says where the classes of a label are nearly as many as the rows that have it. */
function manyClassesWarnings(data: PreparedData): string[] {
  const counts = labelCounts(data);
  return data.tasks.flatMap(({ name, kind, classes }, at) => {
    if (kind !== 'multiclass' || classes === null) return [];
    const labelled = counts[at]!.train;
    if (classes.length < fewestRows || classes.length * 2 < labelled) return [];
    return [
      `label "${name}" has ${formatCount(classes.length)} classes for ${formatCount(labelled)} training rows ` +
        'that have it: hardly any class has rows to learn from; it seems to be a name or a number of the row',
    ];
  });
}

/** Rows that are looked at together, where they are in a file. */
const pieceRows = 65_536;

async function* piecesOf(part: PartOfRows): AsyncGenerator<EncodedRows> {
  if (!isStreamed(part)) yield part;
  else for await (const { rows } of pieces(part, pieceRows)) yield rows;
}

/**
 * Says, once, of which ids most of the test rows' (or else the validation rows') values are in training too:
 * what is measured then is how well known ids are predicted, not new ones. Of rows in a file only categories are
 * looked at: numbers would have to be remembered.
 */
export async function sharedIdWarnings({
  encoder,
  train,
  validation,
  test,
  stream,
}: Pick<PreparedData, 'encoder' | 'train' | 'validation' | 'test'> & {
  readonly stream?: PreparedData['stream'];
}): Promise<readonly string[]> {
  if (stream !== undefined && stream !== null) return stream.known.sharedIds;
  const held = test ?? validation;
  if (held === null || held.rows < fewestRows) return [];
  const fields = inputOf(encoder).fields.length;
  const inputs = numericInputs(encoder);
  const columns = [
    ...encoder.categorical.map(({ name, set }, field) => ({
      // An entry of several values is none of an id.
      name: set === undefined ? name : '',
      entries: inputOf(encoder).fields[field]!.size,
      // Index 0 is for values that are missing or unknown.
      valueOf: (rows: EncodedRows, row: number) => rows.categorical[row * fields + field]! || null,
    })),
    ...inputs.flatMap(({ column, isMissing }, input) =>
      isMissing || isStreamed(train)
        ? []
        : [
            {
              name: column,
              entries: null,
              valueOf: (rows: EncodedRows, row: number) => rows.numeric[row * inputs.length + input]!,
            },
          ],
    ),
  ].filter(({ name }) => isIdName(name));
  if (columns.length === 0) return [];
  const known = columns.map(({ entries }) =>
    entries === null ? new Set<number | null>() : new Marks(entries),
  );
  for await (const rows of piecesOf(train))
    columns.forEach(({ valueOf }, i) => {
      for (let row = 0; row < rows.rows; row++) known[i]!.add(valueOf(rows, row));
    });
  const also = columns.map(() => 0);
  for await (const rows of piecesOf(held))
    columns.forEach(({ valueOf }, i) => {
      for (let row = 0; row < rows.rows; row++) {
        const value = valueOf(rows, row);
        if (value !== null && known[i]!.has(value)) also[i]!++;
      }
    });
  const shared = columns.flatMap(({ name }, i) =>
    known[i]!.size >= fewestRows && also[i]! * 2 > held.rows ? [{ name, share: also[i]! / held.rows }] : [],
  );
  if (shared.length === 0) return [];
  const part = test === null ? 'validation' : 'test';
  const [first] = shared;
  const where = JSON.stringify({ where: `hash(${quoted(first!.name)}) % 10 = 0` });
  const names = shared.map(({ name, share }) => `"${name}" (${formatPercent(share)})`).join(', ');
  return [
    `most ${part} rows have an id that training rows have, too: ${names}; the metrics are those of known ids. ` +
      `To measure new ones, keep the rows of an id together, as with "${part}": ${where}`,
  ];
}

/** A set of categories, of which there are so many, 0 left out. */
class Marks {
  size = 0;
  private readonly marks: Uint8Array;

  constructor(entries: number) {
    this.marks = new Uint8Array(entries);
  }

  add(category: number | null): void {
    if (category === null || this.has(category)) return;
    this.marks[category] = 1;
    this.size++;
  }

  has(category: number): boolean {
    return this.marks[category] === 1;
  }
}

/** Halves the rows whatever period they have, as where one of each class follows another. */
const isHeldOut = (row: number): boolean => Math.imul(row + 1, 0x9e3779b1) < 0;

/** Learns the mean label of each code in half of the rows, and measures it in the rest. */
function heldOut(
  codes: readonly number[],
  labels: readonly number[],
  measure: (values: readonly number[], labels: readonly number[]) => number,
  otherwise: number,
): number {
  const means = meansByCode(codes, labels, otherwise);
  return measure(
    codes.flatMap((code, i) => (isHeldOut(i) ? [means(code)] : [])),
    labels.filter((_, i) => isHeldOut(i)),
  );
}

/** Measures codes by how well they tell each frequent class from the others: the mean over their rows. */
function oneAgainstTheRest(labels: readonly number[]): (codes: readonly number[]) => number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const frequent = [...counts].sort((one, other) => other[1] - one[1]).slice(0, mostClasses);
  const sides = frequent
    .filter(([, count]) => count >= 2 * fewestRows)
    .map(([label, count]) => ({ count, is: labels.map((own) => Number(own === label)) }));
  const total = sides.reduce((sum, { count }) => sum + count, 0);
  const rising = (values: readonly number[], is: readonly number[]): number => risingAucOf(values, is) ?? 0;
  return (codes) =>
    total === 0
      ? 0
      : sides.reduce(
          (sum, { count, is }) => sum + (count / total) * heldOut(codes, is, rising, count / labels.length),
          0,
        );
}

/** Returns the number of the range that each value is in; ranges have about as many rows each. */
function rangesOf(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const edges = Array.from(
    { length: ranges - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / ranges)] ?? Infinity,
  );
  return values.map((value) => {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** Returns the mean label of a code in the rows that are not held out; `otherwise` where none has it. */
function meansByCode(
  codes: readonly number[],
  labels: readonly number[],
  otherwise: number,
): (code: number) => number {
  const sums = new Map<number, { sum: number; count: number }>();
  codes.forEach((code, i) => {
    if (isHeldOut(i)) return;
    const one = sums.get(code) ?? { sum: 0, count: 0 };
    sums.set(code, { sum: one.sum + labels[i]!, count: one.count + 1 });
  });
  return (code) => {
    const one = sums.get(code);
    return one === undefined ? otherwise : one.sum / one.count;
  };
}

/** Returns the area under the ROC curve of values, or of their negatives if that is larger; 0 for too few rows. */
function aucOf(values: readonly number[], labels: readonly number[]): number {
  const auc = risingAucOf(values, labels);
  return auc === null ? 0 : Math.max(auc, 1 - auc);
}

/** Returns the area under the ROC curve; null for too few rows. */
function risingAucOf(values: readonly number[], labels: readonly number[]): number | null {
  const counts = new Map<number, [zeros: number, ones: number]>();
  const all: [zeros: number, ones: number] = [0, 0];
  values.forEach((value, i) => {
    const side = labels[i] === 1 ? 1 : 0;
    const its = counts.get(value) ?? [0, 0];
    its[side]++;
    all[side]++;
    counts.set(value, its);
  });
  if (Math.min(...all) < fewestRows) return null;
  let below = 0;
  let pairs = 0;
  for (const value of Float64Array.from(counts.keys()).sort()) {
    const [zeros, ones] = counts.get(value)!;
    pairs += ones * (below + zeros / 2);
    below += zeros;
  }
  return pairs / (all[0] * all[1]);
}

/** Returns the squared correlation of values with labels; 0 for too few rows. */
function r2Of(values: readonly number[], labels: readonly number[]): number {
  if (values.length < 2 * fewestRows) return 0;
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [meanValue, meanLabel] = [mean(values), mean(labels)];
  let [both, own, other] = [0, 0, 0];
  values.forEach((value, i) => {
    both += (value - meanValue) * (labels[i]! - meanLabel);
    own += (value - meanValue) ** 2;
    other += (labels[i]! - meanLabel) ** 2;
  });
  return own > 0 && other > 0 ? both ** 2 / (own * other) : 0;
}
