import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../load.js';

const say = (more: object): string[] => {
  const text = JSON.stringify({
    data: { source: 'x.csv' },
    tasks: [{ label: 'y1' }, { label: 'y2' }],
    ...more,
  });
  return parseExperiment(text, 'a.mmoe.json').problems.map(
    ({ severity, message, column, endColumn }) =>
      `${severity} ${text.slice(column! - 1, endColumn! - 1)} ⟶ ${message}`,
  );
};

describe('settings that no training comes of', () => {
  it.each([
    [
      { model: { gates: { temperature: 1e-30 } } },
      'error 1e-30 ⟶ temperature 1e-30 is too small: ' +
        'every gate takes one expert alone and hardly learns which; give 0.001 or more',
    ],
    [
      { model: { gates: { temperature: 1e9 } } },
      'error 1000000000 ⟶ temperature 1000000000 is too large: ' +
        'all experts weigh alike, whatever the gates learn; give 1000000 or less',
    ],
    [
      { model: { variant: 'l2-constrained', constraint: { strength: 1e9 } } },
      'error 1000000000 ⟶ strength 1000000000 is too large: ' +
        'the tasks’ networks are held together so strongly ' +
        'that they hardly learn anything else; give 1000000 or less',
    ],
    [
      { training: { optimizer: 'adamw', learningRate: 0.003, weightDecay: 400 } },
      'error 400 ⟶ weightDecay 400 is too large: ' +
        'each step takes learningRate · weightDecay of every weight away; give 333 or less',
    ],
    [
      { training: { epsilon: 1e-40 } },
      'error 1e-40 ⟶ epsilon 1e-40 is too small: ' +
        'single precision rounds it to 0, and a weight without a gradient becomes 0 / 0; give 1e-30 or more',
    ],
    [
      { data: { source: { synthetic: { rows: 1e10 } } } },
      'error 10000000000 ⟶ rows 10000000000 is too large: ' +
        'to draw so many rows takes hours; give 455000000 or less',
    ],
    [
      { data: { source: { synthetic: { dimensions: 1e6, rows: 1e10 } } } },
      'error 1000000 ⟶ dimensions 1000000 is too large: ' +
        'a table of so many columns is not read in a sensible time; give 10000 or less',
    ],
    [
      { model: { experts: { count: 1024, layers: Array<number>(1000).fill(4) } } },
      `error ${JSON.stringify(Array<number>(1000).fill(4))} ⟶ layers 1024000 is too large: ` +
        'these are the layers of all experts, and to lay out so many takes too long; give 100000 or less',
    ],
    [
      { model: { bottom: { layers: Array<number>(10_001).fill(4) } } },
      `error ${JSON.stringify(Array<number>(10_001).fill(4))} ⟶ ` +
        'model.bottom.layers must have at most 10000 entries, not 10001',
    ],
  ])('are refused with the reason: %j', (more, message) => {
    expect(say(more)).toEqual([message]);
  });

  it.each([
    [
      { model: { gates: { temperature: 0.01 } } },
      'warning 0.01 ⟶ temperature 0.01 is very small: ' +
        'every gate takes one expert alone and hardly learns which',
    ],
    [
      { model: { gates: { balance: 50 } } },
      'warning 50 ⟶ balance 50 is very large: even use of the experts outweighs what the tasks have to learn',
    ],
    [
      { training: { learningRate: 3 } },
      'warning 3 ⟶ learningRate 3 is very large: ' +
        'adam changes every weight by about as much in each step, so training will hardly settle',
    ],
    [
      { model: { variant: 'cross-stitch', stitches: { learningRate: 2000 } } },
      'warning 2000 ⟶ learningRate 2000 is very large: ' +
        'times the learning rate it is more than 1: a step may overthrow the mix',
    ],
  ])('are warned of where something may come of them: %j', (more, message) => {
    expect(say(more)).toEqual([message]);
  });

  it('are none of those that papers use', () => {
    const model = {
      gates: { temperature: 0.1, balance: 0.1, choose: { selectors: 2, width: 0.1, entropy: 0.5 } },
    };
    expect(
      say({
        model,
        training: { optimizer: 'adamw', learningRate: 0.1, weightDecay: 0.05, clipNorm: 0.1, epsilon: 1e-12 },
      }),
    ).toEqual([]);
    expect(
      say({
        model: { variant: 'l2-constrained', constraint: { strength: 10 } },
        training: { optimizer: 'sgd', learningRate: 2 },
      }),
    ).toEqual([]);
  });
});
