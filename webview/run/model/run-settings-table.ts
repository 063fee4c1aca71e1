import * as v from 'valibot';
import { dataSchema } from '../../../src/experiment/schema/data.js';
import { modelSchema } from '../../../src/experiment/schema/model.js';
import { taskSchema } from '../../../src/experiment/schema/tasks.js';
import { trainingSchema } from '../../../src/experiment/schema/training.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import {
  filePath,
  settingsOf,
  type ComparedSettings,
  type ComparedValue,
} from '../../../src/shared/settings/run-settings.js';

/** A setting, and what it is held against; null: that has no such setting, or this has not. */
export interface SettingRow {
  readonly path: string;
  readonly value: ComparedValue | null;
  readonly against: ComparedValue | null;
}

type WithExperiment = Pick<RunManifest, 'experiment' | 'experimentFile'>;

/** Returns the settings of a run that differ from another one's, or from the defaults; null: not known yet. */
export function settingRows(run: WithExperiment, other: WithExperiment | null): SettingRow[] | null {
  const own = settingsOf(run);
  if (own === null) return null;
  const against = other === null ? defaultsBeside(own) : settingsOf(other);
  if (against === null) return null;
  const paths = new Set([...own.keys(), ...against.keys()]);
  // The page's head names the file; beside another run's it says something.
  if (other === null) paths.delete(filePath);
  return [...paths].flatMap((path) => {
    const [value, its] = [own.get(path) ?? null, against.get(path) ?? null];
    // A default that this run's settings have no place for is none of theirs.
    return value === its || (other === null && value === null) ? [] : [{ path, value, against: its }];
  });
}

/** The defaults of an experiment with these tasks. What has none, as labels and sources, is left out. */
function defaultsBeside(own: ComparedSettings): ComparedSettings {
  const { label: _label, ...task } = v.parse(taskSchema, { label: 'any' });
  const { source: _source, ...data } = v.parse(dataSchema, { source: 'any' });
  const experiment = {
    ...{ defaults: 1, engine: { use: 'auto' }, data },
    model: v.parse(modelSchema, {}),
    training: v.parse(trainingSchema, {}),
  };
  const defaults = new Map(settingsOf({ experiment, experimentFile: null }));
  for (const path of own.keys()) {
    const [, of, setting] = /^tasks\.(.+)\.([^.]+)$/.exec(path) ?? [];
    const standard: unknown =
      of === undefined ? undefined : Object.entries(task).find(([key]) => key === setting)?.[1];
    if (typeof standard === 'number' || typeof standard === 'string') defaults.set(path, standard);
  }
  return defaults;
}

/** Returns the experiment as a file that trains the same again: without a name that is its file's. */
export const experimentText = ({ experiment }: WithExperiment): string =>
  `${JSON.stringify(experiment, null, 2)}\n`;
