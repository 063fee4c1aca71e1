import type { TaskDescription } from '../../../network/description.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';

export interface TaskLoss {
  /** Σ_r w_r ℓ(r) / Σ_r w_r over the rows that have the label; NaN where there is none. */
  readonly loss: number;
  /** [rows, outputs]: of `lossWeight` · loss, by the task's outputs. */
  readonly gradient: Float32Array;
  /** False: no row has the label. */
  readonly labelled: boolean;
}

/**
 * A task's mean loss over a batch and its gradient by the outputs, in double precision.
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
  const share = new Float64Array(width);
  for (let r = 0; r < indices.length; r++) {
    const index = indices[r]!;
    const label = data.labels[index * tasks + task]!;
    const weight = data.weights?.[index] ?? 1;
    // A row that weighs nothing must not spoil the loss, whatever its outputs are.
    if (Number.isNaN(label) || weight === 0) continue;
    const scale = weight / totalWeight;
    const first = r * width;
    switch (description.kind) {
      case 'binary': {
        const z = outputs[first]!;
        loss += scale * (Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z))));
        gradient[first] = lossWeight * scale * (sigmoid(z) - label);
        break;
      }
      case 'multiclass': {
        loss += scale * (softmaxInto(share, outputs, first) - outputs[first + label]!);
        for (let c = 0; c < width; c++)
          gradient[first + c] = lossWeight * scale * (share[c]! - (c === label ? 1 : 0));
        break;
      }
      case 'regression': {
        const error = outputs[first]! - label;
        loss += scale * error * error;
        gradient[first] = lossWeight * scale * 2 * error;
        break;
      }
    }
  }
  return { loss, gradient, labelled: true };
}

/** [rows, outputs]: probabilities (binary, multiclass) or the values themselves. */
export function predictionsOf(
  { kind, outputs: width }: TaskDescription,
  outputs: Float32Array,
): Float32Array {
  if (kind === 'regression') return outputs;
  if (kind === 'binary') return outputs.map(sigmoid);
  const predictions = new Float32Array(outputs.length);
  const share = new Float64Array(width);
  for (let first = 0; first < outputs.length; first += width) {
    softmaxInto(share, outputs, first);
    predictions.set(share, first);
  }
  return predictions;
}

/** 1 / (1 + exp(−z)) without overflow. */
function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/** share = softmax(outputs[first …]); returns log Σ exp. */
function softmaxInto(share: Float64Array, outputs: Float32Array, first: number): number {
  let largest = -Infinity;
  for (let c = 0; c < share.length; c++) largest = Math.max(largest, outputs[first + c]!);
  let sum = 0;
  for (let c = 0; c < share.length; c++) sum += share[c] = Math.exp(outputs[first + c]! - largest);
  for (let c = 0; c < share.length; c++) share[c]! /= sum;
  return largest + Math.log(sum);
}
