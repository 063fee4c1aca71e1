import { ListsBuilder, type ListedValue, type Lists } from '../../../network/fields/lists.js';
import type { RawTexts } from '../../gather/selection-rows.js';
import { otherWholeNumber } from '../../read/texts/clean-text.js';
import type { CategoricalColumn } from '../encoder.js';
import { cellReader, type CellValue } from './cell-values.js';
import { bucketOf } from './hashing.js';

/** Makes lists of the cells of columns whose fields have several values. */
export class CellLists {
  private readonly builder = new ListsBuilder();

  /**
   * Returns the entry of each code of a column's cells: the place of its list. A missing cell has the index 0 alone;
   * unseen values have it, too. `owner`: the column whose values it has. Throws an InputError for a weight that is
   * none.
   */
  entriesByCode(
    column: CategoricalColumn & { readonly set: NonNullable<CategoricalColumn['set']> },
    owner: CategoricalColumn,
    { values, type = column.type }: Pick<RawTexts, 'values' | 'type'>,
  ): Int32Array {
    const read = cellReader(column.name, type, column.set);
    const indexOf = indexOfValue(owner);
    const missing = this.builder.add([{ value: 0, share: 1 }]);
    return Int32Array.from({ length: values.length + 1 }, (_, code) => {
      const cell = code === 0 ? null : values.at(code - 1);
      return cell === null ? missing : this.builder.add(listOf(read(cell), indexOf, column.set.pool));
    });
  }

  build(): Lists {
    return this.builder.build();
  }
}

/** Returns the index of a value's text: 0 where it is unseen. */
function indexOfValue(owner: CategoricalColumn): (text: string) => number {
  const { encode, values } = owner;
  if (typeof encode === 'object' && encode.hash !== undefined) {
    const { hash } = encode;
    return (text) => bucketOf(text, owner, hash);
  }
  return (text) => {
    const known = values.indexOf(text);
    const other = known < 0 ? otherWholeNumber(text) : null;
    return 1 + (other === null ? known : values.indexOf(other));
  };
}

/** Returns a cell's list: each index once, with its share in the sum or the mean. */
function listOf(
  values: readonly CellValue[],
  indexOf: (text: string) => number,
  pool: 'mean' | 'sum',
): ListedValue[] {
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map<number, number>();
  for (const { text, weight } of values) {
    if (weight === 0) continue;
    const index = indexOf(text);
    shares.set(index, (shares.get(index) ?? 0) + (pool === 'sum' ? weight : weight / total));
  }
  return Array.from(shares, ([value, share]) => ({ value, share }));
}
