import fc, { type RunDetails } from 'fast-check';
import { checkCase } from './check-case.js';
import { caseOf, isClear } from './drawn/case.js';
import type { Plan } from './drawn/plan.js';
import { plans } from './drawn/plans.js';
import { ParquetWriter } from './written/parquet.js';

/** How many tables are drawn from one seed. */
const batch = 20;
/** How many milliseconds a batch may take with the search for a smaller counterexample. */
const longestBatch = 240_000;

/**
 * Checks `tables` tables, or as many as can be in some minutes, drawn from `seed` and those after it. Goes on
 * after a failure where minutes are given. Throws an Error that has the seed and the smallest counterexample
 * of each failure.
 */
export async function holdsFor({
  seed: first,
  minutes,
  tables,
}: {
  readonly seed: number;
  readonly minutes: number;
  readonly tables: number;
}): Promise<void> {
  const parquet = await ParquetWriter.open();
  const property = fc.asyncProperty(plans, async (plan) => {
    const one = caseOf(plan);
    fc.pre(isClear(one.table));
    await checkCase(one, parquet);
  });
  const end = Date.now() + 60_000 * minutes;
  const failures: string[] = [];
  let done = 0;
  try {
    for (let seed = first; minutes > 0 ? Date.now() < end : done < tables; seed++) {
      const numRuns = minutes > 0 ? batch : Math.min(batch, tables - done);
      const details = await fc.check(property, { seed, numRuns, interruptAfterTimeLimit: longestBatch });
      done += details.numRuns;
      if (details.failed) failures.push(failureText(details));
      if (failures.length > 0 && minutes === 0) break;
      if (minutes > 0) console.log(`seed ${seed}: ${done} tables, ${failures.length} failures`);
      if (minutes > 0 && details.failed) console.log(failures.at(-1));
    }
  } finally {
    parquet.close();
  }
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}

function failureText({
  seed,
  counterexample,
  counterexamplePath,
  errorInstance,
}: RunDetails<[Plan]>): string {
  const error = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance));
  return `seed ${seed} (path ${counterexamplePath}): ${error.message}\n${JSON.stringify(counterexample?.[0])}`;
}
