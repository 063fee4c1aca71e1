import type { Experiment, Source } from '../../experiment/schema.js';
import { splitKind } from './source-kind.js';
import { heldOutParts } from './table/selection.js';

/** Returns all sources that an experiment reads: its own, and those of splits. */
export function sourcesOf({ data }: Experiment): Source[] {
  const splits = heldOutParts.map((part) => splitKind(data[part]));
  return [data.source, ...splits.flatMap((split) => (split.kind === 'source' ? [split.source] : []))];
}
