import { maxThreads } from '../../../shared/threads.js';
import type { Activation } from '../../../network/description.js';
import type { TaskKind } from '../../../shared/task-kinds.js';

/** Enumerations and constants that both sides of the plan know; kernel/plan.h is made from them. */

/** The kinds of calls of the kernel. */
export const mode = { step: 0, gradients: 1, evaluate: 2, apply: 3 } as const;
/** The bits of what a call is asked for. */
export const want = { routes: 1, experts: 2, move: 4, bare: 8 } as const;
/** The outcomes of a call; `lossNotFinite` + k is said of task k. */
export const status = { done: 0, gradientNotFinite: 1, lossNotFinite: 2 } as const;
/** The losses and predictions of kernel/training/loss.h. */
export const lossKind = { binary: 0, multiclass: 1, regression: 2 } as const satisfies Record<
  TaskKind,
  number
>;
/** The activations of kernel/layers/activation.h: all that a product's floors cannot do. */
export const smoothKind = { silu: 0, gelu: 1 } as const satisfies Record<
  Exclude<Activation, 'relu' | 'linear'>,
  number
>;
/** The rows of units that batch normalisation keeps for a share of rows. */
const batchPart = {
  ownMean: 0,
  ownSquares: 1,
  ownGradient: 2,
  ownScaled: 3,
  mean: 4,
  inverse: 5,
  gradientMean: 6,
  scaledMean: 7,
} as const;
/** The rows of a route's kind that a gate with a load loss keeps for each expert. */
const loadPart = { chance: 0, density: 1, turn: 2, rival: 3 } as const;

interface Enumeration {
  readonly says: string;
  readonly values: Readonly<Record<string, number>>;
  /** The name of the constant that holds how many values there are, where the kernel needs it. */
  readonly count?: string;
}

/** All enumerations, by the C name, which is also the prefix of the values' names. */
export const enumerations: Readonly<Record<string, Enumeration>> = {
  mode: {
    says:
      'MODE_GRADIENTS leaves the gradient in the first share’s buffer; MODE_APPLY updates the parameters ' +
      'with what is there, without rows.',
    values: mode,
  },
  want: {
    says:
      'In MODE_EVALUATE, WANT_ROUTES and WANT_EXPERTS ask for more than the predictions. In the other ' +
      'modes with rows, WANT_MOVE lets running statistics move, and WANT_BARE leaves the tasks’ own losses ' +
      'alone, without what the description adds to them.',
    values: want,
  },
  status: { says: 'STATUS_LOSS_NOT_FINITE + k says it of task k.', values: status },
  loss: { says: 'The kinds of tasks (training/loss.h).', values: lossKind },
  smooth: { says: 'The smooth activations (layers/activation.h).', values: smoothKind },
  batch: {
    says:
      'The statistics that batch normalisation keeps for a share of rows, a row of units each ' +
      '(layers/batch-normalization.h): the share’s own mean, Σ (z − mean)², Σ dy and Σ dy · x̂; then the ' +
      'batch’s mean, 1/√(variance + ε), mean(dy) and mean(dy · x̂).',
    values: batchPart,
    count: 'BATCH_PARTS',
  },
  load: {
    says:
      'The values that a gate with a load loss keeps for each expert, a row of a block’s rows each ' +
      '(gates/load-loss.h).',
    values: loadPart,
    count: 'LOAD_PARTS',
  },
};

/** The number of rows of units that batch normalisation keeps for a share of rows. */
export const batchParts = Object.keys(batchPart).length;
/** The number of rows that a gate with a load loss keeps for each expert. */
export const loadParts = Object.keys(loadPart).length;
/** The most rows of a block for which units at rest are left out: the bits of a mask. */
export const maskRows = 64;
/** Pieces of the update that are at home with each thread. */
export const piecesPerThread = 4;
/** Doubles that a share of rows sums up for each task. */
const sumsPerTask = 3;
/** Doubles that are kept for each task and thread: a share's sums, a thread's total weight and mean loss. */
export const doublesPerTask = sumsPerTask + 2;

/** All constants, by their C names. */
export const constants: Readonly<Record<string, { readonly says: string; readonly value: number }>> = {
  MAX_THREADS: { says: 'The maximum number of threads of an engine.', value: maxThreads },
  MASK_ROWS: {
    says: 'The most rows of a block for which units at rest are left out: the bits of a mask.',
    value: maskRows,
  },
  UPDATE_PIECES: {
    says:
      'Pieces of the update that are at home with each thread: more than one, so that a late thread leaves ' +
      'little behind.',
    value: piecesPerThread,
  },
  SUMS_PER_TASK: {
    says: 'Doubles that a share of rows sums up for each task: Σ w ℓ, Σ w, the number of labels.',
    value: sumsPerTask,
  },
};
