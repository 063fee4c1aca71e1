import type { NetworkDescription, TaskDescription } from '../../../network/description.js';
import { entriesOf } from '../../../network/fields/piecewise.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { InputError } from '../../../shared/errors.js';
import type { StepPlan } from '../plan/step-plan.js';

/** A kernel that was loaded: what it can do and how to start it. */
export interface Target {
  /** A name for people: `native avx512`. */
  readonly name: string;
  /** Floats in a vector. */
  readonly width: number;
  /** `beside`: a machine of this target that will hold the same rows. */
  open(plan: StepPlan, network: NetworkDescription, beside?: Machine): Promise<Machine>;
}

/** One engine's memory and threads. Its arena holds what a plan says, and zeros elsewhere. */
export interface Machine {
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  /**
   * Checks the rows and keeps or copies them, once for machines beside each other. Throws InputError for a value that the network does not know.
   */
  load(rows: EncodedRows): MachineRows;
  /**
   * Runs the rows at `indices[first … first + count)`. `settings`: an encoded struct optimizer
   * (format/plan-header.ts).
   */
  run(
    rows: MachineRows,
    indices: Uint32Array,
    first: number,
    count: number,
    mode: number,
    want: number,
    settings: Int32Array,
  ): void;
  /** Returns the first floats of what the last training pass has left in its store (kernel/tables/kept.h). */
  readStore(length: number): Float32Array;
  close(): void;
}

export interface MachineRows {
  readonly rows: number;
  release(): void;
}

/**
 * Returns how many entries each field may have (of one of several values: less 0, the values that a list may have),
 * and how many classes each task (0: the label is a value).
 */
export function limitsOf(network: NetworkDescription): { sizes: Int32Array; classes: Int32Array } {
  return {
    sizes: Int32Array.from(network.input.fields, (field) =>
      field.several === true ? -field.size : entriesOf(field),
    ),
    classes: Int32Array.from(network.tasks, classesOf),
  };
}

function classesOf({ kind, outputs }: TaskDescription): number {
  switch (kind) {
    case 'regression':
      return 0;
    case 'binary':
      return 2;
    case 'multiclass':
      return outputs;
  }
}

/** Throws InputError if the arrays are not as long as the network needs. */
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
