import { setTimeout as passing } from 'node:timers/promises';
import { createRunFolder } from '../../src/run/create-run.js';
import { exitCodes } from '../../src/shared/exit-codes.js';
import type { Chance } from './chance.js';
import type { EndureWorkspace } from './endure-workspace.js';
import { deadlyCall, unexpected, type ProgramEnd, type Running } from './programs.js';
import type { Tally } from './tally.js';

const disturbances = [
  ...['kill', 'kill', 'kill', 'kill', 'hasty', 'hasty', 'call', 'call', 'call', 'call'],
  ...['interrupt', 'stop', 'double', 'double'],
] as const;

/** What a resume says that comes second. */
const refused = /is being trained by process|has finished; there is nothing/;
/** A trainer has taken the queued run and been killed. */
const hasBegun = /has been trained already; use mmoe resume/;
/** A queued run was stopped before its trainer has read the experiment. */
const neverBegan = /never began to train; train its experiment instead/;

/** A run that is killed and stopped again and again, and goes on until it has finished. */
export class DisturbedRun {
  private id: string | null = null;
  /** Queued by an editor; its trainer has not read the experiment yet. */
  private queued = false;
  private wasQueued = false;

  /** `seconds`: how long a run takes that nobody disturbs. */
  constructor(
    private readonly workspace: EndureWorkspace,
    private readonly chance: Chance,
    private readonly tally: Tally,
    private readonly seconds: number,
  ) {}

  /** Trains the experiment in `file`, until it is done. Returns the run's id. */
  async train(file: string, kills: number): Promise<string> {
    const { workspace } = this;
    if (this.chance.happens(0.25)) {
      const { id } = await createRunFolder(workspace.runsFolder, { name: 'queued', experimentFile: file });
      this.id = id;
      this.queued = this.wasQueued = true;
    }
    return this.goOn(kills, file);
  }

  /** Resumes a run until it is done. */
  async resume(id: string, kills: number): Promise<void> {
    this.id = id;
    if ((await this.workspace.status(id)) !== 'finished') await this.goOn(kills, null);
  }

  private async goOn(kills: number, file: string | null): Promise<string> {
    const { workspace, tally } = this;
    const until = tally.kills + kills;
    // A disturbance may come too early or too late to kill anything.
    for (let attempt = 0; attempt < kills * 4 && tally.kills < until; attempt++) {
      await this.disturb(this.command(file));
      await this.look();
      if (this.id !== null && (await workspace.status(this.id)) === 'finished') return this.id;
    }
    for (let attempt = 0; ; attempt++) {
      const end = await workspace.mmoe(...this.command(file));
      await this.look();
      if (end.code === exitCodes.done) break;
      if (attempt > 0 || !this.mayEndLike(end)) throw unexpected(end);
    }
    if (this.id === null || (await workspace.status(this.id)) !== 'finished')
      throw new Error(`run ${this.id} has not finished`);
    return this.id;
  }

  private command(file: string | null): string[] {
    if (this.id === null) return ['train', file!];
    return this.queued && file !== null ? ['train', file, '--id', this.id] : ['resume', this.id];
  }

  /** Takes note of a new run, and throws where something does not hold. */
  private async look(): Promise<void> {
    const { workspace } = this;
    const ids = await workspace.runs();
    if (this.id === null) this.id = ids.at(-1) ?? null;
    await workspace.expectAtRest();
    if (this.chance.happens(0.4)) await workspace.expectShown(ids);
  }

  private async disturb(command: string[]): Promise<void> {
    const { chance, workspace, tally } = this;
    const kind = chance.of(disturbances);
    const moment = kind === 'hasty' ? chance.between(0, 0.4) : this.moment();
    const first = workspace.start(command, kind === 'call' ? deadlyCall(chance) : null);
    const ends = [first.ended];
    if (kind === 'double' && this.id !== null) {
      await passing(chance.between(0, 200));
      const second = workspace.start(command);
      ends.push(second.ended, this.killAfter(second, chance.between(0, this.seconds)));
      tally.doubles++;
    }
    if (chance.happens(0.2)) ends.push(this.watch(chance.between(0, this.seconds)));
    if (kind === 'interrupt') ends.push(this.interrupt(first, moment));
    else if (kind === 'stop') ends.push(this.stop(first, moment));
    else if (kind !== 'call') ends.push(this.killAfter(first, moment));
    for (const end of await Promise.all(ends)) {
      if (end.signal === 'SIGKILL') {
        tally.kills++;
        if (kind === 'call') tally.atCalls++;
      } else if (!this.mayEndLike(end)) throw unexpected(end);
    }
    tally.peakBytes = Math.max(tally.peakBytes, first.peakBytes);
  }

  /** Returns seconds after the start of a program, seldom ones near its end: there it has finished too often. */
  private moment(): number {
    return (
      this.seconds * (this.chance.happens(0.25) ? this.chance.between(0.5, 1.1) : this.chance.between(0, 0.5))
    );
  }

  /** Returns whether the program may end like this when a run is disturbed. */
  private mayEndLike({ code, signal, stderr }: ProgramEnd): boolean {
    if (signal !== null || code === exitCodes.done || code === exitCodes.stopped) return true;
    if (code !== exitCodes.badInput) return false;
    // Of two at once both may say so.
    if (this.wasQueued && hasBegun.test(stderr)) {
      this.queued = false;
      return true;
    }
    if (this.wasQueued && neverBegan.test(stderr)) {
      this.id = null;
      return true;
    }
    return refused.test(stderr);
  }

  private async killAfter(program: Running, seconds: number): Promise<ProgramEnd> {
    await Promise.race([passing(seconds * 1000), program.ended]);
    await program.signal('SIGKILL');
    // Counted where the program's own end is.
    await program.ended;
    return harmless;
  }

  private async interrupt(program: Running, seconds: number): Promise<ProgramEnd> {
    await Promise.race([passing(seconds * 1000), program.ended]);
    await program.signal(this.chance.of(['SIGINT', 'SIGTERM', 'SIGHUP']));
    this.tally.stops++;
    if (this.chance.happens(0.3)) {
      await passing(this.chance.between(0, 50));
      await program.signal('SIGINT');
    }
    return harmless;
  }

  private async stop(program: Running, seconds: number): Promise<ProgramEnd> {
    await Promise.race([passing(seconds * 1000), program.ended]);
    if (this.id === null) return harmless;
    this.tally.stops++;
    const end = await this.workspace.mmoe('stop', this.id);
    if (end.code === exitCodes.badInput && /is not training: it is/.test(end.stderr)) return harmless;
    return end;
  }

  /** Lists and shows runs while one of them trains. */
  private async watch(seconds: number): Promise<ProgramEnd> {
    await passing(seconds * 1000);
    await this.workspace.expectShown(await this.workspace.runs());
    return harmless;
  }
}

const harmless: ProgramEnd = { code: exitCodes.done, signal: null, stdout: '', stderr: '' };
