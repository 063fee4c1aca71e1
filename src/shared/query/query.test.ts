import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newManifest } from '../../run/manifest.js';
import { completionsOf, queryKeys } from './completion.js';
import { asksFor, matchesQuery, parseQuery } from './query.js';
import { factsOf, type QueriedRun } from './run-facts.js';

const run = (fields: Partial<QueriedRun['manifest']> = {}, rate = 0.001, variant = 'mmoe'): QueriedRun => ({
  manifest: {
    ...newManifest({ id: 'r', name: 'gamma mmoe', experimentFile: 'gamma.mmoe.json', created: new Date() }),
    experiment: {
      model: { variant, experts: { count: 8, layers: [16, 8] } },
      training: { learningRate: rate, seed: 3, stopEarly: null },
    },
    tasks: [{ name: 'click', kind: 'binary' }],
    seed: 3,
    summary: {
      ...{ bestEpoch: 2, bestEpochs: {} },
      validation: { click: { auc: 0.81, loss: 0.4 } },
      test: { click: { auc: 0.79, loss: 0.5 } },
    },
    ...fields,
  },
  status: 'finished',
  name: `${variant} · learningRate ${String(rate).slice(1)} · seed 3`,
});

const finds = (text: string, one = run()): boolean => {
  const parsed = parseQuery(text);
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  return matchesQuery(parsed.query, factsOf(one));
};
const problem = (text: string) => {
  const parsed = parseQuery(text);
  return 'problem' in parsed ? [parsed.problem.at, parsed.problem.message] : null;
};

describe('a query', () => {
  it('compares settings, by their whole path or its end, and properties', () => {
    const tagged = run({ tags: ['keep', 'paper'] });
    expect(finds('learningRate < .01 and variant = mmoe and tag = keep', tagged)).toBe(true);
    expect(finds('learningRate < .01 and variant = mmoe and tag = other', tagged)).toBe(false);
    expect(finds('training.learningRate = 1e-3 experts.count >= 8 seed=3 status != failed')).toBe(true);
    expect(finds('learningrate <= 0.0009')).toBe(false);
    expect(finds('layers = "16, 8" and stopEarly = none and starred = false')).toBe(true);
  });

  it('compares metrics of validation rows, and of test rows where it says so', () => {
    for (const text of ['auc > .8', 'click.auc > .8', 'click > .8', 'test.click.auc < .8', 'loss <= .4'])
      expect(finds(text)).toBe(true);
    expect(finds('test.auc > .8')).toBe(false);
    expect(finds('auc > .1', run({ summary: null }))).toBe(false);
  });

  it('is nothing to a run that has no such setting, whether equal is asked for or not', () => {
    expect([finds('dropout = .1'), finds('dropout != .1'), finds('dropout < 1')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(finds('not dropout = .1')).toBe(true);
    expect([finds('tag != keep'), finds('tag != keep', run({ tags: ['keep', 'other'] }))]).toEqual([
      false,
      false,
    ]);
  });

  it('takes words, which must all occur, in whatever form of a number', () => {
    expect([finds('gamma 0.001'), finds('GAMMA .001'), finds('gamma .01')]).toEqual([true, true, false]);
    expect(finds('"learningRate .001"')).toBe(true);
    expect([finds('gamma or nothing'), finds('not gamma'), finds('not (nothing or gamma)')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([finds(''), finds('  ')]).toEqual([true, true]);
  });

  it('says where it cannot be understood', () => {
    expect(problem('learningRate <')).toEqual([14, '"learningRate <" needs a value']);
    expect(problem('a and')).toEqual([5, 'something to look for is missing']);
    expect(problem('= 3')).toEqual([0, '"=" has nothing before it']);
    expect(problem('(a or b')).toEqual([7, '")" is missing']);
    expect(problem('a )')).toEqual([2, '")" is not expected here']);
    expect(problem('('.repeat(60))).toEqual([50, 'too many parentheses']);
    expect(problem('a = "b c')).toBeNull();
  });

  it('is understood, or said not to be, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '"', '(', ')', '<', '=', '!', '~', '.1', 'or ') }),
        (text) => {
          const parsed = parseQuery(text);
          if ('problem' in parsed) expect(parsed.problem.at).toBeLessThanOrEqual(text.length);
          else expect(typeof matchesQuery(parsed.query, factsOf(run()))).toBe('boolean');
        },
      ),
    );
  });

  it('knows whether it says something of a key', () => {
    const asks = (text: string) => {
      const parsed = parseQuery(text);
      return 'query' in parsed && asksFor(parsed.query, 'archived');
    };
    expect(['a', 'archived = true', 'a or not Archived = true', 'archived'].map(asks)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('what may come next in a query', () => {
  const runs = [run({ tags: ['keep', 'two words'] }), run({}, 0.01)];
  const keys = queryKeys(runs, ['training.learningRate', 'parameters', 'model.experts.count']);
  const labels = (text: string) => completionsOf(text, keys, runs).map(({ label }) => label);
  const first = (text: string) => completionsOf(text, keys, runs)[0]?.text;

  it('is a name, then a sign, then a value that some run has, then how to go on', () => {
    expect(labels('').slice(0, 3)).toEqual(['learningRate', 'experts.count', 'name']);
    expect(labels('lear')).toEqual(['learningRate']);
    expect(first('lear')).toBe('learningRate ');
    expect(labels('learningRate ')).toEqual(['<=', '>=', '!=', '=', '<', '>', '~']);
    expect(labels('learningRate = ')).toEqual(['0.001', '0.01']);
    expect(labels('tag = ')).toEqual(['keep', '"two words"']);
    expect(first('tag = ke')).toBe('tag = keep ');
    expect(labels('tag = keep ').slice(0, 2)).toEqual(['and', 'or']);
    expect(first('tag = keep a')).toBe('tag = keep and ');
    expect(labels('tag = keep and lear')).toEqual(['learningRate']);
  });
});
