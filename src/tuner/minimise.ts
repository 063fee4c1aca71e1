/** A function's value and its gradient. */
export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** How many steps are remembered for the curvature. */
const memory = 8;
/** No coordinate goes farther in one step: these are logarithms. */
const longestStep = 2;

const dot = (one: Float64Array, other: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
};

/**
 * Returns a place where a function is locally least: L-BFGS (Nocedal 1980) with a line search that halves until the
 * value falls enough. Values that are not finite count as too high.
 */
export function minimise(
  evaluate: (at: Float64Array) => Evaluated,
  start: Float64Array,
  most: number,
): { readonly at: Float64Array; readonly value: number } {
  let at = start;
  let { value, gradient } = evaluate(at);
  const steps: { step: Float64Array; change: Float64Array; scale: number }[] = [];
  for (let iteration = 0; iteration < most; iteration++) {
    let direction = descentFrom(gradient, steps);
    if (!(dot(direction, gradient) < 0)) {
      steps.length = 0;
      direction = gradient.map((one) => -one);
    }
    const longest = Math.max(...direction.map(Math.abs));
    if (!(longest > 1e-7)) break;
    const slope = dot(direction, gradient);
    let length = Math.min(1, longestStep / longest);
    let next: { at: Float64Array; found: Evaluated } | null = null;
    for (let halvings = 0; halvings < 25 && next === null; halvings++, length /= 2) {
      const tried = at.map((one, i) => one + length * direction[i]!);
      const found = evaluate(tried);
      if (found.value <= value + 1e-4 * length * slope) next = { at: tried, found };
    }
    if (next === null) break;
    const step = next.at.map((one, i) => one - at[i]!);
    const change = next.found.gradient.map((one, i) => one - gradient[i]!);
    const curvature = dot(step, change);
    if (curvature > 1e-12) steps.push({ step, change, scale: 1 / curvature });
    if (steps.length > memory) steps.shift();
    const gained = value - next.found.value;
    at = next.at;
    ({ value, gradient } = next.found);
    if (gained < 1e-7 * (1 + Math.abs(value))) break;
  }
  return { at, value };
}

/** The two-loop recursion: minus the gradient times the inverse curvature as the last steps tell it. */
function descentFrom(
  gradient: Float64Array,
  steps: readonly { step: Float64Array; change: Float64Array; scale: number }[],
): Float64Array {
  const direction = gradient.map((one) => -one);
  const add = (of: Float64Array, factor: number): void => {
    for (let i = 0; i < direction.length; i++) direction[i]! += factor * of[i]!;
  };
  const weights = [...steps].reverse().map(({ step, change, scale }) => {
    const weight = scale * dot(step, direction);
    add(change, -weight);
    return weight;
  });
  const last = steps.at(-1);
  if (last !== undefined) {
    const factor = 1 / (last.scale * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i]! *= factor;
  }
  steps.forEach(({ step, change, scale }, i) => {
    const weight = scale * dot(change, direction);
    add(step, weights[steps.length - 1 - i]! - weight);
  });
  return direction;
}
