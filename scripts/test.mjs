/**
 * `npm test`: everything; at the end what failed, how to run just that, and one line of counts. `npm test --
 * unit e2e` picks suites (what they need is made first). The exit code is not 0 where anything failed,
 * crashed, hung or ran no test.
 */
import { checks } from './test/checks.mjs';
import { failureLines } from './test/failures.mjs';
import { fuzzSuite } from './test/suites/fuzz-suite.mjs';
import { hostileSuite } from './test/suites/hostile-suite.mjs';
import { buildStep, packageStep } from './test/made.mjs';
import { programSuite } from './test/suites/program-suite.mjs';
import { endToEndSuite, hostSuite } from './test/suites/real-host-suites.mjs';
import { runSteps } from './test/run-steps.mjs';
import { unitSuite } from './test/suites/unit-suite.mjs';

const all = [
  buildStep,
  unitSuite,
  ...checks({ fix: false }),
  packageStep,
  programSuite,
  fuzzSuite,
  hostileSuite,
  hostSuite,
  endToEndSuite,
];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`error: no suite ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

/** @type {Set<string>} */
const chosen = new Set(wanted.length === 0 ? all.map(({ name }) => name) : []);
const choose = (/** @type {string} */ name) => {
  chosen.add(name);
  for (const before of all.find((step) => step.name === name)?.after ?? []) choose(before);
};
wanted.forEach(choose);

const start = performance.now();
const results = await runSteps(
  all.filter(({ name }) => chosen.has(name)),
  2,
);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const result of results) {
  passed += result.passed;
  failed += result.failed;
  skipped += result.skipped.length;
}
if (passed + failed === 0) failed = 1;
console.log(['', ...failureLines(results)].join('\n'));
console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
