/**
 * `npm start`: builds and packages, makes sample/, trains its experiments here in the terminal, and opens VS
 * Code on it: the desktop's where `code` is on the PATH, else the packaged server, until Ctrl-C. `--
 * --headless` stops after the training; `--server` takes the server even where there is a desktop; `--port
 * 8080` names its port.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { missingForRealHost } from '../test/real-host/prerequisites.mjs';
import { startServer } from '../test/real-host/server.mjs';
import { packageExtension } from './package/package-extension.mjs';
import { dist, root } from './paths.mjs';

const { values } = parseArgs({
  options: {
    headless: { type: 'boolean' },
    server: { type: 'boolean' },
    port: { type: 'string', default: '0' },
  },
});
const sample = join(root, 'sample');
const program = join(dist, 'cli.js');

await step('Building', [join(root, 'scripts/build.mjs')]);
const { file: vsix } = await packageExtension();
console.log(`Packaged ${relative(root, vsix)}`);
await step('Making the sample workspace', [program, 'sample', sample]);
for (const name of (await readdir(sample)).filter((entry) => entry.endsWith('.mmoe.json')).sort()) {
  await step(`Training ${name}`, [program, 'train', join(sample, name)]);
}

if (values.headless) console.log(`\nDone. The runs are in ${relative(root, join(sample, '.mmoe/runs'))}.`);
else if (!values.server && desktopCode()) openDesktop();
else await serve();

/**
 * Runs Node on a script of ours, its output ours; ends where it fails.
 * @param {string} title
 * @param {string[]} args
 */
async function step(title, args) {
  console.log(`\n${title}`);
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(code ?? 1);
}

function desktopCode() {
  return (
    spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0
  );
}

function openDesktop() {
  const shell = process.platform === 'win32';
  const installed = spawnSync('code', ['--install-extension', vsix, '--force'], { stdio: 'inherit', shell });
  if (installed.status !== 0) process.exit(installed.status ?? 1);
  spawnSync('code', [sample], { stdio: 'inherit', shell });
}

async function serve() {
  const missing = missingForRealHost({ browser: false });
  if (missing !== null) {
    console.error(
      `error: VS Code’s command \`code\` is not on the PATH, and the packaged server cannot run here: ` +
        `${missing}. Install ${relative(root, vsix)} by hand and open ${sample}.`,
    );
    process.exit(1);
  }
  const server = await startServer({ extensions: [vsix], port: Number(values.port) });
  console.log(`\nVS Code is at ${server.url}/?folder=${encodeURIComponent(sample)}\nCtrl-C ends it.`);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
