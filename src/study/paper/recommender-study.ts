import type { ModelInput } from '../../experiment/schema/model.js';
import {
  checkpoints,
  likeWeight,
  recommenderMethods,
  type RecommenderMethod,
} from '../../shared/study/paper/recommender-results.js';
import type { StudyInput } from '../schema.js';

/** The weights of likes that rankings are valued with. */
const likeWeights = [0, 2, likeWeight, 10, 20, 50];

const onehot = { kind: 'categorical', encode: 'onehot' } as const;

/** The learning rates that each method may have, by optimizer. */
const rates = { adam: [0.001, 0.003, 0.01], sgd: [0.1, 0.3, 1] };

/** The units of the shared layers, the lower first; MMoE takes the place of the upper one. */
const [lower, upper] = [64, 32];

/**
 * The study behind Tables 3 and 4 and Figure 6 of Ma et al. (KDD 2018, section 6.4) in the small: a simulated
 * recommender in the place of the real one, a new one with each seed, and one pass over its log. As in the paper, ids are embedded (by the first layer), dense
 * features lie in [0, 1], batches have 1024 rows, OMoE and MMoE replace the top shared layer alone, and the methods
 * with a network for each task have about twice the parameters. The paper leaves open how wide layers are, how many
 * experts there are and at which rate they learn, and takes SGD: `--set training.optimizer=sgd`.
 */
export function recommenderStudy(seeds: number): StudyInput {
  return {
    name: 'paper recommender',
    description: 'Tables 3 and 4 and figure 6 of Ma et al., KDD 2018, on a simulated recommender.',
    base: {
      data: {
        source: {
          simulator: {
            ...{ rows: 1_200_000, perDay: 50_000, users: 5000, items: 2000 },
            ...{ correlation: 0.3, clicks: 0.2, likes: 0.05, drift: 0.01 },
          },
        },
        scale: 'minmax',
        validation: 0.05,
        test: 0.05,
      },
      columns: {
        day: 'ignore',
        // Rows of the first layer's weights are the embeddings. A table of them would serve all tasks of a single-task
        // network, which would not be single then.
        ...{ user_id: onehot, item_id: onehot, segment: onehot, topic: onehot },
      },
      tasks: [
        { label: 'click', kind: 'binary' },
        { label: 'like', kind: 'binary' },
      ],
      training: { batchSize: 1024, epochs: 1 },
    },
    vary: { model: recommenderMethods.map(modelOf) },
    seeds: { count: seeds, data: true },
    compare: { setting: 'model', to: modelOf('single-task') },
    pick: { setting: 'training.learningRate', values: rates.adam, seeds: 1 },
    measure: { checkpoints: [...checkpoints], gates: true, policy: { visits: 5000, likeWeights } },
  };
}

/** Returns the study with learning rates that suit its optimizer, which may have been changed. */
export function withRates(study: StudyInput): StudyInput {
  const { training } = study.base as { readonly training?: { readonly optimizer?: unknown } };
  const values = training?.optimizer === 'sgd' ? rates.sgd : rates.adam;
  return { ...study, pick: { ...study.pick!, values } };
}

/** Returns a method's model: a network for each task, or shared layers of which the upper may be experts. */
function modelOf(variant: RecommenderMethod): ModelInput {
  const towers = { layers: [16] };
  switch (variant) {
    case 'single-task':
    case 'l2-constrained':
    case 'cross-stitch':
      return { variant, experts: { layers: [lower, upper] }, towers };
    case 'shared-bottom':
    case 'omoe':
    case 'mmoe':
      return { variant, bottom: { layers: [lower] }, experts: { count: 8, layers: [upper] }, towers };
  }
}
