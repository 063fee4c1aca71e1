import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../editor/localise.js';
import type { Variant } from '../../experiment/schema/variants.js';
import { writeExperiment } from '../../experiment/write.js';
import { missedDelimiter } from '../../shared/missed-delimiter.js';
import { isLeftOut, type DescribeReport } from '../../shared/messages/reports.js';
import type { Program } from '../program/program.js';
import { checkExperiment } from '../program/questions.js';
import { leaksByFeature } from '../../shared/run/suspicion-text.js';
import { describe, pickTable } from './choose-table.js';
import { pickMany, pickOne, runSteps } from '../editor/quick-steps.js';
import { ignoreItems, labelItems, possibleKinds, variantItems, type ColumnItem } from './wizard-items.js';
import { newExperimentFile } from '../../shared/names.js';
import type { TaskKind } from '../../shared/task-kinds.js';

/**
 * Creates an experiment from a table: asks which columns are labels, of which kind they are, and which
 * columns to leave out; then writes a commented experiment beside the table and opens it. Returns its
 * address; undefined if the person gave up.
 */
export async function createExperiment(
  program: Program,
  chosen?: vscode.Uri,
): Promise<vscode.Uri | undefined> {
  const table = chosen ?? (await pickTable<never>(t('New Experiment from Data'), []));
  if (table === undefined) return undefined;
  const report = await describe(program, table);
  if (report === null) return undefined;
  const labels = labelItems(report);
  const delimiter = missedDelimiter(report.columns.map(({ name }) => name));
  if (delimiter !== null) {
    const message = t(
      '{0} was read as one column: the separator of its fields was not found. Save it with commas, ' +
        'or write an experiment by hand that has "read": {1} in "data".',
      basename(table.fsPath),
      JSON.stringify({ delimiter }),
    );
    const open = t('Open Table');
    void vscode.window.showErrorMessage(message, open).then((answer) => {
      if (answer === open) void vscode.commands.executeCommand('vscode.open', table);
    });
    return undefined;
  }
  if (labels.length === 0) {
    void vscode.window.showErrorMessage(
      t(
        '{0} has no column that could be a label: ' +
          'every column is constant or has another value in every row.',
        basename(table.fsPath),
      ),
    );
    return undefined;
  }
  const suspect = (labelled: Choice['labels']): Promise<Map<string, string>> =>
    suspectedOf(program, table, report, labelled);
  const choice = await askColumns(report, labels, suspect);
  if (choice === null) return undefined;
  const file = freeName(table);
  const text = writeExperiment(report, { source: basename(table.fsPath), ...choice });
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(file);
  return file;
}

interface Choice {
  readonly labels: { column: string; kind: TaskKind }[];
  readonly ignored: string[];
  readonly suspected: ReadonlyMap<string, string>;
  readonly variant: Variant;
}

async function askColumns(
  report: DescribeReport,
  labels: readonly ColumnItem[],
  suspect: (labels: Choice['labels']) => Promise<ReadonlyMap<string, string>>,
): Promise<Choice | null> {
  const title = t('New Experiment from {0}', report.source);
  // The kinds of labels are asked for only where a label may be of several, which the ticked ones have shown.
  let asksKinds = labels.some(({ picked, column }) => picked && possibleKinds(column).length > 1);
  const place = (step: 1 | 2 | 3 | 4): { step: number; of: number } => ({
    step: step > 1 && !asksKinds ? step - 1 : step,
    of: asksKinds ? 4 : 3,
  });
  let chosen: ColumnItem[] = [];
  let kinds = new Map<string, TaskKind>();
  let ignored: string[] = [];
  let suspected: ReadonlyMap<string, string> = new Map();
  const labelled = (): Choice['labels'] =>
    chosen.map(({ column }) => ({ column: column.name, kind: kinds.get(column.name) ?? 'regression' }));
  let variant: Variant = 'mmoe';
  const unclear = (): ColumnItem[] => chosen.filter((item) => possibleKinds(item.column).length > 1);
  const finished = await runSteps([
    async () => {
      chosen = await pickMany(labels, {
        title,
        ...place(1),
        placeholder: t('Which columns are labels, to be learned together?'),
        atLeast: 1,
      });
      asksKinds = unclear().length > 0;
      kinds = new Map(chosen.map(({ column }) => [column.name, possibleKinds(column)[0] ?? 'regression']));
      return 'done';
    },
    async () => {
      if (!asksKinds) return 'skip';
      for (const { column } of unclear()) {
        const items = possibleKinds(column).map((kind) => ({
          label: kind,
          description: kindMeaning(kind),
          labelKind: kind,
        }));
        const placeholder = t('What kind of label is {0}?', column.name);
        kinds.set(column.name, (await pickOne(items, { title, ...place(2), placeholder })).labelKind);
      }
      return 'done';
    },
    async () => {
      suspected = await suspect(labelled());
      const items = ignoreItems(
        report,
        chosen.map((item) => item.column.name),
        suspected,
      );
      if (items.length === 0) return 'skip';
      const placeholder = t('Which columns to leave out? The others become features.');
      ignored = (await pickMany(items, { title, ...place(3), placeholder, atLeast: 0 })).map(
        (item) => item.column.name,
      );
      return 'done';
    },
    async () => {
      const placeholder = t('Which variant to begin with? It can be changed in the file.');
      variant = (await pickOne(variantItems([variant]), { title, ...place(4), placeholder })).variant;
      return 'done';
    },
  ]);
  if (!finished) return null;
  return { labels: labelled(), ignored, suspected, variant };
}

/**
 * Returns what is suspected of the columns that would be features: those that give a label away. There is
 * nothing where the person does not want to wait, or the table cannot be trained on as it is: that is said of
 * the experiment.
 */
async function suspectedOf(
  program: Program,
  table: vscode.Uri,
  report: DescribeReport,
  labels: Choice['labels'],
): Promise<Map<string, string>> {
  const folder = dirname(table.fsPath);
  const ignored = report.columns.filter(isLeftOut).map(({ name }) => name);
  const text = writeExperiment(report, { source: basename(table.fsPath), labels, ignored });
  const abort = new AbortController();
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: t('Looking for columns that give a label away…'),
    cancellable: true,
  };
  return vscode.window.withProgress(progress, async (_progress, token) => {
    token.onCancellationRequested(() => abort.abort());
    const options = { program, folder, signal: abort.signal };
    const found = await checkExperiment(freeName(table).fsPath, text, options).catch(() => null);
    return leaksByFeature(found?.data?.leaks ?? []);
  });
}

function kindMeaning(kind: TaskKind): string {
  switch (kind) {
    case 'binary':
      return t('yes or no: a probability is learned');
    case 'multiclass':
      return t('one of several classes');
    case 'regression':
      return t('a number');
  }
}

/**
 * Returns a free name beside the table. If the table is a folder, the experiment lies beside the folder, so
 * that it is not read as data.
 */
function freeName(table: vscode.Uri): vscode.Uri {
  const folder = dirname(table.fsPath);
  return vscode.Uri.file(
    join(
      folder,
      newExperimentFile(basename(table.fsPath), (name) => existsSync(join(folder, name))),
    ),
  );
}
