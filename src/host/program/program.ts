import { execFile, spawn as spawnProcess, type SpawnOptions } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { open } from 'node:fs/promises';

/**
 * Starting the trainer program, which is not this process's child in anything but birth: no pipes, a session
 * of its own.
 */

export interface Program {
  /** Node, or the editor acting as Node. */
  readonly node: string;
  /** dist/cli.js */
  readonly script: string;
}

export interface ProgramEnd {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Launched {
  readonly pid: number;
  /** Resolves when it ends, if this window is still there. */
  readonly ended: Promise<ProgramEnd>;
}

/** What is used of node:child_process; tests give their own. */
export type Spawn = (
  command: string,
  args: readonly string[],
  options: SpawnOptions,
) => EventEmitter & { readonly pid?: number; unref(): void };

/** The program could not be started at all. */
export class LaunchError extends Error {
  constructor(
    readonly node: string,
    reason: string,
  ) {
    super(`The trainer program could not be started with ${node}: ${reason}`);
    this.name = 'LaunchError';
  }
}

/** What makes the editor's executable act as Node. */
export const programEnvironmentOverrides: Record<string, string> = { ELECTRON_RUN_AS_NODE: '1' };

/**
 * The environment of the program: the editor's, but for what would make Node act as the editor's own
 * processes do.
 */
export function programEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_)/.test(name) && name !== 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(kept), ...programEnvironmentOverrides, NO_COLOR: '1' };
}

/** Starts it detached, its output appended to `log`. Throws a LaunchError. */
export async function launch(
  program: Program,
  args: readonly string[],
  options: { folder: string; log: string; spawn?: Spawn },
): Promise<Launched> {
  const log = await open(options.log, 'a');
  try {
    const child = (options.spawn ?? spawnProcess)(program.node, [program.script, ...args], {
      cwd: options.folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
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
    await log.close();
  }
}

export interface ProgramOutput extends ProgramEnd {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a short command of the program to its end; `input` goes to its standard input. Throws a LaunchError,
 * or the signal's AbortError.
 */
export function ask(
  program: Program,
  args: readonly string[],
  folder: string,
  options: { signal?: AbortSignal; input?: string } = {},
): Promise<ProgramOutput> {
  return new Promise((resolve, reject) => {
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
        const aborted: unknown = options.signal?.aborted === true ? options.signal.reason : undefined;
        if (error !== null && aborted instanceof Error) reject(aborted);
        else if (error !== null && typeof error.code === 'string')
          reject(new LaunchError(program.node, error.message));
        else resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
    // A program that ends before it has read its input closes the pipe; its exit says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** The `error: …` lines of what the program printed, without the word; empty when there is none. */
export function errorsIn(output: string): string {
  return [...output.matchAll(/^error: (.*)$/gm)].map((match) => match[1]!.trim()).join('\n');
}
