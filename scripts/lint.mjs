/**
 * `npm run lint`: types, eslint, the walls between rooms, dead code, formatting; two at a time. `-- walls`
 * etc. picks; `--fix` repairs what it can.
 */
import { checks } from './test/checks.mjs';
import { runSteps } from './test/run-steps.mjs';

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const steps = checks({ fix: process.argv.includes('--fix') }).filter(
  ({ name }) => wanted.length === 0 || wanted.includes(name),
);
const results = await runSteps(steps, 2);
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;
