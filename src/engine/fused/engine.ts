import type { NamedArrays } from '../../network/parameters.js';
import { stepKey } from '../../network/draws.js';
import type { EncodedRows } from '../../network/rows.js';
import { levelWidth } from '../../network/widths.js';
import {
  DivergedError,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type Evaluation,
  type LoadedRows,
  type OptimizerState,
} from '../engine.js';
import { chooseTarget } from './choose-target.js';
import { mode, status, stepSetting, want as wanted } from './codes.js';
import { SETTINGS, type Machine, type MachineRows, type Target } from './machine.js';
import { pack, unpack } from './packing.js';
import { makePlan, type Plan } from './plan.js';

export { NoKernelError } from './choose-target.js';

/** As kernel/machine.h. */
const MOST_THREADS = 256;
const BLOCK_ROWS = 64;
const EVALUATION_ROWS = 1024;

/**
 * The engine of src/engine/fused/kernel/: forward, backward and the optimiser of the whole network in one call.
 * `target`: one of `targetNames`, or `native avx2` and the like; without it the fastest that loads.
 */
export async function createFusedEngine(options: EngineOptions, target?: string, folder?: string): Promise<Engine> {
  const chosen = await chooseTarget(target, folder);
  return openFusedEngine(options, chosen.target, chosen.why);
}

/** As `createFusedEngine`, with a kernel that is loaded already. */
export async function openFusedEngine(options: EngineOptions, target: Target, why: string): Promise<Engine> {
  const threads = Math.min(MOST_THREADS, Math.max(1, Math.floor(options.threads)));
  const plan = makePlan(options.description, { width: target.width, threads, blockRows: BLOCK_ROWS, evaluationRows: EVALUATION_ROWS });
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
  readonly #loaded = new WeakMap<LoadedRows, MachineRows>();

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
    this.#results = machine.doubles.subarray(plan.results / 2, plan.results / 2 + 1 + options.description.tasks.length);
    const { buffer, byteOffset } = machine.floats;
    const step = [buffer, byteOffset + 4 * plan.step, stepSetting.LENGTH] as const;
    this.#stepSettings = { ints: new Int32Array(...step), floats: new Float32Array(...step) };
    machine.floats.set(plan.constants.values, plan.constants.at);
    machine.floats.set(
      options.description.tasks.map(({ lossWeight }) => lossWeight),
      plan.lossWeights,
    );
    this.setWeights(options.weights);
  }

  load(rows: EncodedRows): LoadedRows {
    const held = this.machine.load(rows);
    const loaded = { rows: rows.rows, release: () => held.release() };
    this.#loaded.set(loaded, held);
    return loaded;
  }

  step(rows: LoadedRows, indices: Uint32Array): Float64Array {
    this.#settle();
    this.machine.run(this.#held(rows), indices, 0, indices.length, mode.STEP, 0, this.#settings);
    this.#throwIfDiverged();
    this.#step++;
    return this.#results.slice(1);
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    this.#settleDraws();
    this.machine.run(this.#held(rows), indices, 0, indices.length, mode.GRADIENTS, 0, this.#settings);
    this.#throwIfDiverged();
    const { gradients: at, parameters, pieces } = this.plan;
    const flat = this.machine.floats.subarray(at, at + parameters);
    const gradients = unpack(flat, this.options.description, pieces);
    return { losses: this.#results.slice(1), gradients };
  }

  evaluate(rows: LoadedRows, indices: Uint32Array, want: { routes?: boolean; experts?: boolean } = {}): Evaluation {
    const { description } = this.options;
    const count = indices.length;
    const { evaluation } = this.plan;
    const widths = description.levels.map((level) => ({
      routes: level.streams.length * level.experts.length,
      experts: level.experts.length * levelWidth(level),
    }));
    const predictions = description.tasks.map(({ outputs }) => new Float32Array(count * outputs));
    const routes = want.routes === true ? widths.map((width) => new Float32Array(count * width.routes)) : null;
    const experts = want.experts === true ? widths.map((width) => new Float32Array(count * width.experts)) : null;
    const asked = (routes === null ? 0 : wanted.ROUTES) | (experts === null ? 0 : wanted.EXPERTS);
    const held = this.#held(rows);
    for (let first = 0; first < count; first += evaluation.rows) {
      const part = Math.min(evaluation.rows, count - first);
      this.machine.run(held, indices, first, part, mode.EVALUATE, asked, this.#settings);
      const take = (to: Float32Array, from: number, width: number) =>
        to.set(this.machine.floats.subarray(from, from + part * width), first * width);
      predictions.forEach((to, task) => take(to, evaluation.predictions[task]!, description.tasks[task]!.outputs));
      routes?.forEach((to, l) => take(to, evaluation.levels[l]!.routes, widths[l]!.routes));
      experts?.forEach((to, l) => take(to, evaluation.levels[l]!.experts, widths[l]!.experts));
    }
    return { rows: count, predictions, routes, experts };
  }

  taskGradients(): { losses: Float64Array; gradients: readonly Float32Array[] } {
    throw new Error('not built yet');
  }

  applyGradient(): void {
    throw new Error('not built yet');
  }

  mask(): Float32Array {
    throw new Error('not built yet');
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
      for (const [name, array] of unpack(flat, this.options.description, this.plan.pieces, suffix)) moments.set(name, array);
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
  #settle(): void {
    this.#settleDraws();
    const { optimizer, learningRate, beta1, beta2, epsilon, momentum } = this.options.optimizer;
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

  #settleDraws(): void {
    this.#stepSettings.ints[stepSetting.KEY] = stepKey(this.options.seed ?? 0, this.#step);
  }

  #throwIfDiverged(): void {
    const code = this.#results[0]!;
    if (code === status.DONE) return;
    const task = code >= status.LOSS_NOT_FINITE ? code - status.LOSS_NOT_FINITE : this.#taskWithoutFiniteTower();
    throw new DivergedError(this.options.description.tasks[task]!.name, this.#step + 1);
  }

  /** Where the gradient is not finite though the losses are: the first task whose tower took it; the first one if none did. */
  #taskWithoutFiniteTower(): number {
    const weights = [...this.weights()];
    const found = this.options.description.tasks.findIndex(({ name }) =>
      weights.some(([parameter, { data }]) => parameter.startsWith(`towers.${name}.`) && !data.every(Number.isFinite)),
    );
    return Math.max(0, found);
  }
}
