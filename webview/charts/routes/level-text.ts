import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { s } from '../../strings.js';
import { levelNames } from './route-kind.js';

/** Returns `level 1 of 2`, `bottom`, `factors`, `layer 2: U1`. */
export function levelText(network: NonNullable<RunManifest['network']>, level: number): string {
  const { name, number, of } = levelNames(network)[level] ?? { name: null, number: level + 1, of: 0 };
  if (name === null) return of > 1 ? s('levelOf', number, of) : s('expertsLevel');
  const called = name === 'factor' ? s('factorsLevel') : name;
  return of > 1 ? s('layerOf', number, called) : called;
}
