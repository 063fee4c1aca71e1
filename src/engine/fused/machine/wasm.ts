import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { NetworkDescription } from '../../../network/description.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { mode as modes } from '../format/numbers.js';
import { optimizerLength } from '../format/plan-header.js';
import { longestList } from '../../../network/fields/lists.js';
import { networkTooLarge, rowDoesNotFit } from '../plan/errors.js';
import { checkLengths, limitsOf, type Machine, type MachineRows, type Target } from './machine.js';
import type { StepPlan } from '../plan/step-plan.js';
import { WasmHeap } from './wasm-heap.js';
import { isWasmKernel, type WasmKernel } from './wasm-kernel.js';

/** The module says that it can take so many pages: 4 GiB, reserved but not used. */
const MAX_PAGES = 65_536;
const STACK_BYTES = 65_536;

/** A worker runs the same module on the same memory, with a stack of its own, in the kernel's own loop. */
const workerProgram = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, instance, number, stack } = workerData;
const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports;
kernel.__stack_pointer.value = stack;
parentPort.postMessage('ready');
kernel.serve(instance, number);
`;

/** Compiles the module. Throws WebAssembly.CompileError where the processor or Node lacks what it uses. */
export async function loadWasm(path: string, kind: 'relaxed' | 'simd'): Promise<Target> {
  const module = await WebAssembly.compile(await readFile(path));
  const width = instantiate(module, newMemory()).vector_width();
  return {
    name: `wasm ${kind === 'relaxed' ? 'relaxed simd' : 'simd'}`,
    width,
    open: (plan, network, beside) => WasmMachine.open(module, plan, network, beside),
  };
}

function newHome(module: WebAssembly.Module): Home {
  const memory = newMemory();
  const kernel = instantiate(module, memory);
  return { memory, kernel, heap: new WasmHeap(memory, kernel.__heap_base.value), held: new Map() };
}

const newMemory = () => new WebAssembly.Memory({ initial: 4, maximum: MAX_PAGES, shared: true });

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): WasmKernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  if (!isWasmKernel(exports)) throw new Error('the WebAssembly kernel lacks a function; build it anew');
  return exports;
}

interface WasmRows {
  readonly numeric: number;
  readonly categorical: number;
  readonly lists: number;
  /** The values of the longest list. */
  readonly longest: number;
  readonly labels: number;
  readonly weights: number;
  readonly allLabelled: boolean;
}

/** A memory in which machines lie beside each other, and the rows that they hold. */
interface Home {
  readonly memory: WebAssembly.Memory;
  readonly kernel: WasmKernel;
  readonly heap: WasmHeap;
  readonly held: Map<EncodedRows, { readonly copy: WasmRows; users: number }>;
}

class WasmMachine implements Machine {
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  private readonly copies = new WeakMap<
    MachineRows,
    { readonly rows: EncodedRows; readonly copy: WasmRows }
  >();
  private readonly kernel: WasmKernel;
  private readonly heap: WasmHeap;
  private readonly settings: number;
  private indices: number;
  private indexRoom = 1024;
  /** Memory for the blocks of a batch (kernel/threads/stages.h): where it lies, and its size in bytes. */
  private store = 0;
  private storeRoom = 0;
  private closed = false;

  private constructor(
    readonly home: Home,
    readonly instance: number,
    plan: StepPlan,
    readonly network: NetworkDescription,
  ) {
    const { kernel, heap } = home;
    this.kernel = kernel;
    this.heap = heap;
    const arena = takeArena(heap, 4 * plan.arenaLength);
    const { buffer } = heap.memory;
    this.floats = new Float32Array(buffer, arena, plan.arenaLength);
    // Rows may have lain there.
    this.floats.fill(0);
    this.doubles = new Float64Array(buffer, arena, plan.arenaLength / 2);
    new Int32Array(buffer, arena, plan.arenaLength).set(plan.integers, plan.at);
    const { input, tasks } = network;
    kernel.configure(instance, arena, arena + 4 * plan.at, input.numeric, input.fields.length, tasks.length);
    this.settings = heap.take(4 * optimizerLength);
    this.indices = heap.take(4 * this.indexRoom);
  }

  static async open(
    module: WebAssembly.Module,
    plan: StepPlan,
    network: NetworkDescription,
    beside?: Machine,
  ): Promise<WasmMachine> {
    const home = beside instanceof WasmMachine ? beside.home : newHome(module);
    const { memory, kernel, heap } = home;
    const instance = heap.take(kernel.instance_bytes());
    const machine = new WasmMachine(home, instance, plan, network);
    const others = Array.from({ length: plan.threads - 1 }, (_, i) => {
      const stack = heap.take(STACK_BYTES) + STACK_BYTES;
      return startWorker({ module, memory, instance, number: i + 1, stack });
    });
    await Promise.all(others);
    return machine;
  }

  load(rows: EncodedRows): MachineRows {
    checkLengths(rows, this.network);
    const { sizes, classes } = limitsOf(this.network);
    const { held } = this.home;
    const shared = held.get(rows) ?? { copy: this.copyRows(rows), users: 0 };
    shared.users++;
    held.set(rows, shared);
    const { copy } = shared;
    const limits = [this.copy(sizes), this.copy(classes)] as const;
    const lists = [copy.lists, rows.lists?.length ?? 0] as const;
    const wrong = this.kernel.check_rows(
      this.instance,
      copy.categorical,
      ...lists,
      copy.labels,
      rows.rows,
      ...limits,
    );
    for (const at of limits) this.heap.give(at);
    const loaded = { rows: rows.rows, release: () => this.release(loaded) };
    this.copies.set(loaded, { rows, copy });
    if (wrong >= 0) {
      loaded.release();
      throw rowDoesNotFit(wrong);
    }
    return loaded;
  }

  private release(loaded: MachineRows): void {
    const own = this.copies.get(loaded);
    if (own === undefined) return;
    this.copies.delete(loaded);
    const { rows, copy } = own;
    const { held } = this.home;
    const shared = held.get(rows)!;
    if (--shared.users > 0) return;
    held.delete(rows);
    for (const at of [copy.numeric, copy.categorical, copy.lists, copy.labels, copy.weights])
      this.heap.give(at);
  }

  private copyRows({ numeric, categorical, lists, labels, weights }: EncodedRows): WasmRows {
    const longest = lists === undefined ? 0 : longestList(lists);
    return {
      numeric: this.copy(numeric),
      categorical: this.copy(categorical),
      lists: lists === undefined ? 0 : this.copy(lists),
      longest,
      labels: this.copy(labels),
      weights: weights === null ? 0 : this.copy(weights),
      allLabelled: weights === null && !labels.some(Number.isNaN),
    };
  }

  private copy(values: Float32Array | Int32Array): number {
    const at = this.heap.take(values.byteLength);
    const { buffer } = this.heap.memory;
    if (values instanceof Float32Array) new Float32Array(buffer, at, values.length).set(values);
    else new Int32Array(buffer, at, values.length).set(values);
    return at;
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
    const held = this.copies.get(rows)?.copy;
    if (held === undefined) throw new Error('these rows were released, or belong to another engine');
    if (this.closed) throw new Error('the engine was disposed of');
    const taken = indices.subarray(first, first + count);
    if (taken.length !== count || taken.some((index) => index >= rows.rows))
      throw new Error('an index is outside the rows');
    if (count > this.indexRoom) {
      this.heap.give(this.indices);
      this.indexRoom = count;
      this.indices = this.heap.take(4 * count);
    }
    const { buffer } = this.heap.memory;
    new Uint32Array(buffer, this.indices, count).set(taken);
    new Int32Array(buffer, this.settings, optimizerLength).set(settings);
    const { numeric, categorical, lists, longest, labels, weights, allLabelled } = held;
    const { kernel, instance } = this;
    const data = [numeric, categorical, lists, longest, labels, weights, allLabelled ? 1 : 0] as const;
    if (mode !== modes.evaluate) this.makeRoom(kernel.store_bytes(instance, longest, count));
    kernel.prepare(instance, ...data, this.indices, count, mode, want, this.settings, this.store);
    kernel.begin(instance);
    kernel.run_thread(instance, 0);
  }

  private makeRoom(bytes: number): void {
    if (bytes <= this.storeRoom) return;
    if (this.storeRoom > 0) this.heap.give(this.store);
    this.storeRoom = 0;
    this.store = takeArena(this.heap, bytes);
    this.storeRoom = bytes;
    new Uint8Array(this.heap.memory.buffer, this.store, bytes).fill(0);
  }

  readStore(length: number): Float32Array {
    return new Float32Array(this.heap.memory.buffer, this.store, length).slice();
  }

  close(): void {
    this.closed = true;
    this.kernel.quit(this.instance);
  }
}

function takeArena(heap: WasmHeap, bytes: number): number {
  try {
    return heap.take(bytes);
  } catch (error) {
    throw error instanceof RangeError ? networkTooLarge() : error;
  }
}

/** Resolves when the worker is about to serve; it does not keep the process alive. */
function startWorker(workerData: {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  instance: number;
  number: number;
  stack: number;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerProgram, { eval: true, workerData });
    worker.once('error', reject);
    worker.once('message', () => {
      worker.unref();
      resolve();
    });
  });
}
