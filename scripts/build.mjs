/**
 * Builds dist/: the extension, the trainer program, the pages, the schema and the native files they load.
 * `--watch` rebuilds.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, context } from 'esbuild';
import { bundleOptions } from './build/bundles.mjs';
import { checkExtensionBundle } from './build/check-extension-bundle.mjs';
import { copyRuntimeFiles } from './build/runtime-files.mjs';
import { writeExperimentSchema } from './build/write-experiment-schema.mjs';
import { dist, out } from './paths.mjs';

if (process.argv.includes('--watch')) await watch();
else await buildOnce().catch(explain);

/** dist/ is replaced only when all is well, so that a mistake leaves the last good one. */
async function buildOnce() {
  const results = await Promise.all(bundleOptions.map(({ options }) => build({ ...options, write: false })));
  await rm(dist, { recursive: true, force: true });
  await rm(join(out, 'meta'), { recursive: true, force: true });
  await mkdir(join(out, 'meta'), { recursive: true });
  for (const [index, { name }] of bundleOptions.entries()) {
    const { outputFiles = [], metafile } = results[index] ?? {};
    if (metafile === undefined) throw new Error(`${name}: esbuild gave no metafile`);
    if (name === 'extension') checkExtensionBundle(metafile);
    for (const { path, contents } of outputFiles) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, contents);
    }
    await writeFile(join(out, 'meta', `${name}.json`), JSON.stringify(metafile));
    const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
    console.log(`${name.padEnd(10)} ${String(Math.round(bytes / 1000)).padStart(6)} kB`);
  }
  await copyRuntimeFiles();
  await writeExperimentSchema();
}

async function watch() {
  await copyRuntimeFiles();
  await writeExperimentSchema();
  for (const { options } of bundleOptions) await (await context(options)).watch();
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
