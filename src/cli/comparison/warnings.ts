import type { Variant } from '../../experiment/schema/variants.js';
import type { Problem } from '../../shared/messages/reports.js';

/**
 * Codes of warnings that only count if all variants have them: a file for several variants has settings for
 * some of them.
 */
const onlyOfAll: readonly string[] = ['experiment.other-variant', 'experiment.match'];

/**
 * Returns the warnings of an experiment that is trained as each of these variants, given those of each. A
 * warning that concerns some of them names these.
 */
export function comparisonWarnings(
  each: readonly { readonly variant: Variant; readonly warnings: readonly Problem[] }[],
): Problem[] {
  const found = new Map<string, { problem: Problem; concerns: Variant[] }>();
  for (const { variant, warnings } of each) {
    for (const problem of warnings) {
      const { code, line, column } = problem;
      // Two settings of the command line have no place: only their text tells them apart.
      const what = onlyOfAll.includes(code) ? '' : problem.message;
      const setting = line === null ? problem.message.slice(0, problem.message.indexOf(': ')) : '';
      const key = JSON.stringify([code, line, column, what, setting]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { problem, concerns: [variant] });
      else known.concerns.push(variant);
    }
  }
  return [...found.values()].flatMap(({ problem, concerns }) => {
    if (concerns.length === each.length) return [problem];
    return onlyOfAll.includes(problem.code)
      ? []
      : [{ ...problem, message: `${concerns.join(', ')}: ${problem.message}` }];
  });
}
