import type { LevelDescription, NetworkDescription } from '../../network/description.js';
import type { ArrayIndex } from './arrays.js';
import type { Layout, LevelPlan } from './layout.js';
import { activate, layer, product, productOfData } from './ops.js';
import type { Tensor, Tensor2D, Tensor3D, Tf } from './tf.js';

/** What enters the graph besides its variables. */
export interface GraphInputs {
  /** [rows, dense width]; null: no such columns. */
  readonly dense: Tensor2D | null;
  /** [rows, embedded width]: embeddings' rows, looked up. */
  readonly embedded: Tensor2D | null;
  /** [rows, columns of the first product]: biases and gathered rows, summed. */
  readonly base: Tensor2D;
}

export interface GraphOutputs {
  /** Per task [rows, outputs]: logits, or values. */
  readonly outputs: readonly Tensor2D[];
  readonly levels: readonly LevelOutputs[];
}

export interface LevelOutputs {
  /** [rows, experts, width]. */
  readonly experts: Tensor3D;
  /** [rows, routes, experts]: the gates' weights; null without gates. */
  readonly gates: Tensor3D | null;
}

type Lookup = (array: ArrayIndex) => Tensor;

/** The network's forward pass in tfjs' operations; its autodiff gives the gradients by variables, `base` and `embedded`. */
export class Graph {
  private readonly constants = new Map<string, Tensor>();

  constructor(
    private readonly tf: Tf,
    private readonly network: NetworkDescription,
    private readonly layout: Layout,
  ) {}

  /** `variables`: the tensors of the arrays that are in the graph. Call within `tf.tidy`. */
  forward(inputs: GraphInputs, variables: ReadonlyMap<ArrayIndex, Tensor>): GraphOutputs {
    const { tf } = this;
    const variable: Lookup = (array) => variables.get(array)!;
    const matrix = (array: ArrayIndex) => variable(array) as Tensor2D;
    let streams: Tensor2D[] = [];
    const levels = this.network.levels.map((level, l): LevelOutputs => {
      const plan = this.layout.levels[l]!;
      const products = plan.sources.map((source, s) => {
        if (source === null) return null;
        if (source.weight === null) return this.firstProduct(inputs, matrix);
        return layer(tf, streams[s]!, matrix(source.weight), variable(source.bias), 'linear');
      });
      const experts = this.experts(level, plan, products, matrix, variable);
      const gates = level.gates.length === 0 ? null : this.gates(level, plan, products, l);
      streams = this.mix(level, l, plan, experts, gates, variable);
      return { experts, gates };
    });
    const outputs = this.network.tasks.map(({ stream, tower }, k) => {
      const plan = this.layout.towers[k]!;
      const top = plan.layers.reduce(
        (below, { weight, bias }) => layer(tf, below, matrix(weight), variable(bias), tower.activation),
        streams[stream]!,
      );
      return layer(tf, top, matrix(plan.output.weight), variable(plan.output.bias), 'linear');
    });
    return { outputs, levels };
  }

  dispose(): void {
    for (const constant of this.constants.values()) constant.dispose();
    this.constants.clear();
  }

  /** Logits and first-layer units of everything that reads the input: [rows, columns]. */
  private firstProduct(inputs: GraphInputs, matrix: (array: ArrayIndex) => Tensor2D): Tensor2D {
    const { tf } = this;
    const { dense, embedded } = this.layout.input;
    let sum = inputs.base;
    if (dense !== null && inputs.dense !== null) sum = tf.add(sum, productOfData(tf, inputs.dense, matrix(dense.weight)));
    if (embedded !== null && inputs.embedded !== null) sum = tf.add(sum, product(tf, inputs.embedded, matrix(embedded.weight)));
    return sum;
  }

  /** [rows, experts, width]. */
  private experts(
    level: LevelDescription,
    plan: LevelPlan,
    products: readonly (Tensor2D | null)[],
    matrix: (array: ArrayIndex) => Tensor2D,
    variable: Lookup,
  ): Tensor3D {
    const { tf } = this;
    const [first] = level.experts;
    const width = first!.layers.at(-1)!;
    // Experts of one layer lie side by side in the product already.
    if (
      level.experts.every(
        (expert) => expert.source === first!.source && expert.layers.length === 1 && expert.activation === first!.activation,
      )
    ) {
      const units = columns(tf, products[first!.source]!, 0, level.experts.length * width);
      return tf.reshape(activate(tf, units, first!.activation), [units.shape[0], level.experts.length, width]);
    }
    const outputs = level.experts.map(({ source, layers, activation }, e) => {
      const { column, upper } = plan.experts[e]!;
      const bottom = activate(tf, columns(tf, products[source]!, column, layers[0]!), activation);
      return upper.reduce((below, { weight, bias }) => layer(tf, below, matrix(weight), variable(bias), activation), bottom);
    });
    return tf.reshape(tf.stack(outputs, 1), [outputs[0]!.shape[0], outputs.length, width]);
  }

