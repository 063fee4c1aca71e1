import { maxThreads } from '../../shared/threads.js';
import { parameterSpecs, size, type NamedArrays } from '../../network/parameters.js';
import { valuesOfEntry } from '../../network/fields/lists.js';
import { stepKey } from '../../network/draws/draws.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
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
import { evaluateInParts } from './evaluation.js';
import { chooseTarget } from './machine/choose-target.js';
import { mode, piecesPerThread, status, want as wanted } from './format/numbers.js';
import { structMemory, type StructMemory } from './format/kinds.js';
import { optimizerLength, stepLength, writeStep } from './format/plan-header.js';
import type { Machine, MachineRows, Target } from './machine/machine.js';
import { setOptimizer } from './optimizer-settings.js';
import { addDistances } from './plan/optimizer-plan.js';
import { makeStepPlan, type StepPlan } from './plan/step-plan.js';
import { addKept, packParameters, sumSuffix, unpackParameters, type Packed } from './program/packing.js';
import { sparseExperts } from './plan/experts/sparse-choice.js';

export { NoKernelError } from './machine/choose-target.js';

const BLOCK_ROWS = 64;
/**
 * An expert is computed for its own rows alone where it is expected to take at most this share of them.
 * Measured in rows per second against the same network computed densely (AVX-512, two tasks, 64 inputs): top
 * 2 of 16 experts 64 wide 5 times, of 64 experts 5 to 9 times, 4 of 16 1.2 times; top 2 of 8 experts 16 wide
 * 1.1 times, 4 of 8 0.7 times.
 */
const SPARSE_BELOW = 0.5;
/** Larger blocks let an expert's few rows fill whole tiles: 1.05 to 1.3 times the rows per second of 64. */
const SPARSE_BLOCK_ROWS = 128;
/** The rows that are evaluated at once; src/network/memory-estimate.ts allows for more. */
const EVALUATION_ROWS = 1024;

/**
 * Creates the engine of src/engine/fused/kernel, which computes forward, backward and the optimiser of the
 * whole network in one call. `target` names a kernel (machine/choose-target.ts); without it the fastest that
 * loads is chosen.
 */
export async function createFusedEngine(
  options: EngineOptions,
  target?: string,
  folder?: string,
): Promise<Engine> {
  const { beside } = options;
  if (beside instanceof FusedEngine) return openFusedEngine(options, beside.target, beside.info.why);
  const chosen = await chooseTarget(target, folder);
  return openFusedEngine(options, chosen.target, chosen.why);
}

/** Creates the engine with a kernel that is loaded already. */
export async function openFusedEngine(
  options: EngineOptions,
  target: Target,
  why: string,
  { sparseBelow = SPARSE_BELOW }: { sparseBelow?: number } = {},
): Promise<Engine> {
  const threads = Math.min(maxThreads, Math.max(1, Math.floor(options.threads)));
  const isSparse = options.description.levels.some((level) => sparseExperts(level, sparseBelow).size > 0);
  const plan = makeStepPlan(options.description, {
    width: target.width,
    threads,
    blockRows: isSparse ? SPARSE_BLOCK_ROWS : BLOCK_ROWS,
    evaluationRows: EVALUATION_ROWS,
    sparseBelow,
    decays: (options.optimizer.weightDecay ?? 0) > 0,
    tables: options.optimizer.tables ?? 'dense',
    moments: options.optimizer.optimizer === 'adam' ? 2 : 1,
  });
  const beside = options.beside instanceof FusedEngine ? options.beside.machine : undefined;
  const machine = await target.open(plan, options.description, beside);
  return new FusedEngine(options, plan, target, machine, {
    name: 'fused',
    target: target.name,
    threads,
    why,
  });
}

class FusedEngine implements Engine {
  /** Steps done; Adam's t is one more. */
  private steps = 0;
  /** Holds a struct optimizer. */
  private readonly optimizerSettings = structMemory(new ArrayBuffer(4 * optimizerLength), 0, optimizerLength);
  private readonly results: Float64Array;
  /** Holds a struct step_settings, in the arena. */
  private readonly stepSettings: StructMemory;
  private readonly weightValues: Float32Array;
  private readonly firstMoments: Float32Array;
  private readonly secondMoments: Float32Array;
  private readonly gradient: Float32Array;
  private readonly squares: Float64Array;
  private readonly lossWeights: Float32Array;
  /** The loss weights of the description. */
  private readonly ownWeights: readonly number[];
  private readonly loaded = new WeakMap<
    LoadedRows,
    { readonly held: MachineRows; readonly data: EncodedRows }
  >();
  /** The rows of the last `taskGradients`. */
  private lastRows: LoadedRows | null = null;

