import { expect, it, onTestFinished } from 'vitest';
import { TempWorkspace } from './temp-workspace.fixture.js';

it.each(['value', 'data', 'data_raw', 'n', 'row', 'source'])(
  'a column of any name is read beside others: %s',
  async (name) => {
    const rows = Array.from({ length: 40 }, (_, row) => ({
      [name]: row % 4 === 0 ? row : null,
      city: row % 4 === 0 ? 'Oslo' : ['Bonn', 'Rome'][row % 2]!,
      size: row % 5,
      bought: row % 7 < 3,
    }));
    const workspace = await TempWorkspace.create({
      'a.jsonl': rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    });
    onTestFinished(() => workspace.remove());
    const { encoder } = await workspace.prepare({
      data: { source: 'a.jsonl', validation: 0, test: 0 },
      columns: { size: { kind: 'categorical' } },
      tasks: [{ label: 'bought' }],
    });
    expect(encoder.numeric.map((column) => column.name)).toEqual([name]);
    expect(encoder.categorical.map(({ values }) => [...values])).toEqual([
      ['Rome', 'Bonn', 'Oslo'],
      ['0', '1', '2', '3', '4'],
    ]);
  },
);
