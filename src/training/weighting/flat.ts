/** Σ_k weights[k] · gradients[k], summed in double precision; the gradients are of one length. */
export function weightedSum(gradients: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const sum = new Float32Array(gradients[0]!.length);
  for (let i = 0; i < sum.length; i++) {
    let total = 0;
    for (let k = 0; k < gradients.length; k++) total += weights[k]! * gradients[k]![i]!;
    sum[i] = total;
  }
  return sum;
}
