import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { studyLineSchema, type StudyLine } from '../../src/shared/study/line.js';
import { studyRecordSchema } from '../../src/shared/study/record.js';
import { combinationsOf } from '../../src/shared/study/results.js';
import { closely, ended, Workspace } from './program.js';

const base = {
  data: { source: { synthetic: { rows: 400, dimensions: 5, correlation: 0.5 } } },
  tasks: [{ label: 'y1' }, { label: 'y2' }],
  model: { experts: { count: 2, layers: [4] }, towers: { layers: [2] } },
  training: { epochs: 3, batchSize: 32 },
};
const study = {
  base: 'x.mmoe.json',
  vary: { 'model.variant': ['single-task', 'mmoe'] },
  seeds: { count: 2, data: true },
  pick: { setting: 'training.learningRate', values: [0.001, 0.03], seeds: 1 },
};
const files = { 'x.mmoe.json': base, 'x.study.json': study };
const runsFile = '.mmoe/studies/x/runs.jsonl';

async function linesOf(workspace: Workspace, file = runsFile): Promise<StudyLine[]> {
  const text = await readFile(workspace.path(file), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => v.parse(studyLineSchema, JSON.parse(line)));
}

/** What does not depend on when and how fast a training was. */
const plain = (lines: readonly StudyLine[]) =>
  lines.map((line) => ({ ...line, seconds: 0 })).sort((one, other) => (one.key < other.key ? -1 : 1));

test('a study trains every combination once, and more of them when it is extended', async () => {
  const workspace = await Workspace.create(files);
  const first = await workspace.mmoe('study', 'x.study.json', '--json');
  expect(first.code).toBe(0);
  const lines = await linesOf(workspace);
  expect(lines).toHaveLength(2 * 2 + 2 * 2);
  expect(lines.filter(({ isTrial }) => isTrial).map(({ seed }) => seed)).toEqual([3, 3, 3, 3]);
  const { scores } = JSON.parse(first.stdout) as {
    scores: { seeds: number; settings: object; gain: object | null }[];
  };
  expect(scores.map(({ seeds }) => seeds)).toEqual([2, 2, 2, 2]);
  expect(scores.map(({ gain }) => gain === null)).toEqual([true, false, true, false]);
  expect(Object.keys(scores[0]!.settings)).toEqual(['model.variant', 'training.learningRate']);

  expect(await workspace.mmoe('study', 'x.study.json')).toMatchObject({ code: 0, stderr: '' });
  expect(await linesOf(workspace)).toEqual(lines);
  const figures = (name: string) => readFile(workspace.path(`.mmoe/studies/x/figures/${name}`), 'utf8');
  for (const name of ['curves train', 'curves validation', 'final values runs', 'task against task']) {
    expect(await figures(`${name}.svg`)).toMatch(/^<svg [\s\S]*single-task[\s\S]*<\/svg>\n$/);
    expect((await figures(`${name}.csv`)).split('\n').length).toBeGreaterThan(3);
  }
  expect(await figures('results.md')).toContain('| y1 | single-task |');
  expect(await figures('results.tex')).toContain('\\toprule');
  const more = { ...study, vary: { 'model.variant': ['single-task', 'omoe', 'mmoe'] } };
  await writeFile(workspace.path('x.study.json'), JSON.stringify(more));
  expect(await workspace.mmoe('study', 'x.study.json')).toMatchObject({ code: 0 });
  const extended = await linesOf(workspace);
  expect(extended.slice(0, lines.length)).toEqual(lines);
  expect(extended).toHaveLength(lines.length + 4);
});

test('a line is what mmoe train makes of the same settings', async () => {
  const workspace = await Workspace.create(files);
  expect(await workspace.mmoe('study', 'x.study.json')).toMatchObject({ code: 0 });
  const line = (await linesOf(workspace)).findLast(({ settings }) => settings['model.variant'] === 'mmoe')!;
  const sets = [
    ...Object.entries(line.settings),
    ['training.seed', line.seed],
    ['data.source.synthetic.seed', line.seed],
    ['engine.threads', 1],
  ];
  const args = sets.flatMap(([path, value]) => ['--set', `${String(path)}=${JSON.stringify(value)}`]);
  const { code, stdout } = await workspace.mmoe('train', 'x.mmoe.json', '--json', ...args);
  const manifest = JSON.parse(stdout) as { summary: object; data: { fingerprint: string } };
  expect(code).toBe(0);
  expect(manifest.data.fingerprint).toBe(line.fingerprint);
  expect(manifest.summary).toMatchObject({
    bestEpoch: line.bestEpoch,
    validation: line.validation,
    test: line.test,
  });
});

