import type {
  ExpertDescription,
  LevelDescription,
  RouteDescription,
} from '../../../../network/description.js';
import { formOf } from '../layers/activations.js';

/**
 * Returns the experts that are expected to be taken by at most a share of `below` of the rows, and that can
 * be computed for some rows alone.
 */
export function sparseExperts(level: LevelDescription, below: number): ReadonlySet<number> {
  const sharing = new Set(
    level.experts.flatMap(({ sharesWith }, e) => (sharesWith === undefined ? [] : [e, sharesWith])),
  );
  const found = [...level.experts.entries()].filter(([e, expert]) => {
    // Streams are taken to choose independently of each other.
    const unused = level.streams.reduce(
      (share, { route }) => share * (1 - expectedShare(level, route, e)),
      1,
    );
    const learnsConstants = level.streams.some(
      ({ route }) => route.kind === 'constants' && route.initial[e] !== null,
    );
    return isPlain(expert) && !sharing.has(e) && !learnsConstants && 1 - unused <= below;
  });
  return new Set(found.map(([e]) => e));
}

/** Returns whether an expert's layers are products with floors, which work on any list of rows. */
const isPlain = ({ activation, normalization, dropout = 0, bias = true }: ExpertDescription) =>
  formOf(activation).smooth === null && normalization === undefined && dropout === 0 && bias;

/** Returns the share of rows whose weight for the expert is expected not to be 0. */
function expectedShare(level: LevelDescription, route: RouteDescription, e: number): number {
  switch (route.kind) {
    case 'fixed':
      return Number(route.weights[e] !== 0);
    case 'constants':
      return Number(route.initial[e] !== 0 && route.initial[e] !== null);
    case 'path':
      return Number(route.initial[e] !== 0);
    case 'gate':
      return chosenShare(level, route.gate, e);
  }
}

function chosenShare({ gates }: LevelDescription, gate: number, e: number): number {
  const { experts, choice } = gates[gate]!;
  if (!experts.includes(e)) return 0;
  switch (choice?.kind) {
    case undefined:
      return 1;
    case 'top':
      return Math.min(1, choice.count / experts.length);
    case 'selectors':
      // Selectors weigh every expert until they are sure of their codes.
      return Math.min(1, 2 * (choice.count / experts.length));
  }
}
