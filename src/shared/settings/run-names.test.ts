import { expect, test } from 'vitest';
import { comparableName, isDefaultName, nameWithin, SettingCounts } from './run-names.js';

interface Made {
  readonly name?: string;
  readonly variant?: string;
  readonly seed?: number;
  readonly rate?: number;
  readonly file?: string;
  readonly more?: object;
}

const run = ({ variant = 'mmoe', seed = 1, rate = 0.001, file = 'gamma.mmoe.json', ...made }: Made = {}) => ({
  name: made.name ?? `gamma ${variant} seed ${seed}`,
  experiment: { name: 'gamma', model: { variant }, training: { learningRate: rate, seed }, ...made.more },
  experimentFile: file,
});
const names = (...runs: ReturnType<typeof run>[]) => {
  const counts = new SettingCounts(runs);
  return runs.map((one) => nameWithin(one, counts));
};

test('runs are called by their variant and by what tells them apart, once', () => {
  expect(names(run(), run({ rate: 0.01, seed: 3 }), run({ variant: 'ple' }))).toEqual([
    'mmoe · learningRate .001 · seed 1',
    'mmoe · learningRate .01 · seed 3',
    'ple · learningRate .001 · seed 1',
  ]);
  expect(names(run(), run())).toEqual(['mmoe', 'mmoe']);
  expect(names(run(), run({ file: 'deep/delta.mmoe.json', name: 'delta mmoe' }))).toEqual([
    'gamma · mmoe',
    'delta · mmoe',
  ]);
});

test('a setting that only some have is told of those', () => {
  expect(names(run(), run({ more: { engine: { threads: 2 } } }))).toEqual(['mmoe', 'mmoe · threads 2']);
});

test('a name that a person has given stays, with what tells it from others of the name', () => {
  expect(names(run({ name: 'my best' }), run({ seed: 2 }))).toEqual(['my best', 'mmoe · seed 2']);
  expect(names(run({ name: 'try' }), run({ name: 'try', rate: 0.01 }))).toEqual([
    'try · learningRate .001',
    'try · learningRate .01',
  ]);
});

test('of many settings those are told that the fewest share', () => {
  const odd = (index: number) => run({ more: { columns: { [`c${index}`]: 'ignore' }, k: index % 2 } });
  const all = names(...Array.from({ length: 6 }, (_, index) => odd(index)));
  expect(all[3]).toBe('mmoe · k 1 · c3 ignore');
  const wide = run({ more: { a: 1, b: 2, c: 3, d: 4, e: 5 } });
  const other = run({ more: { a: 2, b: 3, c: 4, d: 5, e: 6 } });
  expect(names(wide, other)[0]!.split(' · ')).toHaveLength(4);
});

test('a run that is taken away leaves the names of the others as if it had not been there', () => {
  const [one, other] = [run(), run({ rate: 0.01 })];
  const counts = new SettingCounts([one, other]);
  counts.remove(other);
  expect(nameWithin(one, counts)).toBe('mmoe');
});

test('a name is one by default if training or comparing would make it', () => {
  const isDefault = (name: string) => isDefaultName(run({ name }));
  expect(['gamma mmoe', 'gamma mmoe seed 12', 'experiment mmoe'].map(isDefault)).toEqual([true, true, true]);
  expect(['gamma', 'mmoe', 'gamma mmoe seed', 'gamma ple', 'gamma mmoe 2'].map(isDefault)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
  expect(isDefaultName({ ...run(), experiment: null })).toBe(false);
});

test('names are compared without regard to case, blanks, dots between or a zero before the point', () => {
  expect(comparableName(' MMoE  learningRate 0.01 seed 3')).toBe(
    comparableName('mmoe · learningRate .01 · seed 3'),
  );
  expect(comparableName('x 10.01 · 0.5')).toBe('x 10.01 .5');
});
