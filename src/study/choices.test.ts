import { describe, expect, it } from 'vitest';
import { InputError } from '../shared/errors.js';
import { checkTuned, combinations, runsOf, tuningRunsOf } from './cells.js';
import { spaceOf } from './choices.js';
import { studyJsonSchema } from './json-schema.js';
import { studyFromText } from './load-study.js';

const base = {
  data: { source: { synthetic: {} } },
  tasks: [{ label: 'y1' }, { label: 'y2', kind: 'regression' }],
};
const rate = { from: 0.001, to: 0.1, scale: 'log' };
const read = (more: object) => studyFromText(JSON.stringify({ base, ...more }), '/tmp/x.study.json');

describe('random draws of a study', () => {
  const random = {
    settings: {
      'training.learningRate': rate,
      'model.experts.count': { from: 2, to: 9, whole: true, when: { 'model.variant': ['mmoe'] } },
    },
    draws: 4,
  };
  const vary = { 'model.variant': ['mmoe', 'single-task'] };

  it('are combined with what varies, and more of them begin with the same', async () => {
    const { file } = await read({ vary, random });
    const all = combinations(file);
    expect(all).toHaveLength(8);
    expect(all.map((settings) => 'model.experts.count' in settings)).toEqual([
      ...Array<boolean>(4).fill(true),
      ...Array<boolean>(4).fill(false),
    ]);
    const more = combinations((await read({ vary, random: { ...random, draws: 9 } })).file);
    expect(more.slice(0, 4)).toEqual(all.slice(0, 4));
    const other = combinations((await read({ vary, random: { ...random, seed: 2 } })).file);
    expect(other[0]).not.toEqual(all[0]);
  });

  it('count once where they are alike', async () => {
    const settings = { 'training.optimizer': { values: ['adam', 'sgd'] } };
    const { file } = await read({ random: { settings, draws: 30 } });
    expect(combinations(file)).toHaveLength(2);
  });
});

it('a setting that depends on one that does not vary is there, or is not', async () => {
  const settings = {
    'training.optimizer': { values: ['adam', 'sgd'], when: { 'model.variant': ['mmoe'] } },
    'training.momentum': { from: 0, to: 1, when: { 'training.optimizer': ['sgd'] } },
  };
  const { file } = await read({ vary: { 'model.variant': ['mmoe', 'omoe'] }, tune: { settings } });
  const chosen = file.tune!.settings;
  expect(spaceOf(chosen, { 'model.variant': 'mmoe' })).toEqual([
    { name: 'training.optimizer', kind: 'choice', values: ['adam', 'sgd'] },
    {
      name: 'training.momentum',
      ...{ kind: 'real', from: 0, to: 1, scale: 'linear' },
      when: { 'training.optimizer': ['sgd'] },
    },
  ]);
  expect(spaceOf(chosen, { 'model.variant': 'omoe' }).map(({ name }) => name)).toEqual(['training.momentum']);
});

it('trials have seeds that results never come to, and are others where they may be stopped early', async () => {
  const tune = { settings: { 'training.learningRate': rate }, seeds: 2 };
  const study = await read({ seeds: 3, tune });
  const settings = { 'training.learningRate': 0.01 };
  const { runs, epochs } = tuningRunsOf(study, settings, 7);
  expect(runs.map(({ seed, trial, isTrial }) => [seed, trial, isTrial])).toEqual([
    [1_000_001, 7, true],
    [1_000_002, 7, true],
  ]);
  expect(epochs).toBe(20);
  const results = runsOf(study, settings).map(({ key }) => key);
  const stopped = tuningRunsOf(await read({ tune: { ...tune, stopEarly: {} } }), settings, 7).runs;
  expect(new Set([...results, ...runs.map(({ key }) => key), ...stopped.map(({ key }) => key)]).size).toBe(7);
  // How many trials and seeds there are makes no difference to those that there are.
  const extended = await read({ seeds: 5, tune: { ...tune, trials: 90 } });
  expect(tuningRunsOf(extended, settings, 7).runs).toEqual(runs);
});

describe('what is wrong with what is chosen', () => {
  const text = (choice: string, more = '') =>
    `{\n  "base": ${JSON.stringify(base)},\n  "vary": { "model.variant": ["mmoe"] },\n  "tune": { "settings": {\n    ${choice}\n  }${more} }\n}`;

  it.each<[string, string, RegExp, number, number]>([
    ['"a": { "from": 2, "to": 1 }', '', /"to" is 1, below "from", 2/, 5, 29],
    ['"a": { "from": 0, "to": 1, "scale": "log" }', '', /"from" must be above 0/, 5, 20],
    ['"a": { "from": 1, "to": 2.5, "whole": true }', '', /"to" must be a whole number, not 2.5/, 5, 29],
    ['"model.variant": { "values": ["omoe"] }', '', /model.variant is chosen twice/, 5, 5],
    ['"a": { "values": [1], "when": { "b": [1] } }', '', /"when" names b, .*these do: model.variant/, 5, 37],
    ['"a": { "from": 1, "too": 2 }', '', /unknown key "too".*"to"/, 5, 23],
    ['"a": { "values": [] }', '', /values/, 5, 22],
    ['', ', "objectives": [{ "task": "y3" }]', /there is no task "y3"; these are: "y1", "y2"/, 6, 31],
    ['', ', "objectives": [{ "task": "y2", "metric": "auc" }]', /has no metric "auc"; it has: r2/, 6, 47],
    ['', ', "objectives": [{ "task": "y2", "metric": "au" }]', /must be .*not "au"/, 6, 47],
    ['', ', "trials": 0', /trials must be at least 1/, 6, 16],
  ])('%s%s is told with its line and column', async (choice, more, says, line, column) => {
    const error: unknown = await studyFromText(text(choice, more), 'x.study.json').catch(
      (one: unknown) => one,
    );
    expect(error).toBeInstanceOf(InputError);
    const { message, place } = error as InputError;
    expect(message).toMatch(says);
    expect([place.line, place.column]).toEqual([line, column]);
  });

  it('is also an end of a range, or a value, that the experiment cannot have', async () => {
    const check = async (choice: object) =>
      checkTuned(
        await read({ tune: { settings: { 'training.optimizer': { values: ['sgd'] }, ...choice } } }),
        {},
      );
    await check({ 'model.experts.dropout': { from: 0, to: 0.9 } });
    await expect(check({ 'model.experts.dropout': { from: 0, to: 1 } })).rejects.toThrow(
      /--set model.experts.dropout=1: .*less than 1/,
    );
    await expect(check({ 'model.variant': { values: ['mmoe', 'omo'] } })).rejects.toThrow(
      /did you mean "omoe"/,
    );
    const when = { 'training.optimizer': ['sgd'] };
    await check({ 'training.momentum': { from: 0, to: 0.9, when } });
  });

  it('is also that a study both picks and tunes', async () => {
    const pick = { setting: 'training.epochs', values: [1] };
    await expect(read({ pick, tune: { settings: {} } })).rejects.toThrow('either picks a setting or tunes');
  });
});

it('the JSON schema offers settings to choose, with their values', () => {
  interface Chosen {
    properties: { settings: { properties: Record<string, { anyOf: { properties: object }[] }> } };
  }
  const { properties } = studyJsonSchema() as { properties: { tune: Chosen; random: Chosen } };
  for (const { properties: parts } of [properties.tune, properties.random]) {
    const { anyOf } = parts.settings.properties['model.variant']!;
    expect(JSON.stringify(anyOf)).toContain('"mmoe"');
    expect(anyOf.map((one) => Object.keys(one.properties)[0])).toEqual(['from', 'values']);
  }
});
