import { variants } from '../../experiment/schema/variants.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { experimentName } from '../../shared/names.js';

/** Matches what training and comparing add to the name of an experiment. */
const defaultEnd = new RegExp(`^(${variants.join('|')})( seed \\d+)?$`);

/**
 * Returns the name of a run below its experiment in the tree. A default name would repeat the experiment, and
 * leave no room for the metrics.
 */
export function nameInGroup({ name, experiment, experimentFile }: RunManifest): string {
  const given = experiment?.['name'];
  const experimentNames = [
    typeof given === 'string' ? given : null,
    experimentFile === null ? null : experimentName(experimentFile),
  ];
  for (const prefix of experimentNames) {
    const rest = prefix !== null && name.startsWith(`${prefix} `) ? name.slice(prefix.length + 1) : '';
    if (defaultEnd.test(rest)) return rest;
  }
  return name;
}
