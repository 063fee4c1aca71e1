import type { StudyLine } from './line.js';
import type { Settings } from './settings.js';
import type { Combination, StudyPlan } from './summary.js';

/**
 * Returns what calls whole models that vary, as in `"vary": {"model": [{"variant": "mmoe", …}, …]}`, by their variants,
 * where these tell them apart: their JSON is for nobody's eyes.
 */
function shortNamesOf(vary: StudyPlan['vary']): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    Object.entries(vary).flatMap(([path, values]) => {
      const names = values.map(variantOf);
      const isClear = names.every((name) => name !== null) && new Set(names).size === values.length;
      return isClear ? [[path, new Map(values.map((value, i) => [JSON.stringify(value), names[i]!]))]] : [];
    }),
  );
}

const variantOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'variant' in value && typeof value.variant === 'string'
    ? value.variant
    : null;

/** Returns a study's plan and trainings with the values that people read. */
export function withShortNames<Plan extends StudyPlan>(plan: Plan) {
  const names = shortNamesOf(plan.vary);
  const short = (path: string, value: unknown): unknown =>
    names.get(path)?.get(JSON.stringify(value)) ?? value;
  const settings = (of: Settings): Settings =>
    Object.fromEntries(Object.entries(of).map(([path, value]) => [path, short(path, value)]));
  const line = (of: StudyLine): StudyLine => ({ ...of, settings: { ...settings(of.settings) } });
  const isAny = names.size > 0;
  const { compare } = plan;
  return {
    plan: isAny
      ? {
          ...plan,
          vary: Object.fromEntries(
            Object.entries(plan.vary).map(([path, values]) => [path, values.map((one) => short(path, one))]),
          ),
          ...(compare && { compare: { ...compare, to: short(compare.setting, compare.to) } }),
        }
      : plan,
    line: (of: StudyLine): StudyLine => (isAny ? line(of) : of),
    combination: <One extends Combination>(of: One): One =>
      isAny ? { ...of, settings: settings(of.settings), lines: of.lines.map(line) } : of,
  };
}
