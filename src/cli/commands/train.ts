import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { openExperiment, workspaceOf } from '../../experiment/load.js';
import { createRunFolder } from '../../run/create-run.js';
import { isRunId } from '../../run/id.js';
import { experimentBase, runsFolderFor } from '../../run/run-paths.js';
import { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import type { Problem } from '../../shared/reports.js';
import type { RunManifest } from '../../shared/run.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { readGit } from '../training/git.js';
import { matchText, partsText } from '../terminal/model-text.js';
import { formatCount } from '../../shared/numbers.js';
import { makePlan, readData, startEngine, type Plan } from '../training/training-plan.js';
import { printWarnings } from '../terminal/problems.js';
import { RunView } from '../terminal/run-view.js';
import { StopSignals } from '../training/stop-signals.js';
import { summaryTable } from '../terminal/summary-table.js';
import { stderr, stdout } from '../terminal/terminal.js';
import { failRun, trainRun } from '../training/train-run.js';
import { defaultRunName } from '../../shared/names.js';

/** Reading the data beats now and then only; large tables take their time. */
export const dataDeadlineSeconds = 1800;

export interface TrainOptions {
  readonly set: readonly string[];
  readonly name?: string;
  readonly runs?: string;
  readonly id?: string;
  readonly json?: boolean;
}

export async function trainCommand(file: string, options: TrainOptions): Promise<number> {
  const view = new RunView(options.json === true ? stderr : stdout);
  const stop = new StopSignals(() => view.line('stopping after a checkpoint; once more to stop at once'));
  const path = resolve(file);
  const runsFolder = options.runs === undefined ? runsFolderFor(workspaceOf(path)) : resolve(options.runs);
  const adopted = options.id === undefined ? null : await adopt(runsFolder, options.id);
  if (adopted !== null) stop.nothingToSave = () => markStopped(adopted);

  let plan: Plan;
  let engine;
  let git;
  let warnings;
  try {
    const { experiment, file: source, ...doubts } = await openExperiment(path, options.set);
    warnings = doubts.warnings;
    printWarnings(warnings);
    const beat = (text: string): void => {
      adopted?.beat();
      view.phase(text);
    };
    const [data, repository] = await Promise.all([
      readData(experiment, source, beat),
      readGit(workspaceOf(path)),
    ]);
    git = repository;
    plan = makePlan(experiment, data, source);
    engine = await startEngine(plan);
  } catch (error) {
    view.clear();
    throw adopted === null ? error : failRun(adopted, error);
  }
  if (adopted?.stopRequested() === true) {
    markStopped(adopted);
    engine.dispose();
    return exitCodes.stopped;
  }
  // From here on there is a run, which a signal must not leave behind half begun.
  stop.nothingToSave = null;
  const writer =
    adopted ??
    (await begin(runsFolder, path, {
      name: options.name ?? defaultRunName(plan.experiment),
      seed: plan.experiment.training.seed,
    }));
  announce(view, plan, writer);
  const manifest = await trainRun({ plan, engine, writer, view, stop, git, resume: null });
  return conclude(view, manifest, writer.paths.folder, options.json === true ? { warnings } : null);
}

export async function begin(
  runsFolder: string,
  file: string,
  run: { name: string; seed: number; comparison?: RunManifest['comparison'] },
): Promise<RunWriter> {
  const experimentFile = relative(experimentBase(runsFolder), file).split(sep).join('/');
  const { folder } = await createRunFolder(runsFolder, { ...run, experimentFile });
  return RunWriter.open(folder, dataDeadlineSeconds);
}

async function adopt(runsFolder: string, id: string): Promise<RunWriter> {
  if (!isRunId(id)) throw new InputError('run.id', `"${id}" is not the id of a run`);
  const writer = await RunWriter.open(join(runsFolder, id), dataDeadlineSeconds);
  if (writer.manifest.status === 'queued') return writer;
  writer.close();
  throw new InputError('run.not-queued', `run ${id} has been trained already; use mmoe resume`, {
    file: writer.paths.folder,
  });
}

export function markStopped(writer: RunWriter): void {
  if (!existsSync(writer.paths.folder)) return;
  writer.update({ status: 'stopped', times: { ...writer.manifest.times, ended: new Date().toISOString() } });
  writer.close();
}

export function announce(view: RunView, plan: Plan, writer: RunWriter): void {
  const { data, description, parameters, parts, matched } = plan;
  const rows = [data.train, data.validation, data.test]
    .map((part) => formatCount(part?.rows ?? 0))
    .join(' / ');
  view.line(`${writer.manifest.name}: ${description.variant}, ${rows} rows to train / validate / test`);
  view.line(`${formatCount(parameters)} parameters: ${partsText(parts)}`);
  if (matched !== null) view.line(matchText(matched));
  for (const warning of data.warnings) view.line(`warning: ${warning}`);
}

/** The closing table, and the exit code. `json`: what is printed beside the manifest; null: neither is. */
export function conclude(
  view: RunView,
  manifest: RunManifest,
  folder: string,
  json: { readonly warnings: readonly Problem[] } | null,
): number {
  view.line();
  for (const line of summaryTable(manifest)) view.line(line);
  const best = manifest.summary?.bestEpoch ?? null;
  view.line(
    `${manifest.status}${best === null ? '' : `; best epoch ${best} of ${manifest.epochs}`}; run ${manifest.id} in ${folder}`,
  );
  if (json !== null) stdout.line(JSON.stringify({ ...manifest, ...json }, null, 2));
  return manifest.status === 'stopped' ? exitCodes.stopped : exitCodes.done;
}
