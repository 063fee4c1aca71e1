import { join } from 'node:path';
import { root } from '../paths.mjs';
import { runCommand } from './command.mjs';

/** @import { Step } from './run-steps.mjs' */

/** dist/, which checks that the extension's bundle stays light. @type {Step} */
export const buildStep = { name: 'build', run: () => script('build.mjs', []) };

/** The package, which checks that it holds what it needs and nothing else. @type {Step} */
export const packageStep = {
  name: 'package',
  after: ['build'],
  run: () => script('package.mjs', ['--no-build']),
};

/**
 * @param {string} name
 * @param {string[]} args
 */
async function script(name, args) {
  const { code, output } = await runCommand(process.execPath, [join(root, 'scripts', name), ...args]);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], output };
}
