import { parameterSpecs, size, type NamedArrays } from '../../../network/parameters.js';
import type { NetworkDescription } from '../../../network/description.js';
import type { Piece } from './areas.js';

type Pieces = ReadonlyMap<string, readonly Piece[]>;

/** Every place of a named parameter: (index in the named array, index in the flat buffer). */
function copy(pieces: readonly Piece[], columns: number, each: (named: number, flat: number) => void): void {
  for (const piece of pieces) {
    for (let r = 0; r < piece.rows; r++) {
      for (let c = 0; c < piece.columns; c++)
        each((piece.first + r) * columns + c, piece.at + r * piece.stride + c);
    }
  }
}

/**
 * Named arrays into a flat buffer. `suffix`: of the names; arrays that are missing count as zeros if
 * `optional`.
 */
export function pack(
  named: NamedArrays,
  flat: Float32Array,
  network: NetworkDescription,
  pieces: Pieces,
  suffix = '',
  optional = false,
): void {
  for (const { name, shape } of parameterSpecs(network)) {
    const given = named.get(name + suffix);
    if (given === undefined && !optional) throw new Error(`the weights lack "${name + suffix}"`);
    if (given !== undefined && given.data.length !== size(shape)) {
      throw new Error(`"${name + suffix}" has ${given.data.length} values, the network needs ${size(shape)}`);
    }
    copy(pieces.get(name)!, shape.at(-1)!, (from, to) => {
      flat[to] = given === undefined ? 0 : given.data[from]!;
    });
  }
}

/** A flat buffer as named arrays. */
export function unpack(
  flat: Float32Array,
  network: NetworkDescription,
  pieces: Pieces,
  suffix = '',
): NamedArrays {
  return new Map(
    parameterSpecs(network).map(({ name, shape }) => {
      const data = new Float32Array(size(shape));
      copy(pieces.get(name)!, shape.at(-1)!, (to, from) => {
        data[to] = flat[from]!;
      });
      return [name + suffix, { shape, data }];
    }),
  );
}
