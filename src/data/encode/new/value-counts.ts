import type { EncodedRows } from '../../../network/encoded-rows.js';
import { valuesOfEntry } from '../../../network/fields/lists.js';
import type { FoundColumn } from '../../../shared/prediction/report.js';
import type { RawColumns } from '../../gather/selection-rows.js';
import { countFields, type Encoder } from '../encoder.js';
import { OutsideCount } from '../outside.js';
import type { EncodedInputs } from '../row-encoder.js';

interface Counted {
  readonly name: string;
  missing: number;
  /** By text: how often a value was seen that training did not see, or too rarely to learn it. */
  readonly unseen: Map<string, number>;
  unseenRows: number;
}

/** Different unseen values that are told apart; the others are counted all the same. */
const mostTexts = 1000;
const mostExamples = 3;

/** Counts, by column, what new rows have that the model knows nothing of. */
export class ValueCounts {
  private readonly columns: readonly Counted[];
  private readonly outside: OutsideCount;

  constructor(private readonly encoder: Encoder) {
    this.outside = new OutsideCount(encoder);
    this.columns = [...encoder.numeric, ...encoder.categorical].map(({ name }) => ({
      name,
      missing: 0,
      unseen: new Map(),
      unseenRows: 0,
    }));
  }

  /** Counts the rows of raw columns, which `inputs` has encoded. */
  add(
    raw: RawColumns,
    rows: Uint32Array,
    { categorical, lists }: EncodedInputs & Pick<EncodedRows, 'lists'>,
  ): void {
    this.outside.add(raw, rows);
    const { numeric, categorical: fields } = this.encoder;
    numeric.forEach(({ name }, at) => {
      const values = raw.numbers.get(name)!;
      for (const row of rows) if (Number.isNaN(values[row])) this.columns[at]!.missing++;
    });
    const width = countFields(this.encoder);
    fields.forEach(({ name, set }, field) => {
      const column = this.columns[numeric.length + field]!;
      const { codes, values } = raw.texts.get(name)!;
      rows.forEach((row, at) => {
        const code = codes[row]!;
        const text = code === 0 ? null : values.at(code - 1);
        if (text === null) column.missing++;
        else {
          const entry = categorical[at * width + field]!;
          const chosen = valuesOfEntry({ several: set !== undefined }, { lists }, entry);
          if (chosen.some(({ value }) => value === 0)) countUnseen(column, text);
        }
      });
    });
  }

  /** Returns the columns of which there is something to say, in the encoder's order. */
  found(): FoundColumn[] {
    const outside = new Map(this.outside.found().map(({ name, ...range }) => [name, range]));
    return this.columns.flatMap(({ name, missing, unseen, unseenRows }) => {
      const range = outside.get(name);
      if (missing === 0 && unseenRows === 0 && range === undefined) return [];
      const examples = [...unseen].sort((one, other) => other[1] - one[1]).map(([text]) => text);
      return [
        {
          ...{ name, missing, unseen: unseenRows },
          examples: examples.slice(0, mostExamples),
          ...(range !== undefined && { outside: range }),
        },
      ];
    });
  }
}

function countUnseen(column: Counted, text: string): void {
  column.unseenRows++;
  const before = column.unseen.get(text);
  if (before !== undefined || column.unseen.size < mostTexts) column.unseen.set(text, (before ?? 0) + 1);
}
