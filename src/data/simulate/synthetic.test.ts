import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import type { Synthetic } from '../../experiment/schema.js';
import { Database } from '../duckdb/database.js';
import { loadSynthetic, syntheticProblem } from './synthetic-table.js';
import { generateSynthetic } from './synthetic.js';

const settings = (change: Partial<Synthetic>): Synthetic => ({
  rows: 10_000,
  dimensions: 100,
  correlation: 0.5,
  terms: 10,
  scale: 1,
  noise: 0.1,
  sines: 'fixed',
  tasks: 2,
  seed: 1,
  ...change,
});

function correlation(one: Float64Array, other: Float64Array): number {
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [m, n] = [mean(one), mean(other)];
  let [both, first, second] = [0, 0, 0];
  one.forEach((value, i) => {
    both += (value - m) * (other[i]! - n);
    first += (value - m) ** 2;
    second += (other[i]! - n) ** 2;
  });
  return both / Math.sqrt(first * second);
}

it.each([
  [0, 0],
  [0.25, 0.107],
  [0.5, 0.219],
  [0.75, 0.34],
  [0.9, 0.456],
  [1, 0.999],
])('weights with cosine %d give labels with correlation %d', (p, expected) => {
  const { labels } = generateSynthetic(settings({ correlation: p }));
  expect(Math.abs(correlation(labels[0]!, labels[1]!) - expected)).toBeLessThan(0.02);
});

it('of more tasks relates any two alike', () => {
  const { labels } = generateSynthetic(
    settings({
      tasks: 4,
      terms: 1,
      sines: { alpha: [0], beta: [0] },
      noise: 0,
      correlation: 0.6,
      rows: 20_000,
    }),
  );
  // Without sines the labels are the projections, whose correlation is the cosine. 0.03: four standard errors
  // at 20,000 rows.
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < i; j++)
      expect(Math.abs(correlation(labels[i]!, labels[j]!) - 0.6)).toBeLessThan(0.03);
});

it('draws inputs from N(0, 1), and the same rows again from the same seed', () => {
  const { inputs, labels } = generateSynthetic(settings({ rows: 20_000, dimensions: 3, sines: 'random' }));
  for (const column of inputs) {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
    // Four standard errors: 1/√n and √(2/n).
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  }
  const again = generateSynthetic(settings({ rows: 20_000, dimensions: 3, sines: 'random' }));
  expect(again.labels).toEqual(labels);
  expect(generateSynthetic(settings({ dimensions: 3, rows: 10, seed: 2 })).inputs[0]![0]).not.toBe(
    inputs[0]![0],
  );
});

it('has the rows that a seed has always had', () => {
  const { labels } = generateSynthetic(
    settings({
      rows: 10,
      dimensions: 7,
      correlation: 0.6,
      terms: 3,
      scale: 2,
      tasks: 5,
      sines: 'fixed',
      seed: 4,
    }),
  );
  expect(labels.map((label) => label[9])).toEqual([
    0.6625602756915402, 3.0361081364576603, 0.21810418524552327, -0.20189152114171077, 0.6064532776227393,
  ]);
});

it('is refused before a row is drawn where it does not fit into memory', () => {
  expect(syntheticProblem(settings({ rows: 1_000_000 }), 4e9)).toBeNull();
  expect(syntheticProblem(settings({ rows: 10_000_000 }), 4e9)?.message).toBe(
    'the synthetic rows would take about 16 GB of memory, and there are 4.0 GB here; ' +
      'use fewer rows or dimensions (data.source.synthetic)',
  );
});

it.each([
  [
    { terms: 1e15 },
    'terms 1000000000000000 is too large: the sines of a row take too long to compute; give 10000',
  ],
  [{ dimensions: 20_000 }, 'dimensions 20000 is too large: a table of so many columns is not read'],
  [{ tasks: 2000, dimensions: 5000 }, 'tasks 2000 is too large: '],
  [{ rows: 1e9, terms: 1000 }, 'rows 1000000000 is too large: to draw so many rows takes hours; give'],
])('is refused where it takes hours, whoever asks: %j', (change, message) => {
  expect(syntheticProblem(settings(change), 1e15)?.message).toContain(message);
});

it('what is refused is not drawn', async () => {
  const db = await Database.open(tmpdir());
  // Where it was drawn, its first list would be longer than any list can be.
  const drawn = loadSynthetic(db, 'table', settings({ rows: 1e15 }));
  await expect(drawn.finally(() => db.close())).rejects.toMatchObject({ code: 'data.synthetic' });
});

it('the labels of more tasks than are computed at a time are the same bits as ever', () => {
  const { labels } = generateSynthetic(
    settings({ rows: 3, dimensions: 9, tasks: 6, terms: 0, noise: 0, seed: 4 }),
  );
  expect(labels.map((label) => [...label])).toEqual([
    [1.5589592821866503, 0.3595860313438246, 1.6743924454369636],
    [1.4197704110768075, 1.07627686014889, -0.09743698661380418],
    [0.7831827036664282, 1.8750152784553078, 0.9455624772621755],
    [1.7387181235061822, 1.285048027522536, 1.3778206319392825],
    [1.294351572916031, -0.22376981752925656, 1.7057542991737573],
    [0.8102494104788376, -0.6919927594070289, 0.789109685915986],
  ]);
});
