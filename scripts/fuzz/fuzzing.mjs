import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTables } from './tables.mjs';
import { tryMutant } from './try-mutant.mjs';
import { watched } from './watched.mjs';

/** @import { Bench, Tried } from './try-mutant.mjs' */

/** So many processes at once: the tests run on two cores. */
const width = 2;
const progressEvery = 500;

/** Mutants, tried one after the other, and what came out. */
export class Fuzzing {
  /**
   * @private
   * @param {Bench} bench
   * @param {string} folder of the trained run
   */
  constructor(bench, folder) {
    /** @private */
    this.bench = bench;
    /** @private */
    this.folder = folder;
    /** Codes and signals, by kind of mutant. @private @type {Map<string, number>} */
    this.counts = new Map();
    /** @private */
    this.longest = { seconds: 0, seed: 0 };
    /** @private */
    this.largest = { megabytes: 0, seed: 0 };
    /** @private */
    this.flawed = 0;
  }

  /**
   * Makes the tables, and trains the run that predictions need.
   * @param {{ program: string, keep: string | null }} options
   */
  static async begin({ program, keep }) {
    const folder = await mkdtemp(join(tmpdir(), 'mmoe-fuzz-run-'));
    const tables = await makeTables();
    await mkdir(join(folder, '.vscode'));
    await writeFile(join(folder, 't.csv'), tables['t.csv'] ?? '');
    const experiment = {
      data: { source: 't.csv' },
      tasks: [{ label: 'bought' }, { label: 'minutes' }],
      training: { epochs: 1 },
    };
    await writeFile(join(folder, 'x.mmoe.json'), JSON.stringify(experiment));
    const args = [program, 'train', 'x.mmoe.json'];
    const { code, stderr } = await watched(
      args,
      { cwd: folder, env: process.env },
      { seconds: 600, megabytes: 4000 },
    );
    const [id] = await readdir(join(folder, '.mmoe/runs')).catch(() => []);
    if (code !== 0 || id === undefined) throw new Error(`the run for predictions failed: ${stderr}`);
    return new Fuzzing({ program, tables, run: join(folder, '.mmoe/runs', id), keep }, folder);
  }

  /**
   * Tries mutants from a seed on, until there were so many or the time is over.
   * @param {{
   *   seed: number,
   *   files: number,
   *   minutes: number,
   *   onFlaw: (text: string) => void,
   *   onProgress: (text: string) => void,
   * }} options
   * @returns {Promise<{ flawed: number, text: string }>}
   */
  async run({ seed, files, minutes, onFlaw, onProgress }) {
    const start = performance.now();
    let next = seed;
    const worker = async () => {
      while (next < seed + files && performance.now() - start < minutes * 60_000) {
        const tried = await tryMutant(next++, this.bench);
        this.count(tried);
        if (tried.flaws.length > 0) onFlaw(flawText(tried));
        if ((tried.seed - seed + 1) % progressEvery === 0) onProgress(this.text(tried.seed + 1 - seed));
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
    await rm(this.folder, { recursive: true, force: true });
    return { flawed: this.flawed, text: `${this.text(next - seed)}; next seed ${next}` };
  }

  /**
   * @private
   * @param {Tried} tried
   */
  count({ seed, kind, ended, flaws }) {
    const last = ended.at(-1);
    const key = `${kind}: ${last?.limit ?? last?.signal ?? `code ${last?.code}`}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    for (const { seconds, megabytes } of ended) {
      if (seconds > this.longest.seconds) this.longest = { seconds, seed };
      if (megabytes > this.largest.megabytes) this.largest = { megabytes, seed };
    }
    if (flaws.length > 0) this.flawed++;
  }

  /**
   * @private
   * @param {number} files
   */
  text(files) {
    const counts = [...this.counts].sort().map(([key, count]) => `${key} × ${count}`);
    return (
      `${files} files, ${this.flawed} with flaws; ${counts.join(', ')}; ` +
      `longest ${this.longest.seconds.toFixed(1)} s (seed ${this.longest.seed}), ` +
      `largest ${this.largest.megabytes.toFixed(0)} MB (seed ${this.largest.seed})`
    );
  }
}

/** @param {Tried} tried */
const flawText = ({ seed, kind, name, flaws }) =>
  [
    `seed ${seed} (${kind}, ${name}); again: npm run fuzz -- --seed ${seed} --files 1 --keep FOLDER`,
    ...flaws.map((flaw) => `  ${flaw}`),
  ].join('\n');
