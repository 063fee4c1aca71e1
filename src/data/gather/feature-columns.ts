import { sep } from 'node:path';
import { InputError } from '../../shared/errors.js';
import type { Feature } from '../decide/plan-columns.js';
import type { Database } from '../duckdb/database.js';
import type { Items } from '../duckdb/vector.js';
import { freeBuffer } from '../../memory/release.js';
import { isList, isText } from '../duckdb/type-kind.js';
import { listCells, listColumn, type Dictionary } from '../read/table/dictionary.js';
import { columnNamed } from '../read/table/expression.js';
import type { SourceColumn, SourceTable } from '../read/table/source-table.js';
import type { Wanted } from '../read/table/wanted.js';
import { numberAsTrained } from './same-numbers.js';
import type { RawColumns, RawTexts } from './selection-rows.js';

/**
 * Returns the column of another table by the name that it has in the training table. Throws where it is
 * absent.
 */
export function sameColumn(table: SourceTable, name: string): SourceColumn {
  const found = columnNamed(table.columns, name);
  if (found !== undefined) return found;
  const [file] = table.files;
  const message =
    `${table.title} has no column "${name}", which the model needs; columns are matched by name` +
    partitionHint(file, name);
  throw new InputError('data.no-column', message, file === undefined ? {} : { file });
}

/** Says how a column is read that only the name of a folder has, which is above all of a table's files. */
function partitionHint(file: string | undefined, name: string): string {
  const isIts = (one: string): boolean => one.toLowerCase().startsWith(`${name.toLowerCase()}=`);
  const folder = file?.split(sep).slice(0, -1).find(isIts);
  if (folder === undefined) return '';
  return (
    `; "${folder}" is the folder of this table, and a column only of the table above it: name that one, ` +
    `or give some rows of it by a query (--sql "from '…/*/*' where …")`
  );
}

/** Returns what to read for features, in order; lists the texts of those that have no dictionary yet. */
export async function wantedFeatures(
  db: Database,
  table: SourceTable,
  features: readonly Feature[],
  dictionaries: ReadonlyMap<string, Dictionary>,
): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const { name, type, use, set } of features) {
    const column = sameColumn(table, name);
    switch (use) {
      case 'numeric':
        wanted.push({ kind: 'number', sql: numberAsTrained({ column, trained: type }) ?? 'null::double' });
        break;
      case 'categorical': {
        const several = set !== undefined && set !== null;
        if (several) failOnNoSet(column, type);
        const dictionary =
          dictionaries.get(name) ?? (await (several ? listCells : listColumn)(db, table, column));
        wanted.push({ kind: 'text', dictionary, ...(column.type !== type && { type: column.type }) });
      }
    }
  }
  return wanted;
}

/** Throws where a column that had lists, or texts with several values, has something else. */
function failOnNoSet({ name, type }: SourceColumn, trained: string): void {
  if (isList(type) || (isText(type) && !isList(trained))) return;
  const message = `column "${name}" is ${type} here, and was ${trained} when it was learned; give it the same type`;
  throw new InputError('data.other-type', message, { columnName: name });
}

/** Returns the texts of features, by name. */
export function textsOf(
  features: readonly Feature[],
  wanted: readonly Wanted[],
): Map<string, Pick<RawTexts, 'values' | 'type'>> {
  const texts = new Map<string, Pick<RawTexts, 'values' | 'type'>>();
  features.forEach(({ name }, i) => {
    const one = wanted[i]!;
    if (one.kind === 'text') texts.set(name, valuesOf(one));
  });
  return texts;
}

const valuesOf = ({
  dictionary,
  type,
}: Extract<Wanted, { kind: 'text' }>): Pick<RawTexts, 'values' | 'type'> => ({
  values: dictionary.texts,
  ...(type !== undefined && { type }),
});

/** Returns the features' columns, which were read first of all that is wanted, by name. */
export function rawColumns(
  rows: number,
  features: readonly Feature[],
  wanted: readonly Wanted[],
  columns: readonly Items[],
): RawColumns {
  const numbers = new Map<string, Items>();
  const texts = new Map<string, RawTexts>();
  features.forEach(({ name }, i) => {
    const one = wanted[i]!;
    if (one.kind === 'text') texts.set(name, { codes: columns[i]!, ...valuesOf(one) });
    else numbers.set(name, columns[i]!);
  });
  const [first] = columns;
  return { rows, numbers, texts, free: () => (first === undefined ? undefined : freeBuffer(first.buffer)) };
}
