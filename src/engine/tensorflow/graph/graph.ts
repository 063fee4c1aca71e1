import type { NetworkDescription } from '../../../network/description.js';
import type { ArrayIndex } from '../arrays.js';
import type { Context } from './context.js';
import { runExperts } from './experts.js';
import { runGates } from './gates.js';
import { layersAbove, linear } from './layers.js';
import type { Layout } from '../layout.js';
import { product, productOfData } from './ops.js';
import type { TrainingPass } from './training-pass.js';
import { mix } from './routes.js';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tf } from '../backend/tf.js';

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

/**
 * The network's forward pass in tfjs' operations; its autodiff gives the gradients by variables, `base` and
 * `embedded`.
 */
export class Graph {
  private readonly constants = new Map<string, Tensor>();

  constructor(
    private readonly tf: Tf,
    private readonly network: NetworkDescription,
    private readonly layout: Layout,
  ) {}

  /**
   * `variables`: the tensors of the arrays that are in the graph; `pass` null: an evaluation. Call within
   * `tf.tidy`.
   */
  forward(
    inputs: GraphInputs,
    variables: ReadonlyMap<ArrayIndex, Tensor>,
    pass: TrainingPass | null,
  ): GraphOutputs {
    const context: Context = {
      tf: this.tf,
      pass,
      matrix: (array) => variables.get(array)! as Tensor2D,
      vector: (array) => variables.get(array)! as Tensor1D,
      constant: (name, make) => this.constant(name, make),
    };
    let streams: Tensor2D[] = [];
    const levels = this.network.levels.map((level, l): LevelOutputs => {
      const plan = this.layout.levels[l]!;
      const products = plan.sources.map((source, s) => {
        if (source === null) return null;
        if (source.weight === null) return this.firstProduct(inputs, context);
        return linear(context, streams[s]!, {
          weight: source.weight,
          bias: source.bias,
          normalization: null,
        });
      });
      const experts = runExperts(context, level, l, plan, { streams, products });
      const gates = runGates(context, level, l, plan, products);
      streams = mix(context, level, l, plan, experts, gates);
      return { experts, gates };
    });
    const outputs = this.network.tasks.map(({ name, stream, tower }, k) => {
      const plan = this.layout.towers[k]!;
      return linear(
        context,
        layersAbove(context, streams[stream]!, plan.layers, tower, `towers.${name}.layers`),
        plan.output,
      );
    });
    return { outputs, levels };
  }

  dispose(): void {
    for (const constant of this.constants.values()) constant.dispose();
    this.constants.clear();
  }

  /** Logits and first-layer units of everything that reads the input: [rows, columns]. */
  private firstProduct(inputs: GraphInputs, { matrix }: Context): Tensor2D {
    const { tf } = this;
    const { dense, embedded, interactions } = this.layout.input;
    let sum = inputs.base;
    if (dense !== null && inputs.dense !== null)
      sum = tf.add(sum, productOfData(tf, inputs.dense, matrix(dense.weight)));
    if (embedded !== null && inputs.embedded !== null) {
      sum = tf.add(sum, product(tf, inputs.embedded, matrix(embedded.weight)));
      if (interactions !== null) {
        const pooled = pooledProducts(tf, inputs.embedded, interactions.width);
        sum = tf.add(sum, product(tf, pooled, matrix(interactions.weight)));
      }
    }
    return sum;
  }

  private constant<T extends Tensor>(name: string, make: () => T): T {
    let constant = this.constants.get(name);
    if (constant === undefined) this.constants.set(name, (constant = this.tf.keep(make())));
    // What a name stands for is always made alike.
    return constant as T;
  }
}

/**
 * ½((Σ_f e_f)² − Σ_f e_f²) of embeddings side by side, each `width` wide (Rendle 2010, lemma 3.1): [rows,
 * width].
 */
function pooledProducts(tf: Tf, embedded: Tensor2D, width: number): Tensor2D {
  const [rows, columns] = embedded.shape;
  const fields: Tensor3D = tf.reshape(embedded, [rows, columns / width, width]);
  const ofSum = tf.square(tf.sum<Tensor2D>(fields, 1));
  return tf.mul(tf.sub(ofSum, tf.sum<Tensor2D>(tf.square(fields), 1)), 0.5);
}
