import { describe, expect, it } from 'vitest';
import { defaults } from '../defaults.js';
import { parseExperiment } from '../load.js';
import { variantSettings, variants } from '../schema/variants.js';

/** `severity text ⟶ message`, where text is what is underlined. */
function doubts(more: object, tasks = 2): string[] {
  const labels = Array.from({ length: tasks }, (_, k) => ({ label: `y${k + 1}` }));
  const text = JSON.stringify({ data: { source: 'x.csv' }, tasks: labels, ...more });
  return parseExperiment(text, 'a.mmoe.json').problems.map(
    ({ severity, message, column, endColumn }) =>
      `${severity} ${text.slice(column! - 1, endColumn! - 1)} ⟶ ${message}`,
  );
}

describe('the methods of an experiment', () => {
  it.each(variants)(
    'have nothing against %s with defaults, in a file that names experts and towers',
    (variant) => {
      expect(
        doubts({ model: { variant, experts: { count: 8, layers: [16] }, towers: { layers: [8] } } }),
      ).toEqual([]);
    },
  );

  it.each(variantSettings)('have a setting %s, which the table of variants names', (setting) => {
    expect(defaults.model).toHaveProperty(setting.split('.'));
  });

  it('have settings of other variants, which are warned of once', () => {
    expect(doubts({ model: { variant: 'shared-bottom', gates: { bias: true, exclude: 0.5 } } })).toEqual([
      'warning "gates" ⟶ shared-bottom has no gates: this has no effect; it is for omoe, mmoe, cgc, ple',
    ]);
    expect(doubts({ model: { variant: 'cgc', gates: { exclude: 0.5 }, levels: 3 } })).toEqual([
      'warning "exclude" ⟶ cgc has no exclude: this has no effect; it is for mmoe',
      'warning "levels" ⟶ cgc has no levels: this has no effect; it is for ple, pathnet',
    ]);
    expect(doubts({ model: { variant: 'mmoe', stitches: { own: 0.5 } } })).toHaveLength(1);
  });

  it('may have settings of the variant that they match', () => {
    expect(
      doubts({ model: { variant: 'shared-bottom', match: 'ple', levels: 3, experts: { perTask: 1 } } }),
    ).toEqual([]);
    expect(doubts({ model: { variant: 'ple', match: { variant: 'ple' } } })).toEqual([
      'warning {"variant":"ple"} ⟶ ple has its own number of parameters: this has no effect',
    ]);
  });

  it('cannot choose more experts than a gate sees', () => {
    const choose = (variant: string, choice: object) =>
      doubts({ model: { variant, gates: { choose: choice } } });
    expect(choose('mmoe', { top: 8 })).toEqual([]);
    expect(choose('mmoe', { top: 9 })).toEqual([
      'warning 9 ⟶ a gate sees 8 experts, so it cannot choose 9: all are used',
    ]);
    expect(choose('mmoe', { top: 2, noisy: true, load: 0.1 })).toEqual([]);
    expect(choose('mmoe', { top: 2, load: 0.1 })).toEqual([
      'warning 0.1 ⟶ the load loss needs noise in the logits: this has no effect; set "noisy": true',
    ]);
    expect(choose('cgc', { selectors: 7 })).toEqual([
      'warning 7 ⟶ a gate sees 6 experts, so it cannot choose 7: all are used',
    ]);
  });

  it('leave no task without experts', () => {
    expect(
      doubts({
        model: { variant: 'cgc', experts: { perTask: 0, shared: 0 }, gates: { choose: { top: 2 } } },
      }),
    ).toEqual(['error 0 ⟶ a task of cgc sees neither experts of its own nor shared ones; give it some']);
    expect(doubts({ model: { variant: 'ple', experts: { perTask: 0 } } })).toEqual([]);
  });

  it('cannot normalise batches where tasks use the same weights on values of their own', () => {
    const batch = { experts: { normalization: 'batch' } };
    expect(doubts({ model: { variant: 'tensor-factorization', ...batch } })).toEqual([
      'error "batch" ⟶ tensor-factorization uses the same weights on every task’s own values, ' +
        'which batch normalization cannot; use "layer" or "none"',
    ]);
    expect(doubts({ model: { variant: 'pathnet', levels: 1, ...batch } })).toEqual([]);
    expect(doubts({ model: { variant: 'mmoe', ...batch } })).toEqual([]);
  });

  it('have experts with a layer', () => {
    expect(doubts({ model: { variant: 'cross-stitch', experts: { layers: [] } } })).toEqual([
      'error [] ⟶ an expert needs a layer; give at least one number of units',
    ]);
  });

  it('cannot normalise batches of one row', () => {
    const training = { batchSize: 1 };
    expect(doubts({ training, model: { towers: { normalization: 'batch' } } })).toEqual([
      'error "batch" ⟶ with a batchSize of 1, batch normalization makes every unit 0; ' +
        'use "layer", or more rows per step',
    ]);
    expect(doubts({ training, model: { towers: { normalization: 'layer' } } })).toEqual([]);
    expect(doubts({ model: { towers: { normalization: 'batch' } } })).toEqual([]);
  });

  it('cannot hide more experts than leaves each one a task', () => {
    const exclude = (share: number) => doubts({ model: { gates: { exclude: share } } });
    expect(exclude(0.5)).toEqual([]);
    expect(exclude(0.99)).toEqual([
      'warning 0.99 ⟶ each expert is seen by one of the 2 tasks at least, ' +
        'so a share of 0.99 cannot be hidden from each: less is',
    ]);
  });

  it('say all that may stand in a place', () => {
    expect(doubts({ training: { schedule: 'cosine' } })).toEqual([
      'error "cosine" ⟶ training.schedule must be "constant" or an object with "kind", not "cosine"',
    ]);
    expect(doubts({ training: { lossWeighting: 'gradnrom' } })[0]).toMatch(
      /not "gradnrom"; did you mean "gradnorm"\?$/,
    );
    expect(doubts({ model: { variant: 'mmoo' } })).toEqual([
      expect.stringMatching(
        /^error "mmoo" ⟶ model.variant must be .*"mmoe".* not "mmoo"; did you mean "mmoe"\?$/,
      ),
    ]);
    expect(doubts({ model: { match: 'mmoo' } })).toEqual([
      expect.stringMatching(/^error "mmoo" ⟶ model.match must be .*not "mmoo"; did you mean "mmoe"\?$/),
    ]);
    expect(doubts({ model: { bottom: [64] } })).toEqual([
      'error [64] ⟶ model.bottom must be an object, not a list',
    ]);
  });

  it('have ranks and paths no larger than what they are of', () => {
    const ranks = { factorization: { ranks: [40, 40, 3] } };
    expect(doubts({ model: { variant: 'tensor-factorization', ...ranks } })).toEqual([
      'warning 40 ⟶ there are 16 units in a layer, so a rank of 40 counts as 16',
      'warning 3 ⟶ there are 2 tasks, so a rank of 3 counts as 2',
    ]);
    expect(doubts({ model: { variant: 'pathnet', experts: { count: 2 } } })).toEqual([
      // Its place is that of the nearest key that is written.
      expect.stringContaining('a level has 2 modules, so a path cannot take 3: all are used'),
    ]);
  });

  it('have the settings of their optimiser and schedule only', () => {
    expect(doubts({ training: { optimizer: 'sgd', beta1: 0.8, momentum: 0.9 } })).toEqual([
      'warning "beta1" ⟶ sgd has no beta1: this has no effect',
    ]);
    expect(
      doubts({ training: { optimizer: 'adamw', momentum: 0.9, weightDecay: 0.1, clipNorm: 1 } }),
    ).toEqual(['warning "momentum" ⟶ adamw has no momentum: this has no effect']);
    expect(doubts({ training: { epochs: 5, schedule: { kind: 'cosine', warmup: 6, every: 3 } } })).toEqual([
      'error 6 ⟶ a warm-up of 6 epochs does not end within the 5 of the training; make it shorter',
      'warning "every" ⟶ a cosine schedule has no every: this has no effect',
    ]);
  });

  it('weigh losses where there are several, on what the tasks share', () => {
    const weigh = (variant: string, lossWeighting: unknown, tasks = 2) =>
      doubts({ model: { variant }, training: { lossWeighting } }, tasks);
    expect(weigh('mmoe', 'dwa', 1)).toEqual([
      'warning "dwa" ⟶ there is one task only: there is nothing to weigh',
    ]);
    expect(weigh('single-task', { kind: 'gradnorm' })).toEqual([
      'error "gradnorm" ⟶ "gradnorm" works on layers that tasks share, and single-task has none; ' +
        'use "fixed", "uncertainty" or "dwa"',
    ]);
    expect(weigh('mmoe', 'gradnorm')).toEqual([]);
    expect(weigh('single-task', 'uncertainty')).toEqual([]);
  });

  it('have no gradients of whole tables to compare where only a batch’s rows have some', () => {
    const move = (tables: string, lossWeighting: unknown) => doubts({ training: { tables, lossWeighting } });
    expect(move('lazy', 'pcgrad')).toEqual([
      'error "lazy" ⟶ "pcgrad" compares the tasks’ gradients of whole tables, and with "lazy" there are only ' +
        'those of a batch’s rows; use "dense", or another lossWeighting',
    ]);
    expect(move('rowwise-adagrad', { kind: 'gradnorm' })).toHaveLength(1);
    expect(move('lazy', 'uncertainty')).toEqual([]);
    expect(move('dense', 'pcgrad')).toEqual([]);
    expect(move('lasy', 'fixed')[0]).toMatch(/did you mean "lazy"\?$/);
  });

  it('name a way of weighing losses alone or with its options', () => {
    const weigh = (lossWeighting: unknown) => doubts({ training: { lossWeighting } });
    for (const kind of ['fixed', 'uncertainty', 'dwa', 'gradnorm', 'pcgrad'])
      expect([weigh(kind), weigh({ kind })]).toEqual([[], []]);
    expect(weigh({ kind: 'dwa', temperature: 1 })).toEqual([]);
    expect(weigh({ kind: 'uncertainty', temperature: 1 })).toEqual([
      'error "temperature" ⟶ unknown key "temperature" in training.lossWeighting; it may have: kind',
    ]);
    expect(weigh({ kind: 'uncertain' })).toEqual([
      'error "uncertain" ⟶ training.lossWeighting.kind must be ' +
        '"fixed", "uncertainty", "dwa", "gradnorm" or "pcgrad", ' +
        'not "uncertain"; did you mean "uncertainty"?',
    ]);
    expect(weigh({ kind: 'gradnorm', alpha: 'high' })).toEqual([
      'error "high" ⟶ training.lossWeighting.alpha must be a number, not "high"',
    ]);
    expect(weigh({ alpha: 2 })).toEqual([
      'error "lossWeighting" ⟶ training.lossWeighting has no "kind"; it needs one',
    ]);
  });
});
