import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * How a process has ended, and what it took.
 * @typedef {object} Watched
 * @property {number | null} code null: a signal ended it
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 * @property {number} seconds
 * @property {number} megabytes the most memory that it had resident; 0 where the system does not tell
 * @property {'time' | 'memory' | null} limit what it was ended for
 */

/** @typedef {{ seconds: number, megabytes: number }} Limits */

/**
 * Runs Node on a script and watches its time and memory.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, input?: Buffer }} where
 * @param {Limits} limits
 * @returns {Promise<Watched>}
 */
export function watched(args, { cwd, env, input }, limits) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const { pid } = child;
    let [stdout, stderr, megabytes] = ['', '', 0];
    /** @type {Watched['limit']} */
    let limit = null;
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.stdin.on('error', () => undefined).end(input);
    const look = setInterval(() => {
      megabytes = Math.max(megabytes, pid === undefined ? 0 : mostMemory(pid));
      if (megabytes > limits.megabytes) limit ??= 'memory';
      if (performance.now() - start > limits.seconds * 1000) limit ??= 'time';
      if (limit !== null) child.kill('SIGKILL');
    }, 40);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(look);
      resolve({
        code,
        signal,
        stdout,
        stderr,
        seconds: (performance.now() - start) / 1000,
        megabytes,
        limit,
      });
    });
  });
}

/**
 * Returns the most memory that a process had resident so far, in megabytes; only Linux tells.
 * @param {number} pid
 */
function mostMemory(pid) {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}
