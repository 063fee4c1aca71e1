import type { RouteDescription } from '../../../../network/description.js';
import { operation } from '../../format/operations.js';
import type { Builder } from '../../program/builder.js';

/** A route says how much of which expert each row takes: p[e, r], a full block's rows for each expert. */
export interface RoutePlan {
  /** The experts that it sees, by their numbers in the level. */
  readonly experts: readonly number[];
  readonly value: number;
  /** The gradient by the weights; null: nobody learns from it. */
  readonly gradient: number | null;
  /** Experts whose row of the gradient the backward program has written. */
  readonly started: Set<number>;
  /** Emits the backward operations; all streams with this route have emitted theirs. */
  backward(): void;
}

/** A route's weights of one expert, and their gradient. */
export interface RouteRow {
  readonly p: number;
  readonly dp: number | null;
}

/** Returns where a route has its weights of an expert, by the expert's number; null: it does not see it. */
export function routeRow({ limits }: Builder, route: RoutePlan, e: number): RouteRow | null {
  const place = route.experts.indexOf(e);
  if (place < 0) return null;
  const row = place * limits.blockRows;
  return { p: route.value + row, dp: route.gradient === null ? null : route.gradient + row };
}

/** `name`: the route's own. */
export function planConstants(
  builder: Builder,
  name: string,
  route: Exclude<RouteDescription, { kind: 'gate' }>,
): RoutePlan {
  const experts = seenExperts(route);
  const value = builder.routeRows(experts.length);
  const { at, learned } = placeConstants(builder, name, route, experts);
  const { forward, backward } = builder.programs;
  forward.push(operation.constants({ values: at, experts: experts.length, p: value }));
  const gradient = learned ? builder.routeRows(experts.length) : null;
  const started = new Set<number>();
  return {
    experts,
    value,
    gradient,
    started,
    backward: () => {
      if (gradient === null || started.size === 0) return;
      const to = builder.gradient(at);
      backward.push(operation.constantsBackward({ dp: gradient, experts: experts.length, gradient: to }));
    },
  };
}

function seenExperts(route: Exclude<RouteDescription, { kind: 'gate' }>): number[] {
  switch (route.kind) {
    case 'fixed':
      return [...route.weights.keys()].filter((e) => route.weights[e] !== 0);
    case 'constants':
      return [...route.initial.keys()].filter((e) => route.initial[e] !== null);
    case 'path':
      // A path's weights are set while the network lives, so one that is 0 now may not stay so.
      return [...route.initial.keys()];
  }
}

/** Finds a place for the weights, and whether they are learned. */
function placeConstants(
  builder: Builder,
  name: string,
  route: Exclude<RouteDescription, { kind: 'gate' }>,
  experts: readonly number[],
): { at: number; learned: boolean } {
  const parameter = (suffix: string) => {
    const at = builder.areas.parameters.take(experts.length);
    builder.placeRow(`${name}.${suffix}`, at, experts.length);
    return at;
  };
  switch (route.kind) {
    case 'fixed':
      return { at: builder.areas.constants.put(experts.map((e) => route.weights[e]!)), learned: false };
    case 'path':
      return { at: parameter('path'), learned: false };
    case 'constants': {
      const at = parameter('constants');
      builder.clearGradient(at, experts.length);
      return { at, learned: true };
    }
  }
}
