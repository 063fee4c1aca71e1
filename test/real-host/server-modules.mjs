import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { modules } from '../../scripts/paths.mjs';
import { once } from './once.mjs';
import { node24 } from './prerequisites.mjs';

const inner = join(modules, 'code-server/lib/vscode');

/**
 * Installs the dependencies of VS Code's server, which code-server's (silenced) install script would fetch.
 * It takes about 5 s, once after `npm ci`.
 */
export async function installServerModules() {
  await once(join(inner, 'node_modules/.package-lock.json'), async () => {
    /** @type {NodeJS.ProcessEnv} */
    const env = {};
    // The variables that the outer npm sets would make the inner one install into our folder.
    for (const [name, value] of Object.entries(process.env))
      if (!/^npm_(config|package|lifecycle)_/i.test(name)) env[name] = value;
    env['PATH'] = [dirname(node24), process.env['PATH']].join(delimiter);
    // Not `npm ci`: the lock that is shipped there misses a package.
    await promisify(execFile)(
      'npm',
      ['install', '--omit=dev', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'],
      {
        cwd: inner,
        env,
      },
    );
  });
}
