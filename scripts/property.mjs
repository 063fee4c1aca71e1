/**
 * Draws random tables, writes each into files of several formats, and compares what the program reads with the
 * tables' own values: `npm run property -- --minutes 60 --seed 1`. Prints each failure with its seed and the
 * smallest table that shows it, goes on with the next seed, and fails at the end if there was any.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { modules, root } from './paths.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
const { status } = spawnSync(
  process.execPath,
  [
    join(modules, 'vitest/vitest.mjs'),
    'run',
    'test/tables',
    '--disable-console-intercept',
    `--testTimeout=${Math.ceil((minutes + 20) * 60_000)}`,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MMOE_PROPERTY_MINUTES: String(minutes), MMOE_PROPERTY_SEED: values.seed },
  },
);
process.exitCode = status ?? 1;
