import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Database } from '../duckdb/database.js';
import type { ReadOptions } from './source-kind.js';

/** What types are written with. */
const typeText = /^[\w\s,()[\]'"]+$/;

/** Throws an ExperimentError for a text in `data.read.types` that is no type of DuckDB. */
export async function checkTypes(db: Database, { types = {} }: ReadOptions): Promise<void> {
  for (const [column, type] of Object.entries(types)) {
    const isType =
      typeText.test(type) &&
      (await db.run(`select try_cast(null as ${type})`).then(
        () => true,
        () => false,
      ));
    if (isType) continue;
    const message = `"${type}" is no type of a column; write one such as DOUBLE, BIGINT, VARCHAR, BOOLEAN or DATE`;
    throw new ExperimentError('data.type', message, ['data', 'read', 'types', column]);
  }
}
