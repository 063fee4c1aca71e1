import { parameterSpecs, size, type NamedArrays } from '../../network/parameters.js';
import { stepKey } from '../../network/draws.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { levelWidth } from '../../network/widths.js';
import {
  DivergedError,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type Evaluation,
  type LoadedRows,
  type OptimizerState,
  type StepOptions,
} from '../engine.js';
import { chooseTarget } from './machine/choose-target.js';
import { mode, piecesPerThread, status, stepSetting, want as wanted } from './program/codes.js';
import { SETTINGS, type Machine, type MachineRows, type Target } from './machine/machine.js';
import { addDistances } from './plan/optimizer-plan.js';
import { pack, unpack } from './program/packing.js';
import { makePlan, type Plan } from './plan/step-plan.js';
import { sparseExperts } from './plan/sparse-plan.js';

export { NoKernelError } from './machine/choose-target.js';

/** As kernel/machine.h. */
const MOST_THREADS = 256;
const BLOCK_ROWS = 64;
/**
 * Rows per second of top-k gates against the same network computed densely, AVX-512, two tasks, 64 inputs:
 * top 2 of 16 experts 64 wide 5 times, of 64 experts 5 to 9 times, 4 of 16 1.2 times; top 2 of 8 experts 16
 * wide 1.1 times, 4 of 8 0.7 times.
 */
const SPARSE_BELOW = 0.5;
/** An expert's few rows fill whole tiles better: 1.05 to 1.3 times the rows per second of 64. */
const SPARSE_BLOCK_ROWS = 128;
/** The rows that are evaluated at once; the memory estimate of src/network/memory.ts allows for more. */
const EVALUATION_ROWS = 1024;

/**
 * The engine of src/engine/fused/kernel/: forward, backward and the optimiser of the whole network in one
 * call. `target`: one of `targetNames`, or `native avx2` and the like; without it the fastest that loads.
 */
export async function createFusedEngine(
  options: EngineOptions,
  target?: string,
  folder?: string,
): Promise<Engine> {
  const chosen = await chooseTarget(target, folder);
  return openFusedEngine(options, chosen.target, chosen.why);
}

/** As `createFusedEngine`, with a kernel that is loaded already. */
export async function openFusedEngine(
  options: EngineOptions,
  target: Target,
  why: string,
  { sparseBelow = SPARSE_BELOW }: { sparseBelow?: number } = {},
): Promise<Engine> {
  const threads = Math.min(MOST_THREADS, Math.max(1, Math.floor(options.threads)));
  const isSparse = options.description.levels.some((level) => sparseExperts(level, sparseBelow).size > 0);
  const plan = makePlan(options.description, {
    width: target.width,
    threads,
    blockRows: isSparse ? SPARSE_BLOCK_ROWS : BLOCK_ROWS,
    evaluationRows: EVALUATION_ROWS,
    sparseBelow,
    decays: (options.optimizer.weightDecay ?? 0) > 0,
  });
  const machine = await target.open(plan, options.description);
  return new FusedEngine(options, plan, machine, { name: 'fused', target: target.name, threads, why });
}

class FusedEngine implements Engine {
  /** Steps done; Adam's t is one more. */
  #step = 0;
  readonly #settings = new Float32Array(SETTINGS);
  readonly #results: Float64Array;
  readonly #stepSettings: { readonly ints: Int32Array; readonly floats: Float32Array };
  readonly #weights: Float32Array;
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  readonly #gradient: Float32Array;
  readonly #squares: Float64Array;
  readonly #lossWeights: Float32Array;
  /** Those of the description. */
  readonly #ownWeights: readonly number[];
  readonly #loaded = new WeakMap<LoadedRows, MachineRows>();
  /** Of the last `taskGradients`. */
  #lastRows: LoadedRows | null = null;

