import { describe, expect, it } from 'vitest';
import { membersWeights } from '../engine/members.js';
import { memberSeed } from '../network/draws/draws.js';
import { meanOfMembers } from './scores/mean-of-members.js';
import { reported, taskMetrics } from './scores/metrics.js';
import {
  bits,
  FolderInMemory,
  lastArrays,
  runOn,
  smallData,
  weightsOf,
  type EngineName,
} from './small-run.fixture.js';

const timeless = (events: FolderInMemory['events']) =>
  events.map((event) => ({ ...event, time: 0, rowsPerSecond: null }));

describe.each<EngineName>(['tensorflow', 'fused'])('members on the %s engine', (engine) => {
  it.each([
    [
      'clipping, decay and a schedule',
      { optimizer: 'adamw', clipNorm: 0.3, schedule: { kind: 'cosine' } },
      {},
    ],
    ['uncertainty weighting', { lossWeighting: 'uncertainty' }, {}],
    ['dynamic weight average', { lossWeighting: 'dwa' }, {}],
    ['gradnorm', { lossWeighting: 'gradnorm' }, {}],
    ['pcgrad', { lossWeighting: 'pcgrad' }, {}],
    ['a distance penalty', {}, { variant: 'l2-constrained' }],
    ['dropout', {}, { experts: { count: 3, layers: [5], dropout: 0.3 } }],
    ['batch normalization', {}, { experts: { count: 3, layers: [5], normalization: 'batch' } }],
    ['paths', {}, { variant: 'pathnet', levels: 2, paths: { active: 1, population: 3, window: 2 } }],
  ])('end, with %s, as runs of their own with their seeds do', async (_, training, model) => {
    const together = new FolderInMemory();
    const { members } = await runOn(together, { ...training, members: 3 }, model, engine);
    members.dispose();
    const byMember = membersWeights(weightsOf(together, 'last.safetensors'), 3);
    for (const [number, own] of byMember.entries()) {
      const alone = new FolderInMemory();
      const seed = memberSeed(1, number);
      const run = await runOn(alone, { ...training, seed }, model, engine);
      run.members.dispose();
      expect(bits(own)).toEqual(bits(weightsOf(alone, 'last.safetensors')));
    }
  });

  it('learn and tell the same, however long a turn is', async () => {
    const [short, long] = [new FolderInMemory(), new FolderInMemory()];
    for (const [folder, tick] of [
      [short, 11],
      [long, 0],
    ] as const)
      (await runOn(folder, { members: 2 }, {}, engine, smallData, tick)).members.dispose();
    expect(timeless(long.events)).toEqual(timeless(short.events));
    expect(lastArrays(long)).toEqual(lastArrays(short));
    expect(long.files.get('best.safetensors')).toEqual(short.files.get('best.safetensors'));
  });

  it('are judged and tested by the mean of what they predict, and each alone', async () => {
    const { outcome, members } = await runOn(new FolderInMemory(), { members: 3 }, {}, engine);
    const scoresOf = (part: 'validation' | 'test', engines: typeof members.engines) => {
      const rows = smallData[part]!;
      const indices = Uint32Array.from({ length: rows.rows }, (_, row) => row);
      const evaluations = engines.map((each) => each.evaluate(each.load(rows), indices));
      const { predictions } = meanOfMembers(evaluations, smallData.tasks);
      const scores = smallData.tasks.map(({ name, kind, outputs, factor }, k) => {
        const labels = Float32Array.from(indices, (row) => rows.labels[row * smallData.tasks.length + k]!);
        const scored = { kind, outputs, factor, predictions: predictions[k]!, labels, weights: rows.weights };
        return [name, reported(kind, taskMetrics(scored))] as const;
      });
      return Object.fromEntries(scores);
    };
    const { summary } = outcome;
    expect(summary.validation).toEqual(scoresOf('validation', members.engines));
    expect(summary.test).toEqual(scoresOf('test', members.engines));
    expect(summary.members).toEqual(members.engines.map((each) => scoresOf('test', [each])));
    expect(summary.members).not.toContainEqual(summary.test);
    members.dispose();
  });
});

describe('the mean of members', () => {
  const evaluation = (...values: number[]) => ({
    rows: values.length,
    predictions: [Float32Array.from(values)],
    routes: null,
    experts: null,
  });

  it('has the standard deviation of their predictions beside it', () => {
    const { predictions, deviations } = meanOfMembers(
      [evaluation(1, 2), evaluation(3, 2), evaluation(5, 2)],
      [{ offset: 0, factor: 1 }],
    );
    expect([...predictions[0]!]).toEqual([3, 2]);
    expect([...deviations![0]!]).toEqual([2, 0]);
  });

  it('takes what each member may predict, so that none draws it away', () => {
    // Limits of 10 … 30 in units of 10 from 10 on: 0 … 2 as the network predicts them.
    const task = { offset: 10, factor: 10, limits: { low: 10, high: 30 } };
    const { predictions } = meanOfMembers([evaluation(1e6, 1), evaluation(1, -3)], [task]);
    expect([...predictions[0]!]).toEqual([1.5, 0.5]);
  });
});
