import { missingForRealHost } from '../../../test/real-host/prerequisites.mjs';
import { runHostTests } from '../host-tests.mjs';
import { offlinePrefix } from '../offline.mjs';
import { vitestSuite } from './vitest-suite.mjs';

/** @import { Step, StepResult } from '../run-steps.mjs' */

/** Tests inside the real extension host, on the installed package. @type {Step} */
export const hostSuite = {
  name: 'host',
  after: ['package'],
  run: () => whereThereIsAHost('tests inside the extension host', runHostTests),
};

/**
 * Keys pressed in the browser, on the installed package, without a network where that can be had. @type
 * {Step}
 */
export const endToEndSuite = {
  name: 'e2e',
  after: ['package'],
  alone: true,
  run: () =>
    whereThereIsAHost('end-to-end tests', () =>
      vitestSuite('e2e', ['--config', 'test/e2e/vitest.config.ts'], offlinePrefix()),
    ),
};

/**
 * @param {string} name
 * @param {() => Promise<StepResult>} run
 * @returns {Promise<StepResult>}
 */
async function whereThereIsAHost(name, run) {
  const missing = missingForRealHost({ browser: true });
  return missing === null
    ? run()
    : { passed: 0, failed: 0, skipped: [{ name, reason: missing }], output: '' };
}
