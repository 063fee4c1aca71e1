import { createEngine } from '../../engine/create-engine.js';
import type { Engine } from '../../engine/engine.js';
import { initialWeights } from '../../network/parameters.js';
import { optimizerSettings } from '../../training/optimizer-settings.js';
import type { TrainingPlan } from './training-plan.js';

/** Starts the engine that the experiment asks for, with the starting weights of its seed. */
export async function startEngine({ description, experiment, threads }: TrainingPlan): Promise<Engine> {
  const { training, engine } = experiment;
  return createEngine(engine.use, {
    description,
    weights: initialWeights(description, training.seed),
    optimizer: optimizerSettings(training),
    seed: training.seed,
    threads,
  });
}
