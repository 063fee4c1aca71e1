import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { expertColumns, type Level } from './expert-columns.js';

/** The kinds of routes that a person tells apart, by what the weights of a level mean. */
export type RouteKind = 'gate' | 'stitch' | 'factor' | 'constant' | 'path' | 'fixed';

export interface RouteTraits {
  /** Whether the weights depend on the row. */
  readonly dependsOnRow: boolean;
  /** Whether training changes the weights; otherwise the model fixes them. */
  readonly isLearned: boolean;
  /** Whether a weight is 1 or 0: a route takes an expert or does not. */
  readonly isOnOff: boolean;
}

export const routeTraits = {
  gate: { dependsOnRow: true, isLearned: true, isOnOff: false },
  stitch: { dependsOnRow: false, isLearned: true, isOnOff: false },
  factor: { dependsOnRow: false, isLearned: true, isOnOff: false },
  constant: { dependsOnRow: false, isLearned: true, isOnOff: false },
  path: { dependsOnRow: false, isLearned: true, isOnOff: true },
  fixed: { dependsOnRow: false, isLearned: false, isOnOff: true },
} as const satisfies Record<RouteKind, RouteTraits>;

type Network = NonNullable<RunManifest['network']>;

export function routeKind({ variant }: Network, { routes }: Level): RouteKind {
  if (routes !== 'constants') return routes;
  return variant === 'cross-stitch' ? 'stitch' : variant === 'tensor-factorization' ? 'factor' : 'constant';
}

/** Returns the level that is looked at first: the topmost whose routes are learned, or else the topmost. */
export function firstLevel(network: Network): number {
  const { levels } = network;
  const learned = levels.findLastIndex((level) => routeTraits[routeKind(network, level)].isLearned);
  return learned < 0 ? levels.length - 1 : learned;
}

/** A level's name, and its number among the levels with the same name (or with none). */
export interface LevelName {
  /** The name that all its experts share; null where they have several, or none. */
  readonly name: string | null;
  readonly number: number;
  /** How many levels have this name; 0 if it is the only one. */
  readonly of: number;
}

export function levelNames({ levels }: Network): LevelName[] {
  const names = levels.map(soleName);
  return names.map((name, index) => {
    const of = names.filter((other) => other === name).length;
    return {
      name,
      number: names.slice(0, index + 1).filter((other) => other === name).length,
      of: of > 1 ? of : 0,
    };
  });
}

/** Returns `bottom`, `U1`, `factor`; null where experts are of several kinds, or of none. */
function soleName(level: Level): string | null {
  const columns = expertColumns(level);
  if (columns.some(({ name, task }) => name === null || task !== null)) return null;
  const kinds = new Set(columns.map(({ group, name }) => group?.name ?? name));
  return kinds.size === 1 && !kinds.has('shared') ? [...kinds][0]! : null;
}
