/**
 * Builds dist/: the extension, the trainer program, the pages, the schema and the native files they load.
 * `--debug` builds for a debugger: source maps, and nothing minified. `--watch` builds again as files
 * change.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, context } from 'esbuild';
import { bundleOptions } from './build/bundles.mjs';
import { checkExtensionBundle } from './build/check-extension-bundle.mjs';
import { copyRuntimeFiles } from './build/runtime-files.mjs';
import { writeTensorflowLock } from './build/tensorflow-lock.mjs';
import { writeSchemas } from './build/write-schemas.mjs';
import { dist, out } from './paths.mjs';

const watching = process.argv.includes('--watch');
const bundles = watching || process.argv.includes('--debug') ? bundleOptions.map(debuggable) : bundleOptions;
if (watching) await watch();
else await buildOnce().catch(explain);

/**
 * @param {typeof bundleOptions[number]} bundle
 * @returns {typeof bundleOptions[number]}
 */
function debuggable({ name, options }) {
  const readable = { minify: false, minifySyntax: false, minifyWhitespace: false };
  return { name, options: { ...options, ...readable, sourcemap: 'linked' } };
}

/** dist/ is replaced only when all is well, so that a mistake leaves the last good one. */
async function buildOnce() {
  const results = await Promise.all(bundles.map(({ options }) => build({ ...options, write: false })));
  await rm(dist, { recursive: true, force: true });
  await rm(join(out, 'meta'), { recursive: true, force: true });
  await mkdir(join(out, 'meta'), { recursive: true });
  for (const [index, { name }] of bundles.entries()) {
    const { outputFiles = [], metafile } = results[index] ?? {};
    if (metafile === undefined) throw new Error(`${name}: esbuild gave no metafile`);
    if (name === 'extension' && bundles === bundleOptions) checkExtensionBundle(metafile);
    for (const { path, contents } of outputFiles) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, contents);
    }
    await writeFile(join(out, 'meta', `${name}.json`), JSON.stringify(metafile));
    const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
    console.log(`${name.padEnd(10)} ${String(Math.round(bytes / 1000)).padStart(6)} kB`);
  }
  await copyRuntimeFiles();
  await writeTensorflowLock();
  await writeSchemas();
}

async function watch() {
  await copyRuntimeFiles();
  await writeTensorflowLock();
  await writeSchemas();
  for (const { options } of bundles) await (await context(options)).watch();
  console.log('watching; Ctrl-C ends');
}

/**
 * esbuild has already said what it found, with the place.
 * @param {unknown} error
 */
function explain(error) {
  if (!(error instanceof Error && 'errors' in error))
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
