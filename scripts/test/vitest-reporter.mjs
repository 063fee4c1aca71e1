import { writeFileSync } from 'node:fs';

/** @import { Reporter } from 'vitest/node' */
/** @typedef {{ passed: number, failed: string[], skipped: { name: string, reason: string }[] }} Report */

/**
 * Writes what ran to the file that MMOE_TEST_REPORT names: unlike vitest's own JSON it keeps why a test was
 * skipped, and counts a file that could not be loaded.
 * @implements {Reporter}
 */
export default class CountingReporter {
  /** @type {Required<Reporter>['onTestRunEnd']} */
  onTestRunEnd = (modules, errors) => {
    /** @type {Report} */
    const report = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      for (const error of module.errors()) report.failed.push(`${module.relativeModuleId}: ${error.message}`);
      let tests = 0;
      for (const test of module.children.allTests()) {
        tests++;
        const name = `${module.relativeModuleId}: ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') report.passed++;
        else if (result.state === 'skipped')
          report.skipped.push({ name, reason: result.note ?? 'no reason given' });
        else report.failed.push(name);
      }
      if (tests === 0 && module.errors().length === 0)
        report.failed.push(`${module.relativeModuleId}: holds no test`);
    }
    for (const error of errors) report.failed.push(`outside any test: ${error.message}`);
    const file = process.env['MMOE_TEST_REPORT'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(report));
  };
}
