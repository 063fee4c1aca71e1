import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { combinations, inRounds, runsOf, trialsOf } from './cells.js';
import type { StudyLine } from '../shared/study/line.js';
import { openStudy, studyFromText } from './load-study.js';
import { pickedValue } from './pick.js';
import type { StudyInput } from './schema.js';
import { readStudyLines, studyPaths, StudyWriter } from './store.js';
import { scoresOf, type Combination } from '../shared/study/summary.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'mmoe-study-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const base = { data: { source: { synthetic: {} } }, tasks: [{ label: 'y1' }, { label: 'y2' }] };
const input: StudyInput = {
  base,
  vary: { 'model.variant': ['mmoe', 'single-task'], 'training.learningRate': [0.1, 0.01] },
  seeds: 2,
};
const read = (one: unknown) => studyFromText(JSON.stringify(one), join(folder, 'x.study.json'));

describe('a study', () => {
  it('is every combination of what varies, with every seed', async () => {
    const study = await read(input);
    expect(study.name).toBe('x');
    const all = combinations(study.file);
    expect(all).toEqual([
      { 'model.variant': 'mmoe', 'training.learningRate': 0.1 },
      { 'model.variant': 'mmoe', 'training.learningRate': 0.01 },
      { 'model.variant': 'single-task', 'training.learningRate': 0.1 },
      { 'model.variant': 'single-task', 'training.learningRate': 0.01 },
    ]);
    const runs = all.flatMap((settings) => runsOf(study, settings));
    expect(new Set(runs.map(({ key }) => key)).size).toBe(8);
    expect(runs[1]!.sets).toEqual(['model.variant="mmoe"', 'training.learningRate=0.1', 'training.seed=2']);
  });

  it('is trained in rounds where combinations are to be compared wherever it ends', () => {
    expect(inRounds([['a1', 'a2', 'a3'], ['b1'], ['c1', 'c2']])).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'c2',
      'a3',
    ]);
    expect(inRounds([])).toEqual([]);
  });

  it('knows a training again in a study that has more of them, and however it is written', async () => {
    const keys = async (one: StudyInput) => {
      const study = await read(one);
      return combinations(study.file).flatMap((settings) => runsOf(study, settings).map(({ key }) => key));
    };
    const before = await keys(input);
    const extended = await keys({
      ...input,
      name: 'another',
      vary: { 'training.learningRate': [0.01, 1, 0.1], 'model.variant': ['omoe', 'single-task', 'mmoe'] },
      seeds: 5,
    });
    expect(extended).toEqual(expect.arrayContaining(before));
    expect(new Set(extended).size).toBe(45);
    // What the variant says already, and a setting at its default, make no difference.
    expect(
      await keys({ ...input, base: { ...base, model: { variant: 'omoe' }, training: { epochs: 20 } } }),
    ).toEqual(before);
    expect(await keys({ ...input, base: { ...base, training: { epochs: 21 } } })).not.toEqual(before);
  });

  it('draws synthetic rows anew with each seed where it is asked to', async () => {
    const study = await read({ ...input, vary: {}, seeds: { count: 2, first: 7, data: true } });
    const [, second] = runsOf(study, {});
    expect(second!.sets).toEqual(['training.seed=8', 'data.source.synthetic.seed=8']);
    const table = await read({
      ...input,
      base: { ...base, data: { source: 'a.csv' } },
      vary: {},
      seeds: { count: 2, data: true },
    });
    expect(() => runsOf(table, {})).toThrow('seeds.data draws synthetic rows anew');
  });

  it('draws a simulator anew, too, and has other lines where it measures more; trials do without', async () => {
    const recommender = { data: { source: { simulator: {} } }, tasks: [{ label: 'click' }] };
    const pick = { setting: 'training.learningRate', values: [1, 0.1], seeds: 1 };
    const seeds = { count: 2, data: true };
    const plain = await read({ base: recommender, seeds, pick });
    const measured = await read({ base: recommender, seeds, pick, measure: { checkpoints: [0.5] } });
    const [first, second] = runsOf(plain, {});
    expect(second!.sets).toEqual(['training.seed=2', 'data.source.simulator.seed=2']);
    expect(first!.key).not.toBe(second!.key);
    expect(runsOf(measured, {})[0]!.key).not.toBe(first!.key);
    expect(trialsOf(measured, {})).toEqual(trialsOf(plain, {}));
  });

  it('tries what is to be picked with seeds of its own, and picks the lowest validation loss', async () => {
    const pick = { setting: 'training.learningRate', values: [1, 0.1, 0.01], seeds: 2 };
    const study = await read({ ...input, vary: { 'model.variant': ['mmoe'] }, pick });
    const trials = trialsOf(study, { 'model.variant': 'mmoe' });
    expect(trials.map(({ seed }) => seed)).toEqual([3, 4, 3, 4, 3, 4]);
    const losses = [0.1, 0.9, 0.4, 0.4, 0.3, 0.7];
    const lines = trials.map(({ key, settings, seed }, i) =>
      lineOf({ key, settings, seed, validation: { y1: { loss: losses[i]! }, y2: { loss: 1 } } }),
    );
    expect(pickedValue(pick, lines)).toBe(0.1);
    const [first, ...others] = lines;
    expect(pickedValue(pick, [{ ...first!, status: 'diverged', validation: null }, ...others])).toBe(0.1);
    const unlike = lines.map((line, i) => (i === 2 ? { ...line, validation: null } : line));
    expect(pickedValue(pick, unlike)).toBe(1);
  });

  it.each<[unknown, RegExp]>([
    [{ ...input, vari: {} }, /unknown key "vari" in a study; did you mean "vary"/],
    [{ vary: {} }, /a study has no "base"; it needs one/],
    [{ ...input, seeds: 0 }, /seeds/],
    [{ ...input, vary: { 'model.variant': [] } }, /vary/],
    [{ ...input, base: 'there-is-none.mmoe.json' }, /there is no such file/],
  ])('%j is refused', async (one, says) => {
    await expect(read(one)).rejects.toThrow(says);
  });

  it('says which value of a setting is wrong', async () => {
    const wrong = read({ ...input, vary: { 'model.variant': ['mmoe', 'mmoee'] } });
    await expect(wrong).rejects.toThrow(/^model\.variant must be .*did you mean "mmoe"/);
    await expect(wrong).rejects.toMatchObject({ place: { file: expect.any(String) as string, line: 1 } });
    const unknown = read({ ...input, vary: { 'model.varian': ['mmoe'], 'training.epochs': [0] } });
    await expect(unknown).rejects.toThrow(/^model\.varian: unknown key "varian" in model/);
    const study = await read(input);
    expect(() => runsOf(study, { 'model.variant': 'mmoee' })).toThrow(
      /--set model.variant="mmoee": .*did you mean "mmoe"/,
    );
    await expect(openStudy(join(folder, 'x.mmoe.json'))).rejects.toThrow('name a *.study.json file');
  });
});

