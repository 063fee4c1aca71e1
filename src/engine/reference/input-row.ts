import type { NetworkDescription } from '../../network/description.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { placeOf } from '../../network/piecewise.js';
import { sum } from './arithmetic.js';
import type { DoubleArrays } from './forward-pass.js';

/** Returns row `index` as the first level reads it, with one-hot and piecewise fields expanded and embeddings looked up. */
export function inputRow(
  { input }: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  index: number,
): number[] {
  const row = [...data.numeric.subarray(index * input.numeric, (index + 1) * input.numeric)];
  const embedded: number[][] = [];
  input.fields.forEach(({ name, size, encode }, f) => {
    const value = data.categorical[index * input.fields.length + f]!;
    if (encode === 'onehot') {
      row.push(...Array.from({ length: size }, (_, place) => (place === value ? 1 : 0)));
      return;
    }
    if (encode === 'piecewise') {
      const { lower, share } = placeOf(value);
      const columns = Array.from({ length: size }, () => 0);
      columns[lower] = 1 - share;
      columns[lower + 1] = share;
      row.push(...columns);
      return;
    }
    const { embedding: width } = encode;
    const table = weights.get(`embeddings.${name}.weight`)!;
    const vector = [...table.subarray(value * width, (value + 1) * width)];
    embedded.push(vector);
    row.push(...vector);
  });
  switch (input.interactions) {
    case undefined:
      return row;
    case 'fm':
      return [...row, ...pooledProducts(embedded)];
  }
}

/** Returns ½((Σ_f e_f)² − Σ_f e_f²) by unit (Rendle 2010, lemma 3.1). */
function pooledProducts(embedded: readonly (readonly number[])[]): number[] {
  return embedded[0]!.map((_, unit) => {
    const units = embedded.map((vector) => vector[unit]!);
    return 0.5 * (sum(units) ** 2 - sum(units.map((value) => value ** 2)));
  });
}
