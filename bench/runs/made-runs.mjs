/** Makes run folders of the real format that nobody has trained. */
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes `count` runs that have ended: comparisons of four variants with ten seeds, of twenty experiments and five
 * learning rates in turn.
 * @param {string} folder @param {number} count
 */
export async function makeRuns(folder, count) {
  const template = JSON.parse(await readFile(new URL('run-template.json', import.meta.url), 'utf8'));
  for (let from = 0; from < count; from += 64) {
    const numbers = Array.from({ length: Math.min(64, count - from) }, (_, index) => from + index);
    await Promise.all(numbers.map((number) => makeRun(folder, number, template)));
  }
}

const variants = ['single-task', 'shared-bottom', 'omoe', 'mmoe'];
const learningRates = [0.0003, 0.001, 0.003, 0.01, 0.03];
const [experiments, seeds] = [20, 10];

/** @param {string} folder @param {number} number @param {any} template */
async function makeRun(folder, number, template) {
  const created = new Date(Date.UTC(2026, 0, 1) + number * 60_000);
  const digits = created.toISOString().replaceAll(/[-:]/g, '');
  const id = `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${(number % 46_656).toString(36).padStart(4, '0')}`;
  const comparison = Math.floor(number / (variants.length * seeds));
  const experiment = `experiment ${comparison % experiments}`;
  const learningRate = learningRates[Math.floor(comparison / experiments) % learningRates.length];
  const variant = variants[Math.floor(number / seeds) % variants.length];
  const seed = 1 + (number % seeds);
  const run = {
    ...template,
    id,
    name: `${experiment} ${variant} seed ${seed}`,
    experimentFile: `experiments/${comparison % experiments}.mmoe.json`,
    experiment: {
      ...template.experiment,
      name: experiment,
      model: { ...template.experiment.model, variant },
      training: { ...template.experiment.training, learningRate, seed },
    },
    network: { ...template.network, variant },
    seed,
    times: { ...template.times, created: created.toISOString() },
    comparison: {
      id: `comparison-${comparison}`,
      name: `${experiment}: ${variants.join(', ')}, ${seeds} seeds`,
    },
  };
  const path = join(folder, id);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify(run, null, 2));
  await writeFile(join(path, 'events.jsonl'), '');
  for (const name of ['run.json', 'events.jsonl']) await utimes(join(path, name), created, created);
}
