import type { NetworkDescription } from './description.js';
import { seededUniform } from './random.js';
import { sourceWidth, topWidth } from './widths.js';

/** Weights, gradients or moments by parameter name; row-major. */
export type NamedArrays = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

export const parameterParts = ['experts', 'gates', 'towers', 'embeddings'] as const;
/** Learned constants of routes count as gates. */
export type ParameterPart = (typeof parameterParts)[number];

export interface ParameterSpec {
  readonly name: string;
  /** [in, out] of a weight, [out] of a bias, [experts it may see] of a route's constants, [size, width] of an embedding. */
  readonly shape: readonly number[];
  readonly part: ParameterPart;
  /** Starting values: 0, drawn from U(−limit, limit), or given. */
  readonly start: 'zero' | { readonly limit: number } | { readonly values: readonly number[] };
}

/** Every learned array of the network, in a fixed order: embeddings, levels from below (experts, gates, routes), towers. */
export function parameterSpecs(network: NetworkDescription): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  for (const { name, size, encode } of network.input.fields) {
    if (encode === 'onehot') continue;
    // A row's expected norm is 1, as that of a one-hot row is.
    specs.push({
      name: `embeddings.${name}.weight`,
      shape: [size, encode.embedding],
      part: 'embeddings',
      start: { limit: Math.sqrt(3 / encode.embedding) },
    });
  }
  network.levels.forEach((level, l) => {
    const width = sourceWidth(network, l);
    level.experts.forEach((expert, e) =>
      specs.push(...layerSpecs(`levels.${l}.experts.${e}.layers`, 'experts', width, expert.layers, expert.activation)),
    );
    level.gates.forEach((gate, g) => {
      const name = `levels.${l}.gates.${g}`;
      const out = gate.experts.length;
      specs.push({ name: `${name}.weight`, shape: [width, out], part: 'gates', start: { limit: glorot(width, out) } });
      if (gate.bias) specs.push({ name: `${name}.bias`, shape: [out], part: 'gates', start: 'zero' });
    });
    level.streams.forEach(({ route }, s) => {
      if (route.kind !== 'constants') return;
      const values = route.initial.filter((weight) => weight !== null);
      specs.push({ name: `levels.${l}.routes.${s}.constants`, shape: [values.length], part: 'gates', start: { values } });
    });
  });
  for (const { name, tower, outputs } of network.tasks) {
    const width = topWidth(network);
    specs.push(...layerSpecs(`towers.${name}.layers`, 'towers', width, tower.layers, tower.activation));
    specs.push(...linearSpecs(`towers.${name}.output`, 'towers', tower.layers.at(-1) ?? width, outputs, glorot));
  }
  return specs;
}

/** Starting weights. Each parameter draws from a stream of its own, by seed and name: what two variants have in common starts alike. */
export function initialWeights(network: NetworkDescription, seed: number): NamedArrays {
  return new Map(
    parameterSpecs(network).map(({ name, shape, start }) => {
      if (start === 'zero') return [name, { shape, data: new Float32Array(size(shape)) }];
      if ('values' in start) return [name, { shape, data: Float32Array.from(start.values) }];
      const draw = seededUniform(seed, name);
      const data = new Float32Array(size(shape));
      for (let i = 0; i < data.length; i++) data[i] = (2 * draw() - 1) * start.limit;
      return [name, { shape, data }];
    }),
  );
}

export function countParameters(network: NetworkDescription): { total: number; parts: Record<ParameterPart, number> } {
  const parts: Record<ParameterPart, number> = { experts: 0, gates: 0, towers: 0, embeddings: 0 };
  for (const { shape, part } of parameterSpecs(network)) parts[part] += size(shape);
  return { total: parts.experts + parts.gates + parts.towers + parts.embeddings, parts };
}

/** Number of values of an array of this shape. */
export const size = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

type Limit = (fanIn: number, fanOut: number) => number;
/** He et al. 2015, equation 10, as a uniform distribution: for layers with ReLU. */
const he: Limit = (fanIn) => Math.sqrt(6 / fanIn);
/** Glorot & Bengio 2010, equation 16: for linear layers and gates. */
const glorot: Limit = (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut));

function linearSpecs(name: string, part: ParameterPart, width: number, out: number, limit: Limit): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [width, out], part, start: { limit: limit(width, out) } },
    { name: `${name}.bias`, shape: [out], part, start: 'zero' },
  ];
}

function layerSpecs(
  name: string,
  part: ParameterPart,
  input: number,
  layers: readonly number[],
  activation: 'relu' | 'linear',
): ParameterSpec[] {
  return layers.flatMap((out, j) => linearSpecs(`${name}.${j}`, part, layers[j - 1] ?? input, out, activation === 'relu' ? he : glorot));
}
