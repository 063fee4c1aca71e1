import type { NetworkDescription, PeriodicDescription } from '../../network/description.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { valuesOfEntry } from '../../network/fields/lists.js';
import { placeOf } from '../../network/fields/piecewise.js';
import { sum } from './arithmetic.js';
import type { ForwardPass } from './forward-pass.js';

/**
 * Returns row `index` as the first level reads it, with one-hot and piecewise fields expanded, embeddings looked
 * up, and periodic ones computed.
 */
export function inputRow(
  { input }: NetworkDescription,
  pass: ForwardPass,
  data: EncodedRows,
  index: number,
): number[] {
  const row = [...data.numeric.subarray(index * input.numeric, (index + 1) * input.numeric)];
  const embedded: number[][] = [];
  input.fields.forEach((field, f) => {
    const { name, size, encode, table: owner = name } = field;
    const entry = data.categorical[index * input.fields.length + f]!;
    if (encode === 'onehot') {
      const columns = Array.from({ length: size }, () => 0);
      for (const { value, share } of valuesOfEntry(field, data, entry)) columns[value]! += share;
      row.push(...columns);
      return;
    }
    if (encode === 'piecewise') {
      const { lower, share } = placeOf(entry);
      const columns = Array.from({ length: size }, () => 0);
      columns[lower] = 1 - share;
      columns[lower + 1] = share;
      row.push(...columns);
      return;
    }
    const { embedding: width } = encode;
    const table = pass.weights.get(`embeddings.${owner}.weight`)!;
    const vector = Array.from({ length: width }, (_, c) =>
      sum(valuesOfEntry(field, data, entry).map(({ value, share }) => share * table[value * width + c]!)),
    );
    embedded.push(vector);
    row.push(...vector);
  });
  switch (input.interactions) {
    case undefined:
      break;
    case 'fm':
      row.push(...pooledProducts(embedded));
  }
  for (const each of input.periodic ?? []) row.push(...periodic(pass, each, row[each.column]!));
  return row;
}

/** Returns relu(A sin(2π c x) + B cos(2π c x) + b) (Gorishniy, Rubachev & Babenko 2022, section 3.3). */
function periodic(pass: ForwardPass, { name, frequencies, width }: PeriodicDescription, x: number): number[] {
  const parameter = (what: string) => pass.weights.get(`periodic.${name}.${what}`)!;
  const angles = [...parameter('frequencies')].map((c) => 2 * Math.PI * c * x);
  const [sines, cosines, bias] = [parameter('sines'), parameter('cosines'), parameter('bias')];
  return Array.from({ length: width }, (_, unit) => {
    const first = unit * frequencies;
    const terms = angles.map(
      (angle, j) => sines[first + j]! * Math.sin(angle) + cosines[first + j]! * Math.cos(angle),
    );
    const z = bias[unit]! + sum(terms);
    pass.near(z);
    return Math.max(0, z);
  });
}

/** Returns ½((Σ_f e_f)² − Σ_f e_f²) by unit (Rendle 2010, lemma 3.1). */
function pooledProducts(embedded: readonly (readonly number[])[]): number[] {
  return embedded[0]!.map((_, unit) => {
    const units = embedded.map((vector) => vector[unit]!);
    return 0.5 * (sum(units) ** 2 - sum(units.map((value) => value ** 2)));
  });
}
