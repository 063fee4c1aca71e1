import { meanOf } from '../statistics/statistics.js';
import type { Axis } from './figures/parallel.js';
import type { StudyLine } from './line.js';
import { measured, type Measure } from './results.js';

/** A setting that was varied, and where its values lie. */
export interface ObservedSetting {
  readonly label: string;
  /** The values, of which none is nearer to another; null: they are numbers from `from` to `to`. */
  readonly values: readonly string[] | null;
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  /** Where trainings lie, ascending, if that is at a few places: from 0 to 1, or places in `values`; null: anywhere. */
  readonly levels: readonly number[] | null;
}

/** The settings that were trained, each with the mean of a measure over its seeds. */
export interface Observed {
  readonly settings: readonly ObservedSetting[];
  /** By setting, a number from 0 to 1, or a place in its values; null: the setting is not there. */
  readonly points: readonly (readonly (number | null)[])[];
  readonly values: readonly number[];
}

/** Numbers at so many places are a list, and not a range. */
const mostLevels = 12;

/** Returns what trainings say of the settings that are axes; those stopped early, and those without the measure, say nothing. */
export function observedSettings(
  axes: readonly Axis[],
  lines: readonly StudyLine[],
  measure: Measure,
): Observed {
  const groups = new Map<string, { at: (number | null)[]; found: number[] }>();
  for (const line of lines) {
    const value = measured(line, measure);
    if (value === null || line.stoppedEarly === true) continue;
    const at = axes.map((axis) => axis.at(line));
    const key = JSON.stringify(at);
    const group = groups.get(key) ?? { at, found: [] };
    group.found.push(value);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  const settings = axes.map((axis, i) =>
    settingOf(
      axis,
      all.flatMap(({ at }) => at[i] ?? []),
    ),
  );
  return {
    settings,
    points: all.map(({ at }) => at.map((value, i) => (value === null ? null : unitOf(settings[i]!, value)))),
    values: all.map(({ found }) => meanOf(found)),
  };
}

function settingOf({ label, values, log }: Axis, found: readonly number[]): ObservedSetting {
  const [from, to] = found.length === 0 ? [0, 1] : [Math.min(...found), Math.max(...found)];
  const setting = { label, values, from, to, log, levels: null };
  const places = [...new Set(found)].sort((one, other) => one - other);
  if (values === null && places.length > mostLevels) return setting;
  return { ...setting, levels: places.map((value) => unitOf(setting, value)) };
}

function unitOf({ values, from, to, log }: ObservedSetting, value: number): number {
  if (values !== null) return value;
  if (from === to) return 0.5;
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/** Returns the number at a place from 0 to 1. */
export const numberAt = ({ from, to, log }: ObservedSetting, unit: number): number =>
  log ? from * (to / from) ** unit : from + unit * (to - from);
