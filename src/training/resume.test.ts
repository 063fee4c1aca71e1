import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainingOutcome } from './job.js';
import {
  bits,
  FolderInMemory,
  Killed,
  lastArrays,
  onehotData,
  runOn,
  smallData,
  wavyData,
} from './small-run.fixture.js';

/** The loop on the real engine, killed and resumed: the weights must end the same, to the bit. */

describe.each<[string, object, object, typeof smallData?]>([
  ['adam on mmoe', {}, {}],
  [
    'sgd with momentum on mmoe with gate biases',
    { optimizer: 'sgd', momentum: 0.9 },
    { gates: { bias: true } },
  ],
  ['adam on shared-bottom', {}, { variant: 'shared-bottom' }],
  [
    'adamw and a schedule',
    { optimizer: 'adamw', schedule: { kind: 'cosine', warmup: 1 }, clipNorm: 0.5 },
    {},
  ],
  ['uncertainty weighting', { lossWeighting: 'uncertainty' }, {}],
  ['dynamic weight average', { lossWeighting: 'dwa' }, {}],
  ['gradnorm', { lossWeighting: 'gradnorm' }, {}],
  ['pcgrad', { lossWeighting: 'pcgrad' }, {}],
  [
    'dropout and noise',
    {},
    {
      experts: { count: 3, layers: [5], dropout: 0.2 },
      gates: { dropout: 0.2, choose: { top: 2, noisy: true, load: 0.1 } },
    },
  ],
  ['batch normalization', {}, { experts: { count: 3, layers: [5], normalization: 'batch' } }],
  ['members', { members: 3, clipNorm: 0.5, lossWeighting: 'uncertainty' }, { experts: { dropout: 0.2 } }],
  ['tables whose rows rest', { tables: 'lazy', optimizer: 'adamw', clipNorm: 0.5 }, {}],
  ['sums of rows, of members', { tables: 'rowwise-adagrad', members: 2, lossWeighting: 'uncertainty' }, {}],
  ['periodic numbers', { optimizer: 'adamw', clipNorm: 0.5 }, {}, wavyData],
  [
    'single tasks, each with a best epoch of its own',
    { learningRate: 0.3 },
    { variant: 'single-task' },
    onehotData,
  ],
  [
    'members of single tasks',
    { members: 2, learningRate: 0.3, stopEarly: { patience: 1 } },
    { variant: 'single-task' },
    onehotData,
  ],
  ['paths', {}, { variant: 'pathnet', levels: 2, paths: { active: 1, population: 3, window: 2 } }],
])('a killed training with %s', (_, optimizer, model, data = smallData) => {
  let wanted: {
    bits: Map<string, number[]>;
    outcome: TrainingOutcome;
    best: Uint8Array | undefined;
    last: Map<string, number[]>;
    stepsPerEpoch: number;
  };

  beforeAll(async () => {
    const sink = new FolderInMemory();
    const { outcome, members } = await runOn(sink, optimizer, model, 'tensorflow', data);
    const [start] = sink.events;
    wanted = {
      bits: bits(members.weights()),
      outcome,
      best: sink.files.get('best.safetensors'),
      last: lastArrays(sink),
      stepsPerEpoch: start?.type === 'start' ? start.stepsPerEpoch : 0,
    };
    members.dispose();
    expect(outcome.summary.bestEpoch).not.toBeNull();
  });

  const endsTheSame = async (sink: FolderInMemory) => {
    await expect(runOn(sink, optimizer, model, 'tensorflow', data)).rejects.toBeInstanceOf(Killed);
    sink.killAtBeat = Infinity;
    sink.killAtEvent = () => false;
    const { outcome, members } = await runOn(sink, optimizer, model, 'tensorflow', data);
    expect(bits(members.weights())).toEqual(wanted.bits);
    expect(outcome.summary).toEqual(wanted.outcome.summary);
    expect(sink.files.get('best.safetensors')).toEqual(wanted.best);
    expect(lastArrays(sink)).toEqual(wanted.last);
    members.dispose();
  };

  it.each([1, 4, 13, 16, 23, 37])(
    'at beat %i ends, resumed, with the same weights to the bit',
    async (beat) => {
      const sink = new FolderInMemory();
      sink.killAtBeat = beat;
      await endsTheSame(sink);
    },
  );

  it.each([
    ['just after an epoch is told', 'epoch', 1],
    ['between an epoch and its experts', 'routes', 2],
    ['before its test', 'checkpoint', 4],
  ])('%s ends, resumed, with the same weights to the bit', async (_when, type, epochs) => {
    const sink = new FolderInMemory();
    sink.killAtEvent = (event) => event.type === type && event.step === epochs * wanted.stepsPerEpoch;
    await endsTheSame(sink);
  });
});
