import { resolve } from 'node:path';
import { loadExperiment, readExperiment, workspaceOf } from '../../experiment/load.js';
import { variants, type Experiment, type Variant } from '../../experiment/schema.js';
import { newRunId } from '../../run/id.js';
import { runsFolderFor } from '../../run/paths.js';
import type { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run.js';
import { comparisonTable, summarise } from '../comparison.js';
import { exitCodes } from '../exit-codes.js';
import { messageOf } from '../failure.js';
import { readGit } from '../git.js';
import { experimentField } from '../manifest-fields.js';
import { makePlan, readData, startEngine, type Plan } from '../plan.js';
import { RunView } from '../run-view.js';
import { StopSignals } from '../stop-signals.js';
import { printError, stderr, stdout } from '../terminal.js';
import { failRun, trainRun } from '../train-run.js';
import { announce, begin, markStopped } from './train.js';

export interface CompareOptions {
  readonly variants?: string;
  readonly seeds: number;
  readonly set: readonly string[];
  readonly runs?: string;
  /** Of the comparison, where who started this must know it before there are runs. */
  readonly id?: string;
  readonly json?: boolean;
}

/** Queues a run for every variant and seed, then trains them one after another on the same rows. */
export async function compareCommand(file: string, options: CompareOptions): Promise<number> {
  const view = new RunView(options.json === true ? stderr : stdout);
  const stop = new StopSignals(() => view.line('stopping after a checkpoint; once more to stop at once'));
  const path = resolve(file);
  const runsFolder = options.runs === undefined ? runsFolderFor(workspaceOf(path)) : resolve(options.runs);
  const experiment = await loadExperiment(path, options.set);
  const source = { path, text: await readExperiment(path) };
  const chosen = chosenVariants(options.variants);
  const wanted = experiments(experiment, chosen, seedsFrom(experiment, options.seeds));
  const [data, git] = await Promise.all([readData(experiment, source, (text) => view.phase(text)), readGit(workspaceOf(path))]);
  const plans = wanted.map(({ experiment: one }) => makePlan(one, data, source));
  view.clear();

  // From here on there are runs, which a signal must not leave behind half begun.
  stop.nothingToSave = null;
  const queue: { plan: Plan; writer: RunWriter }[] = [];
  const comparison = { id: options.id ?? newRunId(new Date()), name: comparisonName(experiment, chosen, options.seeds) };
  for (const [index, plan] of plans.entries()) {
    const writer = await begin(runsFolder, path, { name: wanted[index]!.name, seed: plan.experiment.training.seed, comparison });
    // So that a run that never gets its turn can be resumed all the same.
    writer.update({ experiment: experimentField(plan.experiment) });
    queue.push({ plan, writer });
  }
  const waiting = queue.map(({ writer }) => writer);
  const manifests: RunManifest[] = [];
  let failed = 0;
  for (const { plan, writer } of queue) {
    waiting.shift();
    if (stop.requested || writer.stopRequested()) {
      markStopped(writer);
      continue;
    }
    view.line(`run ${manifests.length + failed + 1} of ${queue.length}`);
    announce(view, plan, writer);
    try {
      manifests.push(await trainRun({ plan, engine: await engineFor(plan, writer), writer, view, stop, git, resume: null, waiting }));
    } catch (error) {
      failed++;
      printError(`${writer.manifest.name}: ${messageOf(error)}`);
    }
  }
  report(view, manifests, options.json === true);
  if (stop.requested) return exitCodes.stopped;
  return failed > 0 ? exitCodes.failed : exitCodes.done;
}

async function engineFor(plan: Plan, writer: RunWriter) {
  try {
    return await startEngine(plan);
  } catch (error) {
    throw failRun(writer, error);
  }
}

function report(view: RunView, manifests: readonly RunManifest[], json: boolean): void {
  const rows = summarise(manifests);
  view.line();
  for (const line of comparisonTable(rows)) view.line(line);
  if (json) stdout.line(JSON.stringify({ runs: manifests.map(({ id }) => id), rows }, null, 2));
}

function chosenVariants(given: string | undefined): Variant[] {
  if (given === undefined) return [...variants];
  const names = given
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.map((name) => {
    const known = variants.find((variant) => variant === name);
    if (known === undefined) throw new InputError('compare.variant', `there is no variant "${name}"; use ${variants.join(', ')}`);
    return known;
  });
}

function seedsFrom(experiment: Experiment, count: number): number[] {
  if (Number.isNaN(count)) throw new InputError('compare.seeds', '--seeds takes a whole number, at least 1');
  return Array.from({ length: count }, (_, index) => experiment.training.seed + index);
}

/** `census: mmoe, omoe, 3 seeds`. */
function comparisonName(experiment: Experiment, chosen: readonly Variant[], seeds: number): string {
  const listed = chosen.length > 4 ? `${chosen.length} variants` : chosen.join(', ');
  return `${experiment.name ?? 'experiment'}: ${listed}${seeds > 1 ? `, ${seeds} seeds` : ''}`;
}

function experiments(base: Experiment, chosen: readonly Variant[], seeds: readonly number[]): { experiment: Experiment; name: string }[] {
  return chosen.flatMap((variant) =>
    seeds.map((seed) => ({
      experiment: { ...base, model: { ...base.model, variant }, training: { ...base.training, seed } },
      name: `${base.name ?? 'experiment'} ${variant}${seeds.length > 1 ? ` seed ${seed}` : ''}`,
    })),
  );
}
