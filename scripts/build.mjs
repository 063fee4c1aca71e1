/** Builds dist/: the extension, the trainer program, the pages, the schema and the native files they load. `--watch` rebuilds. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { context } from 'esbuild';
import { checkExtensionBundle } from './build/check-extension-bundle.mjs';
import { bundleOptions } from './build/bundles.mjs';
import { copyRuntimeFiles } from './build/runtime-files.mjs';
import { writeExperimentSchema } from './build/write-experiment-schema.mjs';
import { dist, out } from './paths.mjs';

const watch = process.argv.includes('--watch');
const present = bundleOptions.filter(({ entry }) => existsSync(entry));
for (const { entry } of bundleOptions) if (!existsSync(entry)) console.log(`not there yet, skipped: ${entry}`);

await rm(dist, { recursive: true, force: true });
await rm(join(out, 'meta'), { recursive: true, force: true });
const contexts = await Promise.all(present.map(({ options }) => context(options)));

if (watch) {
  await copyRuntimeFiles();
  await writeExperimentSchema();
  await Promise.all(contexts.map((bundle) => bundle.watch()));
  console.log('watching; Ctrl-C ends');
} else {
  const results = await Promise.all(contexts.map((bundle) => bundle.rebuild()));
  await Promise.all(contexts.map((bundle) => bundle.dispose()));
  for (const [index, { name }] of present.entries()) {
    const metafile = results[index]?.metafile;
    if (metafile === undefined) throw new Error(`${name}: esbuild gave no metafile`);
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    console.log(`${name.padEnd(10)} ${String(Math.round(bytes / 1000)).padStart(6)} kB`);
    await mkdir(join(out, 'meta'), { recursive: true });
    await writeFile(join(out, 'meta', `${name}.json`), JSON.stringify(metafile));
    if (name === 'extension') checkExtensionBundle(metafile);
  }
  await copyRuntimeFiles();
  await writeExperimentSchema();
}
