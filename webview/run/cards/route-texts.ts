import type { RunManifest } from '../../../src/shared/run.js';
import { hasNegative, mostWeight } from '../../charts/routes/route-scale.js';
import { levelNames, type RouteKind } from '../../charts/routes/route-kind.js';
import type { Routes } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import { formatWeight } from '../../../src/shared/numbers.js';

/** What the cards say of each kind of route. */
export const routeTexts = {
  gate: {
    weights: 'gateWeights',
    caption: 'gateCaption',
    drift: 'drift',
    driftCaption: 'driftCaption',
    empty: 'routesEmpty',
  },
  stitch: {
    weights: 'stitches',
    caption: 'constantCaption',
    drift: 'stitchesDrift',
    driftCaption: 'weightsDriftCaption',
    empty: 'weightsEmpty',
  },
  factor: {
    weights: 'factors',
    caption: 'constantCaption',
    drift: 'factorsDrift',
    driftCaption: 'weightsDriftCaption',
    empty: 'weightsEmpty',
  },
  constant: {
    weights: 'routeWeights',
    caption: 'constantCaption',
    drift: 'weightsDrift',
    driftCaption: 'weightsDriftCaption',
    empty: 'weightsEmpty',
  },
  path: {
    weights: 'paths',
    caption: 'pathCaption',
    drift: 'pathsDrift',
    driftCaption: 'pathsDriftCaption',
    empty: 'pathsEmpty',
  },
  fixed: {
    weights: 'routeWeights',
    caption: 'fixedCaption',
    drift: 'weightsDrift',
    driftCaption: 'weightsDriftCaption',
    empty: 'weightsEmpty',
  },
} as const satisfies Record<
  RouteKind,
  Record<'weights' | 'caption' | 'drift' | 'driftCaption' | 'empty', string>
>;

/** What a line's look means, with the scale where that is no share of 1. */
export function linesMean({ kind, streams }: Routes): string {
  switch (kind) {
    case 'gate':
      return s('widthMeans');
    case 'path':
      return s('lineMeansPath');
    case 'fixed':
      return s('lineMeansFixed');
    default: {
      const size = s(
        kind === 'stitch' ? 'widthStitches' : kind === 'factor' ? 'widthFactors' : 'widthConstants',
        formatWeight(mostWeight(streams)),
      );
      return hasNegative(streams) ? `${size} · ${s('dashedMeans')}` : size;
    }
  }
}

/** `level 1 of 2`, `bottom`, `factors`, `layer 2: U1`. */
export function levelText(network: NonNullable<RunManifest['network']>, level: number): string {
  const { name, number, of } = levelNames(network)[level] ?? { name: null, number: level + 1, of: 0 };
  if (name === null) return of > 1 ? s('levelOf', number, of) : s('expertsLevel');
  const called = name === 'factor' ? s('factorsLevel') : name;
  return of > 1 ? s('layerOf', number, called) : called;
}
