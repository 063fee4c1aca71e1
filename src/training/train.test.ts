import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import type { HeldData, PreparedTask } from '../data/prepared.js';
import { experimentSchema } from '../experiment/schema.js';
import { Members } from '../engine/members.js';
import type { NetworkDescription } from '../network/description.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import { RunHistory } from '../shared/run/run-history.js';
import { runEventSchema, type RunEvent } from '../shared/run/run-events.js';
import type { RunSink, TrainingJob, TrainingOutcome } from './job.js';
import { TinyEngine } from './tiny-engine.fixture.js';
import { DivergedTraining } from './diverged.js';
import { train } from './train.js';

const expert = { source: 0, layers: [2], activation: 'relu' } as const;
const network: NetworkDescription = {
  variant: 'mmoe',
  input: { numeric: 3, fields: [] },
  levels: [
    {
      experts: [expert, expert, expert],
      gates: [{ source: 0, experts: [0, 1, 2], bias: false, temperature: 1 }],
      streams: [
        { name: 'bought', task: 0, route: { kind: 'gate', gate: 0 } },
        { name: 'minutes', task: 1, route: { kind: 'fixed', weights: [0, 1, 0] } },
      ],
    },
  ],
  tasks: [
    {
      name: 'bought',
      kind: 'binary',
      outputs: 1,
      stream: 0,
      tower: { layers: [], activation: 'relu' },
      lossWeight: 1,
    },
    {
      name: 'minutes',
      kind: 'regression',
      outputs: 1,
      stream: 1,
      tower: { layers: [], activation: 'relu' },
      lossWeight: 1,
    },
  ],
};
const task = (name: string, kind: PreparedTask['kind'], factor = 1): PreparedTask => ({
  name,
  kind,
  outputs: 1,
  lossWeight: 1,
  classes: null,
  positive: null,
  mean: null,
  sd: null,
  offset: 0,
  factor,
});

/** Rows of a linear rule; every seventh has no second label. */
function rowsOf(count: number, phase: number): EncodedRows {
  const numeric = Float32Array.from({ length: count * 3 }, (_, i) => Math.sin((i + phase) * 12.9898) * 1.5);
  const labels = new Float32Array(count * 2);
  for (let row = 0; row < count; row++) {
    const [a, b, c] = numeric.subarray(row * 3, row * 3 + 3);
    labels[row * 2] = a! - b! + 0.4 * c! > 0 ? 1 : 0;
    labels[row * 2 + 1] = row % 7 === 0 ? NaN : 0.5 * a! + 0.25 * c!;
  }
  return { rows: count, numeric, categorical: new Int32Array(0), labels, weights: null };
}

const data: HeldData = {
  source: 'made up',
  input: network.input,
  tasks: [task('bought', 'binary'), task('minutes', 'regression', 10)],
  train: rowsOf(70, 0),
  validation: rowsOf(40, 1000),
  test: rowsOf(30, 2000),
  encoder: { format: 1, numeric: [], categorical: [], tasks: [] },
  fingerprint: 'made up',
  outside: [],
  vocabularies: [],
  stream: null,
  warnings: [],
};
const settingsOf = (training: object): TrainingJob['settings'] =>
  v.parse(experimentSchema, {
    data: { source: 'x' },
    tasks: [{ label: 'y' }],
    training: { batchSize: 8, epochs: 3, ...training },
  }).training;

class Killed extends Error {}

/** A run folder in memory; throws `Killed` in place of the call that `killAt` picks. */
class MemorySink implements RunSink {
  readonly events: RunEvent[] = [];
  readonly files = new Map<string, Uint8Array>();
  readonly progressed: Parameters<RunSink['progress']>[0][] = [];
  beats = 0;
  calls = 0;
  killAt = Infinity;
  stopAfterSteps = Infinity;
  engine: TinyEngine | null = null;

