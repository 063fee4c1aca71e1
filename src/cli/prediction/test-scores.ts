import { performance } from 'node:perf_hooks';
import type { PreparedData } from '../../data/prepared.js';
import type { Engine } from '../../engine/engine.js';
import { Members } from '../../engine/members.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { intoMemory } from '../../network/streamed-rows.js';
import { InputError } from '../../shared/errors.js';
import type { TestScores } from '../../shared/prediction/report.js';
import type { Metrics } from '../../shared/run/run-manifest.js';
import { Pace } from '../../training/pace.js';
import { isSmall } from '../../training/rows/parts.js';
import { predictions, ScoredRows } from '../../training/scores/evaluate.js';
import { readData } from '../training/read-data.js';
import { engineOf, type Model } from './model.js';
import { meanOf } from './row-scores.js';

/**
 * Returns the runs' own test metrics and, of several runs with the same test rows, those of the mean of their
 * predictions, for which the data of their training is read again. `isWanted` false: it is not.
 */
export async function testScores(models: readonly Model[], isWanted: boolean): Promise<TestScores> {
  const own = models.map(({ manifest }) => manifest.summary?.test ?? null);
  const mean =
    models.length === 1
      ? { metrics: own[0]!, why: null }
      : isWanted
        ? await meanScores(models)
        : { metrics: null, why: 'it was not asked for' };
  return {
    why: mean.why,
    tasks: models[0]!.encoder.tasks.map(({ name, kind }) => ({
      ...{ task: name, kind },
      metrics: mean.metrics?.[name] ?? null,
      runs: own.map((metrics) => metrics?.[name] ?? null),
    })),
  };
}

interface MeanScores {
  readonly metrics: Metrics | null;
  readonly why: string | null;
}

async function meanScores(models: readonly Model[]): Promise<MeanScores> {
  const none = (why: string): MeanScores => ({ metrics: null, why });
  const prints = new Set(models.map(({ manifest }) => manifest.data?.fingerprint ?? null));
  const [print] = prints;
  if (prints.size > 1 || print === undefined || print === null)
    return none('the runs have not been trained on the same rows');
  let data: PreparedData;
  try {
    const { experiment, experimentFile } = models[0]!;
    data = await readData(experiment, { path: experimentFile(), text: null }, () => undefined);
  } catch (error) {
    if (error instanceof InputError) return none(`their data cannot be read again: ${error.message}`);
    throw error;
  }
  if (data.fingerprint !== print) return none('their data has changed since they were trained');
  if (data.test === null) return none('they have no test rows');
  if (!isSmall(data.test)) return none('their test rows stay on the disk, as they are very many');
  return { metrics: await scoreMean(models, data, await intoMemory(data.test)), why: null };
}

async function scoreMean(
  models: readonly Model[],
  { tasks }: PreparedData,
  test: EncodedRows,
): Promise<Metrics> {
  const all = Uint32Array.from({ length: test.rows }, (_, row) => row);
  const pace = new Pace(
    () => performance.now() / 1000,
    () => undefined,
  );
  const byRun: Float32Array[][] = [];
  let scored: ScoredRows | null = null;
  for (const model of models) {
    const engines: Engine[] = [];
    try {
      for (let member = 0; member < model.members.length; member++)
        engines.push(await engineOf(model, member));
      const members = new Members(engines);
      const loaded = members.load(test);
      try {
        scored = new ScoredRows(loaded, test, all, tasks);
        const predicted = await predictions(members, scored, tasks, pace);
        byRun.push(predicted.map((values) => values.slice()));
      } finally {
        loaded.release();
      }
    } finally {
      for (const engine of engines) engine.dispose();
    }
  }
  return scored!.metrics(
    tasks.map((_, k) => meanOf(byRun.map((run) => run[k]!))),
    0,
  );
}
