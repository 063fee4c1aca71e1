import type { Synthetic } from '../../experiment/schema.js';
import { appendTable } from '../duckdb/append-table.js';
import type { Database } from '../duckdb/database.js';
import { syntheticExtreme } from '../../experiment/sense/extremes.js';
import { memoryHere, usableShare } from '../../memory/available.js';
import { InputError } from '../../shared/errors.js';
import { needsMoreMemory } from '../../shared/memory-text.js';
import { generateSynthetic } from './synthetic.js';

/** Returns a synthetic table's name for people. */
export const syntheticTitle = (settings: Synthetic): string => `synthetic, p = ${settings.correlation}`;

export const inputNames = ({ dimensions }: Synthetic): string[] =>
  Array.from({ length: dimensions }, (_, i) => `x${i + 1}`);
export const labelNames = ({ tasks }: Synthetic): string[] =>
  Array.from({ length: tasks }, (_, i) => `y${i + 1}`);

/** The bytes of a value: as it was drawn, and in the database. */
const valueBytes = 16;

/** Returns why the rows are not generated here; null: they can be. */
export function syntheticProblem(settings: Synthetic, memory = memoryHere()): InputError | null {
  // Whoever asks what is in the table has not had the experiment checked.
  const extreme = syntheticExtreme(settings);
  if (extreme !== null) return new InputError('data.synthetic', `${extreme} (data.source.synthetic)`);
  const { rows, dimensions, tasks } = settings;
  const needed = rows * (dimensions + tasks) * valueBytes;
  if (needed <= memory * usableShare) return null;
  const advice = 'use fewer rows or dimensions (data.source.synthetic)';
  return new InputError('data.memory', needsMoreMemory('the synthetic rows', needed, memory, advice));
}

/**
 * Generates the rows into a new table: x1 … xd, y1 … yT. Throws an InputError, before any is drawn, where
 * they do not fit into memory, or take hours.
 */
export async function loadSynthetic(db: Database, table: string, settings: Synthetic): Promise<void> {
  const tooLarge = syntheticProblem(settings);
  if (tooLarge !== null) throw tooLarge;
  const { inputs, labels } = generateSynthetic(settings);
  const columns = [...inputs, ...labels];
  const names = [...inputNames(settings), ...labelNames(settings)];
  await appendTable(
    db,
    table,
    columns.map((values, i) => ({ name: names[i]!, values })),
  );
}
