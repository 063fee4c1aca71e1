import type { ExperimentText } from '../experiment/experiment-error.js';
import { experimentFromText } from '../experiment/load.js';
import type { JsonPath } from '../experiment/place.js';
import { InputError } from '../shared/errors.js';
import { setsOf } from '../shared/study/settings.js';
import { hasMetric, metricNames } from '../shared/task-kinds.js';
import type { StudyFile } from './schema.js';
import type { Choice } from './tune-schema.js';

/** Something that is wrong with what settings are chosen from, and where in the study. */
export interface ChoiceFlaw {
  readonly message: string;
  readonly path: JsonPath;
  readonly part: 'key' | 'value';
}

/** Returns the first thing that is wrong with the ranges of a study and what they depend on; null: nothing. */
export function choiceFlaw(file: StudyFile): ChoiceFlaw | null {
  if (file.tune !== undefined && file.pick !== undefined)
    return {
      message: 'a study either picks a setting or tunes; put the picked setting into tune.settings',
      path: ['pick'],
      part: 'key',
    };
  for (const part of ['random', 'tune'] as const) {
    const before = Object.keys(file.vary);
    if (part === 'tune') before.push(...Object.keys(file.random?.settings ?? {}));
    if (file.pick !== undefined) before.push(file.pick.setting);
    for (const [path, choice] of Object.entries(file[part]?.settings ?? {})) {
      const at = [part, 'settings', path];
      const flaw = before.includes(path)
        ? {
            message: `${path} is chosen twice in this study; leave it out of one place`,
            path: at,
            part: 'key' as const,
          }
        : (rangeFlaw(choice, at) ?? conditionFlaw(choice, at, before));
      if (flaw !== null) return flaw;
      before.push(path);
    }
  }
  return null;
}

function rangeFlaw(choice: Choice, at: JsonPath): ChoiceFlaw | null {
  if ('values' in choice) return null;
  const { from, to, scale, whole } = choice;
  const flaw = (key: string, message: string): ChoiceFlaw => ({ message, path: [...at, key], part: 'value' });
  if (to < from) return flaw('to', `"to" is ${to}, below "from", ${from}`);
  if (whole && !Number.isInteger(from)) return flaw('from', `"from" must be a whole number, not ${from}`);
  if (whole && !Number.isInteger(to)) return flaw('to', `"to" must be a whole number, not ${to}`);
  if (scale === 'log' && from <= 0)
    return flaw('from', `"from" must be above 0 on a logarithmic scale, not ${from}`);
  return null;
}

function conditionFlaw({ when = {} }: Choice, at: JsonPath, before: readonly string[]): ChoiceFlaw | null {
  const unknown = Object.keys(when).find((path) => !before.includes(path));
  if (unknown === undefined) return null;
  const known = before.length === 0 ? 'none does' : `these do: ${before.join(', ')}`;
  return {
    message: `"when" names ${unknown}, which neither varies nor stands before this setting; ${known}`,
    path: [...at, 'when', unknown],
    part: 'key',
  };
}

/**
 * Returns the first value that varies and that the experiment cannot have, each looked at beside the first values of
 * all others; null: none, as far as that tells.
 */
export function varyFlaw({ vary }: StudyFile, base: ExperimentText): ChoiceFlaw | null {
  const first = Object.fromEntries(Object.entries(vary).map(([path, [value]]) => [path, value]));
  for (const [path, values] of Object.entries(vary))
    for (const [i, value] of values.entries()) {
      const sets = setsOf({ ...first, [path]: value });
      const own = `--set ${setsOf({ [path]: value })[0]!}: `;
      const message = messageOf({ ...base, sets });
      if (message?.startsWith(own) !== true) continue;
      const why = message.slice(own.length);
      return {
        message: why.startsWith(path) ? why : `${path}: ${why}`,
        path: ['vary', path, i],
        part: 'value',
      };
    }
  return null;
}

/** Returns what is wrong with an experiment; null: nothing. */
function messageOf(text: ExperimentText): string | null {
  try {
    experimentFromText(text);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** Returns what is wrong with the objectives of a study, given its experiment; null: nothing. */
export function objectiveFlaw({ tune }: StudyFile, base: ExperimentText): ChoiceFlaw | null {
  const tasks = tasksOf(base);
  for (const [i, { task: name, metric }] of (tasks === null ? [] : (tune?.objectives ?? [])).entries()) {
    const at = ['tune', 'objectives', i];
    const task = tasks!.find((one) => one.name === name);
    if (task === undefined) {
      const known = tasks!.map((one) => `"${one.name}"`).join(', ');
      return {
        message: `there is no task "${name}"; these are: ${known}`,
        path: [...at, 'task'],
        part: 'value',
      };
    }
    if (metric !== undefined && task.kind !== undefined && !hasMetric(task.kind, metric)) {
      const message = `a ${task.kind} task has no metric "${metric}"; it has: ${metricNames[task.kind].join(', ')}`;
      return { message, path: [...at, 'metric'], part: 'value' };
    }
  }
  return null;
}

/** Returns the tasks of an experiment; null: something is wrong with it, which is told when it is trained. */
function tasksOf(base: ExperimentText) {
  try {
    const { tasks } = experimentFromText(base).experiment;
    return tasks.map(({ name, label, kind }) => ({ name: name ?? label, kind }));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
