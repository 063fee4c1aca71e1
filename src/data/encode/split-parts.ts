import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Decided } from '../decide/data-plan.js';
import {
  drawShare,
  indicesOf,
  partMarks,
  partNames,
  splitRows,
  type PartName,
  type PartSplit,
} from '../decide/split.js';
import type { SelectionRows } from '../gather/selection-rows.js';
import { heldOutParts, type HeldOutPart } from '../read/table/selection.js';
import { splitKind, type SplitKind } from '../read/source-kind.js';

/** The rows of a selection that a part has, ascending. */
export interface PartRows {
  readonly selection: number;
  readonly rows: Uint32Array;
}

/** The rows of each part; null: none were asked for. */
export interface Parts extends Readonly<Record<HeldOutPart, PartRows | null>> {
  readonly train: PartRows;
}

/** Gives the rows to training, validation and test. Throws an ExperimentError for a part without rows. */
export function splitParts(
  plan: Decided,
  selections: readonly SelectionRows[],
  experiment: Experiment,
): { parts: Parts; warnings: string[] } {
  const { data } = experiment;
  const { flags, rows } = selections[0]!;
  const splits = { validation: splitKind(data.validation), test: splitKind(data.test) };
  const marks = splitRows(rows, data.seed, {
    validation: partSplit(splits.validation, flags.validation),
    test: partSplit(splits.test, flags.test),
  });
  const parts: Record<PartName, PartRows | null> & { train: PartRows } = {
    train: { selection: 0, rows: indicesOf(marks, partMarks.train) },
    validation: null,
    test: null,
  };
  for (const part of heldOutParts) parts[part] = rowsOf(part, splits[part], plan, selections, marks);
  // Only now, because the other part's rows must be known.
  for (const [part, other] of [
    ['validation', 'test'],
    ['test', 'validation'],
  ] as const) {
    const split = splits[part];
    const from = parts[other];
    if (split.kind !== 'other' || from === null) continue;
    const taken = drawShare(from.rows, split.fraction, data.seed);
    parts[part] = { selection: from.selection, rows: taken };
    parts[other] = { selection: from.selection, rows: without(from.rows, taken) };
  }
  failOnEmpty(parts, rows);
  return { parts, warnings: warningsOf(flags) };
}

/** Returns what is left to decide of a split when the conditions' rows are known. */
function partSplit(split: SplitKind, flags: Uint8Array | null): PartSplit {
  switch (split.kind) {
    case 'condition':
      return flags === null ? { kind: 'none' } : { kind: 'rows', flags };
    case 'share':
      return split;
    case 'none':
    case 'source':
    case 'other':
      return { kind: 'none' };
  }
}

/** Returns the rows of a part that takes none from the other; null for any other part. */
function rowsOf(
  part: HeldOutPart,
  split: SplitKind,
  { ownSelection }: Decided,
  selections: readonly SelectionRows[],
  marks: Uint8Array,
): PartRows | null {
  switch (split.kind) {
    case 'none':
    case 'other':
      return null;
    case 'share':
    case 'condition':
      return { selection: 0, rows: indicesOf(marks, partMarks[part]) };
    case 'source': {
      const selection = ownSelection[part]!;
      return { selection, rows: new Uint32Array(selections[selection]!.rows).map((_, row) => row) };
    }
  }
}

function failOnEmpty(parts: Parts, rows: number): void {
  for (const part of partNames) {
    if (parts[part]?.rows.length !== 0) continue;
    const what = part === 'train' ? 'training' : part;
    const message =
      `of ${rows} rows none are left for ${what}; ` +
      'change data.validation or data.test, or bring more rows';
    throw new ExperimentError('data.empty-split', message, ['data', part === 'train' ? 'validation' : part]);
  }
}

function warningsOf({ validation, test }: SelectionRows['flags']): string[] {
  const both = validation === null || test === null ? 0 : countBoth(validation, test);
  return both === 0 ? [] : [`${both} rows meet the conditions of validation and of test; they are test rows`];
}

function countBoth(one: Uint8Array, other: Uint8Array): number {
  let both = 0;
  for (let row = 0; row < one.length; row++) both += one[row]! & other[row]!;
  return both;
}

/** Returns the rows without those taken; both ascending. */
function without(rows: Uint32Array, taken: Uint32Array): Uint32Array {
  let next = 0;
  return rows.filter((row) => {
    if (taken[next] !== row) return true;
    next++;
    return false;
  });
}
