import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { dist, out, root } from '../paths.mjs';

const sources = {
  experiment: { file: 'src/experiment/json-schema.ts', make: 'experimentJsonSchema' },
  study: { file: 'src/study/json-schema.ts', make: 'studyJsonSchema' },
};

/** Writes dist/schemas, which the editor completes and checks experiment and study files with. */
export async function writeSchemas() {
  await mkdir(join(dist, 'schemas'), { recursive: true });
  for (const [name, { file, make }] of Object.entries(sources)) {
    const bundle = join(out, 'build', `${name}-schema.mjs`);
    await build({
      entryPoints: [join(root, file)],
      outfile: bundle,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'warning',
    });
    const made = await import(`${pathToFileURL(bundle).href}?${Date.now()}`);
    await writeFile(
      join(dist, 'schemas', `${name}.schema.json`),
      `${JSON.stringify(made[make](), null, 2)}\n`,
    );
  }
}
