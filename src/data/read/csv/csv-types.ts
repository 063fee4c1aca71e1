import type { OpenText } from '../texts/settle-texts.js';
import type { ReadOptions } from '../source-kind.js';
import { asWritten, numberFormat, zonedType, type TextType, type WantedTypes } from '../texts/text-types.js';
import type { CsvColumn, CsvLayout } from './csv-reader.js';

/** Types in which columns are read, and those that are read as texts because these have to decide. */
export interface JointTypes {
  readonly columns: readonly CsvColumn[];
  readonly open: Map<string, OpenText>;
}

/**
 * Returns one type for each column of all files: the wanted one, or the one that was detected in all of them.
 * Where files disagree, texts decide, for a file that has no value in a column says nothing about it.
 * `wanted`: by column in lower case.
 */
export function jointTypes(
  layouts: readonly CsvLayout[],
  wanted: WantedTypes,
  read: ReadOptions,
): JointTypes {
  const open = new Map<string, OpenText>();
  const columns = layouts[0]!.columns.map(({ name }): CsvColumn => {
    const asked = wanted.get(name.toLowerCase());
    if (asked !== undefined) {
      const own = asWritten(asked, read);
      // Of times as another table has them it is to be seen whether each has a zone.
      if (own.format === undefined && own.type !== zonedType) return { name, type: own.type };
      open.set(name, { wanted: own, sampled: null });
      return { name, type: 'VARCHAR' };
    }
    const detected = layouts.map((layout) => columnIn(layout, name));
    const type = jointType(detected.map((one) => one.type));
    if (type !== null && !detected.some((one) => isWrittenOtherwise(one, read)))
      return type === 'VARCHAR' ? { name, type } : { name, type, guessed: true };
    open.set(name, { wanted: null, sampled: type });
    return { name, type: 'VARCHAR' };
  });
  return { columns, open };
}

function columnIn({ columns, timeFormats }: CsvLayout, name: string): TextType {
  const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const type = column?.type ?? 'VARCHAR';
  return { type, format: timeFormats[type] };
}

/** Returns the type that holds what all files have; null: only the texts can tell. */
function jointType(types: readonly string[]): string | null {
  const [first = 'VARCHAR', ...others] = new Set(types);
  if (others.length === 0) return first;
  return [first, ...others].every((type) => type === 'BIGINT' || type === 'DOUBLE') ? 'DOUBLE' : null;
}

/** Whether values are not written as DuckDB's cast reads them, or are said not to be. */
function isWrittenOtherwise({ type, format }: TextType, read: ReadOptions): boolean {
  if (format !== undefined) return true;
  if (/^(BIGINT|DOUBLE)$/.test(type)) return numberFormat(read) !== undefined;
  if (/^(DATE|TIME)/.test(type)) return read.dateFormat !== undefined || read.timestampFormat !== undefined;
  return false;
}