  private live(): void {
    if (this.calls++ === this.killAt) throw new Killed();
  }
  event(event: Parameters<RunSink['event']>[0]): void {
    this.live();
    this.events.push(v.parse(runEventSchema, { ...event, seq: this.events.length + 1 }));
  }
  checkpoint(name: string, bytes: Uint8Array): void {
    this.live();
    this.files.set(name, bytes);
  }
  beat(): void {
    this.live();
    this.beats++;
  }
  progress(state: Parameters<RunSink['progress']>[0]): void {
    this.live();
    this.progressed.push(state);
  }
  stopRequested(): boolean {
    return (this.engine?.batches.length ?? 0) >= this.stopAfterSteps;
  }
}

interface Options {
  readonly training?: object;
  readonly data?: HeldData;
  readonly learningRate?: number;
  /** Seconds that pass with every look at the clock. */
  readonly tick?: number;
}

function runOn(
  sink: MemorySink,
  { training = {}, data: given = data, learningRate = 0.05, tick = 0.06 }: Options = {},
) {
  const engine = new TinyEngine(network, learningRate);
  sink.engine = engine;
  const last = sink.files.get('last.safetensors');
  let now = 0;
  const job: TrainingJob = {
    data: given,
    description: network,
    members: new Members([engine]),
    settings: settingsOf(training),
    paths: { active: 1, population: 2, window: 1 },
    sink,
    resume: last ? { last, best: sink.files.get('best.safetensors') ?? null } : null,
    clock: () => (now += tick),
  };
  return { engine, outcome: train(job) };
}

/** Returns the history that a reader of the log sees, without its times. */
function historyOf(events: readonly RunEvent[]) {
  const history = new RunHistory();
  history.add(events);
  const timeless = (list: readonly RunEvent[]) =>
    list.map((event) =>
      Object.fromEntries(
        Object.entries(event).filter(([key]) => !['time', 'seq', 'rowsPerSecond'].includes(key)),
      ),
    );
  const { steps, epochs, routes, experts } = history;
  return {
    steps: timeless(steps),
    epochs: timeless(epochs),
    routes: timeless(routes),
    experts: timeless(experts),
  };
}

const timeless = ({ seconds: _, reached: { step }, ...outcome }: TrainingOutcome) => ({ ...outcome, step });

