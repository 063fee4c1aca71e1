import type { Experiment } from '../../experiment/schema.js';
import { variants, type Variant } from '../../experiment/schema/variants.js';
import { InputError } from '../../shared/errors.js';
import { combinations, inRounds, seededRuns } from '../../study/cells.js';

export interface WantedRun {
  readonly variant: Variant;
  readonly experiment: Experiment;
  readonly name: string;
}

/**
 * Returns the runs of a comparison: those of a study of which only the variant varies, all variants with the first seed,
 * then with the next.
 */
export function runsOf(base: Experiment, chosen: readonly Variant[], seeds: readonly number[]): WantedRun[] {
  const planned = combinations({ vary: { 'model.variant': [...chosen] } }).map((settings, index) => {
    const variant = chosen[index]!;
    const experiment = withVariant(base, variant);
    return seededRuns(experiment, { settings, seeds }).map(({ seed }) => ({
      variant,
      experiment: { ...experiment, training: { ...base.training, seed } },
      name: `${base.name ?? 'experiment'} ${variant}${seeds.length > 1 ? ` seed ${seed}` : ''}`,
    }));
  });
  return inRounds(planned);
}

export const withVariant = (base: Experiment, variant: Variant): Experiment => ({
  ...base,
  model: { ...base.model, variant },
});

/** `--variants a,b`; all of them where it is not given. */
export function chosenVariants(given: string | undefined): Variant[] {
  if (given === undefined) return [...variants];
  const names = given
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0)
    throw new InputError('compare.variant', `--variants names none; use some of ${variants.join(', ')}`);
  return [...new Set(names)].map((name) => {
    const known = variants.find((variant) => variant === name);
    if (known === undefined)
      throw new InputError('compare.variant', `there is no variant "${name}"; use ${variants.join(', ')}`);
    return known;
  });
}

export function seedsFrom(experiment: Experiment, count: number): number[] {
  if (Number.isNaN(count)) throw new InputError('compare.seeds', '--seeds takes a whole number, at least 1');
  return Array.from({ length: count }, (_, index) => experiment.training.seed + index);
}

/** `census: mmoe, omoe, 3 seeds`. */
export function comparisonName(experiment: Experiment, chosen: readonly Variant[], seeds: number): string {
  const listed = chosen.length > 4 ? `${chosen.length} variants` : chosen.join(', ');
  return `${experiment.name ?? 'experiment'}: ${listed}${seeds > 1 ? `, ${seeds} seeds` : ''}`;
}
