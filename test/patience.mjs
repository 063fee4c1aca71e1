/** A factor below 1 is for writing a test, which may not pass yet. */
const factor = Number(process.env['MMOE_TEST_PATIENCE'] ?? 1);

/**
 * The limits of the tests, in minutes. A limit is for what hangs, never for what is slow: a machine that does
 * ten other things at once must get through as well. Each limit is longer than the one before, so that the
 * one that knows best what hangs speaks first.
 */
export const patience = {
  /** The wait for something to be seen: a state of a run, a line, an element of a page. */
  wait: 10 * factor,
  /** The time of a test, or of what is set up before it. */
  test: 20 * factor,
  /** The wait for a sign of life of a suite: the start or end of a test, or a printed line. */
  suite: 30 * factor,
};

/**
 * Returns minutes in milliseconds.
 * @param {number} count
 */
export const minutes = (count) => count * 60_000;

/**
 * The limits as every config of vitest has them. @satisfies {import('vitest/config').ViteUserConfig['test']}
 */
export const limits = {
  testTimeout: minutes(patience.test),
  hookTimeout: minutes(patience.test),
  teardownTimeout: minutes(patience.wait),
  expect: { poll: { timeout: minutes(patience.wait), interval: 100 } },
};