  constructor(
    readonly options: EngineOptions,
    readonly plan: StepPlan,
    readonly target: Target,
    readonly machine: Machine,
    readonly info: EngineInfo,
  ) {
    const flat = (at: number) => machine.floats.subarray(at, at + plan.parameters);
    this.weightValues = flat(plan.weights);
    this.firstMoments = flat(plan.firstMoments);
    this.secondMoments = flat(plan.secondMoments);
    this.gradient = flat(plan.gradients);
    this.squares = machine.doubles.subarray(
      plan.squares / 2,
      plan.squares / 2 + piecesPerThread * info.threads,
    );
    this.ownWeights = options.description.tasks.map(({ lossWeight }) => lossWeight);
    this.lossWeights = machine.floats.subarray(
      plan.lossWeights,
      plan.lossWeights + options.description.tasks.length,
    );
    this.results = machine.doubles.subarray(
      plan.results / 2,
      plan.results / 2 + 1 + options.description.tasks.length,
    );
    const { buffer, byteOffset } = machine.floats;
    this.stepSettings = structMemory(buffer, byteOffset + 4 * plan.step, stepLength);
    machine.floats.set(plan.constants.values, plan.constants.at);
    this.setWeights(options.weights);
  }

  load(rows: EncodedRows): LoadedRows {
    const held = this.machine.load(rows);
    const loaded = { rows: rows.rows, release: () => held.release() };
    this.loaded.set(loaded, { held, data: rows });
    return loaded;
  }

  step(rows: LoadedRows, indices: Uint32Array, { rate = 1, lossWeights }: StepOptions = {}): Float64Array {
    const clips = this.options.optimizer.clipNorm !== undefined;
    const decay = this.prepareUpdate(rate);
    this.weigh(lossWeights);
    this.run(rows, indices, clips ? mode.gradients : mode.step, wanted.move, { decay });
    const losses = this.results.slice(1);
    if (clips) {
      const scale = this.clipScale(() => Math.sqrt(this.squares.reduce((sum, square) => sum + square, 0)));
      this.run(rows, new Uint32Array(0), mode.apply, 0, { decay, scale });
    }
    this.steps++;
    return losses;
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    this.weigh();
    this.run(rows, indices, mode.gradients, 0);
    const losses = this.results.slice(1);
    const gradients = unpackParameters({ ...this.packed(this.gradient), arena: null });
    const { keptWidth, pieces } = this.plan;
    if (keptWidth > 0) {
      const { data } = this.loaded.get(rows)!;
      const fields = this.options.description.input.fields.length;
      addKept(gradients, pieces, {
        values: this.machine.readStore(keptWidth * indices.length),
        chosen: (field, row, several) =>
          valuesOfEntry({ several }, data, data.categorical[indices[row]! * fields + field]!),
        rows: indices.length,
      });
    }
    return { losses, gradients };
  }

  evaluate(
    rows: LoadedRows,
    indices: Uint32Array,
    want: { routes?: boolean; experts?: boolean } = {},
    spent?: Evaluation,
  ): Evaluation {
    const held = this.held(rows);
    const { ints } = this.optimizerSettings;
    return evaluateInParts(
      this.options.description,
      { ...this.plan.evaluation, floats: this.machine.floats },
      indices.length,
      want,
      (first, count, asked) => this.machine.run(held, indices, first, count, mode.evaluate, asked, ints),
      spent,
    );
  }

  taskGradients(
    rows: LoadedRows,
    indices: Uint32Array,
  ): { losses: Float64Array; gradients: readonly Float32Array[] } {
    this.held(rows);
    this.refuseTables();
    this.lastRows = rows;
    const { tasks } = this.options.description;
    const gradients = tasks.map((_, task) => {
      this.weigh(tasks.map((__, other) => (other === task ? 1 : 0)));
      // One forward pass counts: running statistics move once.
      this.run(rows, indices, mode.gradients, wanted.bare | (task === 0 ? wanted.move : 0));
      return this.gradient.slice();
    });
    return { losses: this.results.slice(1), gradients };
  }

