import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../network/draws/random.js';
import { rungsFor } from './halving.js';
import { allPoints, decode, drawPoints, encode, isThere, type Point, type Space } from './space.js';
import { nextPoint, startingTrials, verdictOn, type Trial } from './tuner.js';

const training: Space = [
  { kind: 'choice', name: 'optimizer', values: ['adam', 'sgd'] },
  { kind: 'real', name: 'rate', from: 1e-4, to: 1, scale: 'log' },
  { kind: 'integer', name: 'layers', from: 1, to: 4, scale: 'linear' },
  { kind: 'real', name: 'momentum', from: 0, to: 1, scale: 'linear', when: { optimizer: ['sgd'] } },
];

const ranges = fc
  .record({
    kind: fc.constantFrom('real' as const, 'integer' as const),
    scale: fc.constantFrom('linear' as const, 'log' as const),
    from: fc.integer({ min: 1, max: 50 }),
    more: fc.integer({ min: 0, max: 500 }),
  })
  .map(({ kind, scale, from, more }) => ({ kind, scale, from, to: from + more }));
const choices = fc
  .uniqueArray(fc.oneof(fc.integer(), fc.string(), fc.array(fc.nat(9))), {
    minLength: 1,
    maxLength: 5,
    selector: (value) => JSON.stringify(value),
  })
  .map((values) => ({ kind: 'choice' as const, values }));
/** Spaces whose later dimensions may depend on the first choice before them. */
const spaces = fc
  .array(fc.tuple(fc.oneof(ranges, choices), fc.boolean()), { minLength: 1, maxLength: 6 })
  .map((all) => {
    const space: Space[number][] = [];
    all.forEach(([one, isConditional], i) => {
      const parent = space.find(({ kind }) => kind === 'choice');
      const when =
        isConditional && parent?.kind === 'choice'
          ? { when: { [parent.name]: parent.values.slice(0, 1) } }
          : {};
      space.push({ ...one, name: `d${i}`, ...when });
    });
    return space;
  });

