import type { EncodedRows } from '../network/encoded-rows.js';
import type { LabelCounts } from '../shared/run/run-manifest.js';
import type { PreparedData } from './prepared.js';

/** Counts the rows of each part that have a label, by task. */
export function labelCounts({ tasks, train, validation, test }: PreparedData): LabelCounts[] {
  const parts = { train, validation, test };
  const counts = tasks.map(() => ({ train: 0, validation: 0, test: 0 }));
  for (const part of ['train', 'validation', 'test'] as const)
    countOf(parts[part], tasks.length).forEach((count, task) => (counts[task]![part] = count));
  return counts;
}

function countOf(rows: EncodedRows | null, tasks: number): number[] {
  const counts = Array.from({ length: tasks }, () => 0);
  const labels = rows?.labels ?? new Float32Array(0);
  for (let i = 0; i < labels.length; i++) if (!Number.isNaN(labels[i]!)) counts[i % tasks]!++;
  return counts;
}
