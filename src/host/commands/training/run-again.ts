import * as vscode from 'vscode';
import { experimentAt } from '../../experiments/experiment-collection.js';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { experimentOfRun, whyNoExperiment, whyNotHere } from '../../runs/experiment-of-run.js';
import { settingsOfRun } from '../../runs/settings-of-run.js';
import { chooseRun } from '../runs/choose-run.js';
import { readSoundExperiment } from './sound-experiment.js';
import { startTraining } from './start-training.js';
import { mayTrain } from '../../editor/trust.js';

/** Trains again with the settings that a run was trained with, whatever its experiment file says now. */
export const runAgain: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return undefined;
    await parts.loaded();
    const run = await chooseRun(parts, args, {
      placeholder: t('Which run to train again?'),
      none: t('There is no run yet.'),
      refuse: (run) => whyNotHere(parts.runs, run) ?? whyNoExperiment(run),
    });
    if (run === undefined) return undefined;
    const own = experimentOfRun(run);
    if ('refusal' in own) return undefined;
    const found = experimentAt(vscode.Uri.file(own.file));
    const experiment = await readSoundExperiment(found.uri);
    if (experiment === null) return undefined;
    const { manifest } = run.entry;
    const sets = manifest.experiment === null ? [] : settingsOfRun(manifest.experiment, experiment);
    return startTraining(
      parts,
      { ...found, workspace: run.workspace, path: own.named },
      { experiment, name: manifest.name, sets },
    );
  };
