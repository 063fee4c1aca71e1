import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { limits } from '../patience.mjs';

/**
 * Called by VS Code inside its extension host: runs the test files beside this one and writes what came of it
 * to MMOE_HOST_REPORT, and which test runs just now beside that.
 */
export async function run(): Promise<void> {
  const path = process.env['MMOE_HOST_REPORT'];
  if (path === undefined) throw new Error('MMOE_HOST_REPORT names no file');
  const report = { passed: 0, failed: [] as string[], skipped: [] as string[] };
  const mocha = new Mocha({ ui: 'bdd', timeout: limits.testTimeout, reporter: 'min' });
  for (const file of readdirSync(__dirname))
    if (file.endsWith('.test.js')) mocha.addFile(join(__dirname, file));
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('test', (test) => writeFileSync(`${path}.running`, test.fullTitle()))
      .on('pass', () => report.passed++)
      .on('fail', (test, error: Error) =>
        report.failed.push(`${test.fullTitle()}\n${error.stack ?? error.message}`),
      )
      .on('pending', (test) => report.skipped.push(test.fullTitle()));
  });
  writeFileSync(path, JSON.stringify(report));
  if (report.failed.length > 0) throw new Error(`${report.failed.length} failed`);
}
