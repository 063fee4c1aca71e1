import { inputOf, type Encoder } from '../../src/data/encode/encoder.js';
import { createEngine } from '../../src/engine/create-engine.js';
import type { Engine } from '../../src/engine/engine.js';
import type { Experiment } from '../../src/experiment/schema.js';
import type { EncodedRows } from '../../src/network/encoded-rows.js';
import { initialWeights } from '../../src/network/parameters.js';
import { buildNetwork } from '../../src/network/variants.js';
import { optimizerSettings } from '../../src/training/optimizer-settings.js';
import { evaluateRows, predictionColumns } from '../../src/cli/tables/predictions.js';

/** The columns of predictions by name, as `mmoe predict` would write them. */
export type Predictions = ReadonlyMap<string, Float64Array | string[]>;

/** Returns what a network with its starting weights predicts for rows. */
export async function predictorOf(
  experiment: Experiment,
  encoder: Encoder,
): Promise<{ predict: (rows: EncodedRows) => Predictions; dispose: () => void }> {
  const network = buildNetwork(experiment.model, inputOf(encoder), encoder.tasks);
  const weights = initialWeights(network, experiment.training.seed);
  const engine: Engine = await createEngine('fused', {
    description: network,
    weights,
    optimizer: optimizerSettings(experiment.training),
    threads: 1,
  });
  const columns = predictionColumns(encoder, network, { gates: false, members: 1 });
  return {
    predict: (rows) => {
      const evaluation = evaluateRows(engine, [weights], encoder, rows, false);
      return new Map(columns.map((column) => [column.name, column.values(evaluation)]));
    },
    dispose: () => engine.dispose(),
  };
}
