import type { NetworkDescription } from '../../../network/description.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { InputError } from '../../../shared/errors.js';
import type { Plan } from '../plan/step-plan.js';

/** A kernel that was loaded: what it can do and how to start it. */
export interface Target {
  /** For people: `native avx512`. */
  readonly name: string;
  /** Floats in a vector. */
  readonly width: number;
  open(plan: Plan, network: NetworkDescription): Promise<Machine>;
}

/** One engine's memory and threads. Its arena holds what a plan says, zeros else. */
export interface Machine {
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  /**
   * Checks the rows and keeps or copies them. Throws InputError for a value that the network does not know.
   */
  load(rows: EncodedRows): MachineRows;
  /** Runs the rows at `indices[first … first + count)`; `settings`: see `kernelSettings`. */
  run(
    rows: MachineRows,
    indices: Uint32Array,
    first: number,
    count: number,
    mode: number,
    want: number,
    settings: Float32Array,
  ): void;
  close(): void;
}

export interface MachineRows {
  readonly rows: number;
  release(): void;
}

/**
 * Length of `settings`: adam or not, rate, beta1, beta2, correction, epsilon, momentum, 1 − beta1, 1 − beta2
 * (kernel/optimizer.h).
 */
export const SETTINGS = 9;

/** How many values each field has, and how many classes each task (0: the label is a value). */
export function limitsOf(network: NetworkDescription): { sizes: Int32Array; classes: Int32Array } {
  return {
    sizes: Int32Array.from(network.input.fields, ({ size }) => size),
    classes: Int32Array.from(network.tasks, ({ kind, outputs }) =>
      kind === 'regression' ? 0 : kind === 'binary' ? 2 : outputs,
    ),
  };
}

/** Throws if the arrays are not as long as the network needs. */
export function checkLengths(rows: EncodedRows, network: NetworkDescription): void {
  const lengths = [
    [rows.numeric.length, rows.rows * network.input.numeric],
    [rows.categorical.length, rows.rows * network.input.fields.length],
    [rows.labels.length, rows.rows * network.tasks.length],
    [rows.weights?.length ?? rows.rows, rows.rows],
  ];
  if (lengths.some(([has, needs]) => has !== needs)) {
    throw new InputError(
      'engine.rows',
      'the encoded data has other columns than the network; prepare the data anew',
    );
  }
}
