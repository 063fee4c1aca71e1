import type { Plan } from './plan.js';

/** Leaves out of a plan what the program does not read right yet. */
export function withoutNotYet(plan: Plan): Plan {
  const hasOwn = [plan.validation, plan.test].some(({ kind }) => kind === 'source');
  return {
    ...plan,
    features: plan.features.map((feature) => ({
      ...feature,
      // What a column is in a split's own source is decided by the main source alone, also where that has no
      // value, and for columns that nobody uses.
      ...(hasOwn && { late: false, missing: feature.missing === 'none' ? 'none' : 'middle' }),
    })),
  };
}
