import type { Source } from '../../experiment/schema.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { ReadOptions } from '../read/csv.js';
import { Database } from '../duckdb/database.js';
import { emptyInputs, RowEncoder } from './row-encoder.js';
import type { Encoder } from './encoder.js';
import { isNumber, isTime } from '../decide/column-facts.js';
import { realFolders } from '../read/source-files.js';
import type { DataOptions } from '../options.js';
import { rawColumns, textsOf } from '../read/raw-columns.js';
import { readBatches } from '../gather/read-columns.js';
import { failOnBadNumbers, featureColumns, type Feature } from '../gather/feature-columns.js';
import { loadSource } from '../read/source-table.js';

/**
 * Encodes new rows as the training rows were, by column name: their order does not matter, and columns that
 * the encoder does not know are not looked at. Batches of at most `batchRows` rows, in the order of the rows;
 * labels are NaN. Throws InputErrors: a column that is absent, a text among numbers.
 */
export async function* encodeSource(
  encoder: Encoder,
  source: Source,
  options: Pick<DataOptions, 'folder' | 'workspace'> & {
    readonly read?: ReadOptions | undefined;
    readonly batchRows?: number;
  },
): AsyncGenerator<{ rows: EncodedRows; firstRow: number }> {
  const folders = await realFolders(options.folder, options.workspace);
  const read = options.read ?? {};
  const db = await Database.open(folders.workspace);
  try {
    const table = await loadSource(db, 'data', source, { folders, read, types: typesFor(encoder, read) });
    const features: Feature[] = [
      ...encoder.numeric.map(({ name, type }): Feature => ({ name, type, use: 'numeric' })),
      ...encoder.categorical.map(({ name, type }): Feature => ({ name, type, use: 'categorical' })),
    ];
    const selection = { table, where: null };
    const wanted = await featureColumns(db, selection, features, new Map(), read);
    await failOnBadNumbers(db, selection, features, read);
    const batchRows = Math.max(1, options.batchRows ?? 65_536);
    const rowEncoder = new RowEncoder(encoder, textsOf(features, wanted));
    let firstRow = 0;
    for await (const batch of readBatches(db, table, wanted, batchRows)) {
      const raw = rawColumns(batch.rows, features, wanted, batch.columns);
      const rows = new Uint32Array(batch.rows).map((_, row) => row);
      const labels = new Float32Array(batch.rows * encoder.tasks.length).fill(NaN);
      const inputs = emptyInputs(encoder, batch.rows);
      rowEncoder.encode(raw, rows, inputs);
      yield { rows: { rows: batch.rows, ...inputs, labels, weights: null }, firstRow };
      firstRow += batch.rows;
    }
  } finally {
    db.close();
  }
}

/** As in training, so that the same text means the same; any number will do for a numeric column. */
function typesFor(encoder: Encoder, read: ReadOptions): Map<string, string> {
  const types = new Map<string, string>();
  for (const { name, type } of encoder.numeric)
    types.set(
      name.toLowerCase(),
      isNumber(type) ? 'DOUBLE' : isTime(type) || type === 'BOOLEAN' ? type : 'VARCHAR',
    );
  for (const { name, type } of encoder.categorical) types.set(name.toLowerCase(), type);
  for (const [column, type] of Object.entries(read.types ?? {})) types.set(column.toLowerCase(), type);
  return types;
}
