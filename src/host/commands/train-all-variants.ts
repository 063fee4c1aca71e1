import * as vscode from 'vscode';
import { newRunId } from '../../run/id.js';
import { experimentName } from '../experiment-text.js';
import { t } from '../localise.js';
import type { Command } from '../parts.js';
import { chooseExperiment } from './choose-experiment.js';
import { chooseVariants, runsText } from './choose-variants.js';
import { soundExperiment } from './train.js';
import { mayTrain } from './trust.js';

/** Trains an experiment with each of the variants that the person picks, on the same rows, several at once. */
export const trainAllVariants: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const found = await chooseExperiment(parts, args, t('Which experiment to train with each variant?'));
    if (found === undefined) return;
    const experiment = await soundExperiment(found.uri);
    if (experiment === null) return;
    const chosen = await chooseVariants(parts.context.workspaceState, experiment.name ?? experimentName(found.path));
    if (chosen === undefined) return;
    const id = newRunId(new Date());
    await parts.trainer.compare(
      { file: found.uri.fsPath, workspace: found.workspace },
      { id, ...chosen, logFolder: parts.context.logUri.fsPath },
    );
    void vscode.window.showInformationMessage(t('Training {0}. They appear in the Runs view.', runsText(chosen)));
    await parts.refresh();
  };
