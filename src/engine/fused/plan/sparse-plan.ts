import type { LevelDescription } from '../../../network/description.js';
import { levelWidth, sourceWidth } from '../../../network/widths.js';
import type { Matrix, Rows } from '../program/areas.js';
import { placeColumns, planProductBackward, productOf, type Source, type Stream } from './bank-plan.js';
import { floatBits, type Builder } from '../program/builder.js';
import { operation } from '../program/codes.js';
import type { RoutePlan } from './gate-plan.js';

/**
 * Experts that most rows do not take, because gates choose a few or paths leave them out: each is computed
 * for the rows of a block that take it, side by side, and not at all where none does (kernel/sparse.h). Where
 * experts' activity is asked for, for all rows.
 */
export interface SparseExpert {
  /** A row for each row of the list. */
  readonly out: Rows;
  /** Adds the expert to the streams; their sums over the other experts are there. */
  forward(): void;
  /** From the streams' gradients to its weights and, added, to the gradient of what it reads. */
  backward(): void;
}

/** Shared by a level's experts, which use them one after the other. */
interface Shared {
  /** Of the rows' numbers. */
  readonly index: number;
  readonly input: (source: Source) => Rows;
  readonly inputGradient: (source: Stream) => Rows;
}

/**
 * The experts that are expected to be taken by at most a share of `below` of the rows, and that can be
 * computed for some rows alone.
 */
export function sparseExperts(level: LevelDescription, below: number): ReadonlySet<number> {
  const shares = level.experts.map(() => 1);
  for (const { route } of level.streams)
    level.experts.forEach((_, e) => (shares[e]! *= 1 - expectedShare(level, route, e)));
  const sharing = new Set(
    level.experts.flatMap(({ sharesWith }, e) => (sharesWith === undefined ? [] : [e, sharesWith])),
  );
  const found = level.experts.flatMap(({ activation, normalization, dropout = 0, bias = true }, e) => {
    const plain =
      (activation === 'relu' || activation === 'linear') &&
      normalization === undefined &&
      dropout === 0 &&
      bias;
    return plain &&
      !sharing.has(e) &&
      1 - shares[e]! <= below &&
      level.streams.every(({ route }) => route.kind !== 'constants' || route.initial[e] === null)
      ? [e]
      : [];
  });
  return new Set(found);
}

type Route = LevelDescription['streams'][number]['route'];

/** Of the rows whose weight for the expert is not 0. */
function expectedShare(level: LevelDescription, route: Route, e: number): number {
  if (route.kind !== 'gate')
    return route.kind === 'fixed'
      ? Number(route.weights[e] !== 0)
      : Number(route.initial[e] !== 0 && route.initial[e] !== null);
  const { experts, choice } = level.gates[route.gate]!;
  if (!experts.includes(e)) return 0;
  if (choice === undefined) return 1;
  // Selectors weigh every expert until their codes are settled.
  return Math.min(1, (choice.kind === 'selectors' ? 2 : 1) * (choice.count / experts.length));
}

export function sharedRows(builder: Builder): Shared {
  const { blockRows } = builder.limits;
  const inputs = new Map<Source, Rows>();
  const gradients = new Map<Source, Rows>();
  const once = (known: Map<Source, Rows>, source: Source, stride: number) => {
    const rows = known.get(source) ?? { at: builder.scratch.take(stride * blockRows), stride };
    known.set(source, rows);
    return rows;
  };
  return {
    index: builder.scratch.take(blockRows),
    input: (source) => once(inputs, source, 'oneHot' in source ? source.dense.stride : source.value.stride),
    inputGradient: (source) => once(gradients, source, source.gradient.stride),
  };
}

