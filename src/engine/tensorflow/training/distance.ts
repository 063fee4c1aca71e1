import type { NetworkDescription } from '../../../network/description.js';
import type { NamedArrays } from '../../../network/parameters.js';
import { addInto, unpack } from '../arrays.js';
import type { Layout } from '../layout.js';

/**
 * Adds the gradient of strength · Σ_{j<k} ‖θ_j − θ_k‖² by θ_j, 2 · strength · Σ_k (θ_j − θ_k), for every
 * group of parameters.
 */
export function addDistance(
  { distance }: NetworkDescription,
  { arrays, blocks }: Layout,
  weights: readonly Float32Array[],
  gradients: readonly Float32Array[],
): void {
  if (distance === undefined || distance.strength === 0) return;
  const named = unpack(weights, arrays, blocks);
  for (const group of distance.groups) {
    const members = group.map((name) => named.get(name)!);
    const sum = new Float64Array(members[0]?.data.length ?? 0);
    for (const { data } of members) for (let i = 0; i < sum.length; i++) sum[i]! += data[i]!;
    members.forEach(({ shape, data }, j) => {
      const pull = data.map((value, i) => 2 * distance.strength * (members.length * value - sum[i]!));
      const one: NamedArrays = new Map([[group[j]!, { shape, data: pull }]]);
      addInto(gradients, arrays, blocks, one);
    });
  }
}
