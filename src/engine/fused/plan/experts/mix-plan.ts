import { operation } from '../../format/operations.js';
import type { Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { routeRow, type RoutePlan } from '../gates/route-plan.js';
import type { Stream } from '../sources/source.js';

/** The last layer of an expert, which is all that streams see of it. */
export interface ExpertOutput {
  readonly out: Rows;
  readonly gradient: Rows;
  /** 0 where its ReLU cuts off, else −∞. */
  readonly floor: number;
}

/** A stream, and the route that says how much of which expert it takes. */
export interface RoutedStream {
  readonly stream: Stream;
  readonly route: RoutePlan;
}

/** Emits a stream's sum over the experts that are computed for all rows; the others are added later. */
export function mixForward(
  builder: Builder,
  { stream, route }: RoutedStream,
  experts: ReadonlyMap<number, ExpertOutput>,
  width: number,
): void {
  const terms = route.experts.flatMap((e) => {
    const expert = experts.get(e);
    return expert === undefined ? [] : [{ h: expert.out, p: routeRow(builder, route, e)!.p }];
  });
  builder.programs.forward.push(operation.mix({ out: stream.value, width, terms }));
}

/**
 * Emits the gradient by what an expert gives, cut off where its ReLU is; and its part of the routes'
 * gradients.
 */
export function mixBackward(
  builder: Builder,
  e: number,
  { out, gradient, floor }: ExpertOutput,
  routed: readonly RoutedStream[],
  width: number,
): void {
  const terms = routed.flatMap(({ stream, route }) => {
    const row = routeRow(builder, route, e);
    if (!stream.gradientStarted || row === null) return [];
    const add = route.started.has(e);
    route.started.add(e);
    return [{ dout: stream.gradient, ...row, add }];
  });
  builder.programs.backward.push(operation.mixBackward({ h: out, dh: gradient, width, floor, terms }));
}

/** Emits what evaluation gives out of a level: the routes' weights, and the experts' outputs. */
export function planLevelEvaluation(
  builder: Builder,
  outputs: readonly Rows[],
  routes: readonly RoutePlan[],
  width: number,
): void {
  const { evaluationRows } = builder.limits;
  const { evaluation } = builder.areas;
  const count = outputs.length;
  const routesOut = {
    at: evaluation.take(evaluationRows * routes.length * count),
    stride: routes.length * count,
  };
  routes.forEach((route, s) => {
    for (let e = 0; e < count; e++) {
      const p = routeRow(builder, route, e)?.p ?? null;
      builder.programs.routes.push(operation.copyRoute({ p, to: routesOut, column: s * count + e }));
    }
  });
  const expertsOut = evaluation.take(evaluationRows * count * width);
  outputs.forEach((h, e) => {
    const to = { at: expertsOut + e * width, stride: count * width };
    builder.programs.experts.push(operation.copyExpert({ h, width, to }));
  });
  builder.evaluated.levels.push({ routes: routesOut.at, experts: expertsOut });
}
