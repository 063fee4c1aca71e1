import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { checkReportSchema } from '../../src/shared/messages/reports.js';
import { ended, expectSame, Workspace } from './program.js';

const visits = (rows: number): string =>
  `user,age,bought\n${Array.from(
    { length: rows },
    (_, row) => `u${(row * 7919) % 41},${18 + ((row * 13) % 60)},${(row * 7919) % 5 > 2 ? 1 : 0}\n`,
  ).join('')}`;
const experiment = {
  data: { source: 'visits.csv', stream: true },
  columns: { user: { kind: 'categorical', encode: { embedding: 4 } } },
  tasks: [{ label: 'bought' }],
  model: { experts: { count: 3, layers: [8] }, towers: { layers: [4] } },
  training: { epochs: 3, batchSize: 16 },
  engine: { threads: 1 },
};
const created = (): Promise<Workspace> =>
  Workspace.create({ 'visits.csv': visits(600), 'visits.mmoe.json': experiment });

/** Returns the names of the files of rows that are kept. */
const kept = (workspace: Workspace): string[] =>
  readdirSync(workspace.path('.mmoe/cache')).filter((name) => name.endsWith('.rows'));

const train = async (workspace: Workspace): Promise<string> => {
  const known = new Set(existsSync(workspace.path('.mmoe/runs')) ? await workspace.runs() : []);
  expect(await workspace.mmoe('train', 'visits.mmoe.json')).toMatchObject({ code: 0, stderr: '' });
  return (await workspace.runs()).find((run) => !known.has(run))!;
};

test('check says where rows stay that are not held in memory, and an editor’s check writes none', async () => {
  const workspace = await created();
  const unsaved = async () => {
    const child = workspace.start('check', 'visits.mmoe.json', '--json', '--stdin');
    child.stdin?.end(JSON.stringify(experiment));
    const { code, stdout } = await ended(child);
    return { code, report: v.parse(checkReportSchema, JSON.parse(stdout)) };
  };
  const { code, report } = await unsaved();
  expect({ code, report }).toMatchObject({
    code: 0,
    report: { ok: true, data: null, model: null, problems: [{ severity: 'warning', line: 1 }] },
  });
  expect(report.problems[0]!.message).toMatch(/not written there unasked.*mmoe check in a terminal/);
  expect(report.columns.map(({ name }) => name)).toContain('age');
  expect(existsSync(workspace.path('.mmoe'))).toBe(false);

  const checked = await workspace.mmoe('check', 'visits.mmoe.json');
  expect(checked.stderr).toMatch(
    /^the rows stay on the disk: about .*B in .*cache, for the next training, too/,
  );
  expect(checked.stdout).toMatch(
    /the rows stay on the disk: .*B in \.mmoe.cache.[0-9a-f]{32}\.rows, from which the next training starts/,
  );
  expect((await unsaved()).report).toMatchObject({ ok: true, data: { rows: {} }, model: {} });
  const trained = await workspace.mmoe('train', 'visits.mmoe.json');
  expect(trained).toMatchObject({ code: 0, stderr: '' });
  expect(trained.stdout).not.toMatch(/while they are encoded/);
  expect(kept(workspace)).toHaveLength(1);
});

test('a training on damaged rows ends with an error, keeps no result, and is resumed to the same bits', async () => {
  const workspace = await created();
  const sound = await train(workspace);
  await expectSame(workspace, await train(workspace), sound);
  const path = workspace.path('.mmoe/cache', kept(workspace)[0]!);
  const bytes = await readFile(path);
  const [at, length] = [Number(bytes.readBigUInt64LE(16)), Number(bytes.readBigUInt64LE(24))];
  const footer = JSON.parse(bytes.toString('utf8', at, at + length)) as { test: { offsets: number[] } };
  // The test rows are read at the very end.
  bytes[footer.test.offsets[0]!]! ^= 1;
  await writeFile(path, bytes);

  const known = new Set(await workspace.runs());
  const { code, stderr } = await workspace.mmoe('train', 'visits.mmoe.json');
  expect(code).toBe(1);
  expect(stderr).toMatch(/\.rows is not what was written any more \(a block of the test rows\).*mmoe resume/);
  const damaged = (await workspace.runs()).find((run) => !known.has(run))!;
  const { status, manifest } = await workspace.read(damaged);
  expect({ status, test: manifest.summary?.test ?? null }).toEqual({ status: 'failed', test: null });
  expect(manifest.error).toMatchObject({ code: 'data.stream-damaged' });
  expect(kept(workspace)).toEqual([]);

  expect((await workspace.mmoe('resume', damaged)).code).toBe(0);
  await expectSame(workspace, damaged, sound);
});

test('rows of a table that has other content, with the same size and time, are not used again', async () => {
  const workspace = await created();
  const source = workspace.path('visits.csv');
  const time = new Date(1e12);
  await utimes(source, time, time);
  await train(workspace);
  await writeFile(source, visits(600).replaceAll('u7,', 'u8,'));
  await utimes(source, time, time);
  const { code, stderr } = await workspace.mmoe(
    ...['compare', 'visits.mmoe.json', '--variants', 'mmoe,single-task', '--seeds', '2'],
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/visits\.csv is not what it was when its rows were encoded.*train anew/);
  const again = await workspace.mmoe('compare', 'visits.mmoe.json', '--variants', 'mmoe', '--seeds', '1');
  expect(again).toMatchObject({ code: 0, stderr: '' });
});

test('mmoe cache says what is kept, until when, and removes it', async () => {
  const workspace = await created();
  expect((await workspace.mmoe('cache')).stdout).toMatch(/^no encoded rows are kept in .*cache\n$/);
  await train(workspace);
  const [name] = kept(workspace);
  const { stdout } = await workspace.mmoe('cache');
  expect(stdout).toMatch(new RegExp(`${name} .*B +20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d`));
  expect(stdout).toMatch(/beyond .*B those go that were not used for the longest time/);
  const report = JSON.parse((await workspace.mmoe('cache', '--json')).stdout) as {
    files: object[];
    most: number;
  };
  expect(report.files).toEqual([expect.objectContaining({ inUse: false }) as object]);
  expect(report.most).toBeGreaterThanOrEqual(10e9);
  const path = workspace.path('.mmoe/cache', name!);
  await writeFile(`${path}.read-${process.pid}`, '');
  const refused = await workspace.mmoe('cache', '--clear');
  expect(refused.stdout).toMatch(/in use\n.*a program reads these, so they stay\n$/);
  expect(kept(workspace)).toEqual([name]);
  await rm(`${path}.read-${process.pid}`);
  expect((await workspace.mmoe('cache', '--clear')).stdout).toMatch(
    /^removed .*B of encoded rows from .*cache\n$/,
  );
  expect(kept(workspace)).toEqual([]);
});
