import type { NetworkDescription } from '../../network/description.js';
import { zeroArrays } from './arrays.js';
import type { Batch } from './input/batch.js';
import { Graph, type GraphInputs } from './graph/graph.js';
import { planLayout, type Layout } from './layout.js';
import type { Tensor, Tf } from './backend/tf.js';
import { treatmentsOf, type Treatment } from './treatments.js';

/** A network on one copy of tfjs, and its weights as plain arrays. */
export class Model {
  readonly layout: Layout;
  readonly graph: Graph;
  /** In the layout's order. */
  readonly arrays: readonly Float32Array[];
  readonly treatments: readonly Treatment[];

  /** `expandedValues`: see EXPANDED_VALUES. */
  constructor(
    readonly tf: Tf,
    readonly network: NetworkDescription,
    expandedValues?: number,
  ) {
    this.layout = planLayout(network, expandedValues);
    this.graph = new Graph(tf, network, this.layout);
    this.arrays = zeroArrays(this.layout.arrays);
    this.treatments = treatmentsOf(network, this.layout);
  }

  /** A batch as tensors; within `tf.tidy`. */
  inputs({ dense, embedded, base }: Batch, rows: number): GraphInputs {
    const tensor = (data: Float32Array) => this.tf.tensor2d(data, [rows, data.length / rows]);
    return {
      dense: dense === null ? null : tensor(dense),
      embedded: embedded === null ? null : tensor(embedded),
      base: tensor(base),
    };
  }

  /** The arrays of the graph as tensors, by index; within `tf.tidy`. */
  variables(): ReadonlyMap<number, Tensor> {
    const inGraph = [...this.layout.arrays.entries()].filter(([, array]) => array.inGraph);
    return new Map(
      inGraph.map(([index, { shape }]) => [index, this.tf.tensor(this.arrays[index]!, [...shape])]),
    );
  }
}
