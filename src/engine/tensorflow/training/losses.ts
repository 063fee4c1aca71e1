import type { TaskDescription } from '../../../network/description.js';
import type { TaskKind } from '../../../shared/task-kinds.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';

export interface TaskLoss {
  /** Σ_r w_r ℓ(r) / Σ_r w_r over the rows that have the label; NaN where there is none. */
  readonly loss: number;
  /** The gradient of `lossWeight` · loss by the task's outputs: [rows, outputs]. */
  readonly gradient: Float32Array;
  /** False: no row has the label. */
  readonly labelled: boolean;
}

/**
 * Computes a task's mean loss over a batch and its gradient by the outputs, in double precision.
 * ℓ is, for labels y and outputs z:
 *   binary      log(1 + exp(z)) − y z       ∂ℓ/∂z = σ(z) − y
 *   multiclass  log Σ_c exp(z_c) − z_y      ∂ℓ/∂z_c = softmax(z)_c − [c = y]
 *   regression  (z − y)²                    ∂ℓ/∂z = 2 (z − y)
 * `task` is its place among the labels' columns; `indices` are the batch's rows.
 */
export function taskLoss(
  description: TaskDescription,
  task: number,
  tasks: number,
  lossWeight: number,
  outputs: Float32Array,
  data: EncodedRows,
  indices: Uint32Array,
): TaskLoss {
  const width = description.outputs;
  const gradient = new Float32Array(outputs.length);
  let totalWeight = 0;
  for (const index of indices)
    if (!Number.isNaN(data.labels[index * tasks + task]!)) totalWeight += data.weights?.[index] ?? 1;
  if (totalWeight === 0) return { loss: NaN, gradient, labelled: false };

  let loss = 0;
  const slopes = new Float64Array(width);
  const addRow = rowLosses[description.kind];
  for (let r = 0; r < indices.length; r++) {
    const index = indices[r]!;
    const label = data.labels[index * tasks + task]!;
    const weight = data.weights?.[index] ?? 1;
    // A row that weighs nothing must not spoil the loss, whatever its outputs are.
    if (Number.isNaN(label) || weight === 0) continue;
    const scale = weight / totalWeight;
    loss += addRow(outputs, r * width, label, scale, slopes);
    for (let c = 0; c < width; c++) gradient[r * width + c] = lossWeight * scale * slopes[c]!;
  }
  return { loss, gradient, labelled: true };
}

/**
 * Returns scale · ℓ of the row whose outputs begin at `first`, and writes the derivatives ∂ℓ/∂z to `slopes`
 * [outputs].
 */
type RowLoss = (
  outputs: Float32Array,
  first: number,
  label: number,
  scale: number,
  slopes: Float64Array,
) => number;

const rowLosses = {
  binary: (outputs, first, label, scale, slopes) => {
    const z = outputs[first]!;
    slopes[0] = sigmoid(z) - label;
    return scale * (Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z))));
  },
  multiclass: (outputs, first, label, scale, slopes) => {
    const logarithm = softmaxInto(slopes, outputs, first);
    slopes[label]! -= 1;
    return scale * (logarithm - outputs[first + label]!);
  },
  regression: (outputs, first, label, scale, slopes) => {
    const error = outputs[first]! - label;
    slopes[0] = 2 * error;
    return scale * error * error;
  },
} satisfies Record<TaskKind, RowLoss>;

/** Returns [rows, outputs]: probabilities (binary, multiclass) or the values themselves. */
export function predictionsOf(
  { kind, outputs: width }: TaskDescription,
  outputs: Float32Array,
): Float32Array {
  switch (kind) {
    case 'binary':
      return outputs.map(sigmoid);
    case 'multiclass': {
      const predictions = new Float32Array(outputs.length);
      const share = new Float64Array(width);
      for (let first = 0; first < outputs.length; first += width) {
        softmaxInto(share, outputs, first);
        predictions.set(share, first);
      }
      return predictions;
    }
    case 'regression':
      return outputs;
  }
}

/** Returns 1 / (1 + exp(−z)), without overflow. */
function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/** Writes softmax(outputs[first …]) to `share`; returns log Σ exp. */
function softmaxInto(share: Float64Array, outputs: Float32Array, first: number): number {
  let largest = -Infinity;
  for (let c = 0; c < share.length; c++) largest = Math.max(largest, outputs[first + c]!);
  let sum = 0;
  for (let c = 0; c < share.length; c++) sum += share[c] = Math.exp(outputs[first + c]! - largest);
  for (let c = 0; c < share.length; c++) share[c]! /= sum;
  return largest + Math.log(sum);
}
