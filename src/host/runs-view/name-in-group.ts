import { variants } from '../../experiment/schema/variants.js';
import type { RunManifest } from '../../shared/run.js';
import { experimentName } from '../../shared/names.js';

/** What train and compare add to the experiment's name. */
const defaultEnd = new RegExp(`^(${variants.join('|')})( seed \\d+)?$`);

/**
 * A run's name below its experiment's: a default name says the experiment once more, which leaves no room for
 * the metric.
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
