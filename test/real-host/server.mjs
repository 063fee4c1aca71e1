import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { modules } from '../../scripts/paths.mjs';
import { minutes, patience } from '../patience.mjs';
import { node24 } from './prerequisites.mjs';
import { installServerModules } from './server-modules.mjs';
import { quietSettings } from './user-settings.mjs';

const entry = join(modules, 'code-server/out/node/entry.js');

/**
 * A VS Code server has folders of its own, and nothing of the person's.
 * @typedef {object} Server
 * @property {number} port
 * @property {string} url without a slash at the end
 * @property {string} folder its home: user data, extensions, temporary files
 * @property {() => Promise<void>} stop ends the server and all that it started, and deletes its folder
 */

/**
 * @param {object} options
 * @param {string[]} [options.extensions] packages (.vsix) to install first
 * @param {Record<string, unknown>} [options.settings] the user's settings, beside the quiet ones
 * @param {boolean} [options.trust] false: VS Code asks whether to trust a folder
 * @param {boolean} [options.testDriver] lets a page start tests inside the extension host
 * @param {Record<string, string>} [options.env] reaches the extension host
 * @param {number} [options.port]
 * @returns {Promise<Server>}
 */
export async function startServer({
  extensions = [],
  settings = {},
  trust = true,
  testDriver = false,
  env = {},
  port: wanted = 0,
} = {}) {
  await installServerModules();
  // Unix sockets below it must stay under about 100 characters: hence a short path.
  const folder = await mkdtemp(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'mm-'));
  for (const name of ['home', 'tmp', 'run', 'ud/User', 'ext'])
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'config.yaml'), '');
  const userSettings = { ...quietSettings, 'security.workspace.trust.enabled': !trust, ...settings };
  await writeFile(join(folder, 'ud/User/settings.json'), JSON.stringify(userSettings, null, 2));

  const options = { cwd: folder, env: { ...serverEnvironment(folder), ...env } };
  const place = [
    '--config',
    join(folder, 'config.yaml'),
    '--user-data-dir',
    join(folder, 'ud'),
    '--extensions-dir',
    join(folder, 'ext'),
  ];
  for (const extension of extensions)
    await promisify(execFile)(
      node24,
      [entry, ...place, '--install-extension', extension, '--force'],
      options,
    );

  const flags = [
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${wanted}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--disable-proxy',
    '--ignore-last-opened',
  ];
  if (trust) flags.push('--disable-workspace-trust');
  if (testDriver) flags.push('--vscode-option', 'enable-smoke-test-driver');
  const child = spawn(node24, [entry, ...place, ...flags], {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(folder, 'server.log'));
  child.stderr.pipe(log, { end: false });

  const stop = async () => {
    if (child.pid !== undefined) await endGroup(child.pid);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const port = await listeningPort(child, log);
    return { port, url: `http://127.0.0.1:${port}`, folder, stop };
  } catch (error) {
    const said = await readFile(join(folder, 'server.log'), 'utf8').catch(() => '');
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the VS Code server did not start: ${reason}\n${said.slice(-2000)}`, { cause: error });
  }
}

/** @param {string} folder */
function serverEnvironment(folder) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (
      value !== undefined &&
      !/^(VSCODE_|npm_|ELECTRON_)/.test(name) &&
      !['NODE_OPTIONS', 'PORT', 'NODE_ENV', 'VITEST'].includes(name)
    )
      env[name] = value;
  }
  const home = join(folder, 'home');
  return {
    ...env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    TMPDIR: join(folder, 'tmp'),
    EXTENSIONS_GALLERY: '{}',
  };
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable,
 *   import('node:stream').Readable>} child
 * @param {import('node:stream').Writable} log
 * @returns {Promise<number>}
 */
function listeningPort(child, log) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`it said no port within ${patience.wait} minutes`)),
      minutes(patience.wait),
    );
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      const port = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(late);
      resolve(Number(port));
    });
  });
}

/**
 * Ends a process group, gently at first.
 * @param {number} pid
 */
async function endGroup(pid) {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    try {
      process.kill(-pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < 3000 && alive(pid); waited += 100) await sleep(100);
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
