import type {
  Activation,
  GateDescription,
  LayerExtras,
  NetworkDescription,
  PeriodicDescription,
  RouteDescription,
} from './description.js';
import { seededUniform } from './draws/random.js';
import { startTucker } from './tucker/tucker-start.js';
import { sourceWidth, topWidth } from './widths.js';

/** Weights, gradients or moments by parameter name, row-major. */
export type NamedArrays = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

export const parameterParts = ['experts', 'gates', 'towers', 'embeddings'] as const;
/** Learned constants of routes count as gates. */
export type ParameterPart = (typeof parameterParts)[number];

export interface ParameterSpec {
  readonly name: string;
  /**
   * The shape is [in, out] for a weight, [out] for a bias, [experts that it may see] for a route's constants,
   * [size, width] for an embedding.
   */
  readonly shape: readonly number[];
  readonly part: ParameterPart;
  /** The starting values are drawn from U(−limit, limit) or N(0, deviation²), or given. */
  readonly start:
    | 'zero'
    | 'one'
    | { readonly limit: number }
    | { readonly values: readonly number[] }
    | { readonly deviation: number };
  /** The factor of the learning rate; 0: no gradient changes it (running statistics, paths). Default: 1. */
  readonly learningRate?: number;
  /** Whether weight decay shrinks it, as it does products' weights and embeddings. Default: false. */
  readonly decays?: boolean;
}

/**
 * Returns every learned array of the network, in a fixed order: embeddings, of fields and then of numbers,
 * levels from below (experts, gates, routes), towers.
 */
export function parameterSpecs(network: NetworkDescription): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  for (const { name, size, encode, table } of network.input.fields) {
    if (typeof encode === 'string' || table !== undefined) continue;
    // A row's expected norm is 1, as that of a one-hot row is.
    specs.push({
      name: `embeddings.${name}.weight`,
      shape: [size, encode.embedding],
      part: 'embeddings',
      start: { limit: Math.sqrt(3 / encode.embedding) },
      decays: true,
    });
  }
  specs.push(...(network.input.periodic ?? []).flatMap(periodicSpecs));
  network.levels.forEach((level, l) => {
    const width = sourceWidth(network, l);
    level.experts.forEach((expert, e) => {
      if (expert.sharesWith === undefined)
        specs.push(...layerSpecs(`levels.${l}.experts.${e}.layers`, 'experts', width, expert));
    });
    level.gates.forEach((gate, g) => specs.push(...gateSpecs(`levels.${l}.gates.${g}`, width, gate)));
    level.streams.forEach(({ route }, s) => specs.push(...routeSpecs(`levels.${l}.routes.${s}`, route)));
  });
  for (const { name, tower, outputs } of network.tasks) {
    const width = topWidth(network);
    specs.push(...layerSpecs(`towers.${name}.layers`, 'towers', width, tower));
    const below = tower.layers.at(-1) ?? width;
    specs.push(
      weightSpec(`towers.${name}.output`, 'towers', below, outputs, glorot(below, outputs)),
      biasSpec(`towers.${name}.output`, 'towers', outputs),
    );
  }
  return specs;
}

/**
 * Returns the starting weights. Each parameter draws from a sequence of its own, by seed and name, so that
 * parameters that two variants have in common start alike.
 */
export function initialWeights(network: NetworkDescription, seed: number): NamedArrays {
  const weights: NamedArrays = new Map(
    parameterSpecs(network).map(({ name, shape, start }) => {
      if (start === 'zero' || start === 'one')
        return [name, { shape, data: new Float32Array(size(shape)).fill(start === 'one' ? 1 : 0) }];
      if ('values' in start) return [name, { shape, data: Float32Array.from(start.values) }];
      const draw = seededUniform(seed, name);
      const data = new Float32Array(size(shape));
      if ('deviation' in start)
        return [name, { shape, data: data.map(() => start.deviation * normal(draw)) }];
      for (let i = 0; i < data.length; i++) data[i] = (2 * draw() - 1) * start.limit;
      return [name, { shape, data }];
    }),
  );
  for (const level of network.tucker ?? []) startTucker(network, level, seed, weights);
  return weights;
}

/** Counts the parameters of a network, or of so many members of one. */
export function countParameters(
  network: NetworkDescription,
  members = 1,
): {
  total: number;
  parts: Record<ParameterPart, number>;
} {
  const parts: Record<ParameterPart, number> = { experts: 0, gates: 0, towers: 0, embeddings: 0 };
  for (const { shape, part } of parameterSpecs(network)) parts[part] += members * size(shape);
  return { total: parts.experts + parts.gates + parts.towers + parts.embeddings, parts };
}

/** Returns the number of values of an array of this shape. */
export const size = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

type Limit = (fanIn: number, fanOut: number) => number;
/** Returns the limit for layers with ReLU: He et al. 2015, equation 10, as a uniform distribution. */
const he: Limit = (fanIn) => Math.sqrt(6 / fanIn);
/** Returns the limit for linear layers and gates: Glorot & Bengio 2010, equation 16. */
const glorot: Limit = (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut));
const limits = { relu: he, silu: he, gelu: he, linear: glorot } as const satisfies Record<Activation, Limit>;

