import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeSource } from './decide/describe.js';
import { TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

/** The rows of a source, and the names and types of its columns. */
async function table(source: string | string[]): Promise<{ rows: number; columns: Record<string, string> }> {
  const { rows, columns } = await describeSource(source, workspace.options);
  return { rows, columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])) };
}

describe('how a text file is laid out is found where nobody says it:', () => {
  it.each([
    [
      'a name in quotation marks after a byte order mark',
      '\ufeff"a;b",c\n1,2\n2,3\n3,4\n',
      { 'a;b': 'BIGINT', c: 'BIGINT' },
    ],
    ['a quotation mark in a name', '"a ""b""",c\n1,2\n2,3\n3,4\n', { 'a "b"': 'BIGINT', c: 'BIGINT' }],
    ['both', '\ufeff"""";"c"\n"x";2\n"y";3\n"z";4\n', { '"': 'VARCHAR', c: 'BIGINT' }],
    [
      'delimiters in a name after a byte order mark',
      '\ufeff"; x";e\n1.5;2\n2.5;3\n3.5;4\n',
      { '; x': 'DOUBLE', e: 'BIGINT' },
    ],
    [
      'names above truth values and texts',
      'done,who\ntrue,ann\nfalse,bob\ntrue,cid\n',
      { done: 'BOOLEAN', who: 'VARCHAR' },
    ],
    [
      'names above dates of which one is unknown',
      'day,who\n2020-01-05,ann\nNA,bob\n2020-01-07,c\n2020-01-08,d\n2020-01-09,e\n',
      { day: 'VARCHAR', who: 'VARCHAR' },
    ],
  ])('%s', async (_, text, columns) => {
    await workspace.write('table.csv', text);
    expect((await table('table.csv')).columns).toEqual(columns);
  });

  it('a part with a line of names only is laid out as the others', async () => {
    await workspace.write('parts/0.tsv', 'who\tage\n');
    await workspace.write('parts/1.tsv', 'who\tage\nann\t1\nbob\t2\ncid\t3\n');
    await workspace.write('parts/2.tsv', 'age\twho\n');
    await workspace.write('parts/3.tsv', 'age\twho\n7\tdee\n');
    expect(await table('parts')).toEqual({ rows: 4, columns: { who: 'VARCHAR', age: 'BIGINT' } });
  });

  it('a line of names with a number in it is one in a part without rows, too', async () => {
    await workspace.write('parts/0.tsv', 'who\t2020\n');
    await workspace.write('parts/1.tsv', 'who\t2020\nann\t1\nbob\t2\ncid\t3\n');
    expect(await table('parts')).toEqual({ rows: 3, columns: { who: 'VARCHAR', 2020: 'BIGINT' } });
  });

  it('a line that all parts begin with has names', async () => {
    for (const [part, rows] of ['ann,x\nbob,y\n', 'cid,z\n', ''].entries())
      await workspace.write(`parts/${part}.csv`, `who,what\n${rows}`);
    expect(await table('parts')).toEqual({ rows: 3, columns: { who: 'VARCHAR', what: 'VARCHAR' } });
  });

  it('parts without names that begin alike keep their first rows', async () => {
    for (const part of [0, 1]) await workspace.write(`parts/${part}.csv`, `1,2\n${part},5\n3,6\n`);
    expect((await table('parts')).rows).toBe(6);
  });

  it('runs of blanks between fields are refused, with what to do', async () => {
    await workspace.write('table.txt', 'age   income\n1     2.5\n22    3.5\n333   4\n');
    await expect(table('table.txt')).rejects.toThrow(/^runs of blanks stand between the fields/);
    await workspace.write('table.csv', 'title\nof  mice\nmen\nthe old  man\n');
    expect(await table('table.csv')).toEqual({ rows: 3, columns: { title: 'VARCHAR' } });
  });

  it('blanks around numbers do not count', async () => {
    await workspace.write('table.csv', 'a,b\n1.5 ,1\n2 ,  2\n"3.5 ",3\n');
    expect((await table('table.csv')).columns).toEqual({ a: 'DOUBLE', b: 'BIGINT' });
  });
});
