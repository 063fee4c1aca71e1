import { size, type NamedArrays } from '../../network/parameters.js';

/**
 * The network's parameters as the arrays that are computed with: several parameters may be columns or rows of
 * one array, so that what reads the same stream is one product. The optimiser works on these arrays too.
 */
export interface ArrayShape {
  readonly shape: readonly number[];
  /** False: read and changed outside of the graph (gathered rows, biases of the first level). */
  readonly inGraph: boolean;
}

/** Index into the list of arrays. */
export type ArrayIndex = number;

/**
 * `rows` × `width` values of a parameter, and where they lie in an array; both are row-major, the last axis
 * is the row.
 */
export interface Block {
  readonly parameter: string;
  readonly shape: readonly number[];
  readonly parameterRow: number;
  readonly rows: number;
  readonly array: ArrayIndex;
  readonly row: number;
  readonly column: number;
}

export class ArrayBuilder {
  readonly arrays: ArrayShape[] = [];
  readonly blocks: Block[] = [];

  add(inGraph: boolean, ...shape: number[]): ArrayIndex {
    return this.arrays.push({ shape, inGraph }) - 1;
  }

  /** A parameter that is an array of its own. */
  addWhole(inGraph: boolean, parameter: string, ...shape: number[]): ArrayIndex {
    const array = this.add(inGraph, ...shape);
    this.place({
      parameter,
      shape,
      parameterRow: 0,
      rows: size(shape) / shape.at(-1)!,
      array,
      row: 0,
      column: 0,
    });
    return array;
  }

  place(block: Block): void {
    this.blocks.push(block);
  }
}

export const zeroArrays = (arrays: readonly ArrayShape[]): Float32Array[] =>
  arrays.map(({ shape }) => new Float32Array(size(shape)));

/** Copies parameters into arrays of the layout. Throws where one is missing or has another shape. */
export function packInto(
  target: readonly Float32Array[],
  arrays: readonly ArrayShape[],
  blocks: readonly Block[],
  named: NamedArrays,
  suffix = '',
): void {
  for (const block of blocks) {
    const name = block.parameter + suffix;
    const parameter = named.get(name);
    if (parameter === undefined) throw new Error(`"${name}" is missing among the given arrays`);
    if (parameter.shape.join() !== block.shape.join()) {
      throw new Error(
        `"${name}" has the shape [${parameter.shape.join(', ')}], the network needs [${block.shape.join(', ')}]`,
      );
    }
    forRows(block, arrays, (from, to, width) => {
      target[block.array]!.set(parameter.data.subarray(from, from + width), to);
    });
  }
}

/** Adds parameters to the arrays' values; those that are not given count as 0. */
export function addInto(
  target: readonly Float32Array[],
  arrays: readonly ArrayShape[],
  blocks: readonly Block[],
  named: NamedArrays,
): void {
  for (const block of blocks) {
    const data = named.get(block.parameter)?.data;
    if (data === undefined) continue;
    const array = target[block.array]!;
    forRows(block, arrays, (from, to, width) => {
      for (let i = 0; i < width; i++) array[to + i]! += data[from + i]!;
    });
  }
}

/** All arrays' values, one array after another. */
export function flatten(source: readonly Float32Array[]): Float32Array {
  const flat = new Float32Array(source.reduce((total, { length }) => total + length, 0));
  let next = 0;
  for (const array of source) {
    flat.set(array, next);
    next += array.length;
  }
  return flat;
}

/** Arrays with the values of a flat one, copied. */
export function unflatten(flat: Float32Array, arrays: readonly ArrayShape[]): Float32Array[] {
  let next = 0;
  return arrays.map(({ shape }) => flat.slice(next, (next += size(shape))));
}

/** Copies arrays of the layout into parameters by name. */
export function unpack(
  source: readonly Float32Array[],
  arrays: readonly ArrayShape[],
  blocks: readonly Block[],
  suffix = '',
): NamedArrays {
  const named: NamedArrays = new Map();
  for (const block of blocks) {
    const name = block.parameter + suffix;
    let parameter = named.get(name);
    if (parameter === undefined)
      named.set(name, (parameter = { shape: block.shape, data: new Float32Array(size(block.shape)) }));
    const { data } = parameter;
    forRows(block, arrays, (to, from, width) => {
      data.set(source[block.array]!.subarray(from, from + width), to);
    });
  }
  return named;
}

function forRows(
  block: Block,
  arrays: readonly ArrayShape[],
  copy: (inParameter: number, inArray: number, width: number) => void,
): void {
  const width = block.shape.at(-1)!;
  const stride = arrays[block.array]!.shape.at(-1)!;
  for (let r = 0; r < block.rows; r++)
    copy((block.parameterRow + r) * width, (block.row + r) * stride + block.column, width);
}
