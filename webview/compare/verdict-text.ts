import type { TogetherVerdict } from '../../src/shared/together.js';
import { s } from '../strings.js';
import { gainText } from '../ui/verdict-text.js';
import type { GroupVerdict } from './model/verdicts.js';

/**
 * Says what can be told of methods: whether the tasks are better learned together, or, where nothing says it,
 * which method is the best.
 */
export function verdictText({ label, together, seeds, isComplete, best }: GroupVerdict): string {
  const tasks = best.map(({ task }) => task);
  const found =
    together !== null && tasks.length > 1
      ? `${s('learnTogether', listed(tasks))} ${answerText(together, seeds)}`
      : bestText(best, seeds);
  const said = isComplete ? found : s('soFar', found);
  return label === '' ? said : `${label}: ${said}`;
}

function answerText({ answer, shown, comparisons, seedsToTell }: TogetherVerdict, seeds: number): string {
  const parts = shown.map(gainText).join(', ');
  switch (answer) {
    case 'yes':
      return s('togetherYes', parts);
    case 'trade':
      return s('togetherTrade', parts);
    case 'perhaps':
      return s('togetherPerhaps', parts, comparisons);
    case 'no':
      return s('togetherNo', parts);
    case 'one seed':
      return s('togetherOneSeed');
    case 'cannot tell':
      return seedsToTell === null
        ? s('togetherUnknown', seeds, parts)
        : s('togetherUnknownTell', seeds, parts, seedsToTell);
  }
}

function bestText(best: GroupVerdict['best'], seeds: number): string {
  if (seeds < 2) return s('togetherOneSeed');
  const text = best
    .map(({ task, method }) => (method === null ? s('bestUnknown', task) : s('bestKnown', method, task)))
    .join('; ');
  return `${text}.`;
}

/** Returns `click, like and minutes`; of many their number. */
function listed(names: readonly string[]): string {
  if (names.length > 4) return s('tasksCount', names.length);
  return s('and', names.slice(0, -1).join(', '), names.at(-1)!);
}
