import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { modules, out } from '../paths.mjs';
import { runCommand } from './command.mjs';
import { failure } from './run-steps.mjs';

/**
 * Runs vitest with a config; fails where it crashed, ran nothing or left no report.
 * @param {string} name of the report
 * @param {string[]} args
 * @param {string[]} [prefix] a command that runs another, such as offlinePrefix()
 * @returns {Promise<import('./run-steps.mjs').StepResult>}
 */
export async function vitestSuite(name, args, prefix = []) {
  const report = join(out, 'reports', `${name}.json`);
  await mkdir(join(out, 'reports'), { recursive: true });
  await rm(report, { force: true });
  const vitest = [
    process.execPath,
    join(modules, 'vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=./scripts/test/vitest-reporter.mjs',
  ];
  const [program = '', ...rest] = [...prefix, ...vitest, ...args];
  const { code, output } = await runCommand(program, rest, {
    env: { ...process.env, MMOE_TEST_REPORT: report, MMOE_OFFLINE: prefix.length > 0 ? '1' : '0' },
  });
  const text = await readFile(report, 'utf8').catch(() => null);
  if (text === null) return failure(output);
  /** @type {{ passed: number, failed: string[], skipped: { name: string, reason: string }[] }} */
  const { passed, failed, skipped } = JSON.parse(text);
  if (failed.length === 0 && code !== 0) failed.push(`vitest ended with code ${code}`);
  if (passed + failed.length === 0) failed.push('no test ran');
  return { passed, failed: failed.length, skipped, output: `${output}\n${failed.join('\n')}` };
}
