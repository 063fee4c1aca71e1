import type { Experiment } from '../../../experiment/schema.js';
import { readSetting } from '../../contributions/editor-names.js';
import type { FoundExperiment } from '../../experiments/experiment-collection.js';
import type { ExtensionParts } from '../../parts.js';

/** Starts a run, shows it, and returns its folder. `sets` are settings that differ from the file. */
export async function startTraining(
  parts: ExtensionParts,
  found: FoundExperiment,
  { experiment, name, sets }: { experiment: Experiment; name: string; sets: readonly string[] },
): Promise<string> {
  const folder = await parts.trainer.train({
    file: found.uri.fsPath,
    workspace: found.workspace,
    path: found.path,
    name,
    seed: experiment.training.seed,
    sets,
  });
  await parts.announcements.follow(folder);
  if (readSetting('mmoe.openRunOnTrain')) await parts.runEditor.open(folder);
  void parts.runsView.reveal(folder);
  return folder;
}
