import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine/create-engine.js';
import { Members } from '../engine/members.js';
import { initialWeights } from '../network/parameters.js';
import { buildNetwork } from '../network/variants.js';
import { experimentSchema } from '../experiment/schema.js';
import * as v from 'valibot';
import { inMemory } from '../data/prepared.js';
import { optimizerSettings } from './optimizer-settings.js';
import { foldsOf, OutOfFold } from './out-of-fold.js';
import { Pace } from './pace.js';
import { FolderInMemory, lastArrays, runOn, smallData, type EngineName } from './small-run.fixture.js';

const { train } = smallData;
/** Every label of a binary task half-way to a teacher's .3, every value of a regression a little lower. */
const targets = train.labels.map((label, i) => (i % 3 === 1 ? label : 0.5 * label + 0.15));

describe.each<EngineName>(['fused', 'tensorflow'])('on %s', (engine) => {
  it('steps learn what rows are taught, and metrics are those of the labels', async () => {
    const taught = new FolderInMemory();
    await runOn(taught, {}, {}, engine, { ...smallData, train: { ...train, targets } });
    const relabelled = new FolderInMemory();
    await runOn(relabelled, {}, {}, engine, { ...smallData, train: { ...train, labels: targets } });
    const plain = new FolderInMemory();
    await runOn(plain, {}, {}, engine);
    expect(lastArrays(taught)).toEqual(lastArrays(relabelled));
    expect(lastArrays(taught)).not.toEqual(lastArrays(plain));
    // Before the first step all three are the same network: its metrics tell what they are counted on.
    const first = (sink: FolderInMemory) => sink.events.find(({ type }) => type === 'epoch');
    expect(first(taught)).toEqual(first(plain));
    expect(first(relabelled)).not.toEqual(first(plain));
  });
});

describe('folds', () => {
  it('leave each row out once, and train on all others', () => {
    const folds = [...foldsOf(smallData, 4, 7)];
    expect(folds).toHaveLength(4);
    const seen = folds.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b);
    expect(seen).toEqual([...Array(train.rows).keys()]);
    for (const { heldOut, data } of folds) {
      expect([...heldOut]).toEqual([...heldOut].sort((a, b) => a - b));
      expect(Math.abs(heldOut.length - train.rows / 4)).toBeLessThan(1);
      const kept = [...Array(train.rows).keys()].filter((row) => !heldOut.includes(row));
      expect(data.train.rows).toBe(kept.length);
      const { train: others } = inMemory(data);
      expect([...others.numeric]).toEqual(
        kept.flatMap((row) => [...train.numeric.subarray(4 * row, 4 * row + 4)]),
      );
      expect([...others.labels]).toEqual(
        kept.flatMap((row) => [...train.labels.subarray(3 * row, 3 * row + 3)]),
      );
      expect([...others.weights!]).toEqual(kept.map((row) => train.weights![row]));
    }
    expect(foldsOf(smallData, 4, 8).next().value).not.toEqual(folds[0]);
  });

  it('give every row the prediction of the one engine that has not seen it, in the units of the label', async () => {
    const tasks = smallData.tasks.map((task) => ({
      ...task,
      ...(task.name === 'minutes' && { offset: 5, factor: 2 }),
    }));
    const data = { ...smallData, tasks };
    const settings = v.parse(experimentSchema, { data: { source: 'x' }, tasks: [{ label: 'y' }] });
    const description = buildNetwork(settings.model, data.input, tasks);
    const found = new OutOfFold(data);
    const pace = new Pace(
      () => 0,
      () => undefined,
    );
    const wanted = new Map<number, number>();
    let seed = 0;
    for (const { heldOut } of foldsOf(data, 3, 1)) {
      const weights = initialWeights(description, ++seed);
      const engine = await createEngine('fused', {
        description,
        weights,
        optimizer: optimizerSettings(settings.training),
        threads: 1,
      });
      await found.add(new Members([engine]), heldOut, pace);
      const loaded = engine.load(train);
      const all = engine.evaluate(loaded, heldOut).predictions;
      heldOut.forEach((row, i) => wanted.set(row, all[2]![i]! * 2 + 5));
      engine.dispose();
    }
    expect([...found.taught(2)]).toEqual([...Array(train.rows).keys()].map((row) => wanted.get(row)));
    expect(found.metrics(0)).toHaveProperty('auc', expect.any(Number));
    expect(() => found.taught(1)).toThrow('multiclass');
  });
});
