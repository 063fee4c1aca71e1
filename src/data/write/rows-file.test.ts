import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import type { HeldData } from '../prepared.js';
import { readPreparedData, writePreparedData } from './rows-file.js';
import { csv, TempWorkspace } from '../temp-workspace.fixture.js';

async function fileOf(weighted: boolean, validation: number): Promise<{ data: HeldData; file: number }> {
  const workspace = await TempWorkspace.create({
    'a.csv': csv(300, {
      age: (row) => (row % 7 === 3 ? '' : 20 + (row % 40)),
      city: (row) => ['Oslo', 'Größe 😀', 'Rome'][row % 3]!,
      minutes: (row) => (row % 4 === 0 ? '' : row % 90),
      weight: (row) => 1 + (row % 2),
    }),
  });
  onTestFinished(() => workspace.remove());
  const data = await workspace.prepare({
    data: { source: 'a.csv', validation, test: 0.2, ...(weighted && { weight: 'weight' }) },
    tasks: [{ label: 'minutes' }, { name: 'north', label: "city = 'Oslo'" }],
  });
  const file = openSync(join(workspace.folder, 'rows'), 'wx+');
  onTestFinished(() => closeSync(file));
  writePreparedData(file, data);
  return { data, file };
}

test.each([
  [true, 0.1],
  [false, 0],
])(
  'data read back is what was written, to the bit (weighted: %s, validation: %s)',
  async (weighted, validation) => {
    const { data, file } = await fileOf(weighted, validation);
    // Twice: readers share the file, and none may leave its place in it to the next.
    for (let reader = 0; reader < 2; reader++) expect(readPreparedData(file)).toEqual(data);
    expect(data.train.weights !== null).toBe(weighted);
    expect(data.validation === null).toBe(validation === 0);
  },
);

test('a file that is cut short, too long or another one is refused', async () => {
  const { file } = await fileOf(false, 0.1);
  writeSync(file, 'x', 1e6);
  expect(() => readPreparedData(file)).toThrow(/bytes instead of/);
  ftruncateSync(file, 1000);
  expect(() => readPreparedData(file)).toThrow(/bytes instead of|cut short|no file of encoded rows/);
  writeSync(file, 'X', 0);
  expect(() => readPreparedData(file)).toThrow('this is no file of encoded rows');
  ftruncateSync(file, 3);
  expect(() => readPreparedData(file)).toThrow('cut short');
});
