import type { NetworkDescription } from '../../../network/description.js';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tf } from '../backend/tf.js';
import type { Context } from './context.js';
import { runExperts } from './experts.js';
import { firstProduct, type FirstTerms } from './first-product.js';
import { runGates } from './gates.js';
import { periodicEmbeddings } from './periodic.js';
import { linear, LinearOutputs, linearSideBySide, upperLayers } from './layers.js';
import { mixExperts } from './routes.js';
import { layersOnStream } from './side-by-side.js';
import type { TrainingPass } from './training-pass.js';

export interface GraphOutputs {
  /** Per task [rows, outputs]: logits, or values. */
  readonly outputs: readonly Tensor2D[];
  readonly levels: readonly LevelOutputs[];
}

export interface LevelOutputs {
  /** [rows, experts, width]. */
  readonly experts: Tensor3D;
  /** [rows, gates, experts]: the gates' weights; null without gates. */
  readonly gates: Tensor3D | null;
}

/** The network's forward pass in operations of tfjs, whose autodiff gives the gradients. */
export class Graph {
  private readonly constants = new Map<string, Tensor>();

  constructor(
    private readonly tf: Tf,
    private readonly network: NetworkDescription,
  ) {}

  /**
   * `parameters`: by name, all but embeddings and what reads the input, which are in `terms`; `pass` null: an
   * evaluation. Call within `tf.tidy`.
   */
  forward(
    terms: FirstTerms,
    parameters: ReadonlyMap<string, Tensor>,
    pass: TrainingPass | null,
  ): GraphOutputs {
    const context: Context = {
      tf: this.tf,
      pass,
      matrix: (name) => parameters.get(name)! as Tensor2D,
      vector: (name) => parameters.get(name)! as Tensor1D,
      constant: (name, make) => this.constant(name, make),
    };
    let streams: Tensor2D[] = [];
    const levels = this.network.levels.map((level, l): LevelOutputs => {
      const products =
        l === 0 ? [this.productWithInput(context, terms)] : this.productsWith(context, streams, l);
      const experts = runExperts(context, level, l, { streams, products });
      const gates = runGates(context, level, l, products);
      streams = mixExperts(context, level, l, experts, gates);
      return { experts, gates };
    });
    const outputs = this.network.tasks.map(({ name, stream, tower }) => {
      const layers = `towers.${name}.layers`;
      const top = upperLayers(context, streams[stream]!, tower, { parameters: layers, draws: layers }, 0);
      return linear(context, top, `towers.${name}.output`, true);
    });
    return { outputs, levels };
  }

  dispose(): void {
    for (const constant of this.constants.values()) constant.dispose();
    this.constants.clear();
  }

  private productWithInput(context: Context, terms: FirstTerms): LinearOutputs {
    const periodic = periodicEmbeddings(context, this.network.input, terms.dense?.values ?? null);
    const layers = layersOnStream(this.network.levels[0]!, 0, 0);
    return new LinearOutputs(this.tf, layers, firstProduct(this.tf, terms, periodic));
  }

  /** Computes what the layers of level `l` make of each stream of the level below. */
  private productsWith(context: Context, streams: readonly Tensor2D[], l: number): (LinearOutputs | null)[] {
    return streams.map((stream, source) => {
      const layers = layersOnStream(this.network.levels[l]!, l, source);
      return layers.length === 0 ? null : linearSideBySide(context, stream, layers);
    });
  }

  private constant<T extends Tensor>(name: string, make: () => T): T {
    let constant = this.constants.get(name);
    if (constant === undefined) this.constants.set(name, (constant = this.tf.keep(make())));
    // What a name stands for is always made alike.
    return constant as T;
  }
}
