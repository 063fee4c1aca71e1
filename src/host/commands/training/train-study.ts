import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { isStudyFile, studyName } from '../../../shared/names.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayTrain } from '../../editor/trust.js';
import { shortPath } from '../../experiments/experiment-collection.js';
import type { Command } from '../../parts.js';
import { runInTerminal } from '../../program/in-terminal.js';
import { openWhenBegun } from '../studies/open-when-begun.js';
import { saved } from './saved.js';

/** Trains what is missing of a study in a terminal: the one that it is called on, in front, or picked. */
export const trainStudy: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const uri =
      studyAt(args[0]) ?? studyAt(vscode.window.activeTextEditor?.document.uri) ?? (await pickStudy());
    if (uri === undefined || !(await saved(uri))) return;
    const { fsPath } = uri;
    const name = t('Study {0}', plainText(studyName(fsPath)));
    openWhenBegun(parts, (study) => parts.studies.ofFile(fsPath) === study);
    await runInTerminal(parts.program(), { name, args: ['study', fsPath], folder: dirname(fsPath) });
  };

/** Trains the study of a figure or table of the paper in a terminal, in the first folder of the workspace. */
export const reproducePaper: Command = (parts) => async () => {
  if (!mayTrain()) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) {
    void vscode.window.showErrorMessage(t('Open a folder first: what is trained is kept in it.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(figures(), {
    placeHolder: t('Which figure or table of the paper?'),
  });
  if (picked === undefined) return;
  openWhenBegun(parts, ({ record: { origin } }) => origin.is === 'paper');
  await runInTerminal(parts.program(), { name: picked.label, args: ['paper', ...picked.args], folder });
};

const figures = (): (vscode.QuickPickItem & { readonly args: readonly string[] })[] => [
  {
    label: t('Figure 2'),
    detail: t('Correlation of the labels against that of the tasks’ weights, 100 trials each; a minute'),
    args: ['fig2'],
  },
  {
    label: t('Figures 3 to 5, small'),
    detail: t(
      'Shared bottom, OMoE and MMoE at three correlations, 200 runs each on 10,000 rows; some ten minutes',
    ),
    args: ['fig5'],
  },
  {
    label: t('Figures 3 to 5, large'),
    detail: t(
      'The same with 20 runs each on 96,000 rows, where the paper’s order appears; about half an hour',
    ),
    args: ['fig5', '--protocol', 'large', '--seeds', '20'],
  },
  {
    label: t('Table 1'),
    detail: t(
      'Income and marital status on Census-Income: seven methods, each tuned; hours; needs its two files',
    ),
    args: ['table1'],
  },
  {
    label: t('Table 2'),
    detail: t('Education and marital status on Census-Income; likewise'),
    args: ['table2'],
  },
  {
    label: t('Table 3'),
    detail: t(
      'Clicks and likes predicted in a simulated recommender, six methods, ten times each; some minutes',
    ),
    args: ['table3'],
  },
  {
    label: t('Table 4'),
    detail: t('What ranking with these models is worth there, also with a single-task model for each goal'),
    args: ['table4'],
  },
  {
    label: t('Figure 6'),
    detail: t('How MMoE’s gates weigh the experts for clicks and for likes there'),
    args: ['fig6'],
  },
];

const studyAt = (argument: unknown): vscode.Uri | undefined =>
  argument instanceof vscode.Uri && argument.scheme === 'file' && isStudyFile(argument.fsPath)
    ? argument
    : undefined;

async function pickStudy(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.study.json', '**/node_modules/**');
  if (found.length === 0) {
    void vscode.window.showInformationMessage(
      t(
        'There is no study in this workspace yet: a file named *.study.json says what varies and with which seeds.',
      ),
    );
    return undefined;
  }
  const items = found.map((uri) => ({
    label: `$(run-all) ${plainText(studyName(uri.fsPath))}`,
    description: plainText(shortPath(dirname(uri.fsPath))),
    uri,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Which study to train?') }))?.uri;
}
