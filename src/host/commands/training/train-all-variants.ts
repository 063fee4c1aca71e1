import * as vscode from 'vscode';
import { variants } from '../../../experiment/schema/variants.js';
import { newRunId } from '../../../run/id.js';
import { runsFolderFor } from '../../../run/files/run-paths.js';
import { readSetting } from '../../contributions/editor-names.js';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { estimateComparison } from '../../program/questions.js';
import { chooseExperiment } from './choose-experiment.js';
import { chooseVariants, runsText } from './choose-variants.js';
import { readSoundExperiment } from './sound-experiment.js';
import { knownTimes } from './times/known-times.js';
import { trainsAlike } from './times/time-to-train.js';
import { mayTrain } from '../../editor/trust.js';
import { experimentName } from '../../../shared/names.js';

/** Trains an experiment with each variant that the person picks, on the same rows, several at once. */
export const trainAllVariants: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const found = await chooseExperiment(parts, args, t('Which experiment to train with each variant?'));
    if (found === undefined) return;
    const experiment = await readSoundExperiment(found.uri, variants);
    if (experiment === null) return;
    await parts.loaded();
    const earlier = parts.runs
      .ofExperiment(found.workspace, found.path)
      .map(({ entry }) => entry.manifest)
      .filter((manifest) => trainsAlike(experiment, manifest));
    // Ended by the choice: two that train at once would slow each other.
    const over = new AbortController();
    const times = knownTimes(earlier, (seeds) =>
      estimateComparison(found.uri.fsPath, seeds, {
        ...{ program: parts.program(), folder: found.workspace, signal: over.signal },
      }),
    );
    const chosen = await chooseVariants(
      parts.context.workspaceState,
      experiment.name ?? experimentName(found.path),
      times,
    ).finally(() => over.abort());
    if (chosen === undefined) return;
    const id = newRunId(new Date());
    parts.announcements.followComparison(id);
    await parts.trainer.compare(
      { file: found.uri.fsPath, workspace: found.workspace },
      { id, ...chosen, logFolder: parts.context.logUri.fsPath },
    );
    if (readSetting('mmoe.openRunOnTrain')) {
      const comparison = { id, runsFolder: runsFolderFor(found.workspace) };
      await parts.compareView.open({
        folders: [],
        comparison,
        title: t('Compare {0}', experiment.name ?? experimentName(found.path)),
      });
    } else
      void vscode.window.showInformationMessage(
        t('Training {0}. They appear in the Runs view.', runsText(chosen)),
      );
    await parts.refresh();
  };
