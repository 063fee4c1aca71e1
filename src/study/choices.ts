import type { Dimension, Space } from '../tuner/space.js';
import { isSameValue, type Settings } from '../shared/study/settings.js';
import type { Choice } from './tune-schema.js';

/**
 * Returns the space of settings that are chosen, for a combination of those that are not: a choice that depends on
 * these is there, or is not.
 */
export function spaceOf(settings: Readonly<Record<string, Choice>>, fixed: Settings): Space {
  return Object.entries(settings).flatMap(([name, choice]): Dimension[] => {
    const conditions = Object.entries(choice.when ?? {});
    const isOut = conditions.some(
      ([path, values]) => path in fixed && !values.some((value) => isSameValue(value, fixed[path])),
    );
    if (isOut) return [];
    const when = Object.fromEntries(conditions.filter(([path]) => !(path in fixed)));
    const common = { name, ...(Object.keys(when).length > 0 && { when }) };
    if ('values' in choice) return [{ ...common, kind: 'choice', values: choice.values }];
    const { from, to, scale, whole } = choice;
    return [{ ...common, kind: whole ? 'integer' : 'real', from, to, scale }];
  });
}
