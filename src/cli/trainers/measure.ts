import { performance } from 'node:perf_hooks';
import type { PreparedData } from '../../data/prepared.js';
import type { Experiment } from '../../experiment/schema.js';
import { measureSpeed, secondsOfTraining } from '../../training/short-look.js';
import { startMembers } from '../training/start-members.js';
import { planTraining } from '../training/training-plan.js';
import type { MeasureOrder } from './messages.js';

interface Measuring {
  /** Returns the rows of an experiment. */
  readonly data: (experiment: Experiment) => PreparedData;
  readonly threads: number;
  readonly stop: { readonly requested: boolean };
  readonly onMeasured: (index: number, seconds: number) => void;
}

/** Looks at trainings of experiments, one after the other; what cannot begin is passed over, and says why later. */
export async function measureTrainings(
  { path, experiments, seconds }: MeasureOrder,
  { data, threads, stop, onMeasured }: Measuring,
): Promise<void> {
  for (const [index, experiment] of experiments.entries()) {
    if (stop.requested) return;
    const measured = await secondsToTrain(experiment).catch(() => null);
    if (measured !== null) onMeasured(index, measured);
  }

  async function secondsToTrain(experiment: Experiment): Promise<number> {
    const plan = planTraining(experiment, data(experiment), { path, text: null }, threads);
    const since = clock();
    // All members take the same time.
    const training = { ...experiment.training, members: 1 };
    const members = await startMembers({ ...plan, experiment: { ...experiment, training } });
    const begun = clock() - since;
    try {
      const job = {
        ...{ data: plan.data, description: plan.description, settings: experiment.training },
        paths: experiment.model.paths,
        ...{ members, clock, stopRequested: () => stop.requested },
      };
      return begun + secondsOfTraining(await measureSpeed(job, seconds), job);
    } finally {
      members.dispose();
    }
  }
}

const clock = (): number => performance.now() / 1000;
