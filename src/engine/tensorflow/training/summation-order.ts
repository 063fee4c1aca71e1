import type { NetworkDescription } from '../../../network/description.js';
import { parameterSpecs, size, type NamedArrays, type ParameterSpec } from '../../../network/parameters.js';
import { headsOf, layersOnStream, type LayerColumns } from '../graph/side-by-side.js';
import { type InputParts, type RowRange } from '../input/input-parts.js';
import { zeroArrays } from '../named-arrays.js';

/**
 * The order of all parameters' values in flat gradients, and in the sum of the gradient's norm. A sum's last
 * bits depend on its order, and an experiment trains to the same bits in every version: so it is the order in
 * which values once lay in memory. Weights of layers that read one stream are taken row by row across the
 * layers, first in their level; all else is in the order of `parameterSpecs`.
 */
export class SummationOrder {
  private readonly specs: readonly ParameterSpec[];
  private readonly runs: readonly Run[];

  constructor(network: NetworkDescription, parts: InputParts) {
    this.specs = parameterSpecs(network);
    this.runs = runsOf(network, parts, this.specs);
  }

  /** Returns the L2 norm of all values. */
  norm(arrays: NamedArrays): number {
    let sum = 0;
    this.visit(arrays, (data, start, end) => {
      for (let i = start; i < end; i++) sum += data[i]! * data[i]!;
    });
    return Math.sqrt(sum);
  }

  flatten(arrays: NamedArrays): Float32Array {
    const flat = new Float32Array(this.specs.reduce((total, { shape }) => total + size(shape), 0));
    let next = 0;
    this.visit(arrays, (data, start, end) => {
      flat.set(data.subarray(start, end), next);
      next += end - start;
    });
    return flat;
  }

  unflatten(flat: Float32Array): NamedArrays {
    const arrays = zeroArrays(this.specs);
    let next = 0;
    this.visit(arrays, (data, start, end) => {
      data.set(flat.subarray(next, (next += end - start)), start);
    });
    return arrays;
  }

  private visit(arrays: NamedArrays, use: (data: Float32Array, start: number, end: number) => void): void {
    for (const { names, ranges } of this.runs) {
      const run = names.map((name) => arrays.get(name)!);
      for (const { first, rows } of ranges) {
        for (let row = first; row < first + rows; row++) {
          for (const { shape, data } of run) {
            const width = shape.at(-1)!;
            use(data, row * width, (row + 1) * width);
          }
        }
      }
    }
  }
}

/** Parameters with rows of the same number; of one row at a time, each parameter's values come in turn. */
interface Run {
  readonly names: readonly string[];
  readonly ranges: readonly RowRange[];
}

function runsOf(
  network: NetworkDescription,
  { dense, embedded, pooled, periodic, gathered }: InputParts,
  specs: readonly ParameterSpec[],
): Run[] {
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  const left = new Set(shapes.keys());
  const whole = (name: string): Run => {
    left.delete(name);
    const shape = shapes.get(name)!;
    return { names: [name], ranges: [{ first: 0, rows: size(shape) / shape.at(-1)! }] };
  };
  const sideBySide = (layers: readonly LayerColumns[], ranges?: readonly RowRange[]): Run[] => {
    if (layers.length === 0) return [];
    const weights = layers.map(({ name }) => `${name}.weight`);
    const rows = shapes.get(weights[0]!)![0]!;
    for (const name of weights) left.delete(name);
    const biases = layers.filter(({ hasBias }) => hasBias).map(({ name }) => whole(`${name}.bias`));
    return [{ names: weights, ranges: ranges ?? [{ first: 0, rows }] }, ...biases];
  };
  const remaining = (prefix: string) => [...left].filter((name) => name.startsWith(prefix)).map(whole);

  const embeddings = [...remaining('embeddings.'), ...remaining('periodic.')];
  const levels = network.levels.flatMap((level, l) => {
    const streams = network.levels[l - 1]?.streams.length ?? 1;
    const inputRows = [...dense, ...embedded, ...pooled, ...periodic, ...gathered];
    const sources = Array.from({ length: streams }, (_, source) =>
      sideBySide(layersOnStream(level, l, source), l === 0 ? inputRows : undefined),
    );
    const experts = remaining(`levels.${l}.experts.`);
    const gates = level.gates.map((gate, g) => {
      const name = `levels.${l}.gates.${g}`;
      const heads = gate.layers?.length ? headsOf(name, gate) : [];
      return [...remaining(`${name}.layers.`), ...sideBySide(heads)];
    });
    return [...sources.flat(), ...experts, ...gates.flat(), ...remaining(`levels.${l}.routes.`)];
  });
  return [...embeddings, ...levels, ...remaining('towers.')];
}
