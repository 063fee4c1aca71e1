import { createEngine } from '../../engine/create-engine.js';
import type { Engine } from '../../engine/engine.js';
import { Members } from '../../engine/members.js';
import { memberSeed } from '../../network/draws.js';
import { initialWeights } from '../../network/parameters.js';
import { optimizerSettings } from '../../training/optimizer-settings.js';
import type { TrainingPlan } from './training-plan.js';

/**
 * Starts the engine that the experiment asks for, once for each member, with the starting weights of the
 * members' seeds. `target` names the kernel that is wanted.
 */
export async function startMembers(
  { description, experiment, threads }: TrainingPlan,
  target?: string,
): Promise<Members> {
  const { training, engine } = experiment;
  const engines: Engine[] = [];
  try {
    for (let member = 0; member < training.members; member++) {
      const seed = memberSeed(training.seed, member);
      engines.push(
        await createEngine(
          engine.use,
          {
            description,
            weights: initialWeights(description, seed),
            optimizer: optimizerSettings(training),
            seed,
            threads,
            ...(engines[0] !== undefined && { beside: engines[0] }),
          },
          target,
        ),
      );
    }
  } catch (error) {
    for (const started of engines) started.dispose();
    throw error;
  }
  return new Members(engines);
}
