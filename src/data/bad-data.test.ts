import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { formatPlace, InputError } from '../shared/errors.js';
import { describeSource } from './decide/describe.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

const good = (change: Record<string, (row: number) => string | number> = {}, rows = 200): string =>
  csv(rows, {
    age: (row) => row % 50,
    price: (row) => row / 4,
    city: (row) => `city ${row % 3}`,
    bought: (row) => row % 2,
    ...change,
  });

const onTable = (more: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: { source: 'table.csv' },
  tasks: [{ label: 'bought' }],
  ...more,
});

/** The error's place, relative to the workspace, and its message. */
async function failure(experiment: ExperimentInput | string): Promise<string> {
  const error: unknown = await workspace.prepare(experiment).then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InputError)) throw error;
  return `${formatPlace(error.place)}: ${error.message}`.replaceAll(`${workspace.folder}/`, '');
}

/** An experiment's text with the place of a value in it: `12` is line 1, column 12. */
const at = (experiment: ExperimentInput, value: string): string =>
  `x.mmoe.json:1:${JSON.stringify(experiment).indexOf(value) + 1}`;

describe('bad data is refused with one clear error:', () => {
  it('a missing file, with the one that was meant, or the tables that are beside it', async () => {
    for (const name of ['sub/people.csv', 'sub/films.csv', 'sub/tables.csv'])
      await workspace.write(name, good());
    const missing = (source: string): Promise<string> => failure(onTable({ data: { source } }));
    expect(await missing('sub/table.csv')).toBe(
      'sub/table.csv: there is no file "sub/table.csv"; did you mean "sub/tables.csv"?',
    );
    expect(await missing('sub/x.csv')).toBe(
      'sub/x.csv: there is no file "sub/x.csv"; beside it: films.csv, people.csv, tables.csv',
    );
  });

  it('an empty file, and a table without rows', async () => {
    await workspace.write('table.csv', '');
    expect(await failure(onTable())).toBe('table.csv: this file is empty; it needs a line of names and rows');
    await workspace.write('table.csv', 'age,bought\n');
    expect(await failure(onTable())).toBe('table.csv: this table has no rows');
  });

  it('a label that is no column, with the name that was meant and its place in the experiment', async () => {
    await workspace.write('table.csv', good());
    const experiment = onTable({ tasks: [{ label: 'bougt' }] });
    expect(await failure(experiment)).toBe(
      `${at(experiment, '"bougt"')}: label of task "bougt": table.csv has no column "bougt"; ` +
        'did you mean "bought"?',
    );
    const expression = onTable({ tasks: [{ label: "agee > 3 and city = 'x'" }] });
    expect(await failure(expression)).toContain('has no column "agee"; did you mean "age"?');
    const word = onTable({ tasks: [{ label: 'like' }] });
    expect(await failure(word)).toContain(
      'label of task "like": table.csv has no column "like"; the columns are',
    );
    const broken = onTable({ tasks: [{ label: 'age >' }] });
    expect(await failure(broken)).toMatch(/is no column and no SQL expression: syntax error/);
    for (const label of ['1) , (2', '1) union select (2'])
      expect(await failure(onTable({ tasks: [{ label }] }))).toContain('is not one SQL expression');
  });

  it('a label, weight or condition that does not give every row one value', async () => {
    await workspace.write('table.csv', good());
    const own = 'makes rows of its own';
    const whole = 'gives one value for the whole table';
    const several = 'stands for several columns';
    const cases = [
      ['unnest([1, 2, 3])', own],
      ['unnest([bought, 1 - bought])', own],
      ['unnest([])', own],
      ['sum(bought)', whole],
      ['geomean(age) > 3', whole],
      ['columns(*)', several],
      ['*', several],
    ] as const;
    for (const [label, why] of cases) {
      const experiment = onTable({ tasks: [{ label }] });
      expect(await failure(experiment)).toContain(`${at(experiment, JSON.stringify(label))}: label`);
      expect(await failure(experiment)).toContain(why);
      const weighed = onTable({ data: { source: 'table.csv', weight: label } });
      expect(await failure(weighed)).toContain(why);
      if (label === '*') continue;
      const chosen = onTable({ data: { source: 'table.csv', where: `(${label})::double > 0` } });
      expect(await failure(chosen)).toContain(why);
    }
    const ranked = onTable({ tasks: [{ label: 'age > avg(age) over ()' }] });
    expect((await workspace.prepare(ranked)).train.rows).toBe(160);
  });

  it('a label whose column needs quotation marks', async () => {
    await workspace.write('table.csv', good({ 'user id': (row) => row, 'zip-code': (row) => row }));
    const experiment = onTable({ tasks: [{ label: 'user id = 3' }] });
    expect(await failure(experiment)).toBe(
      `${at(experiment, '"user id')}: label of task "user id = 3" is no column and no SQL expression: ` +
        'syntax error at or near "id"; a name with blanks or signs needs quotation marks: ' +
        String.raw`"\"user id\" = 3"`,
    );
    expect(await failure(onTable({ tasks: [{ name: 'third', label: 'user id = 3' }] }))).toContain(
      'label of task "third" "user id = 3" is',
    );
    const minus = await failure(onTable({ data: { source: 'table.csv', where: 'zip-code > 3' } }));
    expect(minus).toContain(
      'has no column "zip"; a name with blanks or signs needs quotation marks: "\\"zip-code\\" > 3"',
    );
  });

  it('a query, at its place in the experiment', async () => {
    await workspace.write('table.csv', good());
    const source = (sql: string): ExperimentInput => onTable({ data: { source: { sql } } });
    const test = onTable({ data: { source: 'table.csv', test: { source: { sql: 'selct 1' } } } });
    for (const sql of [
      'selct 1',
      'select foo from "table.csv"',
      'select 1; select 2',
      "copy (select 1) to 'x.csv'",
    ]) {
      const message = await failure(source(sql));
      expect(message.startsWith(`${at(source(sql), JSON.stringify(sql))}: the query cannot be used: `)).toBe(
        true,
      );
      expect(message).not.toContain('serialized');
    }
    expect(await failure(test)).toContain(`${at(test, '"selct')}: the query`);
  });

  it('a constant label', async () => {
    await workspace.write('table.csv', good({ bought: () => 1, city: () => 'x' }));
    const experiment = onTable();
    expect(await failure(experiment)).toBe(
      `${at(experiment, '"bought"')}: the label of task "bought" has the same value, 1, ` +
        'in all rows that have one of table.csv; there is nothing to learn',
    );
    expect(await failure(onTable({ tasks: [{ label: "city = 'x'" }] }))).toContain(
      'has the same value, true,',
    );
    expect(await failure(onTable({ tasks: [{ label: 'city' }] }))).toContain('has the same value, x,');
    expect(await failure(onTable({ tasks: [{ label: 'bought', kind: 'regression' }] }))).toContain(
      'has the same value, 1,',
    );
  });

  it('a text in a column of numbers, with row and value', async () => {
    await workspace.write('table.csv', good({ age: (row) => (row === 16 ? 'abc' : row % 50) }));
    expect(await failure(onTable())).toMatch(/^table\.csv.*row 17, column "age": "abc" is not a number/);
    await workspace.write('table.csv', good({ price: (row) => (row === 29_000 ? 'n/a' : row) }, 30_000));
    expect(await failure(onTable())).toMatch(
      /^table\.csv:29002, row 29001, column "price": "n\/a" is not a number/,
    );
    await workspace.write('table.csv', good());
    expect(await failure(onTable({ columns: { city: { kind: 'numeric' } } }))).toMatch(
      /^table\.csv, row 1, column "city": "city 0" is not a number.*199 more/,
    );
  });

  it('a malformed line, with its number', async () => {
    const lines = good().split('\n');
    await workspace.write('table.csv', lines.with(51, '1,2').join('\n'));
    expect(await failure(onTable())).toBe(
      'table.csv:52: this line is malformed: it has 2 columns where the others have 4; it begins «1,2»',
    );
    await workspace.write('table.csv', lines.with(51, '1,2,3,4,5,6').join('\n'));
    expect(await failure(onTable())).toMatch(/^table\.csv:52: .*where the others have 4/);
    await workspace.write('table.csv', lines.with(51, '1,"2,a,0').join('\n'));
    expect(await failure(onTable())).toMatch(/^table\.csv:52: .*quotation mark/);
  });

  it('two columns of one name', async () => {
    await workspace.write('table.csv', 'age,bought,Age\n1,0,2\n2,1,3\n');
    expect(await failure(onTable())).toMatch(
      /^table\.csv:1, column "Age": columns 1 and 3 have the same name.*, with "header": true beside it$/,
    );
  });

  it('a file in another encoding than UTF-8', async () => {
    const latin = (table: string): Uint8Array => Buffer.from(table, 'latin1');
    const start = 'this file is not written in UTF-8; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)';
    const says = `${start}, or say in data.read how it is written: "encoding": "latin-1" or "utf-16"`;
    await workspace.write('table.csv', latin(good({ city: (row) => `caf\u00e9 ${row % 3}` })));
    expect(await failure(onTable())).toBe(`table.csv:2: ${says}`);
    await workspace.write('table.csv', latin(good().replace('city', 'caf\u00e9')));
    expect(await failure(onTable())).toBe(`table.csv:1: ${says}`);
    await workspace.write('table.csv', Buffer.from(good(), 'utf16le'));
    expect(await failure(onTable())).toBe(`table.csv:1: ${says}`);
    await workspace.write('table.jsonl', latin('{"city": "caf\u00e9", "bought": 1}\n'));
    expect(await failure(onTable({ data: { source: 'table.jsonl' } }))).toBe(
      `table.jsonl: ${start} and try again`,
    );
  });

  it('UTF-8, packed or not, that is said to be UTF-16', async () => {
    const says =
      'this file is not written in utf-16, as data.read.encoding says; leave that out if it is UTF-8';
    await workspace.write('table.csv', good());
    expect(await failure(onTable({ data: { source: 'table.csv', read: { encoding: 'utf-16' } } }))).toBe(
      `table.csv: ${says}`,
    );
    await workspace.write('table.csv.gz', gzipSync(good({}, 20_000)));
    expect(await failure(onTable({ data: { source: 'table.csv.gz', read: { encoding: 'utf-16' } } }))).toBe(
      `table.csv.gz: ${says}`,
    );
  });

  it('a table whose delimiter was not found', async () => {
    await workspace.write('table.csv', good().replaceAll(',', '!'));
    const says = 'say what separates the fields, "data": { "read": { "delimiter": "!" } }';
    expect(await failure(onTable())).toContain(says);
    expect(await failure(onTable({ columns: { age: 'ignore' } }))).toContain(says);
    await workspace.write('table.csv', good());
    expect(await failure(onTable({ data: { source: 'table.csv', read: { delimiter: ';' } } }))).toContain(
      '"delimiter": ","',
    );
  });

  it('values that are not finite', async () => {
    await workspace.write('table.csv', good({ price: (row) => (row === 12 ? 'nan' : row / 4) }));
    expect(await failure(onTable())).toMatch(
      /^table\.csv, row 13, column "price": "nan" is not a finite number/,
    );
    await workspace.write('table.csv', good({ price: (row) => (row === 13 ? '-inf' : row / 4) }));
    expect(await failure(onTable())).toMatch(
      /^table\.csv, row 14, column "price": "-inf" is not a finite number/,
    );
    expect(await failure(onTable({ tasks: [{ label: 'price', kind: 'regression' }] }))).toMatch(
      /row 14, column "price": "-inf" is not/,
    );
    expect(await failure(onTable({ tasks: [{ label: 'price', kind: 'binary' }] }))).toMatch(/"-inf" is not/);
    expect(
      await failure(onTable({ columns: { price: 'ignore' }, tasks: [{ label: 'bought::double / 0.0' }] })),
    ).toMatch(/^table\.csv, row 1, .* is not a finite number/);
    const missing = onTable({ data: { source: 'table.csv', read: { null: ['-inf'] } } });
    expect(
      (await workspace.prepare(missing)).encoder.numeric.find(({ name }) => name === 'price')?.indicator,
    ).toBe(true);
  });

  it('one class only in validation or test', async () => {
    await workspace.write(
      'table.csv',
      good({ bought: (row) => (row < 100 ? row % 2 : 0), part: (row) => (row < 100 ? 'a' : 'b') }),
    );
    const experiment = onTable({
      data: { source: 'table.csv', validation: { where: "part = 'b'" }, test: 0 },
    });
    expect(await failure(experiment)).toBe(
      `${at(experiment, '{"where')}: task "bought" has only the label 0 in its 100 validation rows; ` +
        'choose other rows for data.validation, or set it to 0',
    );
    const test = onTable({ data: { source: 'table.csv', test: { where: "part = 'b'" }, validation: 0 } });
    expect(await failure(test)).toContain('task "bought" has only the label 0 in its 100 test rows');
  });

  it('paths and queries that leave the workspace', async () => {
    const outside = join(dirname(workspace.folder), 'secret.csv');
    await workspace.write('../secret.csv', good());
    await symlink(outside, workspace.path('link.csv'));
    await symlink(dirname(workspace.folder), workspace.path('up'));
    for (const source of ['../secret.csv', outside, 'link.csv', 'up/secret.csv', 'up/*.csv', '../*.csv']) {
      expect(await failure(onTable({ data: { source } }))).toContain('lies outside of the workspace');
      expect(await failure(onTable({ data: { source: { sql: `select * from '${source}'` } } }))).toContain(
        'lies outside of the workspace',
      );
      expect(
        await failure(onTable({ data: { source: { sql: `select * from read_csv(['${source}'])` } } })),
      ).toContain('lies outside of the workspace');
    }
    const query = (sql: string): Promise<string> => failure(onTable({ data: { source: { sql } } }));
    expect(await query(`select * from read_csv('lin' || 'k.csv')`)).toContain('must be a path written out');
    expect(await query(`select * from query('select * from ''link.csv''')`)).toContain('could read anything');
    for (const call of [
      "enable_profiling(save_location = 'x.txt')",
      "enable_logging(storage = 'file', storage_path = 'logs')",
      "json_execute_serialized_sql('{}')",
    ])
      expect(await query(`select * from ${call}`)).toContain('is not for tables');
    expect(await query(`copy (select 1) to 'x.csv'`)).toContain(
      'cannot be used: it is no SELECT; give one SELECT',
    );
    expect(await query(`select 1; select 2`)).toContain('must be one SELECT');
    expect(await query(`select * from 'https://example.com/x.csv'`)).toContain('is not a file');
    await workspace.write('table.csv', good());
    expect(
      await failure(onTable({ tasks: [{ label: "(select count(*) from 'link.csv') > age" }] })),
    ).toContain('reads another table');
    expect(
      await failure(
        onTable({ data: { source: 'table.csv', where: "age in (select age from read_csv('link.csv'))" } }),
      ),
    ).toContain('reads another table');
    expect(
      await failure(onTable({ data: { source: 'table.csv', test: { source: '../secret.csv' } } })),
    ).toContain('lies outside');
  });

  it('a condition that no row meets, or that is none', async () => {
    await workspace.write('table.csv', good());
    const experiment = onTable({ data: { source: 'table.csv', where: 'age > 100' } });
    expect(await failure(experiment)).toBe(
      `${at(experiment, '"age > 100"')}: no row of table.csv meets this condition; loosen it`,
    );
    expect(await failure(onTable({ data: { source: 'table.csv', where: 'age + 1' } }))).toContain(
      'not true or false',
    );
    expect(await failure(onTable({ data: { source: 'table.csv', test: { where: 'age > 100' } } }))).toContain(
      'none are left for test',
    );
  });

  it.each(['', 'NUMBR', 'DATE)', 'DATE, (select 1)', 'INTEGER; select 1'])(
    'a type that is none: %j',
    async (type) => {
      await workspace.write('table.csv', good());
      const read = { types: { age: type } };
      expect(await failure(onTable({ data: { source: 'table.csv', read } }))).toContain(
        `${JSON.stringify(type)} is no type of a column; write one such as DOUBLE`,
      );
      await expect(describeSource('table.csv', { ...workspace.options, read })).rejects.toThrow('is no type');
    },
  );

  it('weights that are negative, missing or texts', async () => {
    await workspace.write(
      'table.csv',
      good({ weight: (row) => (row === 7 ? -1 : 1), holes: (row) => (row === 8 ? '' : 1) }),
    );
    const weighted = (weight: string): ExperimentInput => onTable({ data: { source: 'table.csv', weight } });
    expect(await failure(weighted('weight'))).toMatch(
      /^table\.csv, row 8, column "weight": this weight is negative/,
    );
    expect(await failure(weighted('holes'))).toMatch(
      /^table\.csv, row 9, column "holes": this weight is missing/,
    );
    expect(await failure(weighted('city'))).toContain('weight "city" is a text');
    expect(await failure(weighted('wight'))).toContain('did you mean "weight"?');
  });

  it('columns of the experiment, and of another source, that are not there', async () => {
    await workspace.write('table.csv', good());
    await workspace.write('test.csv', csv(50, { age: (row) => row, bought: (row) => row % 2 }));
    const experiment = onTable({ columns: { prise: 'ignore' } });
    expect(await failure(experiment)).toBe(
      `${at(experiment, '"ignore"')}: table.csv has no column "prise"; did you mean "price"?`,
    );
    expect(await failure(onTable({ data: { source: 'table.csv', test: { source: 'test.csv' } } }))).toContain(
      'test.csv has no column "price"',
    );
  });

  it('files of one table that differ, in the file that does', async () => {
    await workspace.write('parts/1.csv', good());
    await workspace.write('parts/2.csv', csv(5, { age: (row) => row, bought: (row) => row }));
    expect(await failure(onTable({ data: { source: 'parts' } }))).toMatch(
      /^parts\/2\.csv:1: this file and 1\.csv do not have the same columns/,
    );
    await workspace.write('parts/2.csv', good({ price: (row) => (row === 3 ? 'inf' : 1) }));
    expect(await failure(onTable({ data: { source: 'parts/*.csv' } }))).toMatch(
      /^parts\/2\.csv, row 4, column "price": "inf"/,
    );
  });

  it('of the training rows first, where test rows are as bad', async () => {
    const endless = (at: number): string => good({ price: (row) => (row === at ? 'inf' : 1.5) });
    for (const folder of ['train', 'test']) {
      await workspace.write(`${folder}/1.csv`, good({ price: () => 1.5 }));
      await workspace.write(`${folder}/2.csv`, endless(folder === 'train' ? 150 : 3));
    }
    expect(
      await failure(onTable({ data: { source: 'train', test: { source: 'test' }, validation: 0 } })),
    ).toMatch(/^train\/2\.csv, row 151, column "price": "inf"/);
  });

  it('labels of the wrong kind', async () => {
    await workspace.write('table.csv', good({ many: (row) => `name ${row}` }, 3000));
    expect(await failure(onTable({ tasks: [{ label: 'city', kind: 'binary' }] }))).toContain(
      `such as "city = 'city 0'"`,
    );
    expect(await failure(onTable({ tasks: [{ label: 'city', kind: 'regression' }] }))).toContain('is a text');
    expect(await failure(onTable({ tasks: [{ label: 'many' }] }))).toContain('too many for classes');
    expect(await failure(onTable({ tasks: [{ label: 'age', kind: 'binary' }] }))).toContain(
      '50 different values (0, 1, 2, 3 …)',
    );
  });

  it('a date as a label, of which nobody says what to learn', async () => {
    const day = (row: number): string =>
      new Date(Date.UTC(2024, 0, 1 + (row % 90))).toISOString().slice(0, 10);
    await workspace.write('table.csv', good({ 'signup date': day, 'user id': (row) => row % 7 }));
    const dated = (task: Partial<ExperimentInput['tasks'][number]>): ExperimentInput =>
      onTable({ tasks: [{ label: 'signup date', ...task }] });
    expect(await failure(dated({}))).toBe(
      `${at(dated({}), '"signup date"')}: label "signup date" is a date, which says no kind of task; ` +
        'set "kind": "regression" to learn it in seconds, or use an expression, such as ' +
        String.raw`"\"signup date\" >= DATE '2024-01-01'"`,
    );
    expect(await failure(dated({ kind: 'binary' }))).toContain('is a date, which a binary task cannot learn');
    expect((await workspace.prepare(dated({ kind: 'regression' }))).tasks[0]?.kind).toBe('regression');
    expect(
      (await workspace.prepare(dated({ label: `"signup date" >= DATE '2024-02-01'` }))).tasks[0]?.kind,
    ).toBe('binary');
    expect(await failure(onTable({ tasks: [{ label: 'user id', kind: 'binary' }] }))).toContain(
      `such as "\\"user id\\" = 0"`,
    );
    expect(await failure(onTable({ tasks: [{ label: 'age + 1', kind: 'binary' }] }))).toContain(
      `such as "(age + 1) = 1"`,
    );
  });
});
