import { nameOf } from '../../shared/study/results.js';
import type { Settings } from '../../shared/study/settings.js';

/** Returns what a training of a study is called as a run. */
export const runNameOf = (
  study: string,
  training: { readonly settings: Settings; readonly seed: number },
): string => [study, nameOf(training), `seed ${training.seed}`].filter((part) => part !== '').join(' · ');
