import * as v from 'valibot';
import type { HeldData, PreparedData, PreparedTask } from '../data/prepared.js';
import { createEngine } from '../engine/create-engine.js';
import type { EngineOptions } from '../engine/engine.js';
import { Members } from '../engine/members.js';
import { createTensorflowEngine } from '../engine/tensorflow/tensorflow.js';
import { experimentSchema, type Experiment } from '../experiment/schema.js';
import type { InputDescription } from '../network/description.js';
import { memberSeed } from '../network/draws/draws.js';
import { initialWeights, type NamedArrays } from '../network/parameters.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import { buildNetwork } from '../network/variants.js';
import { runEventSchema, type RunEvent } from '../shared/run/run-events.js';
import type { RunSink, TrainingOutcome } from './job.js';
import { decodeSafeTensors } from './checkpoint/safetensors.js';
import { optimizerSettings } from './optimizer-settings.js';
import { train } from './train.js';

const input: InputDescription = {
  numeric: 4,
  fields: [
    { name: 'city', size: 5, encode: 'onehot' },
    { name: 'user', size: 7, encode: { embedding: 2 } },
  ],
};
const task = (name: string, kind: PreparedTask['kind'], outputs = 1): PreparedTask => ({
  name,
  kind,
  outputs,
  lossWeight: 1,
  classes: null,
  positive: null,
  mean: null,
  sd: null,
  offset: 0,
  factor: 1,
});
const tasks = [task('bought', 'binary'), task('genre', 'multiclass', 3), task('minutes', 'regression')];

function rowsOf(count: number, phase: number): EncodedRows {
  const numeric = Float32Array.from({ length: count * 4 }, (_, i) => Math.sin((i + phase) * 12.9898) * 1.5);
  const categorical = Int32Array.from({ length: count * 2 }, (_, i) =>
    i % 2 ? (i * 31 + phase) % 7 : (i * 17 + phase) % 5,
  );
  const labels = new Float32Array(count * 3);
  for (let row = 0; row < count; row++) {
    const [a, b, c] = numeric.subarray(row * 4, row * 4 + 3);
    labels[row * 3] = a! * b! > 0 ? 1 : 0;
    labels[row * 3 + 1] = row % 5 === 0 ? NaN : (categorical[row * 2]! + (c! > 0 ? 1 : 0)) % 3;
    labels[row * 3 + 2] = Math.sin(2 * a!) + 0.2 * categorical[row * 2 + 1]!;
  }
  return {
    rows: count,
    numeric,
    categorical,
    labels,
    weights: Float32Array.from({ length: count }, (_, row) => 0.5 + (row % 4)),
  };
}

export const smallData: HeldData = {
  source: 'made up',
  input,
  tasks,
  train: rowsOf(130, 0),
  validation: rowsOf(50, 7000),
  test: rowsOf(40, 9000),
  encoder: { format: 1, numeric: [], categorical: [], tasks: [] },
  fingerprint: 'made up',
  outside: [],
  vocabularies: [],
  stream: null,
  warnings: [],
};

/** The same without embeddings, so that networks may share nothing between tasks. */
export const onehotData: HeldData = {
  ...smallData,
  input: { ...input, fields: input.fields.map((field) => ({ ...field, encode: 'onehot' })) },
};

/** The same, with two numbers that the network learns periodic embeddings of. */
export const wavyData: HeldData = {
  ...smallData,
  input: {
    ...input,
    periodic: [0, 2].map((column) => ({ name: `n${column}`, column, frequencies: 4, sigma: 0.3, width: 3 })),
  },
};

/** A test throws this to end a training. */
export class Killed extends Error {}

/** A run folder that can end the training at a beat or an event. */
export class FolderInMemory implements RunSink {
  readonly events: RunEvent[] = [];
  readonly files = new Map<string, Uint8Array>();
  steps = 0;
  killAtBeat = Infinity;
  killAtEvent: (event: { type: string; step: number }) => boolean = () => false;

  event(event: Parameters<RunSink['event']>[0]): void {
    this.events.push(v.parse(runEventSchema, { ...event, seq: this.events.length + 1 }));
    if (this.killAtEvent(event)) throw new Killed();
  }
  checkpoint(name: string, bytes: Uint8Array): void {
    this.files.set(name, bytes);
  }
  beat(): void {
    if (++this.steps === this.killAtBeat) throw new Killed();
  }
  progress(): void {
    // Nobody looks.
  }
  stopRequested(): boolean {
    return false;
  }
}

const engines = {
  tensorflow: (options: EngineOptions) => createTensorflowEngine(options, 'cpu'),
  fused: (options: EngineOptions) => createEngine('fused', options),
};
export type EngineName = keyof typeof engines;

/**
 * Trains four epochs on a small table of three tasks; goes on from the folder's last checkpoint where it has
 * one.
 */
export async function runOn(
  sink: FolderInMemory,
  optimizer: object,
  model: object,
  engineName: EngineName = 'tensorflow',
  data: PreparedData = smallData,
  // 11 seconds for each look at the clock: a checkpoint every few steps.
  tick = 11,
  metricsOnly = false,
): Promise<{ outcome: TrainingOutcome; members: Members }> {
  const experiment: Experiment = v.parse(experimentSchema, {
    data: { source: 'x' },
    tasks: [{ label: 'y' }],
    model: { experts: { count: 3, layers: [5] }, towers: { layers: [4] }, ...model },
    training: { batchSize: 16, epochs: 4, learningRate: 0.02, ...optimizer },
  });
  const description = buildNetwork(experiment.model, data.input, tasks);
  const settings = experiment.training;
  const made = Array.from({ length: settings.members }, (_, number) => {
    const seed = memberSeed(settings.seed, number);
    return engines[engineName]({
      description,
      weights: initialWeights(description, seed),
      optimizer: optimizerSettings(settings),
      seed,
      threads: 1,
    });
  });
  const members = new Members(await Promise.all(made));
  const last = sink.files.get('last.safetensors');
  const resume = last ? { last, best: sink.files.get('best.safetensors') ?? null } : null;
  let now = 0;
  try {
    const outcome = await train({
      data,
      description,
      members,
      settings,
      paths: experiment.model.paths,
      sink,
      metricsOnly,
      resume,
      clock: () => (now += tick),
    });
    return { outcome, members };
  } catch (error) {
    members.dispose();
    throw error;
  }
}

export const bits = (arrays: NamedArrays) =>
  new Map([...arrays].map(([name, { data: values }]) => [name, [...new Uint32Array(values.buffer)]]));
/** The weights of a checkpoint, without the optimiser's moments. */
export const weightsOf = (sink: FolderInMemory, file: string): NamedArrays =>
  new Map(
    [...decodeSafeTensors(sink.files.get(file)!).arrays].filter(
      ([name]) => !name.startsWith('optimizer.') && !name.startsWith('best.'),
    ),
  );
/** The last epoch's weights and moments. */
export const lastArrays = (sink: FolderInMemory) =>
  bits(decodeSafeTensors(sink.files.get('last.safetensors')!).arrays);
