import { spawn } from 'node:child_process';
import { patience } from '../../test/patience.mjs';
import { root } from '../paths.mjs';
import { watchForLife } from './sign-of-life.mjs';

/** The processes that run, each the leader of a group of its own. @type {Set<number>} */
const leaders = new Set();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.once(signal, () => {
    leaders.forEach(endGroup);
    process.exit(130);
  });

/**
 * Runs a program and keeps what it says. One that hangs is ended, with all that it has started: one of which
 * nothing is heard for long, neither a word nor a change of the file `lifeSign`.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, lifeSign?: string }} [options]
 * @returns {Promise<{ code: number | null, output: string, stdout: string, hung: boolean }>}
 */
export function runCommand(program, args, { cwd = root, env = process.env, lifeSign } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Windows has no process groups, and would open a window.
      detached: process.platform !== 'win32',
    });
    const { pid } = child;
    if (pid !== undefined) leaders.add(pid);
    let output = '';
    let stdout = '';
    let hung = false;
    const watch = watchForLife(lifeSign, () => {
      hung = true;
      output += `\nended: no sign of life for ${patience.suite} minutes\n`;
      if (pid !== undefined) endGroup(pid);
    });
    const say = (/** @type {string} */ text) => {
      watch.heard();
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      say(text);
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', say);
    child.on('error', (error) => say(String(error)));
    child.on('close', (code) => {
      watch.end();
      if (pid !== undefined) leaders.delete(pid);
      resolve({ code, output, stdout, hung });
    });
  });
}

/** @param {number} leader */
function endGroup(leader) {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
