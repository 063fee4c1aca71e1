import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { print } from '../../src/run/manifest.js';
import { runPaths, runsFolderFor } from '../../src/run/files/run-paths.js';
import type { RunManifest } from '../../src/shared/run/run-manifest.js';
import { madeRun } from '../webview/made-run.fixture.js';

/** Weeks of work that nobody has done: runs that have ended, as folders of the real format. */

const experiments = ['alpha', 'beta', 'gamma'];
const variants = ['single-task', 'shared-bottom', 'mmoe', 'ple'];
const learningRates = [0.001, 0.003, 0.01];
const seeds = 5;
const perComparison = variants.length * seeds;

/**
 * Writes so many runs, the newest of `gamma`: comparisons of four variants with five seeds, one for each
 * experiment and learning rate in turn. Of `beta` those with one rate were judged by other rows.
 */
export async function writeManyRuns(workspace: string, count: number): Promise<void> {
  const { manifest, events } = madeRun({ epochsDone: 20, stepEvents: 20, status: 'finished' });
  for (let number = 0; number < count; number++) {
    const run = manifestOf(number, manifest);
    const paths = runPaths(join(runsFolderFor(workspace), run.id));
    await mkdir(paths.folder, { recursive: true });
    await writeFile(paths.manifest, print(run));
    await writeFile(paths.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    await writeFile(paths.log, '');
  }
}

function manifestOf(number: number, made: RunManifest): RunManifest {
  const comparison = Math.floor(number / perComparison);
  const experiment = experiments[comparison % experiments.length]!;
  const learningRate = learningRates[Math.floor(comparison / experiments.length) % learningRates.length]!;
  const variant = variants[Math.floor((number % perComparison) / seeds)]!;
  const seed = 1 + (number % seeds);
  const created = new Date(Date.UTC(2026, 9, 1) + number * 600_000);
  const stamp = created.toISOString().replaceAll(/[-:]/g, '').slice(0, 15).replace('T', '-');
  const test = experiment === 'beta' && learningRate === 0.003 ? 400 : 9976;
  const lift = 0.002 * variants.indexOf(variant) + 0.001 * Math.sin(number);
  const lifted = (values: RunManifest['summary'] & object) =>
    Object.fromEntries(
      Object.entries(values.validation).map(([task, metrics]) => [
        task,
        { ...metrics, auc: (metrics['auc'] ?? 0) + lift },
      ]),
    );
  return {
    ...made,
    id: `${stamp}-${(number % 46_656).toString(36).padStart(4, '0')}`,
    name: `${experiment} ${variant} seed ${seed}`,
    experimentFile: `${experiment}.mmoe.json`,
    seed,
    experiment: {
      name: experiment,
      data: { source: `${experiment}.csv`, test: test / 100_000, seed: 1 },
      tasks: made.tasks.map(({ name }) => ({ name, label: name.replaceAll(' ', '_'), lossWeight: 1 })),
      model: { variant, experts: { count: 8, layers: [16] } },
      training: { optimizer: 'adam', learningRate, seed, epochs: 20 },
    },
    network: made.network === null ? null : { ...made.network, variant },
    data: made.data === null ? null : { ...made.data, rows: { ...made.data.rows, test } },
    parameters: 70_000 + 1000 * variants.indexOf(variant),
    times: { ...made.times, created: created.toISOString(), ended: created.toISOString() },
    summary:
      made.summary === null
        ? null
        : { ...made.summary, validation: lifted(made.summary), test: lifted(made.summary) },
    comparison: {
      id: `${experiment}-${comparison}`,
      name: `${experiment}: ${variants.join(', ')}, ${seeds} seeds`,
    },
  };
}
