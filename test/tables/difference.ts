import type { Expected, PartRows } from './expected/expected.js';

/** Says the first difference between what a table came to and what it must come to; null: there is none. */
export function firstDifference(actual: Expected, expected: Expected): string | null {
  const names = (all: Expected): string => [...all.features.keys()].sort().join(', ');
  if (names(actual) !== names(expected))
    return `the features are ${names(actual)}, and must be ${names(expected)}`;
  for (const [name, feature] of expected.features) {
    const differs = valueDifference(actual.features.get(name), feature);
    if (differs !== null) return `feature "${name}": ${differs}`;
  }
  for (const [i, task] of expected.tasks.entries()) {
    const differs = valueDifference(actual.tasks[i], task);
    if (differs !== null) return `task ${i}: ${differs}`;
  }
  for (const part of ['train', 'validation', 'test'] as const) {
    const differs = partDifference(actual.parts[part], expected.parts[part]);
    if (differs !== null) return `${part}: ${differs}`;
  }
  return null;
}

function partDifference(actual: PartRows | null, expected: PartRows | null): string | null {
  if (actual === null || expected === null)
    return actual === expected ? null : `the part is ${actual === null ? '' : 'not '}missing`;
  if (actual.rows !== expected.rows) return `${actual.rows} rows, and must be ${expected.rows}`;
  for (const [i, labels] of expected.labels.entries()) {
    const differs = numbersDifference(actual.labels[i]!, labels);
    if (differs !== null) return `labels of task ${i}: ${differs}`;
  }
  if ((actual.weights === null) !== (expected.weights === null)) return 'weights in one of them only';
  if (actual.weights !== null && expected.weights !== null) {
    const differs = numbersDifference(actual.weights, expected.weights);
    if (differs !== null) return `weights: ${differs}`;
  }
  return inputsDifference(actual.inputs, expected.inputs);
}

export function inputsDifference(
  actual: ReadonlyMap<string, readonly number[]>,
  expected: ReadonlyMap<string, readonly number[]>,
): string | null {
  for (const [name, values] of expected) {
    const found = actual.get(name);
    const differs = found === undefined ? 'is absent' : numbersDifference(found, values);
    if (differs !== null) return `input "${name}": ${differs}`;
  }
  return actual.size === expected.size ? null : `${actual.size} inputs, and must be ${expected.size}`;
}

function numbersDifference(actual: readonly number[], expected: readonly number[]): string | null {
  if (actual.length !== expected.length) return `${actual.length} rows, and must be ${expected.length}`;
  const row = expected.findIndex((value, i) => !isAlike(actual[i]!, value));
  return row < 0 ? null : `row ${row} is ${actual[row]}, and must be ${expected[row]}`;
}

/**
 * Whether two numbers are the same but for the last bit of single precision: sums over doubles that were
 * rounded once or twice on their way differ in theirs.
 */
const isAlike = (one: number, other: number): boolean =>
  Object.is(one, other) ||
  Math.abs(one - other) <= 2 ** -23 * Math.max(Math.abs(one), Math.abs(other)) + 1e-9;

/** Compares plain data, whatever the order of keys; numbers may differ in their last digits. */
function valueDifference(actual: unknown, expected: unknown): string | null {
  const differs = `${JSON.stringify(actual)}, and must be ${JSON.stringify(expected)}`;
  if (typeof actual === 'number' && typeof expected === 'number')
    return Math.abs(actual - expected) <= 1e-9 * Math.abs(expected) + 1e-12 ? null : differs;
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null)
    return actual === expected ? null : differs;
  const [one, other] = [new Map(Object.entries(actual)), new Map(Object.entries(expected))];
  for (const key of new Set([...other.keys(), ...one.keys()])) {
    const below = valueDifference(one.get(key), other.get(key));
    if (below !== null) return `${key}: ${below}`;
  }
  return null;
}