/** Draws from N(0, 1) (Box & Muller 1958). */
const normal = (draw: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

/** `sines` and `cosines` are [width, frequencies]: a row for each column of the embedding. */
function periodicSpecs({ name, frequencies, sigma, width }: PeriodicDescription): ParameterSpec[] {
  const array = (what: string, shape: number[], start: ParameterSpec['start']): ParameterSpec => ({
    name: `periodic.${name}.${what}`,
    shape,
    part: 'embeddings',
    start,
  });
  // sin² + cos² is 1, so the inputs of a unit have as much norm as so many of variance 1.
  const start = { limit: he(frequencies, width) };
  return [
    array('frequencies', [frequencies], { deviation: sigma }),
    { ...array('sines', [width, frequencies], start), decays: true },
    { ...array('cosines', [width, frequencies], start), decays: true },
    array('bias', [width], 'zero'),
  ];
}

const weightSpec = (
  name: string,
  part: ParameterPart,
  width: number,
  out: number,
  limit: number,
): ParameterSpec => ({
  name: `${name}.weight`,
  shape: [width, out],
  part,
  start: { limit },
  decays: true,
});
const biasSpec = (name: string, part: ParameterPart, out: number): ParameterSpec => ({
  name: `${name}.bias`,
  shape: [out],
  part,
  start: 'zero',
});

interface Layers extends LayerExtras {
  readonly layers: readonly number[];
  readonly activation: Activation;
  readonly bias?: boolean;
  readonly startScale?: number;
}

function layerSpecs(
  name: string,
  part: ParameterPart,
  input: number,
  { layers, activation, bias = true, normalization, startScale = 1 }: Layers,
): ParameterSpec[] {
  return layers.flatMap((out, j): ParameterSpec[] => {
    const layer = `${name}.${j}`;
    const width = layers[j - 1] ?? input;
    const factor = j === layers.length - 1 ? startScale : 1;
    // A normalised layer has its starting scale in `scale`, not in its weights.
    const limit = limits[activation](width, out) * (normalization === undefined ? factor : 1);
    return [
      weightSpec(layer, part, width, out, limit),
      ...(bias ? [biasSpec(layer, part, out)] : []),
      ...normalizationSpecs(layer, part, out, factor, normalization),
    ];
  });
}

function normalizationSpecs(
  layer: string,
  part: ParameterPart,
  out: number,
  factor: number,
  normalization: LayerExtras['normalization'],
): ParameterSpec[] {
  const shape = [out];
  const scale = factor === 1 ? 'one' : { values: Array.from({ length: out }, () => factor) };
  const learned: ParameterSpec[] = [
    { name: `${layer}.scale`, shape, part, start: scale },
    { name: `${layer}.shift`, shape, part, start: 'zero' },
  ];
  switch (normalization) {
    case undefined:
      return [];
    case 'layer':
      return learned;
    case 'batch':
      return [
        ...learned,
        { name: `${layer}.mean`, shape, part, start: 'zero', learningRate: 0 },
        { name: `${layer}.variance`, shape, part, start: 'one', learningRate: 0 },
      ];
  }
}

function routeSpecs(name: string, route: RouteDescription): ParameterSpec[] {
  switch (route.kind) {
    case 'fixed':
    case 'gate':
      return [];
    case 'constants': {
      const { initial, learningRate = 1 } = route;
      const values = initial.filter((weight) => weight !== null);
      const shape = [values.length];
      return [{ name: `${name}.constants`, shape, part: 'gates', start: { values }, learningRate }];
    }
    case 'path': {
      const values = route.initial;
      const shape = [values.length];
      return [{ name: `${name}.path`, shape, part: 'gates', start: { values }, learningRate: 0 }];
    }
  }
}

/** Returns the number of bits of an expert's code under a selector (DSelect-k). */
export const codeBits = (experts: number): number => Math.max(1, Math.ceil(Math.log2(experts)));

function gateSpecs(
  name: string,
  input: number,
  { layers = [], experts, bias, choice }: GateDescription,
): ParameterSpec[] {
  const hidden = layerSpecs(`${name}.layers`, 'gates', input, { layers, activation: 'relu' });
  const width = layers.at(-1) ?? input;
  const last = (part: string, out: number, limit: number): ParameterSpec[] => [
    weightSpec(name + part, 'gates', width, out, limit),
    ...(bias ? [biasSpec(name + part, 'gates', out)] : []),
  ];
  const count = experts.length;
  const logits = (out: number): ParameterSpec[] => last('', out, glorot(width, out));
  switch (choice?.kind) {
    case undefined:
      return [...hidden, ...logits(count)];
    case 'top':
      return [...hidden, ...logits(count), ...(choice.noisy ? [noiseSpec(name, width, count)] : [])];
    case 'selectors': {
      const bits = choice.count * codeBits(count);
      return [...hidden, ...logits(choice.count), ...last('.selectors', bits, choice.width / 100)];
    }
  }
}

/** The noise starts with a deviation of ln 2 for every expert (Shazeer et al. 2017, appendix A). */
const noiseSpec = (name: string, width: number, experts: number): ParameterSpec => ({
  name: `${name}.noise.weight`,
  shape: [width, experts],
  part: 'gates',
  start: 'zero',
  decays: true,
});
