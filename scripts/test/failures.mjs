/** @import { StepResult } from './run-steps.mjs' */

/**
 * Says what failed, and how to run just that: the last lines of `npm test`.
 * @param {(StepResult & { name: string })[]} results
 * @returns {string[]}
 */
export function failureLines(results) {
  return results
    .filter(({ failed }) => failed > 0)
    .flatMap(({ name, failures = [], again = [`npm test -- ${name}`] }) => [
      `failed in ${name}${failures.length > 0 ? ':' : ''}`,
      ...failures.map((failure) => `  ${failure.split('\n', 1)[0]}`),
      ...again.map((command) => `  again: ${command}`),
    ]);
}

/**
 * Returns commands that run failed tests alone, a file at a time.
 * @param {string[]} config vitest's arguments that name its config
 * @param {{ file: string | null, test: string | null }[]} failed
 * @returns {string[]}
 */
export function vitestAgain(config, failed) {
  /** @type {Map<string, (string | null)[]>} */
  const testsByFile = new Map();
  for (const { file, test } of failed)
    if (file !== null) testsByFile.set(file, [...(testsByFile.get(file) ?? []), test]);
  return [...testsByFile].map(([file, tests]) => {
    const names = tests.filter((test) => test !== null).map(pattern);
    const chosen = names.length === tests.length ? [`-t '${[...new Set(names)].join('|')}'`] : [];
    return ['npx vitest run', ...config, file, ...chosen].join(' ');
  });
}

/**
 * Returns a regular expression for a test's name that needs no escapes, also between the quotes of a shell.
 * @param {string} name
 */
const pattern = (name) => name.replaceAll(/[^\p{L}\p{N} ,:;=_-]/gu, '.');
