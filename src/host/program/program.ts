import { execFile, spawn as spawnProcess, type SpawnOptions } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { doLater } from '../../run/files/file-work.js';
import { close, openToAppend } from '../../run/files/run-file.js';
import { formatBytes } from '../../shared/numbers.js';

/**
 * Starts the trainer program. It is detached, with a session of its own and no pipes, so that it outlives the
 * editor.
 */

export interface Program {
  /** The executable: Node, or the editor acting as Node. */
  readonly node: string;
  /** The script dist/cli.js. */
  readonly script: string;
}

export interface ProgramEnd {
  /** The exit code; null if a signal ended the program. */
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Launched {
  readonly pid: number;
  /** Resolves when the program ends, if this window is still open then. */
  readonly ended: Promise<ProgramEnd>;
}

/** The part of `spawn` of node:child_process that is used; tests pass their own. */
export type Spawn = (
  command: string,
  args: readonly string[],
  options: SpawnOptions,
) => EventEmitter & { readonly pid?: number; unref(): void };

/** Says that the program could not be started at all. */
export class LaunchError extends Error {
  constructor(
    readonly node: string,
    reason: string,
  ) {
    super(`The trainer program could not be started with ${node}: ${reason}`);
    this.name = 'LaunchError';
  }
}

/** Says that a program has taken more memory than it was given, and was ended. */
export class MemoryError extends Error {
  constructor(readonly bytes: number) {
    super(`The trainer program took more than ${formatBytes(bytes)} of memory and was ended.`);
    this.name = 'MemoryError';
  }
}

/** These variables make the editor’s executable act as Node. */
export const programEnvironmentOverrides: Record<string, string> = { ELECTRON_RUN_AS_NODE: '1' };

/**
 * Returns the environment for the program: the editor’s own, without the variables that would make Node act
 * as one of the editor’s processes.
 */
export function programEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_)/.test(name) && name !== 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(kept), ...programEnvironmentOverrides, NO_COLOR: '1' };
}

/** Starts the program detached, and appends its output to `log`. Throws a LaunchError. */
export async function launch(
  program: Program,
  args: readonly string[],
  options: { folder: string; log: string; spawn?: Spawn },
): Promise<Launched> {
  const log = await doLater(openToAppend(options.log));
  try {
    const child = (options.spawn ?? spawnProcess)(program.node, [program.script, ...args], {
      cwd: options.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: programEnvironment(process.env),
      windowsHide: true,
    });
    const ended = new Promise<ProgramEnd>((resolve) => {
      child.once('exit', (code: number | null, signal: string | null) => resolve({ code, signal }));
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error: Error) => reject(new LaunchError(program.node, error.message)));
    });
    child.unref();
    return { pid: child.pid ?? 0, ended };
  } finally {
    await doLater(close(log));
  }
}

export interface ProgramOutput extends ProgramEnd {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a short command of the program to its end; `input` goes to its standard input, and one that takes more
 * than `memory` bytes is ended, where that can be seen (Linux); `onError` hears at once what it writes to its
 * standard error. Throws a LaunchError, a MemoryError or the
 * signal's AbortError.
 */
export function ask(
  program: Program,
  args: readonly string[],
  folder: string,
  options: {
    signal?: AbortSignal;
    input?: string;
    memory?: number;
    onError?: (text: string) => void;
  } = {},
): Promise<ProgramOutput> {
  return new Promise((resolve, reject) => {
    let watch: NodeJS.Timeout | undefined;
    let isOver = false;
    const child = execFile(
      program.node,
      [program.script, ...args],
      {
        cwd: folder,
        env: programEnvironment(process.env),
        maxBuffer: 1 << 26,
        windowsHide: true,
        signal: options.signal,
      },
      (error, stdout, stderr) => {
        clearInterval(watch);
        const aborted: unknown = options.signal?.aborted === true ? options.signal.reason : undefined;
        if (isOver) reject(new MemoryError(memory ?? 0));
        else if (error !== null && aborted instanceof Error) reject(aborted);
        else if (error !== null && typeof error.code === 'string')
          reject(new LaunchError(program.node, error.message));
        else resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
    const { memory } = options;
    if (memory !== undefined)
      watch = setInterval(() => {
        void residentBytes(child.pid).then((bytes) => {
          if (bytes <= memory || isOver) return;
          isOver = true;
          child.kill('SIGKILL');
        });
      }, memoryLookMilliseconds);
    const { onError } = options;
    if (onError !== undefined) child.stderr?.on('data', (text: string) => onError(text));
    // A program that ends before it has read its input closes the pipe; its exit code says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

const memoryLookMilliseconds = 200;

/** Returns the memory that a process holds just now; 0: that cannot be told, or it is gone. */
async function residentBytes(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Returns the `error: …` lines of what the program printed, without that word; empty if there are none. */
export function errorsIn(output: string): string {
  return [...output.matchAll(/^error: (.*)$/gm)].map((match) => match[1]!.trim()).join('\n');
}
