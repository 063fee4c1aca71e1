import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import * as v from 'valibot';
import { readManifest } from '../../src/run/manifest.js';
import { isLive } from '../../src/shared/run/run-status.js';
import { exitCodes } from '../../src/shared/exit-codes.js';
import { eventually } from '../eventually.mjs';
import type { Chance } from './chance.js';
import { DisturbedRun } from './disturbed-run.js';
import type { EndureWorkspace } from './endure-workspace.js';
import { deadlyCall, unexpected, type ProgramEnd } from './programs.js';
import type { Tally } from './tally.js';

const heartbeatSchema = v.object({ pid: v.number() });

/** What is said where there is nothing to go on with, because no run was made, or all have finished. */
const nothingToDo = /comparison \S+ has finished|there is no comparison/;

/**
 * Kills a comparison, one of its trainers, or both, goes on with it, and kills that, too; some of its runs are
 * resumed by themselves.
 */
export class DisturbedComparison {
  /** `args` begin it; `seconds` is how long it takes if nobody disturbs it. */
  constructor(
    private readonly workspace: EndureWorkspace,
    private readonly begin: { readonly args: readonly string[]; readonly id: string },
    private readonly seconds: number,
    private readonly chance: Chance,
    private readonly tally: Tally,
  ) {}

  /** Trains until all runs are done. */
  async train(kills: number): Promise<void> {
    const { workspace, chance, tally } = this;
    const until = tally.kills + kills;
    for (let attempt = 0; attempt < kills * 2 && tally.kills < until; attempt++) {
      await this.disturb();
      await eventually('the end of all trainers', async () => !(await isAnyTraining(workspace)), {
        every: 20,
      });
      await workspace.expectAtRest();
      const ids = await workspace.runs();
      await workspace.expectShown(ids);
      const id = ids[Math.floor(chance.between(0, ids.length))];
      if (id !== undefined && chance.happens(0.2))
        await new DisturbedRun(workspace, chance, tally, this.seconds / 2).resume(id, 1);
    }
    const end = await workspace.mmoe(...(await this.command()));
    if (end.code !== exitCodes.done && !nothingToDo.test(end.stderr)) throw unexpected(end);
  }

  private async command(): Promise<readonly string[]> {
    const { args, id } = this.begin;
    const begun = (await this.workspace.runs()).length > 0;
    return begun ? ['compare', '--resume', id, '--parallel', '2'] : [...args, '--id', id];
  }

  private async disturb(): Promise<void> {
    const { workspace, chance, tally, seconds } = this;
    const kind = chance.of(['program', 'program', 'trainer', 'both', 'call', 'interrupt']);
    const program = workspace.start(await this.command(), kind === 'call' ? deadlyCall(chance) : null);
    const moment = passing(chance.between(0, seconds * 700));
    await Promise.race([kind === 'call' ? program.ended : moment, program.ended]);
    if (kind === 'trainer' || kind === 'both')
      for (const id of await workspace.runs())
        if (chance.happens(0.5)) tally.kills += await killTrainer(workspace, id);
    if (kind === 'program' || kind === 'both') await program.signal('SIGKILL');
    if (kind === 'interrupt') {
      await program.signal('SIGINT');
      tally.stops++;
    }
    const end = await program.ended;
    if (end.signal === 'SIGKILL') {
      tally.kills++;
      if (kind === 'call') tally.atCalls++;
    } else if (!mayEndLike(kind, end)) throw unexpected(end);
  }
}

/** Returns whether a comparison may end like this that was disturbed in this way. */
function mayEndLike(kind: string, { code, stderr }: ProgramEnd): boolean {
  if (code === exitCodes.done || nothingToDo.test(stderr)) return true;
  if (kind === 'interrupt') return code === exitCodes.stopped || code === null;
  // Its trainers are met by the same call as the program.
  return code === exitCodes.failed && /^error: .*its trainer/m.test(stderr);
}

/** Returns the ids of runs by their names. */
export async function runsByName(workspace: EndureWorkspace): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const id of await workspace.runs()) {
    const reading = await readManifest(workspace.runFolder(id));
    if (reading.state === 'ok') names.set(reading.manifest.name, id);
  }
  return names;
}

/**
 * Returns whether any run trains, or will: a trainer that has just been started takes its run later, and gives it back
 * when it finds its program gone.
 */
async function isAnyTraining(workspace: EndureWorkspace): Promise<boolean> {
  if (await isAnyTrainer(workspace)) return true;
  const all = await Promise.all((await workspace.runs()).map((id) => workspace.status(id)));
  return all.some((status) => isLive({ status }));
}

async function isAnyTrainer({ runsFolder }: EndureWorkspace): Promise<boolean> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const commands = processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(commands)).some(
    (command) => command.includes('serve-training') && command.includes(runsFolder),
  );
}

/** Kills the process that trains a run. Returns how many were killed: one, or none. */
async function killTrainer(workspace: EndureWorkspace, id: string): Promise<number> {
  const heartbeat = join(workspace.runFolder(id), 'heartbeat');
  const text = await readFile(heartbeat, 'utf8').catch(() => '');
  if (text === '') return 0;
  const { pid } = v.parse(heartbeatSchema, JSON.parse(text));
  // Only a trainer of these runs: the number may be another process's by now.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!command.includes('serve-training') || !command.includes(workspace.runsFolder)) return 0;
  try {
    process.kill(pid, 'SIGKILL');
    return 1;
  } catch {
    return 0;
  }
}