test('a line is opened as a run with the same numbers, or what is not here is said', async () => {
  const workspace = await Workspace.create(files);
  expect(await workspace.mmoe('study', 'x.study.json')).toMatchObject({ code: 0 });
  const lines = await linesOf(workspace);
  const place = lines.findIndex(({ isTrial }) => !isTrial);
  const { key, test: metrics, engine } = lines[place]!;
  const opened = await workspace.mmoe('study', 'x.study.json', '--open', String(place + 1), '--json');
  expect(opened).toMatchObject({ code: 0, stderr: expect.stringContaining('to the last digit') as string });
  expect(JSON.parse(opened.stdout)).toMatchObject({ summary: { test: metrics }, engine });
  const folder = '.mmoe/studies/x';
  expect(await workspace.mmoe('study', folder, '--open', key)).toMatchObject({ code: 0 });

  expect(await workspace.mmoe('study', folder, '--open', '99')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: there is no line 99: there are 8/) as string,
  });
  const [record, runs] = await Promise.all(
    [`${folder}/study.json`, runsFile].map((file) => readFile(workspace.path(file), 'utf8')),
  );
  const written = record!.replaceAll('"epochs\\":3', '"epochs\\":4');
  expect(written).not.toBe(record);
  await writeFile(workspace.path(`${folder}/study.json`), written);
  expect(await workspace.mmoe('study', folder, '--open', key)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is not the one that this line was trained with/) as string,
  });
  await writeFile(workspace.path(`${folder}/study.json`), record!);
  const target = `"target":${JSON.stringify(engine.target)}`;
  await writeFile(workspace.path(runsFile), runs!.replaceAll(target, '"target":"native none"'));
  expect(await workspace.mmoe('study', folder, '--open', key)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/fused on "native none", which is not here/) as string,
  });
});

test('a study says what is planned and how far it is, and ends when a file asks it to', async () => {
  const slow = { ...study, seeds: { count: 200, data: true } };
  const workspace = await Workspace.create({ ...files, 'x.study.json': slow });
  const record = async () =>
    v.parse(
      studyRecordSchema,
      JSON.parse(await readFile(workspace.path('.mmoe/studies/x/study.json'), 'utf8')),
    );
  const running = workspace.start('study', 'x.study.json');
  const end = ended(running);
  await closely('results', async () => (await linesOf(workspace)).length >= 6);
  await writeFile(workspace.path('.mmoe/studies/x/stop'), '');
  expect(await end).toMatchObject({ code: 130 });
  expect(await record()).toMatchObject({ total: 404, times: { before: 0, ended: null } });
  const done = await linesOf(workspace);
  await writeFile(workspace.path('x.study.json'), JSON.stringify({ ...study, pick: undefined }));
  expect(await workspace.mmoe('study', 'x.study.json')).toMatchObject({ code: 0 });
  const finished = await record();
  expect(finished.planned).toHaveLength(4);
  expect(finished).toMatchObject({
    origin: { is: 'file', path: 'x.study.json' },
    total: 4,
    times: { ended: expect.any(String) as string },
  });
  // The lines of before stay, and do not belong to the study as it is now.
  const lines = await linesOf(workspace);
  expect(lines.slice(0, done.length)).toEqual(done);
  expect(combinationsOf(finished, lines).map((one) => one.lines.length)).toEqual([2, 2]);
});

