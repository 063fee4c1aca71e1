import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../scripts/paths.mjs';

/**
 * Configuration C: the training rows of an experiment on Census-income, encoded as the trainer encodes them,
 * in a folder that every contender reads.
 * @param {string} experimentFile @param {string} bundle
 * @returns {Promise<import('./configurations.mjs').Configuration & { fields: number[], folder: string }>}
 */
export async function censusConfiguration(experimentFile, bundle) {
  const { loadExperiment, workspaceOf, prepareData } = await import(bundle);
  const experiment = await loadExperiment(experimentFile, []);
  const { input, train, tasks } = await prepareData(experiment, {
    folder: dirname(experimentFile),
    workspace: await workspaceOf(experimentFile),
  });
  const folder = join(root, '.cache/bench/census');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'numeric.f32'), train.numeric);
  await writeFile(join(folder, 'categorical.i32'), train.categorical);
  await writeFile(join(folder, 'labels.f32'), train.labels);
  return {
    ...{
      inputs: input.numeric,
      experts: 8,
      width: 16,
      tower: 8,
      kind: 'binary',
      tasks: tasks.length,
      rows: train.rows,
    },
    fields: input.fields.map((/** @type {{ size: number }} */ { size }) => size),
    folder,
  };
}
