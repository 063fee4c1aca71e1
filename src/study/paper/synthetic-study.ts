import { meanOf } from '../../shared/statistics.js';
import type { StudyInput } from '../schema.js';
import { shownValue, type Combination } from '../summary.js';

/** The methods of the study, in the paper's order. */
export const methods = ['shared-bottom', 'omoe', 'mmoe'] as const;
export type Method = (typeof methods)[number];
/** The task correlations of its figures. */
export const correlations = [0.5, 0.9, 1] as const;

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

/** Returns the test losses of a method and correlation by seed: the mean of the two tasks'. */
export function testLosses(
  combinations: readonly Combination[],
  method: Method,
  correlation: number,
): Map<number, number> {
  const lines = found(combinations, method, correlation)?.lines ?? [];
  const losses = new Map<number, number>();
  for (const { seed, test } of lines) {
    const values = Object.values(test ?? {}).map((metrics) => metrics['loss'] ?? NaN);
    if (values.length > 0 && values.every(Number.isFinite)) losses.set(seed, meanOf(values));
  }
  return losses;
}

/** Returns the mean over runs and tasks of a method's losses on training rows, and the learning rate that was picked. */
export function meanCurve(
  combinations: readonly Combination[],
  method: Method,
  correlation: number,
): {
  readonly epochs: readonly number[];
  readonly losses: readonly (number | null)[];
  readonly rate: string;
} {
  const combination = found(combinations, method, correlation);
  const curves =
    combination?.lines.filter(({ status }) => status === 'finished').map((line) => line.curves) ?? [];
  const epochs = curves[0]?.epochs ?? [];
  const losses = epochs.map((_, i) => {
    const values = curves.flatMap(({ train }) => Object.values(train).flatMap((of) => of[i] ?? []));
    return values.length === 0 ? null : meanOf(values);
  });
  return { epochs, losses, rate: shownValue(combination?.settings['training.learningRate']) };
}

const found = (
  combinations: readonly Combination[],
  method: Method,
  correlation: number,
): Combination | undefined =>
  combinations.find(
    ({ settings }) =>
      settings['model.variant'] === method && settings['data.source.synthetic.correlation'] === correlation,
  );
