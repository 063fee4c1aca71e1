import { cp, lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Workspace } from '../program/program.js';

const experiment = {
  data: { source: 'table.csv' },
  tasks: [{ label: 'y' }],
  model: { experts: { count: 2, layers: [4] }, towers: { layers: [] } },
  training: { epochs: 2, batchSize: 16 },
  engine: { threads: 1 },
};

const rows = Array.from({ length: 64 }, (_, row) => `${row},${(row * 7) % 13},${row % 2}`);
const table = `a,b,y\n${rows.join('\n')}\n`;

/** The files of a workspace with an experiment on a table. */
export const files = { 'small.mmoe.json': experiment, 'table.csv': table };

export interface PreparedRun {
  readonly workspace: Workspace;
  readonly id: string;
  readonly folder: string;
  /** A folder beside the workspace, which nobody has named. */
  readonly outside: string;
}

let trained: Promise<{ folder: string; id: string }> | null = null;

/** Trains a run once, in a folder that stays until the tests of the file have ended. */
async function trainOnce(): Promise<{ folder: string; id: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-hostile-'));
  process.once('exit', () => void rm(folder, { recursive: true, force: true }));
  const workspace = await Workspace.create(files);
  const { code, stderr } = await workspace.mmoe('train', 'small.mmoe.json');
  expect(code, stderr).toBe(0);
  await cp(workspace.folder, folder, { recursive: true });
  return { folder, id: (await workspace.runs())[0]! };
}

/** A workspace with a run that was stopped, and a folder outside; both are gone after the test. */
export async function preparedRun(change: object = {}): Promise<PreparedRun> {
  trained ??= trainOnce();
  const { folder: origin, id } = await trained;
  const workspace = await Workspace.create();
  await cp(origin, workspace.folder, { recursive: true });
  const outside = await outsideFolder();
  const folder = workspace.runFolder(id);
  await changeRun(folder, { status: 'stopped', ...change });
  return { workspace, id, folder, outside };
}

export async function outsideFolder(): Promise<string> {
  const outside = await mkdtemp(join(tmpdir(), 'mmoe-outside-'));
  onTestFinished(() => rm(outside, { recursive: true, force: true }));
  return outside;
}

/** Changes run.json as whoever has prepared the folder would. */
export async function changeRun(folder: string, change: object): Promise<void> {
  const path = join(folder, 'run.json');
  const whole = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...whole, ...change }));
}

/** Returns all that is in a folder: the names, what links lead to, the bytes of files and when they changed. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    const info = await lstat(path);
    if (info.isSymbolicLink()) all[name] = `→ ${await readlink(path)}`;
    else if (info.isFile()) all[name] = `${info.mtimeMs} ${await readFile(path, 'base64')}`;
    else all[name] = 'something else';
  }
  return all;
}

/** Writes text files below a folder. */
export async function write(folder: string, texts: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
