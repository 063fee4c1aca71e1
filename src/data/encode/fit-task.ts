import type { PlannedLabel } from '../decide/plan-label.js';
import type { Items } from '../duckdb/vector.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Encoder } from './encoder.js';
import { moments, rangeOf, type Numbers } from './numbers/scales.js';

type EncoderTask = Encoder['tasks'][number];

/** What an experiment says of a task, with its limit as the experiment's defaults have it. */
type LearnedTask = Pick<Task, 'lossWeight' | 'scale'> & { readonly limit: NonNullable<Task['limit']> };
type Task = Experiment['tasks'][number];

/** Learns a task's numbers from the training rows' labels. `scratch`: room for some of these at a time. */
export function fitTask(
  label: Pick<PlannedLabel, 'name' | 'kind' | 'classes'>,
  { lossWeight, scale: labelScale, limit }: LearnedTask,
  labels: Items,
  trainRows: Uint32Array,
  scratch: Float64Array,
): EncoderTask {
  const known = knownLabels(labels, trainRows, scratch);
  const { mean, deviation } = moments(known);
  const { name, kind } = label;
  const classes = label.classes === null ? null : [...label.classes];
  const common = { name, kind, lossWeight, classes };
  const unscaled = { mean: null, sd: null, offset: 0, factor: 1 };
  switch (kind) {
    case 'binary':
      return { ...common, outputs: 1, positive: mean, ...unscaled };
    case 'multiclass':
      return { ...common, outputs: classes?.length ?? 0, positive: null, ...unscaled };
    case 'regression': {
      const isScaled = (labelScale ?? 'standard') === 'standard';
      const scale = isScaled ? { offset: mean, factor: deviation } : { offset: 0, factor: 1 };
      return {
        ...common,
        outputs: 1,
        positive: null,
        mean,
        sd: deviation,
        ...scale,
        ...limitsOf(known, limit),
      };
    }
  }
}

/** Returns what predictions are limited to: the labels' range, and a share of it beyond on both sides. */
function limitsOf(known: Pick<Numbers, 'each'>, limit: LearnedTask['limit']): Pick<EncoderTask, 'limits'> {
  const range = limit === 'none' ? null : rangeOf(known);
  if (limit === 'none' || range === null) return {};
  const { low, high } = range;
  const beyond = limit * (high - low);
  return { limits: { low: low - beyond, high: high + beyond } };
}

/** Writes labels as a network reads them [rows, tasks]; NaN where missing. */
export function scaleLabels(
  tasks: readonly EncoderTask[],
  labels: readonly Items[],
  rows: Uint32Array,
  scaled: Float32Array,
): void {
  tasks.forEach(({ offset, factor }, task) => {
    const values = labels[task]!;
    for (let i = 0, to = task; i < rows.length; i++, to += tasks.length)
      scaled[to] = (values[rows[i]!]! - offset) / factor;
  });
}

/** Returns the labels that are not missing. */
function knownLabels(labels: Items, rows: Uint32Array, scratch: Float64Array): Pick<Numbers, 'each'> {
  return {
    each(use) {
      for (let from = 0; from < rows.length; from += scratch.length) {
        const to = Math.min(rows.length, from + scratch.length);
        let count = 0;
        for (let i = from; i < to; i++) {
          const value = labels[rows[i]!]!;
          if (!Number.isNaN(value)) scratch[count++] = value;
        }
        use(scratch.subarray(0, count));
      }
    },
  };
}
