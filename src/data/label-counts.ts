import type { EncodedRows } from '../network/encoded-rows.js';
import { heldRows } from '../network/streamed-rows.js';
import type { LabelCounts } from '../shared/run/run-manifest.js';
import type { PreparedData } from './prepared.js';

/** Counts the rows of each part that have a label, by task. */
export function labelCounts({
  tasks,
  train,
  validation,
  test,
  stream,
}: PreparedData): readonly LabelCounts[] {
  if (stream !== null) return stream.known.labels;
  const counts = noLabels(tasks.length);
  for (const [part, rows] of Object.entries({ train, validation, test } as const))
    if (rows !== null) countLabels(counts, part as keyof LabelCounts, heldRows(rows));
  return counts;
}

/** Returns counts of no rows, by task. */
export const noLabels = (tasks: number): LabelCounts[] =>
  Array.from({ length: tasks }, () => ({ train: 0, validation: 0, test: 0 }));

/** Adds rows of a part to counts. */
export function countLabels(counts: LabelCounts[], part: keyof LabelCounts, { labels }: EncodedRows): void {
  for (let i = 0; i < labels.length; i++) if (!Number.isNaN(labels[i]!)) counts[i % counts.length]![part]++;
}