  /** softmax(logits / temperature) over the experts that each gate may see: [rows, gates, experts]. */
  private gates(level: LevelDescription, plan: LevelPlan, products: readonly (Tensor2D | null)[], l: number): Tensor3D {
    const { tf } = this;
    const experts = level.experts.length;
    const each = level.gates.map(({ source, experts: seen }, g) => ({ source, column: plan.gates[g]!, units: seen.length }));
    const [first] = each;
    const together = each.every(({ source }) => source === first!.source);
    const logits = together
      ? columns(
          tf,
          products[first!.source]!,
          first!.column,
          each.reduce((sum, { units }) => sum + units, 0),
        )
      : tf.concat(
          each.map(({ source, column, units }) => columns(tf, products[source]!, column, units)),
          1,
        );
    const shape: [number, number, number] = [logits.shape[0], each.length, experts];
    if (level.gates.every((gate) => gate.experts.length === experts && gate.temperature === 1))
      return tf.softmax(tf.reshape(logits, shape));
    // Spread over all experts' places, scaled; what a gate may not see is far below and becomes an exact 0.
    const spread = this.constant(`spread ${l}`, () => tf.tensor2d(spreadMatrix(level), [logits.shape[1], each.length * experts]));
    const unseen = this.constant(`unseen ${l}`, () => tf.tensor1d(unseenRow(level)));
    return tf.softmax(tf.reshape(tf.add(product(tf, logits, spread as Tensor2D), unseen), shape));
  }

  /** The level's streams, each [rows, width]. */
  private mix(
    level: LevelDescription,
    l: number,
    plan: LevelPlan,
    experts: Tensor3D,
    gates: Tensor3D | null,
    variable: Lookup,
  ): Tensor2D[] {
    const { tf } = this;
    const mixed = gates === null ? null : tf.matMul<Tensor3D>(gates, experts);
    return level.streams.map(({ route }, s) => {
      if (route.kind === 'gate') return row(tf, mixed!, route.gate);
      if (route.kind === 'fixed') {
        const chosen = onlyExpert(route.weights);
        if (chosen !== null) return row(tf, experts, chosen);
        return combine(
          tf,
          experts,
          this.constant(`fixed ${l} ${s}`, () => tf.tensor1d([...route.weights])),
        );
      }
      const seen = route.initial.flatMap((weight, expert) => (weight === null ? [] : [expert]));
      const weights = tf.reshape(variable(plan.constants[s]!), [1, seen.length]);
      const select = this.constant(`select ${l} ${s}`, () =>
        tf.tensor2d(selection(seen, level.experts.length), [seen.length, level.experts.length]),
      );
      return combine(tf, experts, product(tf, weights as Tensor2D, select as Tensor2D));
    });
  }

  private constant(name: string, make: () => Tensor): Tensor {
    let constant = this.constants.get(name);
    if (constant === undefined) this.constants.set(name, (constant = this.tf.keep(make())));
    return constant;
  }
}

const columns = (tf: Tf, x: Tensor2D, begin: number, count: number): Tensor2D =>
  begin === 0 && count === x.shape[1] ? x : tf.slice(x, [0, begin], [x.shape[0], count]);

/** x[:, index, :] of [rows, n, width]. */
function row(tf: Tf, x: Tensor3D, index: number): Tensor2D {
  const [rows, count, width] = x.shape;
  return tf.reshape(count === 1 ? x : tf.slice(x, [0, index, 0], [rows, 1, width]), [rows, width]);
}

/** Σ_i weights[i] · experts[:, i, :]. */
function combine(tf: Tf, experts: Tensor3D, weights: Tensor): Tensor2D {
  return tf.sum(tf.mul<Tensor3D>(experts, tf.reshape(weights, [1, experts.shape[1], 1])), 1);
}

/** The expert that alone has the weight 1, or null. */
function onlyExpert(weights: readonly number[]): number | null {
  const chosen = weights.indexOf(1);
  return chosen >= 0 && weights.every((weight, expert) => expert === chosen || weight === 0) ? chosen : null;
}

/** [seen, experts]: 1 where the n-th seen expert is that expert. */
function selection(seen: readonly number[], experts: number): Float32Array {
  const matrix = new Float32Array(seen.length * experts);
  seen.forEach((expert, n) => (matrix[n * experts + expert] = 1));
  return matrix;
}

/** [Σ seen, gates × experts]: 1 / temperature from each logit to its place. */
function spreadMatrix({ gates, experts }: LevelDescription): Float32Array {
  const width = gates.length * experts.length;
  const matrix = new Float32Array(gates.reduce((sum, gate) => sum + gate.experts.length, 0) * width);
  let logit = 0;
  gates.forEach((gate, g) => {
    for (const expert of gate.experts) matrix[logit++ * width + g * experts.length + expert] = 1 / gate.temperature;
  });
  return matrix;
}

const UNSEEN_LOGIT = -1e30;
function unseenRow({ gates, experts }: LevelDescription): Float32Array {
  const row = new Float32Array(gates.length * experts.length).fill(UNSEEN_LOGIT);
  gates.forEach((gate, g) => {
    for (const expert of gate.experts) row[g * experts.length + expert] = 0;
  });
  return row;
}
