import { size, type NamedArrays, type ParameterSpec } from '../../network/parameters.js';

/** Makes an array of zeros for every parameter. */
export const zeroArrays = (specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[]): NamedArrays =>
  new Map(specs.map(({ name, shape }) => [name, { shape, data: new Float32Array(size(shape)) }]));

/** Copies arrays; `suffix` is added to their names. */
export const copyArrays = (arrays: NamedArrays, suffix = ''): NamedArrays =>
  new Map([...arrays].map(([name, { shape, data }]) => [name + suffix, { shape, data: data.slice() }]));

/**
 * Copies values into arrays from others that have `suffix` added to their names. Throws where one is missing
 * or has another shape.
 */
export function copyInto(target: NamedArrays, source: NamedArrays, suffix = ''): void {
  for (const [name, { shape, data }] of target) {
    const given = source.get(name + suffix);
    if (given === undefined) throw new Error(`"${name + suffix}" is missing among the given arrays`);
    if (given.shape.join() !== shape.join()) {
      throw new Error(
        `"${name + suffix}" has the shape [${given.shape.join(', ')}], ` +
          `the network needs [${shape.join(', ')}]`,
      );
    }
    data.set(given.data);
  }
}
