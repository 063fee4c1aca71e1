import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { dist, out, root } from '../paths.mjs';

const source = join(root, 'src/experiment/json-schema.ts');

/**
 * Writes dist/schemas/experiment.schema.json, which the editor completes and checks experiment files with.
 */
export async function writeExperimentSchema() {
  const bundle = join(out, 'build', 'json-schema.mjs');
  await build({
    entryPoints: [source],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  const { experimentJsonSchema } = await import(`${pathToFileURL(bundle).href}?${Date.now()}`);
  await mkdir(join(dist, 'schemas'), { recursive: true });
  await writeFile(
    join(dist, 'schemas', 'experiment.schema.json'),
    `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`,
  );
}
