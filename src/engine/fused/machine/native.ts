import { createRequire } from 'node:module';
import type { NetworkDescription } from '../../../network/description.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { longestList } from '../../../network/fields/lists.js';
import { rowDoesNotFit } from '../plan/errors.js';
import { checkLengths, limitsOf, type Machine, type MachineRows, type Target } from './machine.js';
import type { StepPlan } from '../plan/step-plan.js';

declare const opened: unique symbol;
declare const held: unique symbol;
type NativeMachine = { readonly [opened]: never };
type NativeRows = { readonly [held]: never };

/** The functions that kernel/addon.c exports, which says what they do. */
interface Addon {
  target(name: string): { name: string; width: number };
  prepareMemory(memory: ArrayBuffer): number;
  open(
    memory: ArrayBuffer,
    arena: number,
    plan: number,
    kernel: string,
    numeric: number,
    sizes: Int32Array,
    classes: Int32Array,
  ): NativeMachine;
  close(machine: NativeMachine): void;
  /** Returns the number of the first row that does not fit, if there is one. */
  load(
    machine: NativeMachine,
    rows: number,
    numeric: Float32Array,
    categorical: Int32Array,
    labels: Float32Array,
    weights: Float32Array | null,
    lists: Int32Array | null,
    longest: number,
  ): NativeRows | number;
  release(rows: NativeRows): void;
  run(
    machine: NativeMachine,
    rows: NativeRows,
    indices: Uint32Array,
    first: number,
    count: number,
    mode: number,
    want: number,
    settings: Int32Array,
  ): void;
  /** Copies the first floats of the store. */
  readStore(machine: NativeMachine, into: Float32Array): void;
  giveBack(): void;
}

const names = [
  'target',
  'prepareMemory',
  'open',
  'close',
  'load',
  'release',
  'run',
  'readStore',
  'giveBack',
] as const;

const isAddon = (value: unknown): value is Addon =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof Reflect.get(value, name) === 'function');

function loadAddon(path: string): Addon {
  const addon: unknown = createRequire(import.meta.url)(path);
  if (!isAddon(addon)) throw new Error(`${path} is not this program's native kernel`);
  return addon;
}

/**
 * Gives memory that the C library keeps for later back to the system, where it does so on request. Throws the
 * loader's error where the addon does not load.
 */
export const giveBackThrough = (path: string): void => loadAddon(path).giveBack();

/**
 * Loads the addon; `build` names one of its kernels, '' is the best for this processor. Throws the loader's
 * error where it does not load.
 */
export function loadNative(path: string, build: string): Target {
  const addon = loadAddon(path);
  const { name, width } = addon.target(build);
  return {
    name: `native ${name}`,
    width,
    open: (plan, network) => Promise.resolve(new NativeEngineMemory(addon, name, plan, network)),
  };
}

const LINE_BYTES = 64;

/** The addon works on one ArrayBuffer; rows stay where they are and are held by reference. */
class NativeEngineMemory implements Machine {
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  private readonly machine: NativeMachine;
  /** The addon's handles of rows; its reference keeps the arrays alive. */
  private readonly rowHandles = new WeakMap<MachineRows, NativeRows>();

  constructor(
    readonly addon: Addon,
    name: string,
    plan: StepPlan,
    readonly network: NetworkDescription,
  ) {
    const memory = new ArrayBuffer(4 * plan.arenaLength + LINE_BYTES);
    const byte = (LINE_BYTES - addon.prepareMemory(memory)) % LINE_BYTES;
    this.floats = new Float32Array(memory, byte, plan.arenaLength);
    this.doubles = new Float64Array(memory, byte, plan.arenaLength / 2);
    new Int32Array(memory, byte, plan.arenaLength).set(plan.integers, plan.at);
    const { sizes, classes } = limitsOf(network);
    this.machine = addon.open(memory, byte, plan.at, name, network.input.numeric, sizes, classes);
  }

  load(rows: EncodedRows): MachineRows {
    checkLengths(rows, this.network);
    const handle = this.addon.load(
      this.machine,
      rows.rows,
      rows.numeric,
      rows.categorical,
      rows.labels,
      rows.weights,
      rows.lists ?? null,
      rows.lists === undefined ? 0 : longestList(rows.lists),
    );
    if (typeof handle === 'number') throw rowDoesNotFit(handle);
    const loaded = { rows: rows.rows, release: () => this.addon.release(handle) };
    this.rowHandles.set(loaded, handle);
    return loaded;
  }

  run(
    rows: MachineRows,
    indices: Uint32Array,
    first: number,
    count: number,
    mode: number,
    want: number,
    settings: Int32Array,
  ): void {
    const handle = this.rowHandles.get(rows);
    if (handle === undefined) throw new Error('these rows belong to another engine');
    this.addon.run(this.machine, handle, indices, first, count, mode, want, settings);
  }

  readStore(length: number): Float32Array {
    const copy = new Float32Array(length);
    this.addon.readStore(this.machine, copy);
    return copy;
  }

  close(): void {
    this.addon.close(this.machine);
  }
}
