import { describe, expect, test } from 'vitest';
import { modelOf } from '../../experiment/defaults.js';
import type { ModelInput } from '../../experiment/schema/model.js';
import { variants, type Variant } from '../../experiment/schema/variants.js';
import { doubles, reference } from '../../engine/reference/reference.js';
import { randomWeights } from '../arbitrary-network.fixture.js';
import type { NetworkDescription } from '../description.js';
import { initialWeights, parameterSpecs, type NamedArrays } from '../parameters.js';
import { seededUniform } from '../draws/random.js';
import type { EncodedRows } from '../encoded-rows.js';
import { buildNetwork } from '../variants.js';

const input = { numeric: 5, fields: [{ name: 'city', size: 3, encode: 'onehot' as const }] };
const tasks = [
  { name: 'click', kind: 'binary' as const, outputs: 1, lossWeight: 1 },
  { name: 'minutes', kind: 'regression' as const, outputs: 1, lossWeight: 1 },
];
const model = (variant: Variant, more: ModelInput = {}) =>
  modelOf({ variant, experts: { count: 4, layers: [6, 3] }, towers: { layers: [4] }, ...more });
const build = (variant: Variant, more: ModelInput = {}) => buildNetwork(model(variant, more), input, tasks);
const rows: EncodedRows = {
  rows: 9,
  numeric: Float32Array.from({ length: 45 }, (_, i) => Math.sin(i * 1.7)),
  categorical: Int32Array.from({ length: 9 }, (_, i) => i % 3),
  labels: Float32Array.from({ length: 18 }, (_, i) => (i % 2 === 0 ? (i / 2) % 2 : Math.cos(i))),
  weights: null,
};
const predictions = (network: NetworkDescription, weights: NamedArrays) =>
  reference(
    network,
    doubles(weights),
    rows,
    Array.from({ length: 9 }, (_, row) => row),
  ).predictions.flat(2);

/** Two networks' predictions with the second's weights taken from the first's by name. */
function expectSame(
  one: NetworkDescription,
  other: NetworkDescription,
  nameIn: (name: string) => string | Float32Array,
): void {
  const weights = randomWeights(one, 3);
  const taken: NamedArrays = new Map(
    parameterSpecs(other).map(({ name, shape }) => {
      const from = nameIn(name);
      return [name, typeof from === 'string' ? weights.get(from)! : { shape, data: from }];
    }),
  );
  const [a, b] = [predictions(one, weights), predictions(other, taken)];
  a.forEach((value, i) => expect(b[i]).toBeCloseTo(value, 12));
}

describe('a special case is the simpler network', () => {
  test('cross-stitch with identity stitches is single-task', () => {
    expectSame(
      build('single-task'),
      build('cross-stitch', { stitches: { own: 1, learningRate: 1 } }),
      (name) => {
        const [, level, task, kind] = /^levels\.(\d)\.experts\.(\d)\.layers\.0\.(\w+)/.exec(name) ?? [];
        if (kind !== undefined) return `levels.0.experts.${task}.layers.${level}.${kind}`;
        const route = /routes\.(\d)/.exec(name);
        return route === null
          ? name
          : Float32Array.from([0, 1], (task) => (task === Number(route[1]) ? 1 : 0));
      },
    );
  });

  test('CGC with shared experts only is MMoE', () => {
    const cgc = build('cgc', { experts: { count: 1, layers: [6, 3], perTask: 0, shared: 4 } });
    const weights = randomWeights(build('mmoe'), 3);
    expect(predictions(cgc, weights)).toEqual(predictions(build('mmoe'), weights));
    expect([...initialWeights(cgc, 3)]).toEqual([...initialWeights(build('mmoe'), 3)]);
  });

  test('PLE without experts of the tasks’ own still has a gate for each of them on every level', () => {
    const ple = build('ple', { experts: { count: 1, layers: [6, 3], perTask: 0, shared: 2 }, levels: 3 });
    expect(ple.levels.map(({ gates }) => gates.map(({ experts }) => experts.length))).toEqual([
      [2, 2, 2],
      [2, 2, 2],
      [2, 2],
    ]);
    expect(predictions(ple, initialWeights(ple, 1)).every(Number.isFinite)).toBe(true);
  });

  test('MMoE with one expert is shared-bottom', () => {
    const one = build('mmoe', { experts: { count: 1, layers: [6, 3] } });
    const weights = randomWeights(one, 3);
    predictions(build('shared-bottom'), weights).forEach((value, i) =>
      expect(value).toBeCloseTo(predictions(one, weights)[i]!, 12),
    );
  });

  test('PLE with one level is CGC', () => {
    const weights = randomWeights(build('cgc'), 3);
    expect(predictions(build('ple', { levels: 1 }), weights)).toEqual(predictions(build('cgc'), weights));
  });

  test('tensor factorization at full ranks starts as the weights that were drawn for each task', () => {
    const network = build('tensor-factorization', {
      experts: { count: 1, layers: [3] },
      factorization: { ranks: [8, 3, 2] },
    });
    const weights = initialWeights(network, 5);
    const value = (name: string) => weights.get(name)!.data;
    // W_t = U1 · (Σ_r U3[t, r] S_r) · U2: of full rank, with other weights for each task.
    const perTask = [0, 1].map((task) => {
      const constants = value(`levels.1.routes.${task}.constants`);
      const [u1, u2] = [
        value('levels.0.experts.0.layers.0.weight'),
        value('levels.2.experts.0.layers.0.weight'),
      ];
      const r1 = u1.length / 8;
      const core = Array.from({ length: r1 * 3 }, (_, i) =>
        [0, 1].reduce(
          (sum, r) => sum + constants[r]! * value(`levels.1.experts.${r}.layers.0.weight`)[i]!,
          0,
        ),
      );
      return Array.from({ length: 24 }, (_, i) => {
        const [input_, out] = [Math.floor(i / 3), i % 3];
        let sum = 0;
        for (let a = 0; a < r1; a++)
          for (let b = 0; b < 3; b++) sum += u1[input_ * r1 + a]! * core[a * 3 + b]! * u2[b * 3 + out]!;
        return sum;
      });
    });
    // As startTucker draws them, of the range that ReLU layers start in.
    perTask.forEach((found, task) => {
      const draw = seededUniform(5, `levels.0.tucker.${task}`);
      for (const value of found) expect(value).toBeCloseTo((2 * draw() - 1) * Math.sqrt(6 / 8), 5);
    });
  });
});

