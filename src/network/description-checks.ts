import { InputError } from '../shared/errors.js';
import type { LayerExtras } from './description.js';

/** Checks that all parts of a description have in common. */

export const wrong = (code: string, message: string): InputError =>
  new InputError(`network.${code}`, message);

export const isCount = (value: number, min = 1): boolean => Number.isSafeInteger(value) && value >= min;
export const isIndex = (value: number, length: number): boolean => isCount(value, 0) && value < length;
export const isAmount = (value: number): boolean => value >= 0 && Number.isFinite(value);
export const isPositive = (value: number): boolean => value > 0 && Number.isFinite(value);
export const isShare = (value: number): boolean => value >= 0 && value < 1;

export function checkExtras(what: string, { dropout = 0 }: LayerExtras): void {
  if (!isShare(dropout))
    throw wrong('dropout', `${what} has the dropout ${dropout}: it must be 0 or more and below 1`);
}

export function checkUnits(what: string, layers: readonly number[]): void {
  for (const layer of layers)
    if (!isCount(layer)) throw wrong('layers', `${what} has a layer of ${layer} units`);
}

export function checkNames(code: string, what: string, named: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name)) throw wrong(code, `${what} "${name}" is there twice: names must differ`);
    seen.add(name);
  }
}
