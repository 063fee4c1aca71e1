import { formatWeight } from '../../../src/shared/numbers.js';
import { memberCount } from '../../../src/shared/run/members.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import type { RouteKind } from '../../charts/routes/route-kind.js';
import { hasNegative, largestWeight, type Routes } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import type { ShownRun } from '../model/run-feed.js';

interface RouteTexts {
  /** Heading of the weights over the rows, what its picture shows, and its file's name. */
  readonly weights: string;
  readonly caption: string;
  readonly weightsFile: string;
  /** Heading of the weights over training, what its picture shows, and its file's name. */
  readonly drift: string;
  readonly driftCaption: string;
  readonly driftFile: string;
  /** The meaning of a line in the network's picture. */
  readonly line: string;
  /** Stands where nothing has been looked at yet. */
  readonly empty: string;
}

/** Names of the texts with which the cards describe each kind of route. */
export const routeTexts = {
  gate: {
    weights: 'gateWeights',
    caption: 'gateCaption',
    weightsFile: 'gate weights',
    drift: 'drift',
    driftCaption: 'driftCaption',
    driftFile: 'gates over training',
    line: 'widthMeans',
    empty: 'routesEmpty',
  },
  stitch: {
    weights: 'stitches',
    caption: 'constantCaption',
    weightsFile: 'expert weights',
    drift: 'stitchesDrift',
    driftCaption: 'weightsDriftCaption',
    driftFile: 'weights over training',
    line: 'widthStitches',
    empty: 'weightsEmpty',
  },
  factor: {
    weights: 'factors',
    caption: 'constantCaption',
    weightsFile: 'expert weights',
    drift: 'factorsDrift',
    driftCaption: 'weightsDriftCaption',
    driftFile: 'weights over training',
    line: 'widthFactors',
    empty: 'weightsEmpty',
  },
  constant: {
    weights: 'routeWeights',
    caption: 'constantCaption',
    weightsFile: 'expert weights',
    drift: 'weightsDrift',
    driftCaption: 'weightsDriftCaption',
    driftFile: 'weights over training',
    line: 'widthConstants',
    empty: 'weightsEmpty',
  },
  path: {
    weights: 'paths',
    caption: 'pathCaption',
    weightsFile: 'expert weights',
    drift: 'pathsDrift',
    driftCaption: 'pathsDriftCaption',
    driftFile: 'weights over training',
    line: 'lineMeansPath',
    empty: 'pathsEmpty',
  },
  fixed: {
    weights: 'routeWeights',
    caption: 'fixedCaption',
    weightsFile: 'expert weights',
    drift: 'weightsDrift',
    driftCaption: 'weightsDriftCaption',
    driftFile: 'weights over training',
    line: 'lineMeansFixed',
    empty: 'weightsEmpty',
  },
} as const satisfies Record<RouteKind, RouteTexts>;

/** Returns what a line's look means, with the largest weight where its width is no share of 1. */
export function linesMean({ kind, streams }: Routes): string {
  const meaning = s(routeTexts[kind].line, formatWeight(largestWeight(streams)));
  return hasNegative(streams) ? `${meaning} · ${s('dashedMeans')}` : meaning;
}

/**
 * Returns the epoch that the routes are of, and whether it is the best one; empty before there is one. Of several
 * members these are the first one's, which is said.
 */
export function epochText({ epoch }: Routes, { manifest }: ShownRun): string {
  if (epoch === null) return '';
  const ofEpoch = s(epoch === manifest.summary?.bestEpoch ? 'bestEpochNumber' : 'epochNumber', epoch);
  return ofEpoch + memberText(manifest);
}

/** Returns whose routes and experts a card shows, where there are several members: ` · member 1 of 4`. */
export function memberText(manifest: RunManifest): string {
  const members = memberCount(manifest);
  return members > 1 ? ` · ${s('firstMember', members)}` : '';
}

/** Returns the chosen rows, where these are not all: `income: 1 · `. */
export function groupText({ group }: Routes): string {
  return group?.where ? `${s('groupOf', group.where.task, group.where.label)} · ` : '';
}

/** Words for the columns of the routes' table. */
export const routeWords = {
  expert: s('expert'),
  weight: s('weight'),
  mean: s('mean'),
  sd: s('sd'),
  load: s('load'),
};
