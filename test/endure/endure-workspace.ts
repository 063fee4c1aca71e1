import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { createRunFolder } from '../../src/run/create-run.js';
import { parseEvent } from '../../src/run/packed/event-shapes.js';
import { queuedGraceSeconds, systemProbe } from '../../src/run/liveness.js';
import { readStatus } from '../../src/run/reader.js';
import type { RunStatus } from '../../src/shared/run/run-manifest.js';
import { isLive } from '../../src/shared/run/run-status.js';
import { runIdsIn } from '../run-ids.js';
import { Running, type DeadlyCall, type Program, type ProgramEnd } from './programs.js';

const listSchema = v.array(v.object({ id: v.string(), status: v.string() }));

/** A folder with experiments and their runs, and what must hold of it at every moment. */
export class EndureWorkspace {
  private constructor(
    readonly folder: string,
    readonly program: Program,
  ) {}

  static async create(
    folder: string,
    program: Program,
    files: Readonly<Record<string, string>>,
  ): Promise<EndureWorkspace> {
    await mkdir(join(folder, '.vscode'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return new EndureWorkspace(folder, program);
  }

  get runsFolder(): string {
    return join(this.folder, '.mmoe/runs');
  }

  runFolder(id: string): string {
    return join(this.runsFolder, id);
  }

  start(args: readonly string[], deadly: DeadlyCall | null = null): Running {
    return new Running(this.program, this.folder, args, deadly);
  }

  mmoe(...args: string[]): Promise<ProgramEnd> {
    return this.start(args).ended;
  }

  /** Returns the names of the run folders. */
  runs(): Promise<string[]> {
    return runIdsIn(this.runsFolder);
  }

  /** Returns what a run really is. Throws where it cannot be read. */
  async status(id: string): Promise<RunStatus> {
    // As it is seen when a queued run no longer waits for its first trainer.
    const later = Date.now() + queuedGraceSeconds * 1000;
    const reading = await readStatus(this.runFolder(id), systemProbe(), later);
    if (reading.state === 'ok') return reading.status;
    throw new Error(`run ${id} is ${reading.state === 'gone' ? 'gone' : reading.reason}`);
  }

  /** Throws unless the program lists all runs, and shows one of them. */
  async expectShown(ids: readonly string[]): Promise<void> {
    const list = await this.mmoe('runs', '--json');
    if (list.code !== 0) throw new Error(`mmoe runs ended with ${list.code}: ${list.stderr}`);
    const listed = v.parse(listSchema, JSON.parse(list.stdout)).map(({ id }) => id);
    const missing = ids.filter((id) => !listed.includes(id));
    if (missing.length > 0) throw new Error(`mmoe runs does not list ${missing.join(', ')}`);
    const last = ids.at(-1);
    if (last === undefined) return;
    const shown = await this.mmoe('show', last);
    if (shown.code !== 0) throw new Error(`mmoe show ${last} ended with ${shown.code}: ${shown.stderr}`);
  }

  /** Throws unless the next run that is made takes away what killed programs have left half made. */
  async expectNoRemains(): Promise<void> {
    await createRunFolder(this.runsFolder, { name: 'the last', experimentFile: null });
    const left = (await readdir(this.runsFolder)).filter((name) => /^\.\d{8}-/.test(name));
    if (left.length > 0) throw new Error(`half-made folders are left: ${left.join(', ')}`);
  }

  /** Throws unless every run can be read, none says that it trains, and no event was lost or told twice. */
  async expectAtRest(): Promise<void> {
    for (const id of await this.runs()) {
      const later = Date.now() + queuedGraceSeconds * 1000;
      const reading = await readStatus(this.runFolder(id), systemProbe(), later);
      if (reading.state !== 'ok') throw new Error(`run ${id} cannot be read: ${JSON.stringify(reading)}`);
      if (isLive(reading)) throw new Error(`run ${id} says ${reading.status}, and nobody trains it`);
      // One that was killed before it took its run is told of by the comparison's program.
      const wasKilled = /its trainer did not start \(SIGKILL\)/.test(reading.manifest.error?.message ?? '');
      if (reading.status === 'failed' && !wasKilled)
        throw new Error(`run ${id} has failed: ${reading.manifest.error?.message}`);
      await expectWholeLog(join(this.runFolder(id), 'events.jsonl'));
    }
  }
}

/** Only the last line of a log may be torn; the others are events, numbered from 1 without a gap. */
async function expectWholeLog(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').slice(0, -1);
  lines.forEach((line, index) => {
    const event = parseEvent(line);
    if (event?.seq !== index + 1)
      throw new Error(`line ${index + 1} of ${path} is ${event === null ? 'garbled' : `seq ${event.seq}`}`);
  });
}
