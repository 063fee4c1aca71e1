import { dirname } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { predictionReportSchema, type PredictionReport } from '../../../shared/prediction/report.js';
import { formatCount } from '../../../shared/numbers.js';
import { t } from '../../editor/localise.js';
import { ask, errorsIn, type Program } from '../../program/program.js';
import type { ReadableRun } from '../../runs/run-collection.js';

/** A table to predict; `own`: the one that the run was trained on. */
export type TableToPredict =
  | { readonly kind: 'own' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'query'; readonly sql: string };

export interface Asked {
  readonly runs: readonly ReadableRun[];
  readonly table: TableToPredict;
  readonly keep: readonly string[];
  /** Columns by whose values the predictions are scored, too. */
  readonly by: readonly string[];
  /** Null: its rows are only counted. */
  readonly out: string | null;
}

/**
 * Lets the program count or predict, while a notification says how far it is. Returns null where it was
 * cancelled. Throws what the program says is wrong.
 */
export function askPrediction(
  program: Program,
  asked: Asked,
  title: string,
): PromiseLike<PredictionReport | null> {
  const abort = new AbortController();
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => abort.abort());
    const { runs, table } = asked;
    const folder = table.kind === 'file' ? dirname(table.path) : runs[0]!.workspace;
    const told = new ToldProgress((message, increment) => progress.report({ message, increment }));
    try {
      const { code, stdout, stderr } = await ask(program, predictArguments(asked), folder, {
        signal: abort.signal,
        onError: (text) => told.take(text),
      });
      if (code === 0) return v.parse(predictionReportSchema, JSON.parse(stdout));
      throw new Error(errorsIn(stderr) || t('the program ended with code {0}', String(code)));
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    }
  });
}

/** Returns the arguments of the program that counts or predicts. */
export function predictArguments({ runs, table, keep, by, out }: Asked): string[] {
  const [first, ...others] = runs.map(({ entry }) => entry.folder);
  return [
    ...['predict', first!, ...(table.kind === 'file' ? [table.path] : [])],
    ...(table.kind === 'query' ? ['--sql', table.sql] : []),
    ...(out === null ? ['--check'] : ['--out', out]),
    ...others.flatMap((folder) => ['--and', folder]),
    ...keep.flatMap((name) => ['--keep', name]),
    ...by.flatMap((name) => ['--by', name]),
    ...['--json', '--progress'],
  ];
}

/** Reads lines `progress DONE ROWS` out of what the program writes, in whatever pieces it comes. */
export class ToldProgress {
  private rest = '';
  private share = 0;

  constructor(private readonly tell: (message: string, increment: number) => void) {}

  take(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    const told = lines.flatMap((line) => {
      const [, ofDone, ofRows] = /^progress (\d+) (\d+)$/.exec(line) ?? [];
      return ofRows === undefined ? [] : [{ done: Number(ofDone), rows: Number(ofRows) }];
    });
    const last = told.at(-1);
    if (last === undefined) return;
    const { done, rows } = last;
    const share = rows === 0 ? 1 : Math.min(1, done / rows);
    this.tell(t('{0} of {1} rows', formatCount(done), formatCount(rows)), (share - this.share) * 100);
    this.share = share;
  }
}
