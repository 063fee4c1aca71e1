import type { EncodedRows } from '../../../network/encoded-rows.js';
import { valuesOfEntry } from '../../../network/fields/lists.js';
import type { RowRemark, RowValues } from '../../../shared/prediction/row-messages.js';
import { literal } from '../../../shared/sql.js';
import { Database } from '../../duckdb/database.js';
import { isList, isTime } from '../../duckdb/type-kind.js';
import { numberAsTrained } from '../../gather/same-numbers.js';
import type { RawTexts } from '../../gather/selection-rows.js';
import { Texts } from '../../texts/texts.js';
import { toSingle } from '../numbers/scales.js';
import { emptyInputs, RowEncoder, withLists } from '../row-encoder.js';
import type { Encoder, NumericColumn } from '../encoder.js';

/** A row that a person has written, encoded; null: some value is none that the column can have. */
export interface EncodedForm {
  readonly rows: EncodedRows | null;
  readonly remarks: readonly RowRemark[];
}

/** Encodes single rows that are written as texts, and says what the encoder makes of each. */
export class FormEncoder {
  /** Reads dates and times; opened when there is one. */
  private db: Database | null = null;

  constructor(
    private readonly encoder: Encoder,
    private readonly folder: string,
  ) {}

  async encode(values: RowValues): Promise<EncodedForm> {
    const { encoder } = this;
    const textOf = (name: string): string | null => {
      const text = values[name]?.trim() ?? '';
      return text === '' ? null : text;
    };
    const remarks: RowRemark[] = [];
    const numbers = new Map<string, Float64Array>();
    for (const column of encoder.numeric) {
      const text = textOf(column.name);
      const value = text === null ? NaN : await this.numberOf(column, text);
      const is = text === null ? 'missing' : remarkOf(column, value);
      if (is !== null) remarks.push({ column: column.name, is });
      numbers.set(column.name, Float64Array.of(value));
    }
    if (remarks.some(({ is }) => is === 'invalid')) return { rows: null, remarks };
    const texts = new Map<string, RawTexts>();
    for (const { name, type, set } of encoder.categorical) {
      const written = textOf(name);
      const text = written !== null && set !== undefined && isList(type) ? asList(written) : written;
      texts.set(name, {
        codes: Uint8Array.of(text === null ? 0 : 1),
        values: Texts.from(text === null ? [] : [text]),
      });
    }
    const inputs = emptyInputs(encoder, 1);
    const raw = { rows: 1, numbers, texts, free: () => undefined };
    const rowEncoder = new RowEncoder(encoder, texts);
    rowEncoder.encode(raw, Uint32Array.of(0), inputs);
    const lists = withLists(rowEncoder);
    encoder.categorical.forEach(({ name, set }, field) => {
      const entry = inputs.categorical[field]!;
      const chosen = valuesOfEntry({ several: set !== undefined }, lists, entry);
      if (textOf(name) === null) remarks.push({ column: name, is: 'missing' });
      else if (chosen.some(({ value }) => value === 0)) remarks.push({ column: name, is: 'unseen' });
    });
    const labels = new Float32Array(encoder.tasks.length).fill(NaN);
    return { rows: { rows: 1, ...inputs, ...lists, labels, weights: null }, remarks };
  }

  /** Returns a number as the column has it; NaN: the text is none. */
  private async numberOf({ type }: NumericColumn, text: string): Promise<number> {
    if (type === 'BOOLEAN' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? 1 : 0;
    if (!isTime(type)) return Number(text);
    this.db ??= await Database.open(this.folder);
    const sql = numberAsTrained({ column: { name: 'value', type: 'VARCHAR' }, trained: type }) ?? 'null';
    const { number } = await this.db.row(
      `select ${sql} as number from (select ${literal(text)}::varchar as value)`,
    );
    return typeof number === 'number' ? number : NaN;
  }

  close(): void {
    this.db?.close();
  }
}

/** Returns a list as its cells are, from its JSON, or what a person has written with commas. */
function asList(text: string): string {
  let found: unknown = null;
  try {
    found = JSON.parse(text);
  } catch {
    // It is no JSON.
  }
  const values = Array.isArray(found) ? found.map(String) : text.replace(/^\[|\]$/g, '').split(',');
  return JSON.stringify(values);
}

function remarkOf({ range }: NumericColumn, value: number): RowRemark['is'] | null {
  if (!Number.isFinite(value)) return 'invalid';
  const single = toSingle(value);
  return range !== undefined && (single < range.low || single > range.high) ? 'outside' : null;
}
