import { setImmediate } from 'node:timers/promises';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { OutsideOfPart } from '../../shared/run/run-manifest.js';
import { partNames, type PartName } from '../decide/split.js';
import { byBlock, type SelectionRows } from '../gather/selection-rows.js';
import { emptyRows } from './empty-rows.js';
import type { Encoder } from './encoder.js';
import { scaleLabels } from './fit-task.js';
import { mixedWithTeacher } from './teach.js';
import { OutsideCount } from './outside.js';
import { RowEncoder, withLists } from './row-encoder.js';
import type { Fitted } from './fit-encoder.js';

/** Each part's encoded rows; null: none were asked for. */
export interface EncodedParts {
  readonly train: EncodedRows;
  readonly validation: EncodedRows | null;
  readonly test: EncodedRows | null;
  /** The values of validation and test rows outside the range of the training rows' ones. */
  readonly outside: readonly OutsideOfPart[];
}

/** Rows of a selection that are encoded for one part. */
interface RowsOfPart {
  readonly rows: Uint32Array;
  readonly selection: number;
  readonly into: EncodedRows;
  /** Null: these are the training rows. */
  readonly outside: OutsideCount | null;
}

/** Encodes each part's rows. The selections' rows are freed on the way, block after block. */
export async function encodeParts(
  { encoder, parts, teaching }: Pick<Fitted, 'encoder' | 'parts' | 'teaching'>,
  selections: readonly SelectionRows[],
): Promise<EncodedParts> {
  const present = partNames.flatMap((part) => (parts[part] === null ? [] : [{ part, ...parts[part] }]));
  const empty = emptyRows(
    encoder,
    present.map(({ part, rows, selection }) => ({
      rows: rows.length,
      weighted: selections[selection]!.weights !== null,
      taught: part === 'train' && selections[selection]!.teachers.some((one) => one !== null),
    })),
  );
  const all = present.map(({ part, rows, selection }, i) => ({
    ...{ part, rows, selection, into: empty[i]! },
    outside: part === 'train' ? null : new OutsideCount(encoder),
  }));
  const lists: Pick<EncodedRows, 'lists'>[] = [];
  for (const [index, selection] of selections.entries()) {
    const ofSelection = all.filter((part) => part.selection === index);
    for (const { rows, into } of ofSelection) writeLabels(encoder, teaching, selection, rows, into);
    lists.push(await encodeBlocks(encoder, selection, ofSelection));
  }
  const encodedOf = (wanted: PartName): EncodedRows | null => {
    const found = all.find(({ part }) => part === wanted);
    return found === undefined ? null : { ...found.into, ...lists[found.selection] };
  };
  return {
    train: encodedOf('train')!,
    validation: encodedOf('validation'),
    test: encodedOf('test'),
    outside: all.flatMap(
      ({ part, outside }) => outside?.found().map((column) => ({ part, ...column })) ?? [],
    ),
  };
}

/** Writes the labels of some rows, what they are taught, and their weights. */
export function writeLabels(
  encoder: Encoder,
  teaching: Fitted['teaching'],
  { labels, teachers, weights }: Pick<SelectionRows, 'labels' | 'teachers' | 'weights'>,
  rows: Uint32Array,
  into: EncodedRows,
): void {
  scaleLabels(encoder.tasks, labels, rows, into.labels);
  if (into.targets !== undefined) {
    const taught = labels.map((one, task) => mixedWithTeacher(one, teachers[task]!, teaching[task]!));
    scaleLabels(encoder.tasks, taught, rows, into.targets);
  }
  if (weights !== null) for (let i = 0; i < rows.length; i++) into.weights![i] = weights[rows[i]!]!;
}

/**
 * Encodes a selection's features block by block; each block is freed when it is encoded for all parts. Returns the
 * lists that its rows need.
 */
async function encodeBlocks(
  encoder: Encoder,
  { blocks }: SelectionRows,
  parts: readonly RowsOfPart[],
): Promise<Pick<EncodedRows, 'lists'>> {
  const [any] = blocks;
  if (any === undefined) return {};
  const rowEncoder = new RowEncoder(encoder, any.texts);
  const placesOf = parts.map(
    ({ rows }) => new Map(Array.from(byBlock(blocks, rows), (place) => [place.block, place])),
  );
  for (const block of blocks) {
    parts.forEach(({ rows, into, outside }, i) => {
      const place = placesOf[i]!.get(block);
      if (place === undefined) return;
      const within = rows.slice(place.from, place.to).map((row) => row - place.first);
      rowEncoder.encode(block, within, into, place.from);
      outside?.add(block, within);
    });
    block.free();
    await setImmediate();
  }
  return withLists(rowEncoder);
}
