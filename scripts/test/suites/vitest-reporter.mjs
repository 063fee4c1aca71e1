import { writeFileSync } from 'node:fs';

/** @import { Reporter, TestCase, TestModule } from 'vitest/node' */
/**
 * A test that failed, or where `test` is null a file that did, or where `file` is null neither.
 * @typedef {{ file: string | null, test: string | null, says: string }} Failed
 */
/** @typedef {{ passed: number, failed: Failed[], skipped: { name: string, reason: string }[] }} Report */

/**
 * Writes what ran to the file that MMOE_TEST_REPORT names: unlike vitest's own JSON it keeps why a test was
 * skipped, and counts a file that could not be loaded. Until then MMOE_TEST_RUNNING names a file of what runs
 * just now, which is a sign of life as well.
 * @implements {Reporter}
 */
export default class CountingReporter {
  /**
   * Names by vitest's ids.
   * @private
   * @type {Map<string, string>}
   */
  running = new Map();

  /** @type {Required<Reporter>['onTestModuleStart']} */
  onTestModuleStart = (module) => this.begins(module.id, module.relativeModuleId);
  /** @type {Required<Reporter>['onTestModuleEnd']} */
  onTestModuleEnd = (module) => this.ends(module.id);
  /** @type {Required<Reporter>['onTestCaseReady']} */
  onTestCaseReady = (test) => this.begins(test.id, nameOf(test));
  /** @type {Required<Reporter>['onTestCaseResult']} */
  onTestCaseResult = (test) => this.ends(test.id);

  /** @type {Required<Reporter>['onTestRunEnd']} */
  onTestRunEnd = (modules, errors) => {
    /** @type {Report} */
    const report = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) countModule(module, report);
    for (const { message } of errors)
      report.failed.push({ file: null, test: null, says: `outside any test: ${message}` });
    const file = process.env['MMOE_TEST_REPORT'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(report));
  };

  /**
   * @private
   * @param {string} id
   * @param {string} name
   */
  begins(id, name) {
    this.running.set(id, name);
    this.writeRunning();
  }

  /**
   * @private
   * @param {string} id
   */
  ends(id) {
    this.running.delete(id);
    this.writeRunning();
  }

  /** @private */
  writeRunning() {
    const file = process.env['MMOE_TEST_RUNNING'];
    if (file !== undefined) writeFileSync(file, [...this.running.values()].join('\n'));
  }
}

/** @param {TestCase} test */
const nameOf = (test) => `${test.module.relativeModuleId}: ${test.fullName}`;

/**
 * @param {TestModule} module
 * @param {Report} report
 */
function countModule(module, report) {
  const file = module.relativeModuleId;
  for (const { message } of module.errors())
    report.failed.push({ file, test: null, says: `${file}: ${message}` });
  let tests = 0;
  for (const test of module.children.allTests()) {
    tests++;
    const result = test.result();
    if (result.state === 'passed') report.passed++;
    else if (result.state === 'skipped')
      report.skipped.push({ name: nameOf(test), reason: result.note ?? 'no reason given' });
    else report.failed.push({ file, test: test.name, says: nameOf(test) });
  }
  if (tests === 0 && module.errors().length === 0)
    report.failed.push({ file, test: null, says: `${file}: holds no test` });
}
