import type { NetworkDescription } from '../../network/description.js';
import { parameterSpecs } from '../../network/parameters.js';
import type { Layout } from './layout.js';

/** How the optimiser treats all values of an array. */
export interface Treatment {
  /** Factor of the learning rate; 0: no gradient changes it. */
  readonly learningRate: number;
  readonly decays: boolean;
}

/** By array of the layout, in which only parameters of one treatment share an array. */
export function treatmentsOf(network: NetworkDescription, { arrays, blocks }: Layout): Treatment[] {
  const specs = new Map(parameterSpecs(network).map((spec) => [spec.name, spec]));
  // Where there is no parameter at all, only biases that gates and experts do not have.
  const treatments = arrays.map((): Treatment | null => null);
  for (const { parameter, array } of blocks) {
    const { learningRate = 1, decays = false } = specs.get(parameter)!;
    const other = treatments[array] ?? null;
    if (other !== null && (other.learningRate !== learningRate || other.decays !== decays))
      throw new Error(`"${parameter}" shares an array with parameters that the optimiser treats otherwise`);
    treatments[array] = { learningRate, decays };
  }
  return treatments.map((treatment) => treatment ?? { learningRate: 0, decays: false });
}
