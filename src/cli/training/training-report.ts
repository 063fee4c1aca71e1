import { leakWarnings } from '../../data/leaks.js';
import type { RunWriter } from '../../run/writer.js';
import { keptEpochText } from '../../shared/run/kept-epoch.js';
import { bestIsLast } from '../../shared/run/best-is-last.js';
import { formatCount } from '../../shared/numbers.js';
import type { Problem } from '../../shared/messages/reports.js';
import type { RunManifest, StartedFrom } from '../../shared/run/run-manifest.js';
import { suspicions } from '../../shared/run/suspicion-text.js';
import {
  aloneLines,
  chosenLines,
  matchText,
  partsText,
  startLines,
  streamText,
} from '../terminal/model-text.js';
import type { RunView } from '../terminal/run-view.js';
import { summaryTable } from '../terminal/summary-table.js';
import { printJson } from '../terminal/terminal.js';
import { exitCodeOf } from './end-run.js';
import type { TrainingPlan } from './training-plan.js';

/** This is what `train` and `resume` print before and after a training. */

/** Says what is about to be trained. */
export function announce(
  view: RunView,
  plan: TrainingPlan,
  writer: RunWriter,
  from: StartedFrom | null = null,
): void {
  const { data, description, experiment, parameters, parts, matched, chosen, alone } = plan;
  const { members } = experiment.training;
  const several = members > 1 ? `${members} members of ` : '';
  const rows = [data.train, data.validation, data.test]
    .map((part) => formatCount(part?.rows ?? 0))
    .join(' / ');
  view.line(
    `${writer.manifest.name}: ${several}${description.variant}, ${rows} rows to train / validate / test`,
  );
  if (data.stream !== null) view.line(streamText(data.stream));
  view.line(`${formatCount(parameters)} parameters: ${partsText(parts)}`);
  for (const line of [...chosenLines(chosen, data.train.rows), ...aloneLines(alone)]) view.line(line);
  if (from !== null) for (const line of [...startLines(from), mindRows]) view.line(line);
  if (matched !== null) view.line(matchText(matched));
  for (const warning of [...data.warnings, ...leakWarnings(data), ...plan.warnings])
    view.line(`warning: ${warning}`);
}

/** Nothing knows the rows of an earlier run. */
const mindRows =
  'mind that no validation or test row is one that it was trained on: their metrics would be too good';

/** Says what to do about a run that was still getting better at its end. */
export function endAdvice(manifest: RunManifest): string[] {
  const epochs = bestIsLast(manifest);
  if (epochs === null) return [];
  return [
    `the best epoch is the last one: it was still getting better; train longer, as with ` +
      `--set training.epochs=${3 * epochs} --set training.stopEarly.patience=${patienceFor(epochs)}`,
  ];
}

/** Epochs without a better one that are worth waiting for. */
const patienceFor = (epochs: number): number => Math.max(5, Math.round(epochs / 4));

/**
 * Prints the closing table and returns the exit code. `json` is printed beside the manifest; null: neither
 * is.
 */
export function conclude(
  view: RunView,
  manifest: RunManifest,
  folder: string,
  json: { readonly warnings: readonly Problem[] } | null,
): number {
  view.line();
  for (const line of summaryTable(manifest)) view.line(line);
  const best = keptEpochText(manifest);
  view.line(
    `${manifest.status}${best === null ? '' : `; best epoch ${best} of ${manifest.epochs}`}; ` +
      `run ${manifest.id} in ${folder}`,
  );
  for (const line of endAdvice(manifest)) view.line(line);
  for (const line of suspicions({ ...manifest, data: null })) view.line(`warning: ${line}`);
  if (json !== null) printJson({ ...manifest, ...json });
  return exitCodeOf(manifest);
}
