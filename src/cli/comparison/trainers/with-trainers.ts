import type { ComparisonPlan } from '../comparison-plan.js';
import { TrainerProcess } from './trainer-process.js';

/** Starts as many trainers as train at once; those that have nothing to do when the work is over end then. */
export async function withTrainers<T>(
  { rows, parallel }: Pick<ComparisonPlan, 'rows' | 'parallel'>,
  runsFolder: string,
  work: (trainers: readonly TrainerProcess[]) => Promise<T>,
): Promise<T> {
  const trainers = Array.from(
    { length: parallel.runs },
    () => new TrainerProcess(runsFolder, parallel.threads, rows.file),
  );
  try {
    return await work(trainers);
  } finally {
    for (const trainer of trainers) trainer.stop();
  }
}
