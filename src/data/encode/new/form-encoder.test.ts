import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../../experiment/schema.js';
import type { PreparedData } from '../../prepared.js';
import { csv, TempWorkspace } from '../../temp-workspace.fixture.js';
import { encodeSource, type NewRows } from '../encode-source.js';
import { FormEncoder } from './form-encoder.js';
import { RowSource } from './row-source.js';

const experiment: ExperimentInput = {
  data: { source: 'rows.csv', validation: 0, test: 0 },
  columns: {
    age: { kind: 'numeric', scale: { number: 'standard', bins: 4 } },
    day: { kind: 'numeric' },
    code: { kind: 'categorical' },
    flag: { kind: 'categorical' },
  },
  tasks: [
    { label: 'sold', kind: 'binary' },
    { label: 'price', kind: 'regression' },
  ],
};

describe('a row that is written in a form', () => {
  let workspace: TempWorkspace;
  let data: PreparedData;

  beforeAll(async () => {
    workspace = await TempWorkspace.create();
    await workspace.write(
      'rows.csv',
      csv(40, {
        age: (row) => (row % 7 === 0 ? '' : 20.5 + row / 3),
        day: (row) => `2026-01-${String(1 + (row % 28)).padStart(2, '0')}`,
        code: (row) => (row % 9 === 0 ? '' : `0${100 + (row % 4)}`),
        flag: (row) => String(row % 2 === 0),
        sold: (row) => String(row % 3 === 0),
        price: (row) => row,
      }),
    );
    data = await workspace.prepare(experiment);
  });
  afterAll(() => workspace.remove());

  it('is encoded as the row of the table that it was filled from, each of them', async () => {
    const { encoder } = data;
    const form = new FormEncoder(encoder, workspace.options.folder);
    const labelled = { tasks: experiment.tasks, weight: undefined };
    const source = await RowSource.open(encoder, 'rows.csv', { ...workspace.options, labelled });
    try {
      expect(source.rows).toBe(40);
      const batch = await encodeSource(encoder, 'rows.csv', workspace.options).next();
      const { numeric, categorical } = (batch.value as NewRows).rows;
      const [numbers, fields] = [numeric.length / 40, categorical.length / 40];
      for (let row = 0; row < 40; row++) {
        const { values, labels } = await source.row(row);
        const { rows, remarks } = await form.encode(values);
        expect(rows!.numeric, `row ${row}`).toEqual(numeric.slice(row * numbers, (row + 1) * numbers));
        expect(rows!.categorical, `row ${row}`).toEqual(categorical.slice(row * fields, (row + 1) * fields));
        expect(
          remarks.every(({ is }) => is === 'missing'),
          JSON.stringify(remarks),
        ).toBe(true);
        expect(labels).toEqual({ sold: String(row % 3 === 0), price: expect.any(String) as string });
      }
      expect((await source.row(3)).values).toEqual({
        ...{ age: '21.5', day: '2026-01-04', code: '0103', flag: 'false' },
      });
    } finally {
      source.close();
      form.close();
    }
  });

  it('is remarked on where training saw nothing like it, and not encoded where a value is none', async () => {
    const form = new FormEncoder(data.encoder, workspace.options.folder);
    try {
      const row = { age: '30', day: '2026-01-05', code: '0102', flag: 'true' };
      const remarksOn = async (change: Record<string, string | null>) => {
        const { rows, remarks } = await form.encode({ ...row, ...change });
        return [
          rows === null ? 'not encoded' : 'encoded',
          ...remarks.map(({ column, is }) => `${column} ${is}`),
        ];
      };
      expect(await remarksOn({})).toEqual(['encoded']);
      expect(await remarksOn({ age: '1e9', code: '9' })).toEqual(['encoded', 'age outside', 'code unseen']);
      expect(await remarksOn({ age: ' ', code: null })).toEqual(['encoded', 'age missing', 'code missing']);
      expect(await remarksOn({ age: 'old' })).toEqual(['not encoded', 'age invalid']);
      expect(await remarksOn({ day: 'soon' })).toEqual(['not encoded', 'day invalid']);
      expect(await remarksOn({ day: '2031-01-01' })).toEqual(['encoded', 'day outside']);
      expect(await remarksOn({ day: "'; select 1; --" })).toEqual(['not encoded', 'day invalid']);
    } finally {
      form.close();
    }
  });
});
