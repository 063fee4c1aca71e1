import * as v from 'valibot';
import { formatPath, type JsonPath } from './place.js';
import { scaleSchema, type Scale, type ScaleInput } from './schema/columns.js';
import { modelSchema, type ModelInput } from './schema/model.js';
import { comparesGradients } from './schema/loss-weighting.js';
import { trainingSchema, type TrainingInput } from './schema/training.js';
import type { Experiment } from './schema.js';
import { valueAt } from './sense/methods-sense.js';

/** What the choice of defaults depends on. */
export interface TableSize {
  /** The training rows. */
  readonly rows: number;
  /** The columns that are numeric features. */
  readonly numeric: number;
  /** The values of the column that has the most, as far as they are known. Default: few. */
  readonly values?: number;
}

/** The settings that are chosen for a table where a file does not say them. */
export interface Choices {
  readonly data: { readonly scale: ScaleInput };
  readonly model: ModelInput;
  readonly training: TrainingInput;
}

/** An experiment with nothing left open, and the settings that were chosen for its table, by path. */
export interface Settled {
  readonly experiment: Experiment;
  readonly chosen: Readonly<Record<string, unknown>>;
}

/** Below so many training rows a number stands alone: what stands beside it would learn noise. */
const fewRows = 2000;
/** From so many training rows on, values that recur are told apart, too. */
const manyRows = 100_000;
/** Beyond so many numeric columns what stands beside them would be most of the network. */
const manyNumbers = 200;
/** The epochs without a better one after which training ends, at least. */
const patience = 8;
/** The epochs of a training at a steady rate, at the most. */
const steadyEpochs = 100;
/** About so many rows are seen in a training, as often as it takes. */
const rowsSeen = 1.2e6;

/**
 * From so many values on, a step that moves all rows of a table takes many times the time of one that moves a
 * batch's. Below, it learns better (docs/accuracy.md).
 */
const manyValues = 100_000;

/** Returns what `"defaults": 2` chooses for a table by its size. docs/accuracy.md has the measurements. */
export function choicesFor({ rows, numeric, values = 0 }: TableSize): Choices {
  const beside =
    rows < fewRows || numeric > manyNumbers
      ? {}
      : // Where a line will do, pieces learn noise (docs/accuracy.md).
        ({ piecewise: 32, ...(rows >= manyRows && { values: 10 }), beside: 'nonlinear' } as const);
  const epochs = between(10, 60, Math.round(rowsSeen / rows));
  return {
    data: { scale: { number: 'robust', ...beside } },
    model: {
      experts: { count: 4, layers: [128, 64], dropout: 0.1 },
      towers: { layers: [32] },
    },
    training: {
      optimizer: 'adamw',
      weightDecay: 1,
      learningRate: 0.001,
      ...(values >= manyValues && { tables: 'lazy' }),
      schedule: { kind: 'cosine', warmup: 0.3 },
      // About 200 steps an epoch.
      batchSize: between(32, 1024, 2 ** Math.round(Math.log2(rows / 200))),
      epochs,
      stopEarly: { patience: Math.max(patience, Math.round(epochs / 3)) },
    },
  };
}

const between = (least: number, most: number, wanted: number): number =>
  Math.min(most, Math.max(least, wanted));

/** The paper's own settings, which are those of `"defaults": 1`, trained to the end. */
const paperChoices: Choices = { data: { scale: 'standard' }, model: {}, training: {} };

/**
 * Returns an experiment with what its set of defaults chooses for a table of a size. `written` is the
 * experiment as the person wrote it: what it says counts, and a run's own experiment says everything.
 */
export function settle(experiment: Experiment, written: unknown, size: TableSize): Settled {
  if (experiment.defaults === 1) return { experiment, chosen: {} };
  const scale = chosenScale(experiment, size);
  const { data, model, training } = open(choicesOf(experiment, size), experiment, written);
  const settled = {
    ...experiment,
    data: { ...experiment.data, scale },
    model: v.parse(modelSchema, overlay(model, valueAt(written, ['model']))),
    training: v.parse(trainingSchema, overlay(training, valueAt(written, ['training']))),
  };
  return { experiment: settled, chosen: paths({ data, model, training }, [], written) };
}

const choicesOf = ({ preset }: Experiment, size: TableSize): Choices =>
  preset === 'paper' ? paperChoices : choicesFor(size);

/** Returns the scale of numbers for which the experiment has none. */
export const chosenScale = (experiment: Experiment, size: TableSize): Scale =>
  experiment.data.scale ??
  (experiment.defaults === 1 ? 'standard' : v.parse(scaleSchema, choicesOf(experiment, size).data.scale));

/** Returns the choices that go with what is written: each of them is good together with others only. */
function open({ data, model, training }: Choices, experiment: Experiment, written: unknown): Choices {
  const isWritten = (...path: JsonPath): boolean => valueAt(written, path) !== undefined;
  const { dropout, ...experts } = model.experts ?? {};
  const { optimizer, weightDecay, tables, schedule, epochs, stopEarly, ...others } = training;
  const ownOptimizer = isWritten('training', 'optimizer');
  const ownSchedule = isWritten('training', 'schedule') || schedule === undefined;
  const ownLength = isWritten('training', 'epochs');
  return {
    data,
    model: {
      ...model,
      // Units of narrow layers, which a person has chosen, are all needed.
      experts: { ...experts, ...(!isWritten('model', 'experts', 'layers') && { dropout }) },
    },
    training: {
      ...others,
      ...(!ownOptimizer && { optimizer, weightDecay }),
      ...(tables !== undefined && !needsDenseTables(experiment) && { tables }),
      ...(ownSchedule
        ? toTheEnd(experiment, ownLength)
        : { schedule, epochs, ...(!ownLength && experiment.data.validation !== 0 && { stopEarly }) }),
    },
  };
}

/** Whether the loss weighting, or distances between weights, work on the gradients of whole tables. */
const needsDenseTables = ({ model, training }: Experiment): boolean =>
  comparesGradients(training.lossWeighting) || model.variant === 'l2-constrained';

/**
 * Returns the length of a training whose learning rate is a person's: it goes on while it gets better, unless
 * its length is written, nothing can be judged, or its learning rate falls over all epochs.
 */
function toTheEnd({ training, data }: Experiment, hasLength: boolean): TrainingInput {
  const { schedule } = training;
  const falls = typeof schedule === 'object' && (schedule.kind === 'cosine' || schedule.kind === 'linear');
  if (hasLength || falls || data.validation === 0) return {};
  return { epochs: steadyEpochs, stopEarly: { patience } };
}

/** Returns what is written, with the chosen values where it says nothing. */
function overlay(chosen: unknown, written: unknown): unknown {
  if (written === undefined) return chosen;
  if (!isPlain(chosen) || !isPlain(written)) return written;
  const keys = [...new Set([...Object.keys(chosen), ...Object.keys(written)])];
  return Object.fromEntries(keys.map((key) => [key, overlay(chosen[key], written[key])]));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the chosen values that are not written, by path; values that have a kind are one. */
function paths(chosen: object, path: JsonPath, written: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(chosen) as [string, unknown][]) {
    const here = [...path, key];
    const own = valueAt(written, here);
    if (value === undefined || (own !== undefined && !isPlain(own))) continue;
    const whole = !isPlain(value) || ['scale', 'schedule'].includes(key);
    if (!whole) Object.assign(found, paths(value, here, written));
    else if (own === undefined) found[formatPath(here)] = value;
  }
  return found;
}
