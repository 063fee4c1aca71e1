import type { Engine, LoadedRows } from '../../engine/engine.js';
import { seededUniform } from '../../network/draws/random.js';
import { weightedSum } from './flat.js';
import type { LossWeighting, WeightedTask } from './weighting.js';

/**
 * PCGrad (Yu et al. 2020, algorithm 1): of each task's gradient by the shared parameters, what points against
 * another task's is taken away, the others in random order: where g_i · g_j < 0, g_i ← g_i − (g_i · g_j /
 * ‖g_j‖²) g_j, with the others' original g_j; the sum is the step's gradient. Gradients include the
 * experiment's factors; parameters of one task alone keep theirs.
 */
export class ProjectedGradients implements LossWeighting {
  private steps = 0;
  /** Belongs to one engine: a training has one. */
  private mask: Float32Array | null = null;

  /** `shared`: names of the parameters that more than one task uses. */
  constructor(
    private readonly tasks: readonly WeightedTask[],
    private readonly shared: ReadonlySet<string>,
    private readonly seed: number,
  ) {}

  step(engine: Engine, rows: LoadedRows, indices: Uint32Array, rate: number): Float64Array {
    const { losses, gradients } = engine.taskGradients(rows, indices);
    const own = gradients.map((gradient, k) => gradient.map((value) => value * this.tasks[k]!.lossWeight));
    const draw = seededUniform(this.seed, `pcgrad ${this.steps++}`);
    const projected = project(own, (this.mask ??= engine.mask(this.shared)), draw);
    engine.applyGradient(
      weightedSum(
        projected,
        projected.map(() => 1),
      ),
      { rate },
    );
    return losses;
  }

  endEpoch(): void {
    // Each step stands for itself.
  }

  weights(): null {
    return null;
  }

  state(): number[] {
    return [this.steps];
  }

  restore(state: readonly number[]): void {
    this.steps = state[0] ?? 0;
  }
}

/** Each gradient with its conflicts taken away, where `mask` is 1. */
export function project(
  gradients: readonly Float32Array[],
  mask: Float32Array,
  draw: () => number,
): Float32Array[] {
  const squares = gradients.map((gradient) => dot(gradient, gradient, mask));
  return gradients.map((gradient, i) => {
    const own = Float32Array.from(gradient);
    for (const j of shuffled(gradients.length, draw)) {
      if (j === i || squares[j] === 0) continue;
      const along = dot(own, gradients[j]!, mask);
      if (!(along < 0)) continue;
      const factor = along / squares[j]!;
      const other = gradients[j]!;
      for (let p = 0; p < own.length; p++) own[p]! -= factor * mask[p]! * other[p]!;
    }
    return own;
  });
}

function dot(a: Float32Array, b: Float32Array, mask: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += mask[i]! * a[i]! * b[i]!;
  return sum;
}

function shuffled(count: number, draw: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
