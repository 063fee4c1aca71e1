import { vitestSuite } from './vitest-suite.mjs';

/** Tests beside the sources. @type {import('../run-steps.mjs').Step} */
export const unitSuite = { name: 'unit', run: () => vitestSuite('unit', []) };
