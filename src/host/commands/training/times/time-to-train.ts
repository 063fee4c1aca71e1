import { isDeepStrictEqual } from 'node:util';
import type { Experiment } from '../../../../experiment/schema.js';
import type { RunManifest } from '../../../../shared/run/run-manifest.js';
import { seedPath, settingsOf, variantPath } from '../../../../shared/settings/run-settings.js';
import { meanOf } from '../../../../shared/statistics/statistics.js';
import type { EstimateReport } from '../../../../shared/messages/reports.js';
import { secondsInLanes } from '../../../../shared/run/comparison-time.js';
import { t } from '../../../editor/localise.js';

/** The part of an earlier run of the experiment that its time is told by. */
export type EarlierRun = Pick<RunManifest, 'network' | 'times' | 'comparison' | 'engine' | 'status'>;

/** Settings that make no training longer, or that the time is told for one by one. */
const beside = [variantPath, seedPath, 'training.from', 'engine'];

/**
 * Returns whether a run was trained with the settings that an experiment has now, so that it takes as long. What was
 * chosen for its table will be chosen again.
 */
export function trainsAlike(
  now: Experiment,
  { experiment, chosen }: Pick<RunManifest, 'experiment' | 'chosen'>,
): boolean {
  const apart = [...beside, ...Object.keys(chosen ?? {})];
  const compared = (of: object | null) =>
    [...(settingsOf({ experiment: of === null ? null : { ...of }, experimentFile: null }) ?? [])]
      .filter(([path]) => !apart.some((one) => path === one || path.startsWith(`${one}.`)))
      .sort(([one], [other]) => (one < other ? -1 : 1));
  return isDeepStrictEqual(compared(now), compared(experiment));
}

/**
 * Returns about how many seconds it takes to train variants with seeds, going by the newest finished run of each
 * variant, and by all of them where a variant has none; null: there is no such run. Runs of a comparison train
 * side by side, as many as there are cores for their threads; a run of its own has all cores.
 */
export function secondsToTrain(
  { variants, seeds }: { readonly variants: readonly string[]; readonly seeds: number },
  earlier: readonly EarlierRun[],
  cores: number,
): number | null {
  const known = new Map<string, number>();
  for (const { status, network, times, comparison, engine } of earlier) {
    if (status !== 'finished' || network === null || known.has(network.variant)) continue;
    const atOnce = comparison === null ? 1 : Math.max(1, Math.floor(cores / (engine?.threads ?? 1)));
    known.set(network.variant, times.seconds / atOnce);
  }
  if (known.size === 0) return null;
  const usual = meanOf([...known.values()]);
  return variants.reduce((sum, variant) => sum + seeds * (known.get(variant) ?? usual), 0);
}

/** Returns about how many seconds it takes to train variants with seeds, by a look at a training of each. */
export function secondsMeasured(
  { variants, seeds }: { readonly variants: readonly string[]; readonly seeds: number },
  { each, parallel }: Pick<EstimateReport, 'each' | 'parallel'>,
): number {
  // Those that cannot take the experiment's settings are left out.
  const runs = variants.flatMap((variant) => each[variant] ?? []);
  return secondsInLanes(Array.from({ length: seeds }, () => runs).flat(), parallel);
}

/** Returns `about 12 minutes`, in the unit that fits; `atMost`: it may be less. */
export function aboutText(seconds: number, atMost = false): string {
  const about = aboutUnits(seconds);
  return atMost ? t('{0} at most', about) : about;
}

function aboutUnits(seconds: number): string {
  const rounded = (size: number): number => Math.round(seconds / size);
  if (seconds < 1.5) return t('about a second');
  if (seconds < 90) return t('about {0} seconds', rounded(1));
  return seconds < 5400 ? t('about {0} minutes', rounded(60)) : t('about {0} hours', rounded(3600));
}