test('a study that is killed goes on with what is missing, and ends like one that nobody disturbed', async () => {
  const slow = { ...study, seeds: { count: 12, data: true } };
  const [calm, hard] = [
    await Workspace.create({ ...files, 'x.study.json': slow }),
    await Workspace.create({ ...files, 'x.study.json': slow }),
  ];
  expect(await calm.mmoe('study', 'x.study.json', '--parallel', '1')).toMatchObject({ code: 0 });
  for (const some of [2, 9]) {
    const killed = hard.start('study', 'x.study.json');
    const end = ended(killed);
    await closely('some lines', async () => (await linesOf(hard)).length >= some);
    killed.kill('SIGKILL');
    await end;
  }
  const stopped = hard.start('study', 'x.study.json');
  const stopEnd = ended(stopped);
  await closely('more lines', async () => (await linesOf(hard)).length >= 14);
  const busy = await hard.mmoe('study', 'x.study.json');
  expect(busy).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: this study is being trained by process \d+/) as string,
  });
  stopped.kill('SIGINT');
  expect(await stopEnd).toMatchObject({
    code: 130,
    stdout: expect.stringContaining('goes on with what is missing') as string,
  });
  expect(await hard.mmoe('study', 'x.study.json')).toMatchObject({ code: 0 });
  const [undisturbed, disturbed] = [await linesOf(calm), await linesOf(hard)];
  expect(plain(disturbed)).toEqual(plain(undisturbed));
});