  applyGradient(gradient: Float32Array, { rate = 1 }: Pick<StepOptions, 'rate'> = {}): void {
    if (this.lastRows === null) throw new Error('there is no forward pass that this gradient could be of');
    this.gradient.set(gradient);
    addDistances(this.plan.distances, this.weightValues, this.gradient);
    const decay = this.prepareUpdate(rate);
    const scale = this.clipScale(() => norm(this.gradient));
    this.run(this.lastRows, new Uint32Array(0), mode.apply, 0, { decay, scale });
    this.steps++;
  }

  mask(names: ReadonlySet<string>): Float32Array {
    this.refuseTables();
    const { description } = this.options;
    const mask = new Float32Array(this.plan.parameters);
    const ones: NamedArrays = new Map(
      parameterSpecs(description).map(({ name, shape }) => [
        name,
        { shape, data: new Float32Array(size(shape)).fill(names.has(name) ? 1 : 0) },
      ]),
    );
    packParameters(ones, this.packed(mask));
    return mask;
  }

  weights(): NamedArrays {
    return unpackParameters(this.packed(this.weightValues));
  }

  setWeights(weights: NamedArrays): void {
    packParameters(weights, this.packed(this.weightValues));
  }

  optimizerState(): OptimizerState {
    const moments: NamedArrays = new Map();
    for (const packed of this.moments())
      for (const [name, array] of unpackParameters(packed)) moments.set(name, array);
    return { step: this.steps, moments };
  }

  setOptimizerState(state: OptimizerState): void {
    for (const packed of this.moments()) packParameters(state.moments, packed, state.moments.size === 0);
    this.steps = state.step;
  }

  dispose(): void {
    this.machine.close();
  }

  private packed(flat: Float32Array, rank: Packed['rank'] = 0, suffix = ''): Packed {
    const { machine, options, plan } = this;
    return { network: options.description, pieces: plan.pieces, flat, arena: machine.floats, rank, suffix };
  }

  private moments(): Packed[] {
    const { optimizer, tables } = this.options.optimizer;
    return [
      ...(optimizer === 'sgd'
        ? [this.packed(this.firstMoments, 1, '.momentum')]
        : [this.packed(this.firstMoments, 1, '.m'), this.packed(this.secondMoments, 2, '.v')]),
      ...(tables === 'rowwise-adagrad' ? [this.packed(this.firstMoments, 1, sumSuffix)] : []),
    ];
  }

  /** Of a table only the rows of a batch have a gradient, and no flat array has them. */
  private refuseTables(): void {
    if (this.plan.keptWidth > 0)
      throw new Error('gradients of tables that move row by row cannot be had alone');
  }

  private held(rows: LoadedRows): MachineRows {
    const loaded = this.loaded.get(rows);
    if (loaded === undefined) throw new Error('these rows were loaded by another engine');
    return loaded.held;
  }

  /** Sets the optimiser's settings for the next step. Returns what weights that decay lose in it. */
  private prepareUpdate(rate: number): number {
    const { weightDecay = 0, learningRate } = this.options.optimizer;
    setOptimizer(this.optimizerSettings, this.options.optimizer, this.steps + 1, rate);
    return rate * learningRate * weightDecay;
  }

  private weigh(weights: ArrayLike<number> = this.ownWeights): void {
    this.lossWeights.set(weights);
  }

  /**
   * Returns what scales the gradient down to the largest norm that is allowed; `norm` is asked for if needed.
   */
  private clipScale(norm: () => number): number {
    const { clipNorm } = this.options.optimizer;
    if (clipNorm === undefined) return 1;
    const length = norm();
    return length > clipNorm ? clipNorm / length : 1;
  }

  /** Runs the rows in one of the modes of a step to come, with its draws. */
  private run(
    rows: LoadedRows,
    indices: Uint32Array,
    what: number,
    want: number,
    { decay = 0, scale = 1 }: { readonly decay?: number; readonly scale?: number } = {},
  ): void {
    const key = stepKey(this.options.seed ?? 0, this.steps);
    writeStep(this.stepSettings, { key, decay, scale });
    this.machine.run(this.held(rows), indices, 0, indices.length, what, want, this.optimizerSettings.ints);
    this.throwIfDiverged();
  }

  private throwIfDiverged(): void {
    const code = this.results[0]!;
    if (code === status.done) return;
    const task = code >= status.lossNotFinite ? code - status.lossNotFinite : this.taskWithoutFiniteTower();
    throw new DivergedError(this.options.description.tasks[task]!.name, this.steps + 1);
  }

  /**
   * Returns whom to blame where the gradient is not finite although the losses are: the first task whose
   * tower took it, or the first one if none did.
   */
  private taskWithoutFiniteTower(): number {
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
