/**
 * `npm run endure -- [--kills N] [--minutes M] [--seed S]`: trains experiments of all variants on both engines
 * with the program in dist/, kills and stops them at random moments, resumes them, and compares how they end
 * with runs that nobody has disturbed. Ends at the first that differs, and says how to see it again.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { dist, out, root } from './paths.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    dist: { type: 'string', default: dist },
  },
});
const [kills, minutes, seed] = [values.kills, values.minutes, values.seed].map(Number);
if (
  kills === undefined ||
  minutes === undefined ||
  seed === undefined ||
  !(kills >= 0 && minutes >= 0 && seed >= 0)
) {
  console.error('error: --kills, --minutes and --seed take numbers');
  process.exit(2);
}

const outfile = join(out, 'endure/endure.mjs');
await build({
  entryPoints: [join(root, 'test/endure/endure.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
});
/** @type {typeof import('../test/endure/endure.js')} */
const { endure } = await import(pathToFileURL(outfile).href);
try {
  await endure({
    ...{ kills, minutes, seed },
    dist: values.dist,
    preload: join(root, 'test/endure/die-at-call.mjs'),
    print: (line) => console.log(`${new Date().toISOString()} ${line}`),
  });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
