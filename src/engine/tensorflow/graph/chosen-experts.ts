/**
 * Which experts a row's gate leaves out: those that `kept` (1, or 0 by dropout; null: all are kept) does not
 * have, and of the others all but the `count` of the largest logits, ties going to the lower expert. `logits`
 * is [rows, experts], as is the result: 1 or 0.
 */
export function chosenExperts(
  logits: Float32Array,
  experts: number,
  kept: Float32Array | null,
  count: number,
): Float32Array {
  const chosen = new Float32Array(logits.length);
  for (let first = 0; first < logits.length; first += experts) {
    const candidates = Array.from({ length: experts }, (_, n) => first + n).filter(
      (place) => kept === null || kept[place] === 1,
    );
    candidates.sort((a, b) => logits[b]! - logits[a]! || a - b);
    for (const place of candidates.slice(0, count)) chosen[place] = 1;
  }
  return chosen;
}
