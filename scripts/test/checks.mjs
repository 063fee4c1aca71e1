import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { modules, root } from '../paths.mjs';
import { runCommand } from './command.mjs';

/** @import { Step } from './run-steps.mjs' */

/**
 * Lists the checks that look at the code without running it; each counts as one test.
 * @param {{ fix: boolean }} options
 * @returns {Step[]}
 */
export function checks({ fix }) {
  const rooms = ['src', 'webview', 'bench', 'test', 'scripts'].filter((folder) =>
    existsSync(join(root, folder)),
  );
  return [
    check('eslint', 'eslint/bin/eslint.js', ['.', ...(fix ? ['--fix'] : [])]),
    check('types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']),
    check('page-types', 'typescript/bin/tsc', ['-p', 'webview/tsconfig.json']),
    check('test-types', 'typescript/bin/tsc', ['-p', 'test/tsconfig.json']),
    check('walls', 'dependency-cruiser/bin/dependency-cruise.mjs', [
      '--config',
      '.dependency-cruiser.mjs',
      ...rooms,
    ]),
    check('dead-code', 'knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
    check('format', 'prettier/bin/prettier.cjs', [fix ? '--write' : '--check', '--log-level', 'warn', '.']),
  ];
}

/**
 * @param {string} name
 * @param {string} program below node_modules
 * @param {string[]} args
 * @returns {Step}
 */
function check(name, program, args) {
  return {
    name,
    run: async () => {
      const { code, output } = await runCommand(process.execPath, [join(modules, program), ...args]);
      const [passed, failed] = code === 0 ? [1, 0] : [0, 1];
      return { passed, failed, skipped: [], output, again: [`npm run lint -- ${name}`] };
    },
  };
}
