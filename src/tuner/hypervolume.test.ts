import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededUniform } from '../network/draws/random.js';
import { expectedHypervolume, paretoFront, undominated, type Box } from './hypervolume.js';

const volumeOf = ({ low, high }: Box, floor: number): number =>
  low.reduce((product, from, i) => product * Math.max(0, high[i]! - Math.max(from, floor)), 1);
const covers = ({ low, high }: Box, at: readonly number[]): boolean =>
  at.every((value, i) => value > low[i]! && value < high[i]!);

it('keeps of values those that none is better than', () => {
  expect(
    paretoFront([
      [1, 5],
      [2, 4],
      [3, 4],
      [2, 4],
      [5, 1],
      [6, 6],
    ]),
  ).toEqual([0, 1, 4]);
});

it('cuts what is not dominated into boxes that do not overlap', () => {
  const values = (objectives: number) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: objectives, maxLength: objectives }), {
      maxLength: 5,
    });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }).chain(values),
      fc.infiniteStream(fc.nat(99)),
      (found, draws) => {
        const objectives = found[0]?.length ?? 2;
        const boxes = undominated(
          found,
          Array.from({ length: objectives }, () => 10),
        );
        for (let i = 0; i < 50; i++) {
          // Between whole numbers, so that no place lies on an edge.
          const at = Array.from({ length: objectives }, () => (draws.next().value as number) / 10 + 0.05);
          const isDominated = found.some((one) => one.every((value, k) => value < at[k]!));
          expect(boxes.filter((box) => covers(box, at))).toHaveLength(isDominated ? 0 : 1);
        }
        // Down to 0, the volume is what the dominated part leaves of the cube.
        const sum = boxes.reduce((total, box) => total + volumeOf(box, 0), 0);
        expect(sum).toBeLessThanOrEqual(10 ** objectives + 1e-9);
      },
    ),
    { numRuns: 60 },
  );
});

it.each([1, 2, 3])('expects the growth that draws have in the mean, with %i objectives', (objectives) => {
  const uniform = seededUniform(objectives, 'hypervolume');
  const reference = Array.from({ length: objectives }, () => 1);
  const front = Array.from({ length: 4 }, () => Array.from({ length: objectives }, uniform));
  const boxes = undominated(front, reference);
  const beliefs = Array.from({ length: objectives }, () => ({
    mean: 0.3 + 0.3 * uniform(),
    sd: 0.1 + 0.3 * uniform(),
  }));
  const draws = 100_000;
  let sum = 0;
  for (let n = 0; n < draws; n++) {
    const at = beliefs.map(
      ({ mean, sd }) =>
        mean + sd * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    );
    for (const { low, high } of boxes)
      sum += high.reduce((product, to, i) => product * Math.max(0, to - Math.max(low[i]!, at[i]!)), 1);
  }
  const expected = expectedHypervolume(boxes, beliefs);
  expect(Math.abs(expected - sum / draws)).toBeLessThan(0.02 * expected + 1e-3);
});
