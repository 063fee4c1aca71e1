import type { NetworkDescription } from '../description.js';
import { seededUniform } from '../draws/random.js';
import { tucker } from './tucker.js';

type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/**
 * Sets the starting weights of a layer in Tucker form whose U1 is at level l: the decomposition of weights
 * that are drawn for each task like those of a ReLU layer (Yang & Hospedales 2017, section 3.3).
 */
export function startTucker(network: NetworkDescription, l: number, seed: number, weights: Weights): void {
  const arrayOf = (level: number, expert: number) =>
    weights.get(`levels.${level}.experts.${expert}.layers.0.weight`)!;
  const core = network.levels[l + 1]!;
  const r3 = core.experts.filter(({ sharesWith }) => sharesWith === undefined).length;
  const [inputs, r1] = arrayOf(l, 0).shape;
  const [r2, outputs] = arrayOf(l + 2, 0).shape;
  const limit = Math.sqrt(6 / inputs!);
  const drawn = core.streams.map((_, task) => {
    const draw = seededUniform(seed, `levels.${l}.tucker.${task}`);
    return Float32Array.from({ length: inputs! * outputs! }, () => (2 * draw() - 1) * limit);
  });
  const { first, cores, second, constants } = tucker(drawn, inputs!, outputs!, [r1!, r2!, r3]);
  arrayOf(l, 0).data.set(first);
  cores.forEach((each, r) => arrayOf(l + 1, r).data.set(each));
  arrayOf(l + 2, 0).data.set(second);
  constants.forEach((each, task) => weights.get(`levels.${l + 1}.routes.${task}.constants`)!.data.set(each));
}
