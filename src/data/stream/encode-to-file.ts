import { setImmediate } from 'node:timers/promises';
import type { OutsideOfPart } from '../../shared/run/run-manifest.js';
import { partNames, type PartName } from '../decide/split.js';
import { byBlock, type RawColumns, type RowsInBlock, type SelectionRows } from '../gather/selection-rows.js';
import { emptyRows } from '../encode/empty-rows.js';
import type { Fitted } from '../encode/fit-encoder.js';
import { writeLabels } from '../encode/encode-parts.js';
import { OutsideCount } from '../encode/outside.js';
import { RowEncoder } from '../encode/row-encoder.js';
import type { RowWriter } from './row-writer.js';

/** A part of the data, to be encoded. */
export interface PartToWrite {
  readonly part: PartName;
  readonly rows: Uint32Array;
  readonly selection: number;
  readonly weighted: boolean;
  readonly taught: boolean;
}

/** Returns the parts that there are, in their order. */
export const partsToWrite = (
  { parts }: Pick<Fitted, 'parts'>,
  selections: readonly SelectionRows[],
): PartToWrite[] =>
  partNames.flatMap((part) => {
    const its = parts[part];
    if (its === null) return [];
    const { weights, teachers } = selections[its.selection]!;
    const taught = part === 'train' && teachers.some((one) => one !== null);
    return [{ part, ...its, weighted: weights !== null, taught }];
  });

/**
 * Encodes each part's rows as encode/encode-parts.ts does, block by block, and writes them. Returns the values of
 * validation and test rows outside the range of the training rows' ones.
 */
export async function encodeToFile(
  { encoder, teaching }: Pick<Fitted, 'encoder' | 'teaching'>,
  parts: readonly PartToWrite[],
  selections: readonly SelectionRows[],
  writer: Pick<RowWriter, 'append'>,
): Promise<OutsideOfPart[]> {
  const outside = new Map<PartName, OutsideCount>();
  for (const { part } of parts) if (part !== 'train') outside.set(part, new OutsideCount(encoder));
  for (const [index, selection] of selections.entries()) {
    const [any] = selection.blocks;
    if (any === undefined) continue;
    const rowEncoder = new RowEncoder(encoder, any.texts);
    const own = parts
      .filter((part) => part.selection === index)
      .map((part) => ({ part, places: placesOf(selection.blocks, part.rows) }));
    let first = 0;
    for (const block of selection.blocks) {
      const held = block.held?.() ?? block;
      for (const { part, places } of own) {
        const place = places.get(block);
        if (place === undefined) continue;
        const within = part.rows.slice(place.from, place.to).map((row) => row - first);
        const rows = emptyRows(encoder, [{ ...part, rows: within.length }])[0]!;
        rowEncoder.encode(held, within, rows);
        writeLabels(encoder, teaching, rowsFrom(selection, first, block.rows), within, rows);
        outside.get(part.part)?.add(held, within);
        writer.append(part.part, rows);
      }
      first += block.rows;
      held.free();
      await setImmediate();
    }
  }
  return [...outside].flatMap(([part, count]) => count.found().map((column) => ({ part, ...column })));
}

const placesOf = (blocks: readonly RawColumns[], rows: Uint32Array): Map<RawColumns, RowsInBlock> =>
  new Map(Array.from(byBlock(blocks, rows), (place) => [place.block, place]));

/** What is known of rows beside their features. */
type Besides = Pick<SelectionRows, 'labels' | 'teachers' | 'weights'>;

/** Returns some of a selection's rows, from `first` on. */
function rowsFrom({ labels, teachers, weights }: Besides, first: number, rows: number): Besides {
  return {
    labels: labels.map((one) => one.subarray(first, first + rows)),
    teachers: teachers.map((one) => one && one.subarray(first, first + rows)),
    weights: weights && weights.subarray(first, first + rows),
  };
}
