import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Experiment, Split } from '../../experiment/schema.js';
import type { DataPlan } from '../decide/data-plan.js';
import type { SelectionRows } from '../read/raw-columns.js';
import { drawShare, indicesOf, splitRows, test, train, validation, type PartSplit } from '../decide/split.js';

/** Which rows of which selection a part has, ascending. */
export interface PartRows {
  readonly selection: number;
  readonly rows: Uint32Array;
}

export interface Parts {
  readonly train: PartRows;
  /** Null: none was asked for. */
  readonly validation: PartRows | null;
  readonly test: PartRows | null;
}

/** Gives the rows to training, validation and test. Throws an ExperimentError for a part without rows. */
export function splitParts(
  plan: DataPlan,
  selections: readonly SelectionRows[],
  experiment: Experiment,
): { parts: Parts; warnings: string[] } {
  const { data } = experiment;
  const [main] = selections;
  const { flags, rows } = main!;
  const warnings: string[] = [];
  const both = flags.validation === null || flags.test === null ? 0 : countBoth(flags.validation, flags.test);
  if (both > 0)
    warnings.push(`${both} rows meet the conditions of validation and of test; they are test rows`);
  const marks = splitRows(rows, data.seed, {
    validation: partSplit(data.validation, flags.validation),
    test: partSplit(data.test, flags.test),
  });
  const parts: { train: PartRows; validation: PartRows | null; test: PartRows | null } = {
    train: { selection: 0, rows: indicesOf(marks, train) },
    validation: null,
    test: null,
  };
  for (const [part, mark] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    const split = data[part];
    const own = plan.ownSelection[part];
    if (own !== null)
      parts[part] = { selection: own, rows: new Uint32Array(selections[own]!.rows).map((_, row) => row) };
    else if (split !== 0 && !(typeof split === 'object' && 'from' in split))
      parts[part] = { selection: 0, rows: indicesOf(marks, mark) };
  }
  for (const [part, other] of [
    ['validation', 'test'],
    ['test', 'validation'],
  ] as const) {
    const split = data[part];
    const from = parts[other];
    if (typeof split !== 'object' || !('from' in split) || from === null) continue;
    const taken = drawShare(from.rows, split.fraction, data.seed);
    parts[part] = { selection: from.selection, rows: taken };
    parts[other] = { selection: from.selection, rows: without(from.rows, taken) };
  }
  failOnEmpty(parts, rows);
  return { parts, warnings };
}

function partSplit(split: Split, flags: Uint8Array | null): PartSplit {
  if (flags !== null) return { kind: 'rows', flags };
  return typeof split === 'number' && split > 0 ? { kind: 'share', fraction: split } : { kind: 'none' };
}

function failOnEmpty(parts: Parts, rows: number): void {
  for (const part of ['train', 'validation', 'test'] as const) {
    if (parts[part]?.rows.length !== 0) continue;
    const what = part === 'train' ? 'training' : part;
    const message = `of ${rows} rows none are left for ${what}; change data.validation or data.test, or bring more rows`;
    throw new ExperimentError('data.empty-split', message, ['data', part === 'train' ? 'validation' : part]);
  }
}

function countBoth(one: Uint8Array, other: Uint8Array): number {
  let both = 0;
  for (let row = 0; row < one.length; row++) both += one[row]! & other[row]!;
  return both;
}

/** The rows without those taken; both ascending. */
function without(rows: Uint32Array, taken: Uint32Array): Uint32Array {
  let next = 0;
  return rows.filter((row) => {
    if (taken[next] !== row) return true;
    next++;
    return false;
  });
}
