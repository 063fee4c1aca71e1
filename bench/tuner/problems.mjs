import { readFile } from 'node:fs/promises';
import { censusGrid } from './census-grid.mjs';

/**
 * @typedef {{ name: string, space: import('../../src/tuner/space.js').Space, trials: number,
 *   value: (point: Record<string, any>) => number }} Problem less is better
 */

const real = (
  /** @type {string} */ name,
  /** @type {number} */ from,
  /** @type {number} */ to,
  scale = 'linear',
) => /** @type {const} */ ({ kind: 'real', name, from, to, scale: scale === 'log' ? 'log' : 'linear' });

/** Branin: three least values of 0.3979. @type {Problem} */
const branin = {
  name: 'Branin',
  space: [real('x', -5, 10), real('y', 0, 15)],
  trials: 40,
  value: ({ x, y }) =>
    (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
    10,
};

const hartmannA = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannP = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];
const hartmannWeights = [1, 1.2, 3, 3.2];

/** Hartmann of six dimensions: the least value is −3.3224. @type {Problem} */
const hartmann = {
  name: 'Hartmann-6',
  space: Array.from({ length: 6 }, (_, i) => real(`x${i}`, 0, 1)),
  trials: 60,
  value: (point) =>
    -hartmannWeights.reduce((sum, weight, row) => {
      const distance = /** @type {number[]} */ (hartmannA[row]).reduce(
        (total, a, i) => total + a * (point[`x${i}`] - /** @type {any} */ (hartmannP)[row][i] / 1e4) ** 2,
        0,
      );
      return sum + weight * Math.exp(-distance);
    }, 0),
};

/** Like the settings of a training: kinds of numbers, a choice, and what only one of its values has. @type {Problem} */
const mixed = {
  name: 'mixed, conditional',
  space: [
    { kind: 'choice', name: 'optimizer', values: ['sgd', 'adam', 'adagrad'] },
    real('rate', 1e-5, 1, 'log'),
    { kind: 'integer', name: 'layers', from: 1, to: 6, scale: 'linear' },
    { kind: 'integer', name: 'width', from: 4, to: 512, scale: 'log' },
    { ...real('momentum', 0, 1), when: { optimizer: ['sgd'] } },
    { ...real('beta', 0.5, 0.999), when: { optimizer: ['adam'] } },
    { kind: 'choice', name: 'nesterov', values: [false, true], when: { optimizer: ['sgd'] } },
  ],
  trials: 50,
  value: ({ optimizer, rate, layers, width, momentum, beta, nesterov }) => {
    const rates = { sgd: -1.2, adam: -2.9, adagrad: -2 };
    const base = { sgd: 0.05, adam: 0, adagrad: 0.15 };
    const kind = /** @type {keyof typeof rates} */ (optimizer);
    const size = Math.log2(width);
    // A wider network wants a lower rate.
    const off = Math.log10(rate) - rates[kind] + 0.15 * (size - 6);
    const own =
      kind === 'sgd'
        ? 1.5 * (momentum - 0.9) ** 2 + (nesterov ? 0 : 0.05)
        : kind === 'adam'
          ? 3 * (beta - 0.9) ** 2
          : 0;
    return (
      base[kind] +
      0.3 * (1 - Math.exp(-(off ** 2))) +
      0.04 * (layers - 3) ** 2 +
      0.03 * (size - 6.5) ** 2 +
      own
    );
  },
};

/**
 * A table of settings of MMoE on Census-income, made by census-table.mjs: minus the AUC of the income on validation
 * rows. @param {string} folder @returns {Promise<Problem>}
 */
async function census(folder) {
  const text = await readFile(`${folder}/.mmoe/studies/census grid/runs.jsonl`, 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  /** @param {Record<string, unknown>} settings */
  const key = (settings) => censusGrid.map(({ path }) => JSON.stringify(settings[path])).join(' ');
  const values = new Map(lines.map((line) => [key(line.settings), -(line.validation?.income?.auc ?? 0.5)]));
  const size = censusGrid.reduce((product, { values: all }) => product * all.length, 1);
  if (values.size !== size)
    throw new Error(`${folder} has ${values.size} of ${size} settings; census-table.mjs goes on with it`);
  return {
    name: 'Census-income',
    // The places in the lists: each list is in order, from little to much.
    space: censusGrid.map(({ path, values: all }) => ({
      kind: 'integer',
      name: path,
      from: 0,
      to: all.length - 1,
      scale: 'linear',
    })),
    trials: 40,
    value: (point) => {
      const settings = Object.fromEntries(
        censusGrid.map(({ path, values: all }) => [path, all[point[path]]]),
      );
      return /** @type {number} */ (values.get(key(settings)));
    },
  };
}

/** @param {string | undefined} folder of the table of Census-income; undefined: that problem is left out */
export const problems = async (folder) => [
  branin,
  hartmann,
  mixed,
  ...(folder === undefined ? [] : [await census(folder)]),
];
