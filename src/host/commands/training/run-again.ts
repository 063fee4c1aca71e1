import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { experimentAt } from '../../experiments/experiment-collection.js';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { settingsOfRun } from '../../runs/settings-of-run.js';
import { chooseRun } from '../runs/choose-run.js';
import { readSoundExperiment } from './sound-experiment.js';
import { startTraining } from './start-training.js';
import { mayTrain } from './may-train.js';

/** Trains again with the settings that a run was trained with, whatever its experiment file says now. */
export const runAgain: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return undefined;
    const run = await chooseRun(parts, args, {
      placeholder: t('Which run to train again?'),
      none: t('There is no run yet.'),
      refuse: ({ entry, workspace }) => {
        const { name, experimentFile } = entry.manifest;
        if (experimentFile === null) return t('{0} does not say which experiment it belongs to.', name);
        return existsSync(join(workspace, experimentFile))
          ? null
          : t('The experiment of {0} is no longer at {1}.', name, experimentFile);
      },
    });
    const file = run?.entry.manifest.experimentFile ?? null;
    if (run === undefined || file === null) return undefined;
    const found = experimentAt(vscode.Uri.file(join(run.workspace, file)));
    const experiment = await readSoundExperiment(found.uri);
    if (experiment === null) return undefined;
    const { manifest } = run.entry;
    const sets = manifest.experiment === null ? [] : settingsOfRun(manifest.experiment, experiment);
    return startTraining(
      parts,
      { ...found, workspace: run.workspace, path: file },
      { experiment, name: manifest.name, sets },
    );
  };