export function planSparseExpert(
  builder: Builder,
  l: number,
  e: number,
  source: Source,
  shared: Shared,
  streams: readonly Stream[],
  routes: readonly RoutePlan[],
): SparseExpert {
  const level = builder.network.levels[l]!;
  const { layers: units, activation } = level.experts[e]!;
  const { blockRows } = builder.limits;
  const name = `levels.${l}.experts.${e}.layers`;
  const list = builder.scratch.take(1 + blockRows);
  const x = shared.input(source);
  const compact: Source =
    'oneHot' in source
      ? { ...source, dense: x }
      : { value: x, gradient: shared.inputGradient(source), gradientStarted: false };

  const layers: { matrix: Matrix; out: Rows; gradient: Rows }[] = units.map((own, j) => {
    const rows = j > 0 ? units[j - 1]! : 'oneHot' in source ? source.rows : sourceWidth(builder.network, l);
    const matrix = builder.matrix(rows, own);
    if (j === 0) placeColumns(builder, `${name}.0`, source, matrix, 0, own, true);
    else {
      builder.place(`${name}.${j}.weight`, matrix.weight, matrix.stride, rows, own);
      builder.place(`${name}.${j}.bias`, matrix.bias, matrix.stride, 1, own);
    }
    builder.clearGradient(matrix.weight, rows * matrix.stride);
    builder.clearGradient(matrix.bias, matrix.stride);
    return { matrix, out: builder.rows(own), gradient: builder.rows(own) };
  });
  const last = layers.at(-1)!;
  const width = levelWidth(level);
  const taking = routes.flatMap((route, s) => {
    const place = route.experts.indexOf(e);
    if (place < 0) return [];
    const row = place * blockRows;
    return [
      {
        route,
        stream: streams[s]!,
        p: route.value + row,
        dp: route.gradient === null ? -1 : route.gradient + row,
      },
    ];
  });
  const gather = (): readonly number[] => {
    const from = 'oneHot' in source ? source.dense : source.value;
    return [operation.GATHER_ROWS, list, from.at, from.stride, from.stride, x.at, x.stride];
  };

  const forward = () => {
    const weights = [...new Set(taking.map(({ p }) => p))];
    builder.forward.push([operation.CHOOSE_ROWS, list, weights.length, ...weights]);
    builder.onRows(builder.forward, list, shared.index, () => {
      layers.forEach(({ matrix, out }, j) => {
        const floors = builder.floorsOf(activation, matrix.columns);
        if (j > 0) builder.layer(layers[j - 1]!.out, matrix, out, floors);
        else builder.forward.push(gather(), ...productOf(compact, matrix, out, floors));
      });
      const terms = taking.flatMap(({ stream: { value }, p }) => [value.at, value.stride, p]);
      builder.forward.push([
        operation.MIX_ROWS,
        list,
        last.out.at,
        last.out.stride,
        width,
        taking.length,
        ...terms,
      ]);
    });
  };

  const backward = () => {
    if (!('oneHot' in source) && !source.gradientStarted) {
      builder.backward.push([
        operation.CLEAR,
        source.gradient.at,
        source.gradient.stride,
        builder.padded(sourceWidth(builder.network, l)),
      ]);
      source.gradientStarted = true;
    }
    const learning = taking.filter(({ stream }) => stream.gradientStarted);
    for (const { route, dp } of learning) {
      if (dp >= 0 && !route.started.has(e)) builder.backward.push([operation.CLEAR, dp, 1, 1]);
      route.started.add(e);
    }
    builder.onRows(builder.backward, list, shared.index, () => {
      const floor = floatBits(activation === 'relu' ? 0 : -Infinity);
      const terms = learning.flatMap(({ stream: { gradient }, p, dp }) => [
        gradient.at,
        gradient.stride,
        p,
        dp,
      ]);
      const rows = [
        list,
        last.out.at,
        last.out.stride,
        last.gradient.at,
        last.gradient.stride,
        width,
        floor,
        learning.length,
      ];
      builder.backward.push([operation.MIX_ROWS_BACKWARD, ...rows, ...terms]);
      for (let j = layers.length - 1; j > 0; j--) {
        const { matrix, gradient } = layers[j]!;
        const below = layers[j - 1]!;
        builder.layerGradients(below.out, matrix, gradient);
        builder.inputGradient(gradient, matrix, below.gradient, {
          add: false,
          below: activation === 'relu' ? below.out : null,
        });
      }
      builder.backward.push(gather());
      const { matrix, gradient } = layers[0]!;
      planProductBackward(builder, compact, matrix, gradient, { biased: matrix.columns });
      if ('oneHot' in source || 'oneHot' in compact) return;
      const { gradient: dx } = compact;
      const columns = builder.padded(sourceWidth(builder.network, l));
      builder.backward.push([
        operation.SCATTER_ROWS,
        list,
        dx.at,
        dx.stride,
        columns,
        source.gradient.at,
        source.gradient.stride,
      ]);
    });
  };
  return { out: last.out, forward, backward };
}
