import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { dist } from '../../scripts/paths.mjs';
import { eventually } from '../eventually.mjs';
import { runIdsIn } from '../run-ids.js';
import { readEnd, readRun, type ReadRun } from './run-end.js';

const program = join(process.env['MMOE_DIST'] ?? dist, 'cli.js');

export interface Ended {
  /** Null: killed by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A workspace that is gone after the test, with the program to run in it. */
export class Workspace {
  private constructor(readonly folder: string) {}

  static async create(files: Record<string, string | object> = {}): Promise<Workspace> {
    const folder = await mkdtemp(join(tmpdir(), 'mmoe-program-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const workspace = new Workspace(folder);
    await workspace.write({ '.vscode/settings.json': '{}', ...files });
    return workspace;
  }

  async write(files: Record<string, string | object>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    }
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  start(...args: string[]): ChildProcess {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  /** Starts the program as a terminal does: as the leader of a process group, to which Ctrl-C goes. */
  startGroup(...args: string[]): { child: ChildProcess; interrupt: () => void } {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return { child, interrupt: () => void process.kill(-child.pid!, 'SIGINT') };
  }

  mmoe(...args: string[]): Promise<Ended> {
    return ended(this.start(...args));
  }

  /** Returns the names of the run folders. */
  runs(): Promise<string[]> {
    return runIdsIn(this.path('.mmoe/runs'));
  }

  runFolder(id: string): string {
    return this.path('.mmoe/runs', id);
  }

  read(id: string): Promise<ReadRun> {
    return readRun(this.runFolder(id));
  }
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** Waits for what a program does, looking so often that no state of some milliseconds is missed. */
export const closely: typeof eventually = (what, ask) => eventually(what, ask, { every: 5 });

/** Expects that a run has ended like another one, to the bit, but for times. */
export async function expectSame(workspace: Workspace, id: string, reference: string): Promise<void> {
  const [one, other] = await Promise.all([id, reference].map((run) => readEnd(workspace.runFolder(run))));
  expect(one, 'a run, and the one that it should end like').toEqual(other);
  expect(one!.status).toBe('finished');
}

/** Small enough to train in seconds, with enough steps to be killed in between. */
export const synthetic = {
  data: { source: { synthetic: { rows: 3000, dimensions: 20, seed: 3 } } },
  tasks: [
    { label: 'y1', kind: 'regression' },
    { label: 'y2', kind: 'regression' },
  ],
  model: { experts: { count: 4, layers: [8] }, towers: { layers: [4] } },
  training: { epochs: 12, batchSize: 32, seed: 5 },
  engine: { threads: 1 },
};
