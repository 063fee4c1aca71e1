import * as vscode from 'vscode';
import { foundTexts } from '../../../shared/prediction/found-text.js';
import type { PredictionReport } from '../../../shared/prediction/report.js';
import { formatCount } from '../../../shared/numbers.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';

interface Fact extends vscode.QuickPickItem {
  readonly goOn?: true;
}

/**
 * Shows what was counted, each column with what the model knows nothing of, and asks whether to go on. The
 * facts stand in the list, where the keyboard reaches them; only the first item does something.
 */
export function confirm(report: PredictionReport): Promise<boolean> {
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<Fact>();
    pick.title = t('Predict {0}', report.source);
    pick.placeholder = t('Enter predicts, Escape gives up.');
    pick.ignoreFocusOut = true;
    pick.matchOnDetail = true;
    pick.items = confirmItems(report);
    let goesOn = false;
    pick.onDidAccept(() => {
      if (pick.activeItems[0]?.goOn !== true) return;
      goesOn = true;
      pick.hide();
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(goesOn);
    });
    pick.show();
  });
}

/** Returns the items: to go on, and what is to be known before. */
export function confirmItems(report: PredictionReport): Fact[] {
  const { rows, found, labelled } = report;
  return [
    {
      label: `$(play) ${rows === 1 ? t('Predict 1 row…') : t('Predict {0} rows…', formatCount(rows))}`,
      description:
        labelled.length === 0
          ? t('they have no labels')
          : t('they have labels of {0}, to be scored by', labelled.join(', ')),
      goOn: true,
      alwaysShow: true,
    },
    {
      label:
        found.length === 0
          ? t('Nothing in them is new to the model')
          : t('What the model has not learned from'),
      kind: vscode.QuickPickItemKind.Separator,
    },
    ...found.map((column): Fact => ({
      label: `$(${column.unseen > 0 || column.outside !== undefined ? 'warning' : 'info'}) ${plainText(column.name)}`,
      detail: plainText(foundTexts(column, rows).join('; ')),
    })),
  ];
}

/** Asks which columns to write beside the predictions; undefined: the person gave up. */
export const askKeep = (report: PredictionReport): Promise<string[] | undefined> =>
  askColumns(report, t('Which columns to carry along, such as keys? None is fine.'));

/**
 * Asks by the values of which columns the predictions are to be scored, too; none where no row has a label. Undefined:
 * the person gave up.
 */
export const askBy = async (report: PredictionReport): Promise<string[] | undefined> =>
  report.labelled.length === 0
    ? []
    : askColumns(
        report,
        t('Score also by the values of which columns, such as device or hour? None is fine.'),
      );

async function askColumns(
  { source, columns }: PredictionReport,
  placeHolder: string,
): Promise<string[] | undefined> {
  const items = columns
    .filter(({ name }) => !name.includes(','))
    .map(({ name, type }) => ({ label: plainText(name), description: type, name }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Predict {0}', source),
    canPickMany: true,
    placeHolder,
  });
  return picked?.map(({ name }) => name);
}
