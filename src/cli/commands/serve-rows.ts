import { runPaths } from '../../run/files/run-paths.js';
import { readModel } from '../prediction/model.js';
import { serveRows } from '../prediction/serve-rows.js';
import { findRun, runsFolderHere } from '../runs/find-run.js';

/** Predicts rows that a program writes to standard input, one at a time, until that ends. */
export async function serveRowsCommand(run: string): Promise<void> {
  await serveRows(await readModel(runPaths(await findRun(run, runsFolderHere(undefined)))));
}
