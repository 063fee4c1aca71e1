import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { patience } from '../../test/patience.mjs';
import { launchChromium } from '../../test/real-host/chromium.mjs';
import { startServer } from '../../test/real-host/server.mjs';
import { packagePath } from '../package/package-extension.mjs';
import { out, root } from '../paths.mjs';
import { failure } from './run-steps.mjs';
import { watchForLife } from './sign-of-life.mjs';

const bundle = join(out, 'host');

/**
 * Runs test/host inside the extension host of a clean server that has the package installed.
 * @returns {Promise<import('./run-steps.mjs').StepResult>}
 */
export async function runHostTests() {
  await bundleTests();
  const workspace = await mkdtemp(join(tmpdir(), 'mm-ws-'));
  const report = join(workspace, '..', `${workspace.split('/').at(-1)}.json`);
  await mkdir(join(workspace, '.vscode'));
  const server = await startServer({
    extensions: [await packagePath()],
    testDriver: true,
    env: { MMOE_HOST_REPORT: report },
  });
  const browser = await launchChromium();
  /** @type {string[]} */
  const log = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.exposeFunction(
      'codeAutomationLog',
      (/** @type {string} */ _type, /** @type {unknown[]} */ args) => log.push(args.map(String).join(' ')),
    );
    /** @type {Promise<number>} */
    const ended = new Promise((resolve, reject) => {
      const watch = watchForLife(`${report}.running`, () => void hung(report).then(reject));
      void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => {
        watch.end();
        resolve(code);
      });
    });
    ended.catch(() => undefined);
    const remote = `vscode-remote://127.0.0.1:${server.port}`;
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', `${remote}${join(bundle, 'empty-extension')}`],
      ['extensionTestsPath', `${remote}${join(bundle, 'index.js')}`],
      ['skipWelcome', 'true'],
    ]);
    await page.goto(
      `${server.url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(payload)}`,
    );
    const code = await ended;
    const text = await readFile(report, 'utf8').catch(() => null);
    if (text === null) return failure(`no report; exit code ${code}\n${log.join('\n')}`);
    /** @type {{ passed: number, failed: string[], skipped: string[] }} */
    const { passed, failed, skipped } = JSON.parse(text);
    if (code !== 0 && failed.length === 0) failed.push(`the extension host said exit code ${code}`);
    if (passed + failed.length === 0) failed.push('no test ran');
    const notes = (await readFile(`${report}.notes`, 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '');
    return {
      passed,
      notes,
      failed: failed.length,
      skipped: skipped.map((name) => ({ name, reason: 'skipped in the test' })),
      output: failed.join('\n\n'),
      failures: failed,
    };
  } catch (error) {
    return failure(`${error instanceof Error ? error.message : String(error)}\n${log.slice(-40).join('\n')}`);
  } finally {
    await browser.close();
    await server.stop();
    await rm(workspace, { recursive: true, force: true });
    for (const file of [report, `${report}.notes`, `${report}.running`]) await rm(file, { force: true });
  }
}

/** @param {string} report beside which the tests say what runs */
async function hung(report) {
  const running = await readFile(`${report}.running`, 'utf8').catch(() => 'no test yet');
  return new Error(`no sign of life for ${patience.suite} minutes while this ran: ${running}`);
}

async function bundleTests() {
  const source = join(root, 'test/host');
  const files = (await readdir(source)).filter((name) => name === 'index.ts' || name.endsWith('.test.ts'));
  await rm(bundle, { recursive: true, force: true });
  await build({
    entryPoints: files.map((name) => join(source, name)),
    outdir: bundle,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  // The project's own package.json says ES modules; the host requires CommonJS here.
  await writeFile(join(bundle, 'package.json'), '{ "type": "commonjs" }\n');
  // VS Code wants an extension under development; ours is installed as the package, so this one is empty.
  await mkdir(join(bundle, 'empty-extension'), { recursive: true });
  await writeFile(
    join(bundle, 'empty-extension/package.json'),
    JSON.stringify({ name: 'empty', publisher: 'test', version: '0.0.1', engines: { vscode: '*' } }),
  );
}