/** Kills the trainers of a workspace's studies. Returns how many there were. */
async function killTrainers(workspace: Workspace): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map(async (pid) => ({ pid, text: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') })),
  );
  const own = commands.filter(
    ({ text }) => text.includes('serve-training') && text.includes(workspace.path('.mmoe')),
  );
  for (const { pid } of own) process.kill(Number(pid), 'SIGKILL');
  return own.length;
}

test.skipIf(!existsSync('/proc/self/cmdline'))(
  'a trainer that dies costs a study nothing, and trainers that keep dying end it with what it has',
  async () => {
    const slow = { ...study, seeds: { count: 20, data: true } };
    const workspace = await Workspace.create({ ...files, 'x.study.json': slow });
    const disturbed = workspace.mmoe('study', 'x.study.json', '--parallel', '2');
    await closely('some lines', async () => (await linesOf(workspace)).length >= 6);
    expect(await killTrainers(workspace)).toBe(2);
    expect(await disturbed).toMatchObject({ code: 0, stderr: '' });
    const lines = await linesOf(workspace);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(4 + 40);
    expect(lines).toHaveLength(4 + 40);

    await workspace.write({ 'x.study.json': { ...slow, seeds: { count: 400, data: true } } });
    const running = workspace.start('study', 'x.study.json', '--parallel', '1');
    const end = ended(running);
    await closely('its end', async () => {
      await killTrainers(workspace);
      return running.exitCode !== null;
    });
    const { code, stderr } = await end;
    expect([code, stderr]).toEqual([
      1,
      'error: a process that trains the study has ended: SIGKILL; begin the study again, and it goes on\n',
    ]);
    expect((await linesOf(workspace)).slice(0, lines.length)).toEqual(lines);
  },
);

/** Tunes in a small space, where a kill and an extension come in the middle. */
const tuned = {
  base: 'x.mmoe.json',
  vary: { 'model.variant': ['single-task', 'mmoe'] },
  seeds: { count: 2, data: true },
  tune: {
    settings: {
      'training.learningRate': { from: 0.0003, to: 0.3, scale: 'log' },
      'model.experts.count': { from: 2, to: 6, whole: true, when: { 'model.variant': ['mmoe'] } },
      'training.optimizer': { values: ['adam', 'sgd'] },
    },
    trials: 10,
  },
};

test('a study that tunes proposes the same whatever has killed it, and goes on with more trials', async () => {
  const [calm, hard] = [
    await Workspace.create({ ...files, 'x.study.json': tuned }),
    await Workspace.create({ ...files, 'x.study.json': tuned }),
  ];
  const done = await calm.mmoe('study', 'x.study.json', '--parallel', '1', '--json');
  expect(done).toMatchObject({ code: 0 });
  for (const some of [3, 15]) {
    const killed = hard.start('study', 'x.study.json');
    const end = ended(killed);
    await closely('some lines', async () => (await linesOf(hard)).length >= some);
    killed.kill('SIGKILL');
    await end;
  }
  const few = { ...tuned, tune: { ...tuned.tune, trials: 7 } };
  await hard.write({ 'x.study.json': few });
  expect(await hard.mmoe('study', 'x.study.json', '--parallel', '3')).toMatchObject({ code: 0 });
  await hard.write({ 'x.study.json': tuned });
  expect(await hard.mmoe('study', 'x.study.json')).toMatchObject({ code: 0 });
  const [undisturbed, disturbed] = [await linesOf(calm), await linesOf(hard)];
  const trials = (lines: readonly StudyLine[]) => plain(lines.filter(({ isTrial }) => isTrial));
  expect(trials(undisturbed)).toHaveLength(20);
  expect(trials(disturbed)).toEqual(trials(undisturbed));
  expect(await calm.mmoe('study', 'x.study.json')).toMatchObject({ code: 0 });
  expect(await linesOf(calm)).toEqual(undisturbed);
  // Trials of another experiment are none that are there already.
  const another = { ...base, training: { ...base.training, epochs: base.training.epochs + 1 } };
  await calm.write({
    'x.mmoe.json': another,
    'x.study.json': { ...few, tune: { ...tuned.tune, trials: 3 } },
  });
  const anew = await calm.mmoe('study', 'x.study.json');
  expect(anew.stdout).toContain('6 of 6 runs');
  expect(anew.stdout).not.toContain('of 0 runs');

  const { tuned: found, scores } = JSON.parse(done.stdout) as {
    tuned: { winner: { chosen: object }; trials: number; combination: object; front: object[] }[];
    scores: { settings: object; gain: object | null }[];
  };
  expect(found.map(({ trials: count, front }) => [count, front.length])).toEqual([
    [10, 1],
    [10, 1],
  ]);
  // The seeds are trained with the winner, and are compared though it is another for each variant.
  expect(scores[0]!.settings).toEqual({ ...found[0]!.combination, ...found[0]!.winner.chosen });
  expect(scores.map(({ gain }) => gain === null)).toEqual([true, false, true, false]);
});

test('a study tunes for two tasks at once, stops early what is not worth it, and draws at random', async () => {
  const objectives = [{ task: 'y1' }, { task: 'y2', metric: 'loss' }];
  const settings = {
    'training.learningRate': { from: 0.0003, to: 0.3, scale: 'log' },
    'training.optimizer': { values: ['adam', 'sgd'] },
  };
  const workspace = await Workspace.create({
    'x.mmoe.json': { ...base, training: { ...base.training, epochs: 9 } },
    'front.study.json': { ...tuned, vary: {}, seeds: 1, tune: { settings, trials: 8, objectives } },
    'early.study.json': { ...tuned, vary: {}, tune: { settings, trials: 12, by: 'random', stopEarly: {} } },
    'draws.study.json': { base: 'x.mmoe.json', seeds: 1, random: { settings, draws: 3 } },
    'more.study.json': { name: 'draws', base: 'x.mmoe.json', seeds: 1, random: { settings, draws: 9 } },
  });
  const front = await workspace.mmoe('study', 'front.study.json');
  expect(front).toMatchObject({ code: 0, stderr: '' });
  expect(front.stdout).toMatch(/y1, validation R² +y2, validation loss +trained further/);
  const early = await workspace.mmoe('study', 'early.study.json');
  expect(early.stdout).toMatch(/12 \(\d+ stopped early\)/);
  const lines = await linesOf(workspace, '.mmoe/studies/early/runs.jsonl');
  const stopped = lines.filter(({ stoppedEarly }) => stoppedEarly === true);
  expect(stopped.length).toBeGreaterThan(2);
  for (const { epochs, reached, test: ofTest } of stopped) {
    expect([1, 3]).toContain(epochs);
    expect(reached).toHaveLength(epochs);
    expect(ofTest).toBeNull();
  }
  expect(await workspace.mmoe('study', 'draws.study.json')).toMatchObject({ code: 0 });
  expect(await linesOf(workspace, '.mmoe/studies/draws/runs.jsonl')).toHaveLength(3);
  // What matters is said of enough different settings only.
  const importance = workspace.path('.mmoe/studies/draws/figures/importance.csv');
  expect(existsSync(importance)).toBe(false);
  expect(await workspace.mmoe('study', 'more.study.json')).toMatchObject({ code: 0 });
  expect(await linesOf(workspace, '.mmoe/studies/draws/runs.jsonl')).toHaveLength(9);
  expect(await readFile(importance, 'utf8')).toMatch(
    /^setting,alone,with others\n(\w+,[\d.e-]+,[\d.e-]+\n)+$/,
  );
  expect(await readFile(importance.replace('importance.csv', 'partial dependence.svg'), 'utf8')).toContain(
    '>learningRate<',
  );
});

test('what is wrong in a study ends with 2, and says where', async () => {
  const workspace = await Workspace.create({
    ...files,
    'key.study.json': '{\n  "base": "x.mmoe.json",\n  "varry": {}\n}',
    'value.study.json': { ...study, vary: { 'model.variant': ['mmo'] } },
    'table.study.json': { base: { ...base, data: { source: 'none.csv' } } },
  });
  const refused = async (file: string) => (await workspace.mmoe('study', file)).stderr;
  expect(await refused('key.study.json')).toMatch(
    /^error: unknown key "varry" in a study; did you mean "vary"\? \(key\.study\.json:3:3\)/,
  );
  expect(await refused('value.study.json')).toMatch(
    /^error: model\.variant must be .*"mmoe".*\(value\.study\.json:\d+:\d+\)/,
  );
  expect(await refused('table.study.json')).toMatch(/^error: .*none\.csv/);
  expect(await workspace.mmoe('study', 'table.study.json')).toMatchObject({ code: 2 });
  expect(await workspace.mmoe('paper', 'table5')).toMatchObject({ code: 2 });
});

test('a study that keeps runs leaves a run folder for each result, with the numbers of a line', async () => {
  const kept = { ...study, name: 'kept', keep: 'runs' };
  const measure = { checkpoints: [0.5, 2], gates: true };
  const workspace = await Workspace.create({
    'x.mmoe.json': base,
    'x.study.json': { ...study, name: 'plain' },
    'kept.study.json': kept,
    'measured.study.json': { ...study, name: 'measured', measure },
    'both.study.json': { ...kept, name: 'both', measure },
  });
  expect(await workspace.mmoe('study', 'kept.study.json')).toMatchObject({ code: 0, stderr: '' });
  expect(await workspace.mmoe('study', 'x.study.json')).toMatchObject({ code: 0, stderr: '' });
  const lines = await linesOf(workspace, '.mmoe/studies/kept/runs.jsonl');
  const unkept = await linesOf(workspace, '.mmoe/studies/plain/runs.jsonl');
  const byKey = new Map(unkept.map((line) => [line.key, line]));
  const results = lines.filter(({ isTrial }) => !isTrial);
  expect(results.length).toBeGreaterThan(3);
  expect(lines.filter(({ isTrial, run }) => isTrial && run !== undefined)).toEqual([]);
  for (const { run, seed, ...line } of results) {
    const text = await readFile(workspace.path(`.mmoe/runs/${run!}/run.json`), 'utf8');
    const manifest = JSON.parse(text) as { name: string; seed: number; status: string; summary: object };
    expect(manifest).toMatchObject({ seed, status: 'finished', summary: { test: line.test } });
    expect(manifest.name).toMatch(/^kept · .* · seed \d+$/);
    const { test: ofTest, validation, curves, bestEpoch, epochs } = byKey.get(line.key)!;
    expect(line).toMatchObject({ test: ofTest, validation, curves, bestEpoch, epochs });
  }
  expect(new Set(results.map(({ run }) => run)).size).toBe(results.length);
  // What is there is not trained again, and leaves no other folder.
  expect(await workspace.mmoe('study', 'kept.study.json')).toMatchObject({ code: 0 });
  expect(await linesOf(workspace, '.mmoe/studies/kept/runs.jsonl')).toEqual(lines);
  // What is measured of a training does not depend on what is kept of it.
  for (const file of ['measured.study.json', 'both.study.json'])
    expect(await workspace.mmoe('study', file)).toMatchObject({ code: 0, stderr: '' });
  const both = await linesOf(workspace, '.mmoe/studies/both/runs.jsonl');
  const measured = await linesOf(workspace, '.mmoe/studies/measured/runs.jsonl');
  expect(both.filter(({ checkpoints }) => checkpoints?.length === 2)).toHaveLength(results.length);
  expect(both.some(({ gates }) => gates !== undefined)).toBe(true);
  expect(plain(both).map(({ run: _, ...line }) => line)).toEqual(plain(measured));
});

test('the figures of the paper come from one study, with what it claims', async () => {
  const workspace = await Workspace.create({});
  const small = ['--set', 'data.source.synthetic.rows=300', '--set', 'training.epochs=2', '--seeds', '2'];
  const fig2 = await workspace.mmoe('paper', 'fig2', '--seeds', '10');
  expect(fig2).toMatchObject({ code: 0, stderr: '' });
  expect(fig2.stdout).toMatch(/^1 +0\.9\d{3} +0\.9\d{3} .* 10$/m);
  expect(fig2.stdout).toMatch(/the more the weights are +holds +p = 0: /);
  const trials = () => readFile(workspace.path('.mmoe/studies/paper labels/runs.jsonl'), 'utf8');
  expect((await trials()).trim().split('\n')).toHaveLength(110);
  const figure = workspace.path('.mmoe/studies/paper labels/figures/label correlation.svg');
  expect(await readFile(figure, 'utf8')).toContain('>correlation of labels<');
  // With more trials, those that are there stay.
  const some = await trials();
  expect((await workspace.mmoe('paper', 'fig2', '--seeds', '11')).code).toBe(0);
  expect((await trials()).startsWith(some)).toBe(true);
  expect((await trials()).trim().split('\n')).toHaveLength(121);
  const fig5 = await workspace.mmoe('paper', 'fig5', ...small);
  expect(fig5).toMatchObject({ code: 0, stderr: '' });
  expect(fig5.stdout).toMatch(
    /at p = 0\.5, mmoe is better than omoe +(holds|fails|cannot tell) +loss (lower|higher) by 0\.\d+ \(95 %/,
  );
  const before = await readFile(workspace.path('.mmoe/studies/paper synthetic/runs.jsonl'), 'utf8');
  const fig4 = await workspace.mmoe('paper', 'fig4', ...small);
  expect(fig4.stdout).toContain('epoch 2');
  expect(await readFile(workspace.path('.mmoe/studies/paper synthetic/runs.jsonl'), 'utf8')).toBe(before);
});

test('the tables of the paper’s recommender come from one study, and go on with what is missing', async () => {
  const workspace = await Workspace.create({});
  const small = [
    ...['rows=3000', 'users=40', 'items=30', 'likes=0.4'].flatMap((one) => [
      '--set',
      `data.source.simulator.${one}`,
    ]),
    ...['--set', 'training.batchSize=64', '--seeds', '2'],
  ];
  const table4 = await workspace.mmoe('paper', 'table4', ...small);
  expect(table4).toMatchObject({ code: 0, stderr: '' });
  expect(table4.stdout).toMatch(
    /mmoe, over shared-bottom +[+−]\d+\.\d\d % +\S.* \+0\.25 % +[+−]\d+\.\d\d % +\S.* \+2\.65 %/,
  );
  expect(table4.stdout).toMatch(/and costs some clicks +(holds|fails|cannot tell) +clicks [+−]/);
  const runs = () => readFile(workspace.path('.mmoe/studies/paper recommender/runs.jsonl'), 'utf8');
  const before = await runs();
  // 6 methods: 3 rates tried with one seed, and 2 seeds.
  expect(before.trim().split('\n')).toHaveLength(6 * 3 + 6 * 2);
  const table3 = await workspace.mmoe('paper', 'table3', ...small);
  expect(table3.stdout).toMatch(/mmoe +0\.0\d+ +0\.\d{4} +0\.\d+ +0\.6894 /);
  expect(table3.stdout).toContain('mmoe predicts clicks better than omoe');
  const fig6 = await workspace.mmoe('paper', 'fig6', ...small);
  expect(fig6.stdout).toMatch(/gate of like\n +expert 1 +█*·+ 0\.\d{3}/);
  expect(fig6).toMatchObject({ code: 0, stderr: '' });
  expect(await runs()).toBe(before);
  const kept = (name: string) =>
    readFile(workspace.path('.mmoe/studies/paper recommender/figures', name), 'utf8');
  expect(await kept('gates mean.svg')).toContain('>experts of each run, heaviest first<');
  expect(await kept('gates run.csv')).toMatch(/^combination,gate of,expert,weight,SD,runs\n/);
  expect(await kept('Table 3 AUC of clicks.csv')).toMatch(/^method,rate,at 0\.33,SD,paper,/);
  expect(await kept('claims.md')).toMatch(/^\| of \| claim \| here \| holds \|/);
});
