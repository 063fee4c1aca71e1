/**
 * Changes valid experiments and the bytes of valid tables at random and holds what the program does with
 * them: exit code 0 or 2, errors in words of its own that name the file, no trace, no hang, little memory,
 * nothing outside of the workspace.
 *
 *   npm run fuzz -- [--files 300] [--minutes 60] [--seed 1] [--program dist/cli.js] [--keep FOLDER]
 *
 * Every file has its own seed, an even one for an experiment and an odd one for a table, so that
 * `--seed 4711 --files 1 --keep FOLDER` makes just that file again and leaves it. The last line says which
 * seed comes next.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Fuzzing } from './fuzz/fuzzing.mjs';
import { dist } from './paths.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '300' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: '1' },
    program: { type: 'string', default: join(dist, 'cli.js') },
    keep: { type: 'string' },
  },
});
const keep = values.keep === undefined ? null : resolve(values.keep);
if (keep !== null) await mkdir(keep, { recursive: true });
const fuzzing = await Fuzzing.begin({ program: resolve(values.program), keep });
const report = await fuzzing.run({
  seed: Number(values.seed),
  files: values.minutes === undefined ? Number(values.files) : Infinity,
  minutes: Number(values.minutes ?? Infinity),
  onFlaw: (text) => console.log(text),
  onProgress: (text) => console.log(text),
});
console.log(report.text);
process.exitCode = report.flawed === 0 ? 0 : 1;
