import type { RunManifest } from '../../../shared/run/run-manifest.js';
import { meanOf } from '../../../shared/statistics/statistics.js';
import { t } from '../../editor/localise.js';

/** The part of an earlier run of the experiment that its time is told by. */
type EarlierRun = Pick<RunManifest, 'network' | 'times' | 'comparison' | 'engine' | 'status'>;

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

/** Returns `about 12 minutes`, in the unit that fits. */
export function aboutText(seconds: number): string {
  const rounded = (size: number): number => Math.max(1, Math.round(seconds / size));
  if (seconds < 90) return t('about {0} seconds', rounded(1));
  return seconds < 5400 ? t('about {0} minutes', rounded(60)) : t('about {0} hours', rounded(3600));
}
