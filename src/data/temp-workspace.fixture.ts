import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadExperiment, readExperiment } from '../experiment/load.js';
import type { ExperimentInput } from '../experiment/schema.js';
import type { DataOptions } from './options.js';
import { prepareData } from './prepare.js';
import { inMemory, type HeldData, type PreparedData } from './prepared.js';

/** A workspace of real files in a temporary folder, removed with `remove`. */
export class TempWorkspace {
  private constructor(readonly folder: string) {}

  static async create(files: Record<string, string | Uint8Array> = {}): Promise<TempWorkspace> {
    const outer = await realpath(await mkdtemp(join(tmpdir(), 'mmoe-data-')));
    const workspace = new TempWorkspace(join(outer, 'workspace'));
    await mkdir(join(workspace.folder, '.vscode'), { recursive: true });
    for (const [path, content] of Object.entries(files)) await workspace.write(path, content);
    return workspace;
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  async write(path: string, content: string | Uint8Array): Promise<string> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), content);
    return this.path(path);
  }

  get options(): DataOptions {
    return { folder: this.folder, workspace: this.folder };
  }

  /** Writes an experiment file and prepares its data, which is held in memory. */
  async prepare(experiment: ExperimentInput | string): Promise<HeldData> {
    return inMemory(await this.prepareAnywhere(experiment));
  }

  /** Writes an experiment file and prepares its data, in memory or in a file. */
  async prepareAnywhere(
    experiment: ExperimentInput | string,
    options: Partial<DataOptions> = {},
  ): Promise<PreparedData> {
    const text = typeof experiment === 'string' ? experiment : JSON.stringify(experiment);
    const path = await this.write('x.mmoe.json', text);
    return prepareData(await loadExperiment(path, []), {
      ...this.options,
      ...options,
      file: { path, text: await readExperiment(path) },
    });
  }

  remove(): Promise<void> {
    return rm(dirname(this.folder), { recursive: true, force: true });
  }
}

/** Returns a table in CSV whose columns are functions of the row. */
export function csv(rows: number, columns: Record<string, (row: number) => string | number>): string {
  const names = Object.keys(columns);
  const lines = Array.from({ length: rows }, (_, row) => names.map((name) => columns[name]!(row)).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
}
