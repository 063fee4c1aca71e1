/** Below 1 for who writes a test that does not pass yet. */
const factor = Number(process.env['MMOE_TEST_PATIENCE'] ?? 1);

/**
 * How long the tests wait, in minutes. A limit is for what hangs, never for what is slow: a machine that does
 * ten other things at once must get through as well. Each limit is longer than the one before, so that the
 * first to speak is the one that knows most.
 */
export const patience = {
  /** For something to be seen: a state of a run, a line, an element of a page. */
  wait: 10 * factor,
  /** For a test, or what is set up before it. */
  test: 20 * factor,
  /** For a sign of life of a suite: the start or end of a test, or a printed line. */
  suite: 30 * factor,
};

/** @param {number} count */
export const minutes = (count) => count * 60_000;

/** Said of every vitest project. @satisfies {import('vitest/config').ViteUserConfig['test']} */
export const limits = {
  testTimeout: minutes(patience.test),
  hookTimeout: minutes(patience.test),
  teardownTimeout: minutes(patience.wait),
  expect: { poll: { timeout: minutes(patience.wait), interval: 100 } },
};