  constructor(
    readonly options: EngineOptions,
    readonly plan: Plan,
    readonly machine: Machine,
    readonly info: EngineInfo,
  ) {
    const flat = (at: number) => machine.floats.subarray(at, at + plan.parameters);
    this.#weights = flat(plan.weights);
    this.#first = flat(plan.firstMoments);
    this.#second = flat(plan.secondMoments);
    this.#gradient = flat(plan.gradients);
    this.#squares = machine.doubles.subarray(
      plan.squares / 2,
      plan.squares / 2 + piecesPerThread * info.threads,
    );
    this.#ownWeights = options.description.tasks.map(({ lossWeight }) => lossWeight);
    this.#lossWeights = machine.floats.subarray(
      plan.lossWeights,
      plan.lossWeights + options.description.tasks.length,
    );
    this.#results = machine.doubles.subarray(
      plan.results / 2,
      plan.results / 2 + 1 + options.description.tasks.length,
    );
    const { buffer, byteOffset } = machine.floats;
    const step = [buffer, byteOffset + 4 * plan.step, stepSetting.LENGTH] as const;
    this.#stepSettings = { ints: new Int32Array(...step), floats: new Float32Array(...step) };
    machine.floats.set(plan.constants.values, plan.constants.at);
    this.setWeights(options.weights);
  }

  load(rows: EncodedRows): LoadedRows {
    const held = this.machine.load(rows);
    const loaded = { rows: rows.rows, release: () => held.release() };
    this.#loaded.set(loaded, held);
    return loaded;
  }

  step(rows: LoadedRows, indices: Uint32Array, { rate = 1, lossWeights }: StepOptions = {}): Float64Array {
    this.#settle(rate);
    this.#weigh(lossWeights);
    const clips = this.options.optimizer.clipNorm !== undefined;
    this.#stepSettings.floats[stepSetting.SCALE] = 1;
    this.#run(rows, indices, clips ? mode.GRADIENTS : mode.STEP, wanted.MOVE);
    const losses = this.#results.slice(1);
    if (clips) {
      this.#scale(() => Math.sqrt(this.#squares.reduce((sum, square) => sum + square, 0)));
      this.#run(rows, new Uint32Array(0), mode.APPLY, 0);
    }
    this.#step++;
    return losses;
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    this.#settleDraws();
    this.#weigh();
    this.#run(rows, indices, mode.GRADIENTS, 0);
    return {
      losses: this.#results.slice(1),
      gradients: unpack(this.#gradient, this.options.description, this.plan.pieces),
    };
  }

  evaluate(
    rows: LoadedRows,
    indices: Uint32Array,
    want: { routes?: boolean; experts?: boolean } = {},
    spent?: Evaluation,
  ): Evaluation {
    const { description } = this.options;
    const count = indices.length;
    const { evaluation } = this.plan;
    const widths = description.levels.map((level) => ({
      routes: level.streams.length * level.experts.length,
      experts: level.experts.length * levelWidth(level),
    }));
    const predictions = description.tasks.map(({ outputs }, task) =>
      room(count * outputs, spent?.predictions[task]),
    );
    const routes =
      want.routes === true ? widths.map((width, l) => room(count * width.routes, spent?.routes?.[l])) : null;
    const experts =
      want.experts === true
        ? widths.map((width, l) => room(count * width.experts, spent?.experts?.[l]))
        : null;
    const asked = (routes === null ? 0 : wanted.ROUTES) | (experts === null ? 0 : wanted.EXPERTS);
    const held = this.#held(rows);
    for (let first = 0; first < count; first += evaluation.rows) {
      const part = Math.min(evaluation.rows, count - first);
      this.machine.run(held, indices, first, part, mode.EVALUATE, asked, this.#settings);
      const take = (to: Float32Array, from: number, width: number) =>
        to.set(this.machine.floats.subarray(from, from + part * width), first * width);
      predictions.forEach((to, task) =>
        take(to, evaluation.predictions[task]!, description.tasks[task]!.outputs),
      );
      routes?.forEach((to, l) => take(to, evaluation.levels[l]!.routes, widths[l]!.routes));
      experts?.forEach((to, l) => take(to, evaluation.levels[l]!.experts, widths[l]!.experts));
    }
    return { rows: count, predictions, routes, experts };
  }

  taskGradients(
    rows: LoadedRows,
    indices: Uint32Array,
  ): { losses: Float64Array; gradients: readonly Float32Array[] } {
    this.#held(rows);
    this.#lastRows = rows;
    this.#settleDraws();
    const { tasks } = this.options.description;
    const gradients = tasks.map((_, task) => {
      this.#weigh(tasks.map((__, other) => (other === task ? 1 : 0)));
      // One forward pass counts: running statistics move once.
      this.#run(rows, indices, mode.GRADIENTS, wanted.BARE | (task === 0 ? wanted.MOVE : 0));
      return this.#gradient.slice();
    });
    return { losses: this.#results.slice(1), gradients };
  }

  applyGradient(gradient: Float32Array, { rate = 1 }: Pick<StepOptions, 'rate'> = {}): void {
    if (this.#lastRows === null) throw new Error('there is no forward pass that this gradient could be of');
    this.#gradient.set(gradient);
    addDistances(this.plan.distances, this.#weights, this.#gradient);
    this.#settle(rate);
    this.#scale(() => norm(this.#gradient));
    this.#run(this.#lastRows, new Uint32Array(0), mode.APPLY, 0);
    this.#step++;
  }

  mask(names: ReadonlySet<string>): Float32Array {
    const { description } = this.options;
    const mask = new Float32Array(this.plan.parameters);
    const ones: NamedArrays = new Map(
      parameterSpecs(description).map(({ name, shape }) => [
        name,
        { shape, data: new Float32Array(size(shape)).fill(names.has(name) ? 1 : 0) },
      ]),
    );
    pack(ones, mask, description, this.plan.pieces);
    return mask;
  }

  weights(): NamedArrays {
    return unpack(this.#weights, this.options.description, this.plan.pieces);
  }

  setWeights(weights: NamedArrays): void {
    pack(weights, this.#weights, this.options.description, this.plan.pieces);
  }

  optimizerState(): OptimizerState {
    const moments: NamedArrays = new Map();
    for (const [suffix, flat] of this.#moments()) {
      for (const [name, array] of unpack(flat, this.options.description, this.plan.pieces, suffix))
        moments.set(name, array);
    }
    return { step: this.#step, moments };
  }

  setOptimizerState(state: OptimizerState): void {
    for (const [suffix, flat] of this.#moments()) {
      pack(state.moments, flat, this.options.description, this.plan.pieces, suffix, state.moments.size === 0);
    }
    this.#step = state.step;
  }

  dispose(): void {
    this.machine.close();
  }

  #moments(): [string, Float32Array][] {
    if (this.options.optimizer.optimizer === 'sgd') return [['.momentum', this.#first]];
    return [
      ['.m', this.#first],
      ['.v', this.#second],
    ];
  }

  #held(rows: LoadedRows): MachineRows {
    const held = this.#loaded.get(rows);
    if (held === undefined) throw new Error('these rows were loaded by another engine');
    return held;
  }

  /** The kernel's settings for the next step (kernel/optimizer.h says the formula). */
  #settle(rate: number): void {
    this.#settleDraws();
    const { optimizer, beta1, beta2, epsilon, momentum, weightDecay = 0 } = this.options.optimizer;
    const learningRate = rate * this.options.optimizer.learningRate;
    this.#stepSettings.floats[stepSetting.DECAY] = learningRate * weightDecay;
    const adam = optimizer === 'adam';
    const s = this.#settings;
    const t = this.#step + 1;
    s[0] = adam ? 1 : 0;
    s[1] = adam ? learningRate / (1 - beta1 ** t) : learningRate;
    s[2] = beta1;
    s[3] = beta2;
    s[4] = 1 / Math.sqrt(1 - beta2 ** t);
    s[5] = epsilon;
    s[6] = momentum;
    s[7] = 1 - beta1;
    s[8] = 1 - beta2;
  }

  #weigh(weights: ArrayLike<number> = this.#ownWeights): void {
    this.#lossWeights.set(weights);
  }

  /** What scales the gradient down to its largest norm. */
  #scale(norm: () => number): void {
    const { clipNorm } = this.options.optimizer;
    const length = clipNorm === undefined ? 0 : norm();
    this.#stepSettings.floats[stepSetting.SCALE] =
      clipNorm !== undefined && length > clipNorm ? clipNorm / length : 1;
  }

  #run(rows: LoadedRows, indices: Uint32Array, what: number, want: number): void {
    this.machine.run(this.#held(rows), indices, 0, indices.length, what, want, this.#settings);
    this.#throwIfDiverged();
  }

  #settleDraws(): void {
    this.#stepSettings.ints[stepSetting.KEY] = stepKey(this.options.seed ?? 0, this.#step);
  }

  #throwIfDiverged(): void {
    const code = this.#results[0]!;
    if (code === status.DONE) return;
    const task =
      code >= status.LOSS_NOT_FINITE ? code - status.LOSS_NOT_FINITE : this.#taskWithoutFiniteTower();
    throw new DivergedError(this.options.description.tasks[task]!.name, this.#step + 1);
  }

  /**
   * Where the gradient is not finite though the losses are: the first task whose tower took it; the first one
   * if none did.
   */
  #taskWithoutFiniteTower(): number {
    const weights = [...this.weights()];
    const found = this.options.description.tasks.findIndex(({ name }) =>
      weights.some(
        ([parameter, { data }]) => parameter.startsWith(`towers.${name}.`) && !data.every(Number.isFinite),
      ),
    );
    return Math.max(0, found);
  }
}

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** An array of so many floats: the spent one's, where that has the room. */
function room(length: number, spent: Float32Array | undefined): Float32Array {
  return spent !== undefined && spent.buffer.byteLength >= 4 * length
    ? new Float32Array(spent.buffer, 0, length)
    : new Float32Array(length);
}
