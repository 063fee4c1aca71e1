import { expect, it } from 'vitest';
import type { DescribeReport } from '../../shared/messages/reports.js';
import { DescribedTables } from './described-tables.js';

const report: DescribeReport = { source: 'a.csv', files: 1, rows: 2, columns: [] };

it('asks once per source, again when the source changes or is forgotten', async () => {
  let asked = 0;
  const tables = new DescribedTables(
    () => Promise.resolve({ ...report, rows: ++asked }),
    () => undefined,
  );
  const text = '{ "data": { "source": "a.csv" } }';
  await Promise.all([tables.of('x', text), tables.of('x', text)]);
  expect(asked).toBe(1);
  await tables.of('x', text + ' // a comment');
  expect(asked).toBe(1);
  expect((await tables.of('x', text.replace('a.csv', 'b.csv')))?.rows).toBe(2);
  tables.forget('x');
  expect((await tables.of('x', text))?.rows).toBe(3);
});

it('says why a table cannot be had and answers nothing', async () => {
  const said: string[] = [];
  const tables = new DescribedTables(
    () => Promise.reject(new Error('no such file')),
    (message) => said.push(message),
  );
  expect(await tables.of('x', '{ "data": { "source": "a.csv" } }')).toBeNull();
  expect(await tables.of('x', '{ "data": {} }')).toBeNull();
  expect(said).toEqual(['no such file']);
});
