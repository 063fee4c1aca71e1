/** The kernel's numbers, in the order of kernel/plan.h; a test holds the two alike. */

const numbered = <const Names extends readonly string[]>(names: Names) =>
  Object.fromEntries(names.map((name, index) => [name, index])) as Record<Names[number], number>;

/** Places in the plan's header. */
export const header = numbered([
  'WIDTH',
  'BLOCK_ROWS',
  'THREADS',
  'TASKS',
  'PARAMETERS',
  'WEIGHTS',
  'FIRST_MOMENTS',
  'SECOND_MOMENTS',
  'GRADIENTS',
  'GRADIENT_STRIDE',
  'SCRATCH',
  'SCRATCH_STRIDE',
  'SUMS',
  'SUMS_STRIDE',
  'CLAIMS',
  'DISORDER',
  'RESULTS',
  'SQUARES',
  'LOSS_WEIGHTS',
  'STEP',
  'SPARE',
  'IMPORTANCE',
  'IMPORTANCE_STRIDE',
  'PASSES',
  'FIRST_PASS',
  'STAGES',
  'FIRST_STAGE',
  'STATISTICS',
  'STATISTICS_STRIDE',
  'TRANSPOSE',
  'START',
  'END',
  'FINISH',
  'TRAIN',
  'FORWARD',
  'PREDICT',
  'ROUTES',
  'EXPERTS',
  'SEGMENTS',
  'LENGTH',
]);

/** Codes of operations; kernel/plan.h says their operands. */
export const operation = numbered([
  'END',
  'GATHER_NUMERIC',
  'GATHER_EMBEDDING',
  'SUM_WEIGHT_ROWS',
  'PRODUCT',
  'GATE',
  'CONSTANTS',
  'MIX',
  'LOSS',
  'WEIGHT_GRADIENT',
  'BIAS_GRADIENT',
  'MIX_BACKWARD',
  'CLEAR',
  'CLEAR_GRADIENT',
  'GATE_BACKWARD',
  'CONSTANTS_BACKWARD',
  'SCATTER_WEIGHT_ROWS',
  'SCATTER_EMBEDDING',
  'TRANSPOSE',
  'PREDICT',
  'COPY_ROUTE',
  'COPY_EXPERT',
  'CHOICE',
  'NOISE',
  'NOISE_BACKWARD',
  'SELECT',
  'SELECT_BACKWARD',
  'IMPORTANCE',
  'LOAD',
  'LOAD_BACKWARD',
  'BALANCE',
  'CHOOSE_ROWS',
  'ON_ROWS',
  'OFF_ROWS',
  'GATHER_ROWS',
  'SCATTER_ROWS',
  'MIX_ROWS',
  'MIX_ROWS_BACKWARD',
  'ACTIVATE',
  'ACTIVATE_BACKWARD',
  'DROP',
  'LAYER_NORMALIZE',
  'LAYER_NORMALIZE_BACKWARD',
  'ADD_WEIGHT_GRADIENT',
  'ADD_BIAS_GRADIENT',
  'INTERACT',
  'INTERACT_BACKWARD',
  'BATCH_MOMENTS',
  'BATCH_COMBINE',
  'BATCH_NORMALIZE',
  'BATCH_GRADIENTS',
  'BATCH_COMBINE_GRADIENTS',
  'BATCH_NORMALIZE_BACKWARD',
  'ACTIVE_GRADIENT',
  'TURN_GRADIENT',
  'DISTANCE',
]);

/** Places in the step's own settings, four bytes each. */
export const stepSetting = { KEY: 0, DECAY: 1, SCALE: 2, LENGTH: 3 } as const;
export const mode = { STEP: 0, GRADIENTS: 1, EVALUATE: 2, APPLY: 3 } as const;
export const want = { ROUTES: 1, EXPERTS: 2, MOVE: 4, BARE: 8 } as const;
/** LOSS_NOT_FINITE + k: of task k. */
export const status = { DONE: 0, GRADIENT_NOT_FINITE: 1, LOSS_NOT_FINITE: 2 } as const;
/** Task kinds of the kernel's losses (kernel/loss.h). */
export const lossKind = { binary: 0, multiclass: 1, regression: 2 } as const;
/** Smooth activations (kernel/activation.h). */
export const smoothKind = { silu: 0, gelu: 1 } as const;
/** Rows of units that batch normalisation keeps for a share of rows (PARTS of kernel/batch.h). */
export const statisticsParts = 8;
/** Rows that a gate with a load loss keeps for each expert (LOAD_PARTS of kernel/load.h). */
export const loadParts = 4;
/** Doubles that a thread keeps for a task: SUMS_PER_TASK, its total weight and its mean loss. */
export const doublesPerTask = 5;
/** Most rows of a block for which units at rest are left out (MASK_ROWS of kernel/active.h). */
export const maskRows = 64;
/** Pieces of the update for each thread (UPDATE_PIECES of kernel/claims.h). */
export const piecesPerThread = 4;
