import { spawn, type ChildProcess } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Chance } from './chance.js';

/** A build of the program. */
export interface Program {
  readonly script: string;
  /** die-at-call.mjs. */
  readonly preload: string;
}

/** A build of the program whose engines compute with certain targets. */
export interface ProgramOnTargets extends Program {
  readonly targets: { readonly fused: string; readonly tensorflow: string };
}

/**
 * Copies the built program twice into `folder`: as it is, and without what is fast. So both engines are met
 * with both of the targets that they have on their own.
 */
export async function copyPrograms(
  { dist, preload }: { dist: string; preload: string },
  folder: string,
): Promise<readonly ProgramOnTargets[]> {
  const [whole, portable] = [join(folder, 'whole'), join(folder, 'portable')];
  for (const copy of [whole, portable]) await cp(dist, copy, { recursive: true });
  await rm(join(portable, 'fused/native.node'));
  await rm(join(portable, 'tfjs'), { recursive: true });
  return [
    { script: join(whole, 'cli.js'), preload, targets: { fused: 'native', tensorflow: 'tfjs wasm' } },
    { script: join(portable, 'cli.js'), preload, targets: { fused: 'wasm', tensorflow: 'tfjs cpu' } },
  ];
}

export interface ProgramEnd {
  /** Null: killed by a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const unexpected = ({ code, signal, stdout, stderr }: ProgramEnd): Error =>
  new Error(`the program ended with ${signal ?? code}: ${stderr.trim() || stdout.trim()}`);

/** The call of the file system at which a process ends (die-at-call.mjs). */
export interface DeadlyCall {
  readonly seen: string;
  readonly calls: number;
  readonly moment: 'before' | 'half' | 'after';
}

const moments = ['before', 'half', 'after'] as const;

/** Draws a call: early ones, those of a checkpoint and those of the end are as likely as all others. */
export function deadlyCall(chance: Chance): DeadlyCall {
  const seen = chance.of(['', '', 'safetensors', '"type":"end"', 'run.json.lock', 'resume']);
  return { seen, calls: chance.upTo(seen === '' ? 500 : 40), moment: chance.of(moments) };
}

/** The program, running. */
export class Running {
  readonly ended: Promise<ProgramEnd>;
  private readonly child: ChildProcess;
  private peak = 0;

  constructor(program: Program, cwd: string, args: readonly string[], deadly: DeadlyCall | null = null) {
    const preload = pathToFileURL(program.preload).href;
    this.child = spawn(
      process.execPath,
      [...(deadly === null ? [] : ['--import', preload]), program.script, ...args],
      {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          NO_COLOR: '1',
          ...(deadly !== null && { MMOE_DIE_AT: JSON.stringify(deadly) }),
        },
      },
    );
    let [stdout, stderr] = ['', ''];
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The largest memory that it was seen with, in bytes. */
  get peakBytes(): number {
    return this.peak;
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    this.peak = Math.max(this.peak, await peakBytes(this.pid));
    this.child.kill(signal);
  }
}

/** Returns the largest memory that a process has had; 0 where it is gone, or the system does not tell. */
async function peakBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
