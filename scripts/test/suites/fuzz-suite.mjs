import { join } from 'node:path';
import { Fuzzing } from '../../fuzz/fuzzing.mjs';
import { dist } from '../../paths.mjs';

/** @import { Step } from '../run-steps.mjs' */

/** So many mutants are tried each time: half of them experiments, half of them tables. */
const files = 300;

/** Wrong input of any kind, in the built program. @type {Step} */
export const fuzzSuite = {
  name: 'fuzz',
  after: ['build'],
  run: async () => {
    /** @type {string[]} */
    const failures = [];
    const fuzzing = await Fuzzing.begin({ program: join(dist, 'cli.js'), keep: null });
    const { text } = await fuzzing.run({
      seed: 1,
      files,
      minutes: Infinity,
      onFlaw: (flaw) => void failures.push(flaw),
      onProgress: () => undefined,
    });
    return {
      passed: files - failures.length,
      failed: failures.length,
      skipped: [],
      output: failures.join('\n'),
      notes: [text],
      failures,
      again: ['npm run fuzz'],
    };
  },
};