function lineOf(over: Partial<StudyLine>): StudyLine {
  return {
    key: 'a',
    settings: {},
    seed: 1,
    isTrial: false,
    kinds: { y1: 'regression', y2: 'regression' },
    status: 'finished',
    validation: null,
    test: null,
    bestEpoch: 1,
    epochs: 1,
    curves: { epochs: [], train: {}, validation: {} },
    parameters: 1,
    seconds: 1,
    engine: { name: 'fused', target: 'native', threads: 1 },
    fingerprint: 'x',
    version: '1',
    ...over,
  };
}

describe('the folder of a study', () => {
  it('keeps whole lines whatever a kill has cut off, and one of each training', async () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 });
    let name = 0;
    await fc.assert(
      fc.asyncProperty(keys, fc.nat(400), async (written, cut) => {
        const paths = studyPaths(folder, `s${name++}`);
        const writer = await StudyWriter.open(paths);
        written.forEach((key, seed) => writer.append(lineOf({ key, seed })));
        writer.close();
        const whole = readFileSync(paths.runs);
        const kept = whole.subarray(0, Math.max(0, whole.length - cut));
        writeFileSync(paths.runs, kept);
        const again = await StudyWriter.open(paths);
        again.append(lineOf({ key: 'new' }));
        again.close();
        const left = kept.toString().split('\n').length - 1;
        const last = new Map(written.slice(0, left).map((key, seed) => [key, seed]));
        const found = (await readStudyLines(paths)).map(({ key, seed }) => [key, seed]);
        expect(found).toEqual([...last, ['new', 1]]);
      }),
      { numRuns: 40 },
    );
  });

  it('has one trainer at a time, and outlives one that is gone', async () => {
    const paths = studyPaths(folder, 'one');
    mkdirSync(paths.folder, { recursive: true });
    writeFileSync(
      paths.trainer,
      JSON.stringify({ pid: process.ppid, host: (await import('node:os')).hostname() }),
    );
    await expect(StudyWriter.open(paths)).rejects.toThrow(`is being trained by process ${process.ppid}`);
    writeFileSync(paths.trainer, JSON.stringify({ pid: process.ppid, host: 'elsewhere' }));
    await expect(StudyWriter.open(paths)).rejects.toThrow(`process ${process.ppid} on elsewhere`);
    writeFileSync(paths.trainer, '{"pid":');
    (await StudyWriter.open(paths)).close();
    expect(await readStudyLines(paths)).toEqual([]);
  });

  it('passes over what is no line', async () => {
    const paths = studyPaths(folder, 'a/b: c');
    expect(paths.folder).toBe(join(folder, '.mmoe', 'studies', 'a-b- c'));
    const writer = await StudyWriter.open(paths);
    writer.append(lineOf({}));
    appendFileSync(paths.runs, '{"key":"later","format":9}\nnot json\n');
    writer.append(lineOf({ key: 'b' }));
    writer.close();
    expect((await readStudyLines(paths)).map(({ key }) => key)).toEqual(['a', 'b']);
  });
});