describe('training', () => {
  it('tells the epoch before the first step and all after, with routes and experts, and ends', async () => {
    const sink = new MemorySink();
    const outcome = await runOn(sink).outcome;
    const types = sink.events.map((event) => event.type);
    expect(types.slice(0, 4)).toEqual(['start', 'epoch', 'routes', 'experts']);
    expect(types.filter((type) => type === 'epoch')).toHaveLength(4);
    expect(types.filter((type) => type === 'step')).toHaveLength(27);
    expect(sink.events.at(-1)).toMatchObject({ type: 'checkpoint', file: 'best.safetensors' });
    expect(outcome).toMatchObject({ status: 'finished', reason: 'all 3 epochs done', reached: { step: 27 } });
    expect(sink.events[0]).toMatchObject({ type: 'start', epochs: 3, stepsPerEpoch: 9, step: 0 });
    expect(sink.beats).toBeGreaterThan(27);
    const routes = sink.events.find((event) => event.type === 'routes');
    expect(routes?.groups.map((group) => group.where?.label ?? null)).toEqual([
      null,
      '0',
      '1',
      expect.stringMatching(/^at most/),
      expect.stringMatching(/^above/),
    ]);
    expect(routes?.groups[0]!.streams.map((stream) => stream.histogram !== undefined)).toEqual([true, false]);
  });

  it('learns, judges on validation and tests the best epoch’s weights', async () => {
    const sink = new MemorySink();
    const { outcome, engine } = runOn(sink);
    const { summary } = await outcome;
    expect(summary.validation['bought']!['auc']).toBeGreaterThan(0.95);
    expect(summary.validation['minutes']!['r2']).toBeGreaterThan(0.9);
    expect(summary.test?.['bought']!['auc']).toBeGreaterThan(0.95);
    const { loss, mse } = summary.test!['minutes']!;
    expect(mse! / loss!).toBeCloseTo(100, 6);
    const best = sink.events.filter((event) => event.type === 'epoch' && event.best).at(-1);
    expect(best).toMatchObject({ epoch: summary.bestEpoch, validation: summary.validation });
    expect(engine.weights().size).toBe(2);
    expect(sink.progressed.at(-1)).toMatchObject({ epoch: 3, summary: { bestEpoch: summary.bestEpoch } });
  });

  it('takes every row once an epoch, in another order each, with a smaller last batch', async () => {
    const { engine, outcome } = runOn(new MemorySink());
    await outcome;
    const epochs = [0, 9, 18].map((first) => engine.batches.slice(first, first + 9).flat());
    for (const epoch of epochs)
      expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from({ length: 70 }, (_, row) => row));
    expect(new Set(epochs.map(String)).size).toBe(3);
    expect(engine.batches[8]).toHaveLength(6);
  });

  it('writes the same log for the same seed but for times, and another for another seed', async () => {
    const logs = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const sink = new MemorySink();
        await runOn(sink, { training: { seed }, tick: seed === 1 ? 0.06 : 0.001 }).outcome;
        return JSON.stringify(historyOf(sink.events));
      }),
    );
    expect(logs[0]).toBe(logs[1]);
    expect(logs[0]).not.toBe(logs[2]);
  });

  it('averages losses so that a long run writes about two thousand steps', async () => {
    const sink = new MemorySink();
    await runOn(sink, { training: { batchSize: 1, epochs: 60 }, learningRate: 0.001 }).outcome;
    const steps = sink.events.filter((event) => event.type === 'step');
    expect(steps.length).toBeLessThanOrEqual(2001);
    expect(steps.length).toBeGreaterThan(1000);
    expect(steps.at(-1)!.step).toBe(4200);
  });

  it('writes distributions at some epochs of a long run, and at every best one and the last', async () => {
    const sink = new MemorySink();
    await runOn(sink, { training: { epochs: 401 }, learningRate: 0.01 }).outcome;
    const best = new Set(
      sink.events.flatMap((event) => (event.type === 'epoch' && event.best ? [event.epoch] : [])),
    );
    const routes = sink.events.filter((event) => event.type === 'routes');
    const has = (event: (typeof routes)[number]) => event.groups[0]?.streams[0]?.histogram !== undefined;
    expect(routes).toHaveLength(402);
    for (const event of routes) {
      const whole = event.epoch % 3 === 0 || best.has(event.epoch) || event.epoch === 401;
      expect([event.epoch, has(event), event.groups.length > 1]).toEqual([event.epoch, whole, whole]);
      expect(event.groups[0]?.streams[0]?.mean).toHaveLength(3);
    }
  });

  it('stops early when its patience is used up, and says so', async () => {
    const sink = new MemorySink();
    const outcome = await runOn(sink, {
      training: { epochs: 50, stopEarly: { patience: 2 } },
      learningRate: 0.5,
    }).outcome;
    expect(outcome.epochs).toBeLessThan(50);
    expect(outcome.epochs).toBe(outcome.summary.bestEpoch! + 2);
    expect(outcome.reason).toBe(`no better epoch in 2 after epoch ${outcome.summary.bestEpoch}`);
  });

  it('takes the last epoch as the best without validation rows; no test rows, no test metrics', async () => {
    const sink = new MemorySink();
    const outcome = await runOn(sink, { data: { ...data, validation: null, test: null } }).outcome;
    expect(outcome.summary).toEqual({ bestEpoch: 3, bestEpochs: {}, validation: {}, test: null });
    expect(sink.events.filter((event) => event.type === 'epoch').map((event) => event.validation)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('writes null for a metric that one class leaves undefined', async () => {
    const validation = {
      ...data.validation!,
      labels: data.validation!.labels.map((label, i) => (i % 2 ? label : 1)),
    };
    const outcome = await runOn(new MemorySink(), { data: { ...data, validation } }).outcome;
    expect(outcome.summary.validation['bought']).toMatchObject({ auc: null });
  });

  it('that diverges ends with the task, the step and what to try, and rejects', async () => {
    const sink = new MemorySink();
    const { outcome } = runOn(sink, { training: { epochs: 60, learningRate: 100 }, learningRate: 100 });
    const error: unknown = await outcome.catch((thrown: unknown) => thrown);
    if (!(error instanceof DivergedTraining)) throw new Error(String(error));
    expect(error.message).toMatch(/loss of task "\w+" is no longer a finite number at step \d+: try a lower/);
    expect(error.message).toContain('try a lower training.learningRate (10 instead of 100)');
    expect(error.reached.step).toBeGreaterThanOrEqual(sink.events.at(-1)!.step);
    expect(error.reached.time).toBeGreaterThan(0);
  });
});

describe('a resumed training', () => {
  const options: Options = { training: { epochs: 4, stopEarly: { patience: 2 } }, learningRate: 0.4 };
  const whole = async (given: Options = options) => {
    const sink = new MemorySink();
    const { engine, outcome } = runOn(sink, given);
    return { sink, outcome: timeless(await outcome), weights: engine.weights() };
  };

  it('ends as one that was never killed, wherever it was killed', async () => {
    // The slower the clock, the rarer are checkpoints: few epochs, every epoch, every few steps.
    for (const tick of [0.002, 0.06, 12]) {
      const given = { ...options, tick };
      const wanted = await whole(given);
      const { calls } = wanted.sink;
      for (let killAt = 0; killAt < calls; killAt += killAt < 20 ? 1 : 5) {
        const sink = new MemorySink();
        sink.killAt = killAt;
        await expect(runOn(sink, given).outcome).rejects.toBeInstanceOf(Killed);
        sink.killAt = Infinity;
        const { engine, outcome } = runOn(sink, given);
        expect(timeless(await outcome)).toEqual(wanted.outcome);
        expect(engine.weights()).toEqual(wanted.weights);
        expect(historyOf(sink.events)).toEqual(historyOf(wanted.sink.events));
        expect(sink.files.get('best.safetensors')).toEqual(wanted.sink.files.get('best.safetensors'));
      }
    }
  });

  it('goes on after a stop, with its seconds, and ends as one that was never stopped', async () => {
    const wanted = await whole();
    for (const stopAfterSteps of [0, 1, 8, 9, 13, 20]) {
      const sink = new MemorySink();
      sink.stopAfterSteps = stopAfterSteps;
      const stopped = await runOn(sink, options).outcome;
      expect(stopped).toMatchObject({ status: 'stopped', summary: { test: null } });
      expect(sink.events.findLast(({ type }) => type === 'checkpoint')).toMatchObject({
        step: stopped.reached.step,
      });
      sink.stopAfterSteps = Infinity;
      const { engine, outcome } = runOn(sink, options);
      const finished = await outcome;
      expect(finished.seconds).toBeGreaterThan(stopped.seconds);
      expect(timeless(finished)).toEqual(wanted.outcome);
      expect(engine.weights()).toEqual(wanted.weights);
      expect(historyOf(sink.events)).toEqual(historyOf(wanted.sink.events));
    }
  });

  it('of a finished run tests again and ends at once', async () => {
    const { sink, outcome } = await whole();
    const again = runOn(sink, options);
    expect(timeless(await again.outcome)).toEqual(outcome);
    expect(again.engine.batches).toHaveLength(0);
  });

  it('is refused where the best weights are not those of the best epoch', async () => {
    const { sink } = await whole();
    const { summary } = await runOn(sink, options).outcome;
    expect(summary.bestEpoch).toBeLessThan(4);
    sink.files.delete('best.safetensors');
    await expect(runOn(sink, options).outcome).rejects.toThrow(/does not hold the weights of epoch/);
  });
});
