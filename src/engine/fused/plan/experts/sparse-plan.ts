import type { ExpertDescription } from '../../../../network/description.js';
import { levelWidth } from '../../../../network/widths.js';
import { operation, type Operation } from '../../format/operations.js';
import type { Matrix, Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { formOf } from '../layers/activations.js';
import type { RoutedStream } from './mix-plan.js';
import { forwardProduct, inputGradient, layerGradients } from '../layers/product-plan.js';
import { routeRow, type RoutePlan, type RouteRow } from '../gates/route-plan.js';
import type { Embeddings } from '../sources/embeddings-plan.js';
import {
  placeColumns,
  sourceBackward,
  sourceMatrix,
  sourceProduct,
  type LayerSource,
  type Stream,
} from '../sources/source.js';

/**
 * An expert that most rows do not take, because gates choose a few or paths leave it out: it is computed for
 * the rows of a block that take it, side by side, and not at all where none does (kernel/layers/sparse.h).
 * Where experts' activity is asked for, it is computed for all rows.
 */
interface SparseExpert {
  /** A row for each row of the list. */
  readonly out: Rows;
  /** Adds the expert to the streams; their sums over the other experts are there. */
  forward(): void;
  /** Emits its weights' gradients, and adds to the gradient of what it reads. */
  backward(): void;
}

/** Scratch rows that a level's sparse experts use one after the other. */
class SharedRows {
  /** A place for the rows' numbers in the loaded rows. */
  readonly index: number;
  private readonly values = new Map<LayerSource, Rows>();
  private readonly gradients = new Map<Stream, Rows>();

  constructor(private readonly builder: Builder) {
    this.index = this.take(1);
  }

  /** Returns rows for a source's dense values side by side. */
  dense(source: LayerSource): Rows {
    return this.once(this.values, source, source.dense.stride);
  }

  gradient(stream: Stream): Rows {
    return this.once(this.gradients, stream, stream.gradient.stride);
  }

  private once<Key>(known: Map<Key, Rows>, key: Key, stride: number): Rows {
    const rows = known.get(key) ?? { at: this.take(stride), stride };
    known.set(key, rows);
    return rows;
  }

  private take(stride: number): number {
    return this.builder.areas.scratch.take(stride * this.builder.limits.blockRows);
  }
}

/** A stream that may take the expert. */
interface Taker extends RouteRow {
  readonly stream: Stream;
  readonly route: RoutePlan;
}

interface SparseLayer {
  readonly matrix: Matrix;
  readonly out: Rows;
  readonly gradient: Rows;
}

/** Plans the experts with these numbers. */
export function planSparseExperts(
  builder: Builder,
  l: number,
  numbers: ReadonlySet<number>,
  sources: readonly LayerSource[],
  routed: readonly RoutedStream[],
): ReadonlyMap<number, SparseExpert> {
  const level = builder.network.levels[l]!;
  const shared = new SharedRows(builder);
  return new Map(
    [...numbers].map((e) => {
      const expert = level.experts[e]!;
      const list = builder.areas.scratch.take(1 + builder.limits.blockRows);
      const source = sources[expert.source]!;
      const compact = compactSource(shared, source);
      const layers = planLayers(builder, `levels.${l}.experts.${e}.layers`, expert, source);
      const takers = routed.flatMap(({ stream, route }) => {
        const row = routeRow(builder, route, e);
        return row === null ? [] : [{ stream, route, ...row }];
      });
      const plan: ListedExpert = {
        ...{ builder, e, expert, list, source, compact, layers, takers },
        index: shared.index,
        width: levelWidth(level),
      };
      return [e, { out: layers.at(-1)!.out, forward: () => forward(plan), backward: () => backward(plan) }];
    }),
  );
}

/** A sparse expert with all that its programs are made from. */
interface ListedExpert {
  readonly builder: Builder;
  readonly e: number;
  readonly expert: ExpertDescription;
  readonly width: number;
  /** The list of the rows that take it, and a place for their numbers in the loaded rows. */
  readonly list: number;
  readonly index: number;
  readonly source: LayerSource;
  /** The source with the listed rows' dense values side by side. */
  readonly compact: LayerSource;
  readonly layers: readonly SparseLayer[];
  readonly takers: readonly Taker[];
}

/** Returns the source that the expert's first layer reads: the listed rows, side by side. */
function compactSource(shared: SharedRows, source: LayerSource): LayerSource {
  const dense = shared.dense(source);
  const { learner } = source;
  switch (learner.kind) {
    case 'embeddings':
      // Embeddings are chosen by the rows' own categories, so their gradients need no detour.
      return { ...source, dense };
    case 'stream': {
      const gradient = shared.gradient(learner.stream);
      const stream = { value: dense, gradient, gradientStarted: false };
      return { ...source, dense, learner: { kind: 'stream', stream } };
    }
  }
}

/** Plans the weights; their gradients start from zeros, because there are blocks that do not set them. */
function planLayers(
  builder: Builder,
  name: string,
  { layers }: ExpertDescription,
  source: LayerSource,
): SparseLayer[] {
  return layers.map((units, j) => {
    const rows = j > 0 ? layers[j - 1]! : source.rows;
    const matrix = j > 0 ? builder.matrix(rows, units) : sourceMatrix(builder, source, units);
    if (j === 0) {
      placeColumns(builder, `${name}.0`, source, matrix, { column: 0, columns: units, biased: true });
    } else {
      builder.place(`${name}.${j}.weight`, matrix.weight, rows, units);
      builder.placeRow(`${name}.${j}.bias`, matrix.bias, units);
    }
    const { stride } = matrix.weight;
    builder.clearGradient(matrix.weight.at, rows * stride);
    builder.clearGradient(matrix.bias, stride);
    return { matrix, out: builder.rows(units), gradient: builder.rows(units) };
  });
}

/** The listed rows' dense values, side by side. */
function gather({ list, source, compact }: ListedExpert): Operation {
  const { dense: from } = source;
  return operation.gatherRows({ list, from, columns: from.stride, to: compact.dense });
}

function forward(plan: ListedExpert): void {
  const { builder, expert, list, index, compact, layers, takers, width } = plan;
  const { forward: program } = builder.programs;
  // Streams with the same gate have the same weights.
  const weights = [...new Set(takers.map(({ p }) => p))];
  program.push(operation.chooseRows({ list, terms: weights.map((p) => ({ p })) }));
  builder.programs.onRows(program, list, index, () => {
    const relu = formOf(expert.activation).floor === 0;
    layers.forEach(({ matrix, out }, j) => {
      const floors = builder.floorsOf(relu, matrix.columns);
      if (j > 0) forwardProduct(builder, layers[j - 1]!.out, matrix, out, floors);
      else program.push(gather(plan), ...sourceProduct(compact, matrix, out, floors));
    });
    const terms = takers.map(({ stream, p }) => ({ out: stream.value, p }));
    program.push(operation.mixRows({ list, h: layers.at(-1)!.out, width, terms }));
  });
}

function backward(plan: ListedExpert): void {
  const { builder, expert, list, index, compact, layers, takers, width } = plan;
  const { backward: program } = builder.programs;
  startGradients(plan);
  builder.programs.onRows(program, list, index, () => {
    const { floor } = formOf(expert.activation);
    const terms = takers
      .filter(({ stream }) => stream.gradientStarted)
      .map(({ stream, p, dp }) => ({ dout: stream.gradient, p, dp }));
    const last = layers.at(-1)!;
    program.push(operation.mixRowsBackward({ list, h: last.out, dh: last.gradient, width, floor, terms }));
    for (let j = layers.length - 1; j > 0; j--) {
      const { matrix, gradient } = layers[j]!;
      const below = layers[j - 1]!;
      layerGradients(builder, below.out, matrix, gradient);
      const cut = floor === 0 ? below.out : null;
      inputGradient(builder, gradient, matrix, below.gradient, { add: false, below: cut });
    }
    // Other experts have used the shared rows meanwhile.
    program.push(gather(plan));
    const { matrix, gradient } = layers[0]!;
    sourceBackward(builder, compact, matrix, gradient, { biased: matrix.columns, keeps: true });
    scatterGradient(plan);
  });
}

/** Lets what is kept of the rows' embeddings start from zeros, unless somebody has set it. */
function clearKeeping(builder: Builder, { all, keeping }: Embeddings): void {
  if (keeping === null || keeping.started) return;
  const columns = all.reduce((sum, { width }) => sum + width, 0);
  builder.programs.backward.push(operation.clearKept({ columns, to: keeping.kept }));
  keeping.started = true;
}

/** Lets gradients that are added to for some rows start from zeros, unless somebody has set them. */
function startGradients({ builder, e, source, layers, takers }: ListedExpert): void {
  const { backward: program } = builder.programs;
  const { learner, denseWidth } = source;
  const { table, columns: units } = layers[0]!.matrix;
  if (table !== undefined) program.push(operation.clearKept({ columns: units, to: table.kept }));
  if (learner.kind === 'embeddings') clearKeeping(builder, learner.embeddings);
  if (learner.kind === 'stream' && !learner.stream.gradientStarted) {
    const columns = builder.padded(denseWidth);
    program.push(operation.clear({ to: learner.stream.gradient, columns }));
    learner.stream.gradientStarted = true;
  }
  for (const { stream, route, dp } of takers) {
    if (!stream.gradientStarted) continue;
    if (dp !== null && !route.started.has(e))
      program.push(operation.clear({ to: { at: dp, stride: 1 }, columns: 1 }));
    route.started.add(e);
  }
}

/** Adds the listed rows' gradients to those of the stream that they are of. */
function scatterGradient({ builder, list, source, compact }: ListedExpert): void {
  const { learner, denseWidth } = source;
  if (learner.kind !== 'stream' || compact.learner.kind !== 'stream') return;
  builder.programs.backward.push(
    operation.scatterRows({
      list,
      from: compact.learner.stream.gradient,
      columns: builder.padded(denseWidth),
      to: learner.stream.gradient,
    }),
  );
}