describe('every variant', () => {
  test.each(variants)(
    '%s has a stream of its own for every task at the top, with and without a bottom',
    (variant) => {
      for (const more of [{}, { bottom: { layers: [7] } }]) {
        const network = build(variant, more);
        expect(network.levels.at(-1)!.streams.map(({ task }) => task)).toEqual([0, 1]);
        expect(predictions(network, initialWeights(network, 1)).every(Number.isFinite)).toBe(true);
      }
    },
  );

  test.each(variants)('%s takes one task and five', (variant) => {
    for (const count of [1, 5]) {
      const many = Array.from({ length: count }, (_, k) => ({ ...tasks[1]!, name: `task ${k}` }));
      expect(buildNetwork(model(variant), input, many).tasks).toHaveLength(count);
    }
  });
});

test('L2-constrained holds experts and towers of the tasks together, over a bottom too', () => {
  const { distance } = build('l2-constrained', { bottom: { layers: [7] }, constraint: { strength: 0.5 } });
  expect(distance!.strength).toBe(0.5);
  expect(distance!.groups).toContainEqual([
    'levels.1.experts.0.layers.1.weight',
    'levels.1.experts.1.layers.1.weight',
  ]);
  expect(distance!.groups).toContainEqual(['towers.click.layers.0.bias', 'towers.minutes.layers.0.bias']);
  expect(distance!.groups).toHaveLength(6);
});

test('exclusion leaves no expert unseen and no task without experts', () => {
  for (const exclude of [0.2, 0.5, 0.95]) {
    const [level] = build('mmoe', { gates: { bias: false, temperature: 1, exclude } }).levels;
    expect(new Set(level!.gates.flatMap(({ experts }) => experts)).size).toBe(4);
    for (const { experts } of level!.gates) expect(experts.length).toBeGreaterThan(0);
  }
});

describe('the start of a path', () => {
  /** Returns the mean square of the output of networks that end in one linear unit, over seeds. */
  const meanSquare = (active: number, more: ModelInput['experts'] = {}) => {
    const experts = { count: 8, layers: [32], ...more };
    const network = build('pathnet', { experts, towers: { layers: [] }, levels: 2, paths: { active } });
    const squares = Array.from({ length: 40 }, (_, seed) =>
      predictions(network, initialWeights(network, seed)).map((value) => value ** 2),
    );
    return squares.flat().reduce((sum, square) => sum + square, 0) / squares.flat().length;
  };

  test.each([
    ['ReLU', {}],
    ['linear', { activation: 'linear' as const }],
    ['SiLU', { activation: 'silu' as const }],
    ['layer-normalised', { normalization: 'layer' as const }],
  ])('is no larger with six %s modules than with one', (_, experts) => {
    // Unscaled, two levels of six linear modules give 36 times as much, of ReLU about 240 times.
    const ratio = meanSquare(6, experts) / meanSquare(1, experts);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test('counts the modules that there are', () => {
    const scale = (count: number, active: number) =>
      build('pathnet', { experts: { count, layers: [6, 3] }, paths: { active } }).levels[0]!.experts[0]!
        .startScale;
    expect(scale(2, 9)).toBe(scale(2, 2));
    expect([scale(1, 3), scale(4, 1)]).toEqual([undefined, undefined]);
  });
});
