import * as v from 'valibot';
import { InputError } from '../../../shared/errors.js';
import type { SetOfValues } from '../../decide/plan-columns.js';
import { isList } from '../../duckdb/type-kind.js';
import { hashedForm } from '../../read/texts/clean-text.js';

/** A value of a cell, in the one form that it has in every table, and its weight. */
export interface CellValue {
  readonly text: string;
  readonly weight: number;
}

const form = hashedForm(false);
const listSchema = v.array(v.nullable(v.string()));

/**
 * Returns what reads the values of a cell, each once; weights of one that comes again add up, where there are any.
 * `type`: DuckDB's type of the column. What it returns throws an InputError for a weight that is none.
 */
export function cellReader(
  name: string,
  type: string,
  { separator, weights }: Pick<SetOfValues, 'separator' | 'weights'>,
): (cell: string) => CellValue[] {
  const parts = (cell: string): readonly (string | null)[] =>
    isList(type)
      ? v.parse(listSchema, JSON.parse(cell))
      : separator === null
        ? [cell]
        : cell.split(separator);
  return (cell) => {
    const found = new Map<string, number>();
    for (const part of parts(cell)) {
      const written = part?.trim() ?? '';
      if (written === '') continue;
      const at = weights === undefined ? -1 : written.lastIndexOf(weights);
      const text = form((at < 0 ? written : written.slice(0, at)).trim());
      const weight = at < 0 ? 1 : weightIn(written.slice(at + weights!.length), name, written);
      if (text === '') continue;
      found.set(text, weights === undefined ? 1 : (found.get(text) ?? 0) + weight);
    }
    return Array.from(found, ([one, weight]) => ({ text: one, weight }));
  };
}

function weightIn(text: string, columnName: string, written: string): number {
  const weight = Number(text);
  if (text.trim() !== '' && Number.isFinite(weight) && weight >= 0) return weight;
  throw new InputError(
    'data.value-weight',
    `the weight in "${written}" is no number of 0 or more; correct it, or leave out "weights" if it is none`,
    { columnName },
  );
}
