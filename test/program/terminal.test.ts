import { expect, test } from 'vitest';
import { ended, synthetic, Workspace } from './program.js';

const quick = { ...synthetic, training: { ...synthetic.training, epochs: 3 } };

test('in a pipe there is one plain line per epoch, and a closing table', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': quick });
  const { code, stdout, stderr } = await workspace.mmoe('train', 'x.mmoe.json');
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).not.toContain('\u001b');
  const lines = stdout.split('\n');
  expect(lines.filter((line) => /epoch \d\/3 .*y1 R² .* loss .* gone/.test(line))).toHaveLength(3);
  expect(lines.some((line) => /^y2 +R² +−?\d/.test(line))).toBe(true);
  const [id] = await workspace.runs();
  expect(stdout).toContain(`run ${id} in ${workspace.runFolder(id!)}`);
});

test('without a command it says what there is', async () => {
  const workspace = await Workspace.create({});
  const { code, stdout, stderr } = await workspace.mmoe();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: mmoe .*\n[^]*\btrain\b/);
});

test('a folder for runs that cannot be made is named', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': quick, taken: '' });
  const { code, stderr } = await workspace.mmoe('train', 'x.mmoe.json', '--runs', 'taken/runs');
  expect(code).toBe(2);
  expect(stderr).toBe(
    'error: the folder for runs cannot be made: ENOTDIR; ' +
      'make room for it, or name another one with --runs (taken/runs)\n',
  );
});

test('a reader that goes away does not end the training', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': quick });
  const child = workspace.start('train', 'x.mmoe.json');
  child.stdout?.destroy();
  const { code, stderr } = await ended(child);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [id] = await workspace.runs();
  expect((await workspace.read(id!)).status).toBe('finished');
});

test('runs, show and their JSON tell of finished runs', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': { ...quick, name: 'first' } });
  expect((await workspace.mmoe('runs')).stdout).toMatch(/no runs in/);
  await workspace.mmoe('train', 'x.mmoe.json');
  const [id] = await workspace.runs();
  expect((await workspace.mmoe('runs')).stdout).toMatch(
    new RegExp(`${id} +first mmoe +finished +mean test R² +−?\\d`),
  );
  const listed = JSON.parse((await workspace.mmoe('runs', '--json')).stdout) as unknown;
  expect(listed).toMatchObject([{ id, status: 'finished', folder: workspace.runFolder(id!) }]);
  const shown = (await workspace.mmoe('show', 'first mmoe')).stdout;
  expect(shown).toMatch(/who uses which expert, after epoch 3/);
  expect(shown.match(/^ {2}[1-4] [█░]{20} 0\.\d{2}$/gm)).toHaveLength(8);
  expect(shown).toMatch(/^3 \*? +−?\d\.\d{4}/m);
  expect(JSON.parse((await workspace.mmoe('show', id!, '--json')).stdout)).toMatchObject({
    id,
    status: 'finished',
  });
  expect((await workspace.mmoe('show', 'nothing')).stderr).toMatch(
    new RegExp(`^error: there is no run "nothing"; the latest are ${id}`),
  );
});
