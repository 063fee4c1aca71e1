import type { RunManifest } from '../../../src/shared/run.js';
import { expertColumns, type Level } from './expert-columns.js';

/** What the weights of a level's routes are to a person. */
export type RouteKind = 'gate' | 'stitch' | 'factor' | 'constant' | 'path' | 'fixed';

type Network = NonNullable<RunManifest['network']>;

export function routeKind({ variant }: Network, { routes }: Level): RouteKind {
  if (routes !== 'constants') return routes;
  return variant === 'cross-stitch' ? 'stitch' : variant === 'tensor-factorization' ? 'factor' : 'constant';
}

/** The level that is looked at first: the topmost whose routes are learned, or else the topmost. */
export function firstLevel({ levels }: Network): number {
  const learned = levels.findLastIndex(({ routes }) => routes !== 'fixed');
  return learned < 0 ? levels.length - 1 : learned;
}

/**
 * What a level is called: by its experts, where they have one name; else its number among the rest. `of` 0:
 * there is no other alike.
 */
export interface LevelName {
  readonly name: string | null;
  readonly number: number;
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

/** `bottom`, `U1`, `factor`; null where experts are of several kinds, or of none. */
function soleName(level: Level): string | null {
  const columns = expertColumns(level);
  if (columns.some(({ name, task }) => name === null || task !== null)) return null;
  const kinds = new Set(columns.map(({ group, name }) => group?.name ?? name));
  return kinds.size === 1 && !kinds.has('shared') ? [...kinds][0]! : null;
}
