import { createEngine } from '../../engine/create-engine.js';
import type { Engine } from '../../engine/engine.js';
import { Members } from '../../engine/members.js';
import { memberSeed } from '../../network/draws/draws.js';
import { initialWeights } from '../../network/parameters.js';
import { optimizerSettings } from '../../training/optimizer-settings.js';
import type { Earlier } from '../../training/earlier/earlier.js';
import { startFrom, startOf, type Start } from '../../training/earlier/start-from.js';
import type { StartedFrom } from '../../shared/run/run-manifest.js';
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

/** Starts the members from an earlier run. Returns what they keep of it and what is new. */
export async function startMembersFrom(
  plan: TrainingPlan,
  start: Start | null,
): Promise<{ members: Members; from: StartedFrom | null }> {
  const members = await startMembers(plan);
  return { members, from: start && startFrom(members, start, plan.data.encoder) };
}

/** Finds out what the network of a plan can take over from an earlier run. Throws ExperimentError where it is unlike. */
export const startOfPlan = (earlier: Earlier, { description, data, experiment }: TrainingPlan): Start =>
  startOf(earlier, { description, encoder: data.encoder, members: experiment.training.members });