describe('a space', () => {
  it('has every position decoded to a point in it, which is encoded to a position of the same point', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), (space, seed) => {
        for (const point of drawPoints(space, 20, seed)) {
          const position = encode(space, point);
          expect(position).not.toBeNull();
          expect(decode(space, position!)).toEqual(point);
          for (const dimension of space) {
            expect(dimension.name in point).toBe(isThere(dimension, point));
            const value = point[dimension.name];
            if (value === undefined || dimension.kind === 'choice') continue;
            expect(value).toBeGreaterThanOrEqual(dimension.from);
            expect(value).toBeLessThanOrEqual(dimension.to);
            if (dimension.kind === 'integer') expect(Number.isInteger(value)).toBe(true);
          }
        }
      }),
    );
  });

  it('knows what lies outside, and what is not there', () => {
    const inside = { optimizer: 'sgd', rate: 0.1, layers: 2, momentum: 0.5 };
    expect(encode(training, { ...inside, other: 1 })).not.toBeNull();
    for (const change of [{ optimizer: 'x' }, { rate: 2 }, { layers: 2.5 }, { momentum: undefined }])
      expect(encode(training, { ...inside, ...change })).toBeNull();
    expect([...encode(training, { ...inside, optimizer: 'adam' })!].map(Number.isNaN)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('draws whole numbers and choices as often, and logarithms evenly', () => {
    const drawn = drawPoints(
      [
        { kind: 'integer', name: 'a', from: 1, to: 3, scale: 'linear' },
        { kind: 'real', name: 'b', from: 1, to: 10_000, scale: 'log' },
      ],
      3000,
      1,
    );
    for (const value of [1, 2, 3])
      expect(Math.abs(drawn.filter(({ a }) => a === value).length - 1000)).toBeLessThan(100);
    expect(Math.abs(drawn.filter(({ b }) => Number(b) < 100).length - 1500)).toBeLessThan(110);
  });

  it('lists its points where they are few', () => {
    const space: Space = [
      training[0]!,
      { kind: 'integer', name: 'n', from: 2, to: 4, scale: 'log', when: { optimizer: ['sgd'] } },
    ];
    expect(allPoints(space, 10)).toEqual([
      { optimizer: 'adam' },
      { optimizer: 'sgd', n: 2 },
      { optimizer: 'sgd', n: 3 },
      { optimizer: 'sgd', n: 4 },
    ]);
    expect(allPoints(space, 3)).toBeNull();
    expect(allPoints(training, 1e6)).toBeNull();
  });
});

/** Tries what is proposed, so many times. */
function tune(space: Space, count: number, seed: number, value: (point: Point) => Trial['values']): Trial[] {
  const trials: Trial[] = [];
  while (trials.length < count) {
    const point = nextPoint({ space, trials, pending: [], seed });
    if (point === null) break;
    trials.push({ point, values: value(point) });
  }
  return trials;
}

/** Least at adam, a rate of 0.01 and 3 layers. */
const loss = ({ optimizer, rate, layers, momentum }: Point): number =>
  0.3 * (Math.log10(Number(rate)) + 2) ** 2 +
  0.1 * (Number(layers) - 3) ** 2 +
  (optimizer === 'sgd' ? 0.3 + (Number(momentum) - 0.8) ** 2 : 0);

describe('the tuner', () => {
  it('comes nearer to the best than chance, in a space with kinds, logarithms and conditions', () => {
    const best = (trials: readonly Trial[]) => Math.min(...trials.map(({ values }) => Number(values[0])));
    const seeds = [1, 2, 3];
    const tuned = seeds.map((seed) => best(tune(training, 25, seed, (point) => [loss(point)])));
    const drawn = seeds.map((seed) => Math.min(...drawPoints(training, 25, seed).map(loss)));
    expect(Math.max(...tuned)).toBeLessThan(0.01);
    expect(Math.min(...drawn)).toBeGreaterThan(Math.max(...tuned));
  });

  it('answers the same question alike, and another seed otherwise', () => {
    const trials = tune(training, 14, 5, (point) => [loss(point)]);
    expect(tune(training, 14, 5, (point) => [loss(point)])).toEqual(trials);
    expect(tune(training, 1, 6, (point) => [loss(point)])[0]!.point).not.toEqual(trials[0]!.point);
    // What was found before counts, whoever asks.
    const asked = { space: training, trials: structuredClone(trials), pending: [], seed: 5 };
    expect(nextPoint(asked)).toEqual(nextPoint({ ...asked }));
  });

  it('proposes other points while some are being tried', () => {
    const trials = tune(training, 12, 1, (point) => [loss(point)]);
    const pending: Point[] = [];
    for (let i = 0; i < 3; i++) pending.push(nextPoint({ space: training, trials, pending, seed: 1 })!);
    const rates = pending.map((point) => JSON.stringify(point));
    expect(new Set(rates).size).toBe(3);
    const [one, other] = pending.map((point) => encode(training, point)!);
    expect(Math.hypot(...one!.map((unit, i) => unit - other![i]! || 0))).toBeGreaterThan(0.01);
  });

  it('tries every point of a small space once, and then has none', () => {
    const space: Space = [
      { kind: 'choice', name: 'a', values: [1, 2, 3] },
      { kind: 'integer', name: 'b', from: 1, to: 5, scale: 'linear' },
    ];
    const trials = tune(space, 99, 1, ({ a, b }) => [Number(a) * Number(b)]);
    expect(new Set(trials.map(({ point }) => JSON.stringify(point))).size).toBe(15);
    expect(trials).toHaveLength(15);
  });

  it('keeps away from what has failed, and goes on if all has', () => {
    const fails = ({ rate }: Point) => Number(rate) > 0.005;
    const trials = tune(training, 30, 2, (point) => (fails(point) ? 'failed' : [loss(point)]));
    const later = trials.slice(startingTrials(training)).filter(({ point }) => fails(point));
    expect(later.length).toBeLessThan(8);
    expect(tune(training, 14, 1, () => 'failed')).toHaveLength(14);
    expect(
      verdictOn(
        training,
        tune(training, 3, 1, () => 'stopped'),
      ),
    ).toBeNull();
  });

  it('counts what was stopped as no better than most, and does not take it', () => {
    const space: Space = [{ kind: 'real', name: 'x', from: 0, to: 1, scale: 'linear' }];
    const trials = [0, 0.2, 0.4, 0.6, 0.8, 1].map((x): Trial => ({ point: { x }, values: [(x - 0.5) ** 2] }));
    const { winner, believed } = verdictOn(space, [
      ...trials,
      { point: { x: 0.5 }, values: 'stopped' },
      { point: { x: 0.3 }, values: 'stopped' },
    ])!;
    expect([2, 3]).toContain(winner);
    expect(believed.slice(6)).toEqual([null, null]);
  });

  it('takes the winner by what is believed, not the luckiest', () => {
    const space: Space = [{ kind: 'real', name: 'x', from: 0, to: 1, scale: 'linear' }];
    const uniform = seededUniform(3, 'noise');
    const trials = Array.from({ length: 41 }, (_, i): Trial => {
      const x = i / 40;
      return { point: { x }, values: [(x - 0.5) ** 2 + 0.02 * (uniform() - 0.5)] };
    });
    // One far out was very lucky.
    const lucky = [...trials.slice(0, 38), { ...trials[38]!, values: [-0.03] }, ...trials.slice(39)];
    const { winner, front, believed } = verdictOn(space, lucky)!;
    expect(Math.abs(Number(lucky[winner]!.point['x']) - 0.5)).toBeLessThan(0.2);
    expect(front).toEqual([winner]);
    expect(believed[38]![0]).toBeGreaterThan(0.05);
  });

  it('spreads over the front of two objectives', () => {
    const space: Space = [
      { kind: 'real', name: 'x', from: 0, to: 1, scale: 'linear' },
      { kind: 'real', name: 'y', from: 0, to: 1, scale: 'linear' },
    ];
    // The front is y = 0, x from 0.2 to 0.8.
    const trials = tune(space, 24, 1, ({ x, y }) => [
      (Number(x) - 0.2) ** 2 + Number(y),
      (Number(x) - 0.8) ** 2 + Number(y),
    ]);
    const later = trials.slice(startingTrials(space));
    const near = later.filter(({ point }) => Number(point['y']) < 0.1).map(({ point }) => Number(point['x']));
    expect(near.length).toBeGreaterThan(12);
    expect(Math.min(...near)).toBeLessThan(0.35);
    expect(Math.max(...near)).toBeGreaterThan(0.65);
    const { front, winner } = verdictOn(space, trials)!;
    expect(front.length).toBeGreaterThan(3);
    expect(front).toContain(winner);
  });
});

describe('successive halving', () => {
  it('lets a third of those that have come as far go on, and all while they are few', () => {
    const options = { first: 2, keep: 1 / 3, last: 20 };
    expect(rungsFor([], options)).toEqual([2, 6, 18].map((epoch) => ({ epoch, most: null })));
    const curves = [
      [9, 3, 8, 8, 8, 8],
      [9, 1],
      [2, 9],
      [9, 5, 4, 4, 4, 4],
      [7, 7],
    ];
    expect(rungsFor(curves, options)).toEqual([
      { epoch: 2, most: 2 },
      { epoch: 6, most: 3 },
      { epoch: 18, most: null },
    ]);
  });
});
