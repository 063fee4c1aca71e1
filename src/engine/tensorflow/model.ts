import type { EncodedRows } from '../../network/encoded-rows.js';
import type { NetworkDescription } from '../../network/description.js';
import { parameterSpecs, type NamedArrays, type ParameterSpec } from '../../network/parameters.js';
import type { Tensor, Tensor2D, Tf } from './backend/tf.js';
import type { FirstTerms } from './graph/first-product.js';
import { Graph } from './graph/graph.js';
import { layersOnStream } from './graph/side-by-side.js';
import { readBatch, type FirstLevelInput } from './input/batch.js';
import { joinRows } from './input/first-weights.js';
import { countRows, partsOfInput, type RowRange } from './input/input-parts.js';
import { zeroArrays } from './named-arrays.js';

/** A network on one copy of tfjs, and its weights as plain arrays. */
export class TensorflowModel {
  readonly specs: readonly ParameterSpec[];
  /** All parameters, in the order of `specs`. */
  readonly weights: NamedArrays;
  readonly graph: Graph;
  readonly first: FirstLevelInput;
  /** The parameters that the graph takes as they are; the others enter it by `terms`. */
  private readonly inGraph: readonly string[];

  /** `expandedValues`: see EXPANDED_VALUES. */
  constructor(
    readonly tf: Tf,
    readonly network: NetworkDescription,
    expandedValues?: number,
  ) {
    this.specs = parameterSpecs(network);
    this.weights = zeroArrays(this.specs);
    this.graph = new Graph(tf, network);
    this.first = {
      input: network.input,
      parts: partsOfInput(network.input, expandedValues),
      layers: layersOnStream(network.levels[0]!, 0, 0),
    };
    const outside = new Set(this.first.layers.flatMap(({ name }) => [`${name}.weight`, `${name}.bias`]));
    this.inGraph = this.specs
      .filter(({ name }) => !name.startsWith('embeddings.') && !outside.has(name))
      .map(({ name }) => name);
  }

  /** Returns the rows at `indices` as tensors; call within `tf.tidy`. */
  terms(data: EncodedRows, indices: Uint32Array): FirstTerms {
    const { parts } = this.first;
    const { base, dense, embedded } = readBatch(this.first, data, indices, this.weights);
    const matrix = (values: Float32Array, rows: number): Tensor2D =>
      this.tf.tensor2d(values, [rows, values.length / rows]);
    const weight = (ranges: readonly RowRange[]): Tensor2D | null => {
      const rows = countRows(ranges);
      return rows === 0 ? null : matrix(joinRows(this.weights, this.first.layers, ranges), rows);
    };
    const term = (values: Float32Array, ranges: readonly RowRange[]) => {
      const rows = weight(ranges);
      return rows === null ? null : { values: matrix(values, indices.length), weight: rows };
    };
    return {
      base: matrix(base, indices.length),
      dense: term(dense, parts.dense),
      embedded: term(embedded, parts.embedded),
      pooledWeight: weight(parts.pooled),
      periodicWeight: weight(parts.periodic),
    };
  }

  /** Returns the parameters that the graph takes as they are, by name; call within `tf.tidy`. */
  parameters(): ReadonlyMap<string, Tensor> {
    return new Map(
      this.inGraph.map((name) => {
        const { shape, data } = this.weights.get(name)!;
        return [name, this.tf.tensor(data, [...shape])];
      }),
    );
  }
}
