import type { NetworkDescription } from '../../../network/description.js';
import type { NamedArrays } from '../../../network/parameters.js';

/**
 * Adds the gradient of strength · Σ_{j<k} ‖θ_j − θ_k‖² by θ_j, 2 · strength · Σ_k (θ_j − θ_k), for every
 * group of parameters.
 */
export function addDistance(
  { distance }: NetworkDescription,
  weights: NamedArrays,
  gradients: NamedArrays,
): void {
  if (distance === undefined || distance.strength === 0) return;
  for (const group of distance.groups) {
    const members = group.map((name) => ({
      weight: weights.get(name)!.data,
      gradient: gradients.get(name)!.data,
    }));
    const sum = new Float64Array(members[0]?.weight.length ?? 0);
    for (const { weight } of members) for (let i = 0; i < sum.length; i++) sum[i]! += weight[i]!;
    for (const { weight, gradient } of members) {
      for (let i = 0; i < sum.length; i++)
        gradient[i]! += Math.fround(2 * distance.strength * (members.length * weight[i]! - sum[i]!));
    }
  }
}
