/**
 * Evaluates every setting of a space on Census-income once, for `npm run bench -- --tuner --table FOLDER` (build
 * first):
 *
 *   node bench/tuner/census-table.mjs --census FOLDER --out FOLDER [--parallel 2]
 *
 * `--census` has census-income.data.gz and census-income.test.gz (UCI, KDD); every tenth row of both is used. The
 * space is a grid of 500 settings of MMoE. It is trained as a study, so that a second call goes on where the first was
 * stopped. The folder that it writes to, with the rows, stays out of the project.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { root } from '../../scripts/paths.mjs';
import { bundleTuner } from '../bundle.mjs';
import { censusGrid } from './census-grid.mjs';

const { values } = parseArgs({
  options: {
    census: { type: 'string' },
    out: { type: 'string' },
    parallel: { type: 'string', default: '2' },
  },
});
if (values.census === undefined || values.out === undefined)
  throw new Error('name --census FOLDER and --out FOLDER');
const [census, out] = [resolve(values.census), resolve(values.out)];
mkdirSync(out, { recursive: true });
const files = { train: 'train.csv', test: 'test.csv' };
/** @param {string} from @param {string} to */
function writeTenth(from, to) {
  const lines = gunzipSync(readFileSync(join(census, from)))
    .toString()
    .trimEnd()
    .split('\n');
  writeFileSync(join(out, to), `${lines.filter((_, i) => i % 10 === 0).join('\n')}\n`);
}
writeTenth('census-income.data.gz', files.train);
writeTenth('census-income.test.gz', files.test);
const { censusStudy } = /** @type {typeof import('../../src/study/paper/census-study.js')} */ (
  await import(await bundleTuner())
);
const { base } = censusStudy('table1', { ...files, trials: 1, seeds: 1 });
const study = {
  name: 'census grid',
  base: { .../** @type {object} */ (base), training: { epochs: 5 } },
  vary: Object.fromEntries(censusGrid.map(({ path, values: all }) => [path, all])),
  seeds: 1,
};
writeFileSync(join(out, 'census.study.json'), `${JSON.stringify(study, null, 2)}\n`);
const args = [join(root, 'dist/cli.js'), 'study', 'census.study.json', '--parallel', values.parallel];
process.exitCode = spawnSync(process.execPath, args, { cwd: out, stdio: 'inherit' }).status ?? 1;
