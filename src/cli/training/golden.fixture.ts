/** Experiments without the key `defaults`, of all variants, and the table that some of them read. */

/** A table of 240 rows with a number that has gaps, categories with blanks, codes, weights and labels. */
export function smallTable(): string {
  const lines = ['age,income,city,code,weight,clicked,genre,minutes'];
  for (let row = 0; row < 240; row++) {
    const draw = (salt: number): number => ((row * 7919 + salt * 104_729) % 1009) / 1009;
    const age = 18 + Math.floor(60 * draw(1));
    const income = row % 11 === 0 ? '' : (1000 * draw(2) ** 2).toFixed(2);
    const city = row % 13 === 0 ? '' : ['Oslo', 'Rome', 'Lima', 'Kyiv'][Math.floor(4 * draw(3))]!;
    const clicked = draw(4) < age / 90 ? 1 : 0;
    const genre = ['drama', 'comedy', 'noir'][(Math.floor(3 * draw(5)) + clicked) % 3]!;
    const minutes = row % 17 === 0 ? '' : (20 + age * draw(6) + 10 * clicked).toFixed(1);
    lines.push(
      [age, income, city, Math.floor(40 * draw(7)), 1 + (row % 3), clicked, genre, minutes].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

const small = {
  data: { source: 'small.csv' },
  columns: { weight: 'ignore', code: { kind: 'categorical' } },
  tasks: [{ label: 'clicked' }, { label: 'genre' }, { label: 'minutes' }],
};
const films = {
  data: { source: 'films.csv', where: 'runtime % 20 = 1' },
  columns: {
    user_id: { kind: 'categorical', encode: { embedding: 8 }, minCount: 3 },
    film_id: { kind: 'categorical', encode: { embedding: 8 } },
    hour: { kind: 'categorical' },
    price: { kind: 'numeric', scale: 'standard' },
  },
  tasks: [
    { label: 'bought', kind: 'binary' },
    { label: 'liked', kind: 'binary' },
    { label: 'minutes', kind: 'regression', lossWeight: 0.5 },
  ],
};
const synthetic = {
  data: { source: { synthetic: { rows: 400, dimensions: 12, correlation: 0.5, terms: 3 } } },
  tasks: [{ label: 'y1' }, { label: 'y2' }],
};
const short = { epochs: 3, batchSize: 32 };

/** The experiments by name. */
export const goldenExperiments = {
  'all defaults': { ...small, training: { epochs: 3 } },
  'films, mmoe': { ...films, training: { ...short, stopEarly: { patience: 1 } } },
  'films, fm and a bottom': {
    ...films,
    columns: { ...films.columns, hour: 'ignore', country: { kind: 'categorical', encode: { embedding: 8 } } },
    model: { variant: 'ple', bottom: { layers: [12] } },
    training: short,
  },
  'synthetic, omoe': { ...synthetic, model: { variant: 'omoe' }, training: { ...short, optimizer: 'sgd' } },
  'single-task': { ...small, model: { variant: 'single-task' }, training: short },
  'shared-bottom': {
    ...small,
    data: { ...small.data, weight: 'weight' },
    model: { variant: 'shared-bottom' },
    training: { ...short, lossWeighting: 'uncertainty' },
  },
  'l2-constrained': { ...synthetic, model: { variant: 'l2-constrained' }, training: short },
  'cross-stitch': { ...small, model: { variant: 'cross-stitch' }, training: { ...short, clipNorm: 1 } },
  'tensor-factorization': { ...synthetic, model: { variant: 'tensor-factorization' }, training: short },
  cgc: {
    ...small,
    columns: { ...small.columns, income: { kind: 'numeric', scale: 'log' } },
    model: { variant: 'cgc', experts: { activation: 'silu', normalization: 'layer' } },
    training: { ...short, optimizer: 'adamw', schedule: { kind: 'cosine', warmup: 1 } },
  },
  ple: {
    ...small,
    columns: { ...small.columns, income: { kind: 'numeric', scale: 'quantile' } },
    model: { variant: 'ple', gates: { temperature: 2 } },
    training: { ...short, lossWeighting: 'dwa' },
  },
  pathnet: { ...small, model: { variant: 'pathnet', paths: { window: 2 } }, training: short },
  'mmoe, top 2 of experts with dropout': {
    ...small,
    model: {
      experts: { count: 6, dropout: 0.2 },
      gates: { choose: { top: 2, noisy: true, load: 0.1 }, balance: 0.1 },
    },
    training: { ...short, lossWeighting: 'gradnorm' },
  },
} as const;
