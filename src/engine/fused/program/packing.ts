import { parameterSpecs, size, type NamedArrays } from '../../../network/parameters.js';
import type { NetworkDescription } from '../../../network/description.js';
import type { ListedValue } from '../../../network/fields/lists.js';
import type { Piece, Pieces } from './areas.js';

/** The values of parameters in an engine's memory: all weights, or all first moments … */
export interface Packed {
  readonly network: NetworkDescription;
  readonly pieces: Pieces;
  /** What lies outside of tables. */
  readonly flat: Float32Array;
  /** What tables lie in; null: their values are left out. */
  readonly arena: Float32Array | null;
  /** The moments between a table's weights and these values: 0 for weights. */
  readonly rank: 0 | 1 | 2;
  /** The end of the arrays' names, after the parameters'. */
  readonly suffix: string;
}

/** The end of the name of the one sum of each row of an embedding (row-wise Adagrad). */
export const sumSuffix = '.sum';

interface PackedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly pieces: readonly Piece[];
}

/** Lists the arrays: of tables with one sum a row, either these or all others. */
function arraysOf({ network, pieces, suffix, rank }: Packed): PackedArray[] {
  return parameterSpecs(network).flatMap(({ name, shape }) => {
    const own = pieces.get(name)!;
    const accumulates = own.some(({ table }) => table?.accumulates === true);
    if (rank > 0 && accumulates !== (suffix === sumSuffix)) return [];
    const array = { name: name + suffix, shape, pieces: own };
    if (suffix !== sumSuffix) return [array];
    return [{ ...array, shape: [shape[0]!], pieces: own.map((piece) => ({ ...piece, columns: 1 })) }];
  });
}

/** Copies named arrays into the engine's memory. If `optional`, those that are missing count as zeros. */
export function packParameters(named: NamedArrays, packed: Packed, optional = false): void {
  for (const { name, shape, pieces } of arraysOf(packed)) {
    const given = named.get(name);
    if (given === undefined && !optional) throw new Error(`the weights lack "${name}"`);
    if (given !== undefined && given.data.length !== size(shape))
      throw new Error(`"${name}" has ${given.data.length} values, the network needs ${size(shape)}`);
    const width = shape.length === 1 && pieces[0]?.table !== undefined ? 1 : shape.at(-1)!;
    for (const piece of pieces) {
      const { memory, at } = placeOf(packed, piece);
      for (let r = 0; r < piece.rows; r++) {
        const from = (piece.first + r) * width;
        const to = at + r * piece.stride;
        for (let c = 0; c < piece.columns; c++)
          memory[to + c] = given === undefined ? 0 : given.data[from + c]!;
      }
    }
  }
}

/** Copies values out of the engine's memory into named arrays; those that are left out are zeros. */
export function unpackParameters(packed: Packed): NamedArrays {
  return new Map(
    arraysOf(packed).map(({ name, shape, pieces }) => {
      const data = new Float32Array(size(shape));
      const width = shape.length === 1 && pieces[0]?.table !== undefined ? 1 : shape.at(-1)!;
      for (const piece of pieces) {
        if (piece.table !== undefined && packed.arena === null) continue;
        const { memory, at } = placeOf(packed, piece);
        for (let r = 0; r < piece.rows; r++) {
          const to = (piece.first + r) * width;
          const from = at + r * piece.stride;
          for (let c = 0; c < piece.columns; c++) data[to + c] = memory[from + c]!;
        }
      }
      return [name, { shape, data }];
    }),
  );
}

function placeOf(
  { flat, arena, rank }: Packed,
  { at, table }: Piece,
): { readonly memory: Float32Array; readonly at: number } {
  if (table === undefined) return { memory: flat, at };
  if (arena === null) throw new Error('the values of tables are not here');
  return { memory: arena, at: at + rank * table.moment };
}

/** The rows of the last batch, as the kernel has kept them (kernel/tables/kept.h). */
export interface KeptRows {
  readonly values: Float32Array;
  /** By field and row of the batch; `several`: of a list's values. */
  readonly chosen: (field: number, row: number, several: boolean) => readonly ListedValue[];
  readonly rows: number;
}

/** Adds the gradients by tables that were kept row by row to named arrays. */
export function addKept(gradients: NamedArrays, pieces: Pieces, { values, chosen, rows }: KeptRows): void {
  for (const [name, { shape, data }] of gradients) {
    for (const { first, columns, table } of pieces.get(name)!) {
      if (table === undefined) continue;
      const uses = table.uses ?? [{ field: table.field, several: false, kept: table.kept }];
      // In the kernel's order, so that the sums have its bits.
      for (let r = 0; r < rows; r++)
        for (const { field, several, kept } of uses) {
          const from = kept.before * rows + r * kept.stride + kept.column;
          for (const { value, share } of chosen(field, r, several)) {
            const to = (first + value) * shape.at(-1)!;
            for (let c = 0; c < columns; c++) data[to + c]! += share * values[from + c]!;
          }
        }
    }
  }
}
