import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { modules, out } from '../../paths.mjs';
import { runCommand } from '../command.mjs';
import { vitestAgain } from '../failures.mjs';
import { failure } from '../run-steps.mjs';

/** @import { StepResult } from '../run-steps.mjs' */
/** @import { Report } from './vitest-reporter.mjs' */

const reports = join(out, 'reports');

/**
 * Runs vitest with a config; fails where it crashed, hung, ran nothing or left no report. While it runs,
 * `out/reports/<name>.running` says which tests do.
 * @param {string} name of the report
 * @param {string[]} config vitest's arguments that name its config
 * @param {string[]} [prefix] a command that runs another, such as offlinePrefix()
 * @returns {Promise<StepResult>}
 */
export async function vitestSuite(name, config, prefix = []) {
  const files = { report: join(reports, `${name}.json`), running: join(reports, `${name}.running`) };
  await mkdir(reports, { recursive: true });
  for (const file of Object.values(files)) await rm(file, { force: true });
  const vitest = [
    process.execPath,
    join(modules, 'vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=./scripts/test/suites/vitest-reporter.mjs',
  ];
  const [program = '', ...rest] = [...prefix, ...vitest, ...config];
  const { code, output, hung } = await runCommand(program, rest, {
    env: {
      ...process.env,
      MMOE_TEST_REPORT: files.report,
      MMOE_TEST_RUNNING: files.running,
      MMOE_OFFLINE: prefix.length > 0 ? '1' : '0',
    },
    lifeSign: files.running,
  });
  const text = await readFile(files.report, 'utf8').catch(() => null);
  if (text === null) return withoutReport(output, hung, files.running);
  /** @type {Report} */
  const { passed, failed, skipped } = JSON.parse(text);
  const failures = failed.map(({ says }) => says);
  if (failures.length === 0 && code !== 0) failures.push(`vitest ended with code ${code}`);
  if (passed + failures.length === 0) failures.push('no test ran');
  return { passed, failed: failures.length, skipped, output, failures, again: vitestAgain(config, failed) };
}

/**
 * @param {string} output
 * @param {boolean} hung
 * @param {string} running the file of what ran last
 * @returns {Promise<StepResult>}
 */
async function withoutReport(output, hung, running) {
  const ran = await readFile(running, 'utf8').catch(() => '');
  const failures = ran.split('\n').filter((name) => name !== '');
  return {
    ...failure(output),
    failures: failures.map((name) => `${hung ? 'hung' : 'vitest ended'} while this ran: ${name}`),
  };
}
