import type { Simulator } from '../../experiment/schema.js';
import { simulatorExtreme } from '../../experiment/sense/extremes.js';
import { memoryHere, usableShare } from '../../memory/available.js';
import { InputError } from '../../shared/errors.js';
import { needsMoreMemory } from '../../shared/memory-text.js';
import { appendTable, type TableColumn } from '../duckdb/append-table.js';
import type { Database } from '../duckdb/database.js';
import { columnsOf, loggedRows, textsOf } from './recommender-rows.js';
import { RecommenderWorld } from './recommender-world.js';

/** Returns a simulated table's name for people. */
export const simulatorTitle = ({ users, items, correlation }: Simulator): string =>
  `simulated recommender of ${users} users and ${items} items, correlation ${correlation}`;

/** The rows that are drawn at once. */
const blockRows = 1 << 14;
/** The bytes of a value in the database and of a user's or an item's factor. */
const valueBytes = 16;
const factorBytes = 16;

/** Returns why a log is not drawn into memory here; null: it can be. */
export function simulatorProblem(settings: Simulator, memory = memoryHere()): InputError | null {
  const { rows, features } = settings;
  return problemOf(settings, rows * (features + 8) * valueBytes, memory);
}

/** Returns why a log is not drawn here, block after block; null: it can be. */
export const streamProblem = (settings: Simulator, memory = memoryHere()): InputError | null =>
  problemOf(settings, 0, memory);

function problemOf(settings: Simulator, ofRows: number, memory: number): InputError | null {
  // Whoever asks what is in the table has not had the experiment checked.
  const extreme = simulatorExtreme(settings);
  if (extreme !== null) return new InputError('data.simulator', `${extreme} (data.source.simulator)`);
  const { users, items, dimensions } = settings;
  const needed = ofRows + (users + items) * dimensions * 2 * factorBytes;
  if (needed <= memory * usableShare) return null;
  const advice = 'use fewer rows, users, items or dimensions (data.source.simulator)';
  return new InputError('data.memory', needsMoreMemory('the simulated rows', needed, memory, advice));
}

/** The log, block after block, as columns of a table. */
export function* simulatedColumns(settings: Simulator): Generator<TableColumn[]> {
  const world = new RecommenderWorld(settings);
  const texts = textsOf(settings);
  for (let from = 0; from < settings.rows; from += blockRows)
    yield columnsOf(world, texts, loggedRows(world, from, Math.min(blockRows, settings.rows - from)));
}

/** Draws a log into a new table. Throws an InputError, before any row is drawn, where it does not fit into memory. */
export async function loadSimulator(db: Database, table: string, settings: Simulator): Promise<void> {
  const problem = simulatorProblem(settings);
  if (problem !== null) throw problem;
  for (const columns of simulatedColumns(settings)) await appendTable(db, table, columns);
}
