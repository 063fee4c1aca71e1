import { parameterSpecs, size, type NamedArrays } from '../../../network/parameters.js';
import type { NetworkDescription } from '../../../network/description.js';
import type { Piece, Pieces } from './areas.js';

/** Calls `each` for every value of a parameter with its index in the named array, and in the flat buffer. */
function copy(pieces: readonly Piece[], columns: number, each: (named: number, flat: number) => void): void {
  for (const piece of pieces) {
    for (let r = 0; r < piece.rows; r++) {
      for (let c = 0; c < piece.columns; c++)
        each((piece.first + r) * columns + c, piece.at + r * piece.stride + c);
    }
  }
}

/**
 * Copies named arrays into a flat buffer. The arrays' names are the parameters' with `suffix`; if `optional`,
 * those that are missing count as zeros.
 */
export function packParameters(
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

/** Copies a flat buffer into named arrays. */
export function unpackParameters(
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