describe('the scores of a study', () => {
  const combination = (settings: Record<string, unknown>, r2: number[]): Combination => ({
    settings,
    lines: r2.map((value, i) =>
      lineOf({ settings, seed: i + 1, test: { y1: { r2: value, loss: 1 - value } } }),
    ),
  });

  it('are compared seed by seed with the value that is named, all else equal', async () => {
    const { file } = await read({
      ...input,
      vary: { 'model.variant': ['single-task', 'mmoe'], 'training.epochs': [1, 2] },
    });
    const scores = scoresOf(file, [
      combination({ 'model.variant': 'single-task', 'training.epochs': 1 }, [0.1, 0.2, 0.3]),
      combination({ 'model.variant': 'single-task', 'training.epochs': 2 }, [0.5, 0.6, 0.7]),
      combination({ 'model.variant': 'mmoe', 'training.epochs': 1 }, [0.2, 0.3, 0.41]),
      combination({ 'model.variant': 'mmoe', 'training.epochs': 2 }, [0.5, 0.6, 0.7]),
    ]);
    [0.2, 0.6, 0.91 / 3, 0.6].forEach((mean, i) => expect(scores[i]!.mean).toBeCloseTo(mean, 10));
    expect(scores.map(({ gain }) => gain?.verdict ?? null)).toEqual([null, null, 'better', 'alike']);
    expect(scores[2]!.gain!.mean).toBeCloseTo(0.31 / 3, 10);
    // Two comparisons: the smaller p counts twice.
    expect(scores[2]!.gain!.holm).toBeCloseTo(2 * scores[2]!.gain!.p!, 12);
    expect(scores[3]!.gain).toMatchObject({ p: 1, holm: 1, within: 0 });
    const alone = scoresOf(file, [
      combination({ 'model.variant': 'single-task', 'training.epochs': 1 }, [0.1, 0.2]),
      combination({ 'model.variant': 'mmoe', 'training.epochs': 1 }, [0.3]),
    ]);
    expect(alone[1]!.gain).toMatchObject({ seeds: 1, verdict: 'one seed', p: null, holm: null });
    const [byLoss] = scoresOf(file, [combination({}, [0.1])], { metric: 'loss' });
    expect(byLoss).toMatchObject({ metric: 'loss', split: 'test', best: expect.closeTo(0.9, 10) as number });
  });
});
