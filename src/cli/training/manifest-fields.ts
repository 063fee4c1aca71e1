import * as v from 'valibot';
import { dependencies, version } from '../../../package.json';
import { inputWidth } from '../../data/encode/encoder.js';
import { labelCounts } from '../../data/label-counts.js';
import { leaksOf } from '../../data/leaks.js';
import type { PreparedData, PreparedTask } from '../../data/prepared.js';
import type { EngineInfo } from '../../engine/engine.js';
import type { Experiment } from '../../experiment/schema.js';
import type { NetworkDescription, StreamDescription } from '../../network/description.js';
import type { LabelCounts, RunManifest, RunTask } from '../../shared/run/run-manifest.js';
import { stepsPerEpochOf, type TrainingPlan } from './training-plan.js';

/** Returns what run.json says of a training that is about to start. */
export function plannedFields(plan: TrainingPlan, engine: EngineInfo): Pick<RunManifest, PlannedField> {
  const { experiment, data, description, parameters, parts, matched, chosen } = plan;
  const { name, target, threads, why } = engine;
  return {
    experiment: experimentField(experiment),
    ...(Object.keys(chosen).length > 0 && { chosen: { ...chosen } }),
    data: dataField(data),
    tasks: taskFields(data),
    network: networkField(description, matched),
    engine: { name, target, threads, why },
    seed: experiment.training.seed,
    parameters,
    parameterParts: { ...parts },
    epochs: experiment.training.epochs,
    stepsPerEpoch: stepsPerEpochOf(plan),
    versions: {
      mmoe: version,
      node: process.versions.node,
      duckdb: dependencies['@duckdb/node-api'],
      system: `${process.platform} ${process.arch}`,
    },
  };
}

/** Returns an experiment as run.json keeps it: with the defaults filled in. */
export function experimentField(experiment: Experiment): RunManifest['experiment'] {
  return v.parse(v.record(v.string(), v.unknown()), experiment);
}

type PlannedField =
  | 'experiment'
  | 'chosen'
  | 'data'
  | 'tasks'
  | 'network'
  | 'engine'
  | 'seed'
  | 'parameters'
  | 'parameterParts'
  | 'epochs'
  | 'stepsPerEpoch'
  | 'versions';

/** Returns what run.json says of the data. */
export function dataField(data: PreparedData): NonNullable<RunManifest['data']> {
  const { source, input, train, validation, test, fingerprint, outside, stream, vocabularies } = data;
  const leaks = leaksOf(data);
  return {
    source,
    rows: { train: train.rows, validation: validation?.rows ?? 0, test: test?.rows ?? 0 },
    inputs: inputWidth(input),
    fingerprint,
    ...(stream !== null && { stream: { window: stream.window, bytes: stream.bytes } }),
    outside: [...outside],
    ...(leaks.length > 0 && { leaks: [...leaks] }),
    ...(vocabularies.length > 0 && { vocabularies: [...vocabularies] }),
  };
}

/** Returns what run.json says of the tasks. */
export function taskFields(data: PreparedData): RunTask[] {
  const counts = labelCounts(data);
  return data.tasks.map((task, index) => taskField(task, counts[index]!));
}

function taskField(task: PreparedTask, labels: LabelCounts): RunTask {
  const { name, kind, classes, positive, mean, sd, limits } = task;
  return {
    name,
    kind,
    ...(positive !== null && { positive }),
    ...(classes !== null && { classes: [...classes] }),
    ...(mean !== null && { mean }),
    ...(sd !== null && { sd }),
    ...(limits !== undefined && { limits }),
    labels,
  };
}

function networkField(
  { variant, levels }: NetworkDescription,
  matched: TrainingPlan['matched'],
): NonNullable<RunManifest['network']> {
  return {
    variant,
    ...(matched !== null && { matched: { ...matched, layers: [...matched.layers] } }),
    levels: levels.map(({ experts, streams }) => ({
      experts: experts.length,
      width: experts[0]?.layers.at(-1) ?? 0,
      routes: routesField(streams),
      streams: streams.map(({ name, task }) => ({ name, task })),
      ...(experts.some(({ name }) => name !== undefined) && {
        expertNames: experts.map(({ name }, e) => name ?? String(e + 1)),
      }),
      ...(experts.some(({ sharesWith }) => sharesWith !== undefined) && {
        sameWeights: experts.map(({ sharesWith }, e) => sharesWith ?? e),
      }),
    })),
  };
}

/** Returns the kind of a level's routes; its streams are all of one kind. */
const routesField = (streams: readonly StreamDescription[]): StreamDescription['route']['kind'] =>
  streams[0]?.route.kind ?? 'fixed';
