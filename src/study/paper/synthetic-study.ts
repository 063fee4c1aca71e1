import { correlations, methods } from '../../shared/study/paper/synthetic-results.js';
import type { StudyInput } from '../schema.js';

/** What the paper leaves open, in two sizes: with few rows and steps its order does not come out. */
export const protocols = {
  small: { rows: 12_500, batchSize: 64, epochs: 20 },
  large: { rows: 120_000, batchSize: 128, epochs: 15 },
} as const;
export type Protocol = keyof typeof protocols;

/**
 * The study behind figures 3, 4 and 5 of Ma et al. (KDD 2018, sections 3.3 and 4.2): shared bottom, OMoE and MMoE on
 * synthetic data of three task correlations, of the same number of parameters (8 experts of 16 units and towers of 8
 * make 13,056, which a shared bottom of 113 units matches), with the learning rate that suits each method and
 * correlation best among three, over runs with their own data and starting weights. The paper leaves open how many
 * rows, steps, sine terms and what scale c, α and β there are: these stand here, to be seen and changed.
 */
export function syntheticStudy(seeds: number, protocol: Protocol): StudyInput {
  const { rows, batchSize, epochs } = protocols[protocol];
  return {
    name: protocol === 'small' ? 'paper synthetic' : `paper synthetic ${protocol}`,
    description: 'Figures 3, 4 and 5 of Ma et al., KDD 2018.',
    base: {
      data: {
        source: {
          synthetic: { rows, dimensions: 100, terms: 10, scale: 1, noise: 0.1, sines: 'fixed' },
        },
        validation: 0.1,
        test: 0.1,
      },
      tasks: [{ label: 'y1' }, { label: 'y2' }],
      model: { variant: 'mmoe', experts: { count: 8, layers: [16] }, towers: { layers: [8] }, match: 'mmoe' },
      training: { batchSize, epochs },
    },
    vary: { 'data.source.synthetic.correlation': [...correlations], 'model.variant': [...methods] },
    seeds: { count: seeds, data: true },
    compare: { setting: 'model.variant', to: 'shared-bottom' },
    pick: { setting: 'training.learningRate', values: [1e-4, 1e-3, 1e-2], seeds: 3 },
  };
}
