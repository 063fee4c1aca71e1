/**
 * A step of the tests found this. `output` is shown where something failed.
 * @typedef {object} StepResult
 * @property {number} passed
 * @property {number} failed
 * @property {{ name: string, reason: string }[]} skipped
 * @property {string} output
 * @property {string[]} [notes] measurements, shown in any case
 * @property {string[]} [failures] what failed, a line each
 * @property {string[]} [again] commands that run just that; absent: the whole step
 */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} [after] steps that must have passed before; where one did not, this one fails too
 * @property {boolean} [alone] nothing runs beside it
 * @property {() => Promise<StepResult>} run
 */

/**
 * Runs steps, `width` at a time, in the order given as far as `after` and `alone` allow, and says how each
 * went.
 * @param {Step[]} steps
 * @param {number} width
 * @returns {Promise<(StepResult & { name: string })[]>}
 */
export async function runSteps(steps, width) {
  const waiting = [...steps];
  /** @type {Map<string, StepResult & { name: string }>} */
  const done = new Map();
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  let aloneRunning = false;

  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.find(({ after = [] }) =>
      after.every((name) => done.has(name) || !steps.some((step) => step.name === name)),
    );
    const room =
      next !== undefined && !aloneRunning && (next.alone ? running.size === 0 : running.size < width);
    if (!room) {
      if (running.size === 0)
        throw new Error(`steps wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
      await Promise.race(running);
      continue;
    }
    waiting.splice(waiting.indexOf(next), 1);
    aloneRunning = next.alone === true;
    const broken = (next.after ?? []).filter((name) => (done.get(name)?.failed ?? 0) > 0);
    const job = (
      broken.length > 0 ? Promise.resolve(failure(`not run: ${broken.join(', ')} failed`)) : timed(next)
    ).then((result) => {
      done.set(next.name, { name: next.name, ...result });
      running.delete(job);
      if (next.alone) aloneRunning = false;
    });
    running.add(job);
  }
  return steps.flatMap(({ name }) => done.get(name) ?? []);
}

/** @param {Step} step */
async function timed(step) {
  const start = performance.now();
  const result = await step
    .run()
    .catch((error) => failure(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const skips = result.skipped.length > 0 ? `, ${result.skipped.length} skipped` : '';
  const counts = `${result.passed} passed, ${result.failed} failed${skips}`;
  console.log(`${result.failed === 0 ? '✓' : '✗'} ${step.name.padEnd(10)} ${counts}  (${seconds} s)`);
  for (const { name, reason } of result.skipped) console.log(`  skipped: ${name}: ${reason}`);
  for (const note of result.notes ?? []) console.log(`  ${note}`);
  if (result.failed > 0) console.log(`${result.output.trimEnd().replaceAll(/^/gm, '  | ')}`);
  return result;
}

/**
 * @param {string} output
 * @returns {StepResult}
 */
export function failure(output) {
  return { passed: 0, failed: 1, skipped: [], output };
}
