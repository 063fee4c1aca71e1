import { operation } from '../../format/operations.js';
import { fromColumn, type Kept, type Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { computePeriodic, periodicBackward, type Periodic } from './periodic-plan.js';

export interface Embedding {
  /** The field's number among the categorical columns. */
  readonly field: number;
  readonly width: number;
  /** First column in the dense block, counted from the first embedding's on. */
  readonly column: number;
  readonly table: Rows;
  /** Whether a row has a list of values, whose embeddings are summed. */
  readonly several: boolean;
}

/**
 * The learned columns of the dense block, which follow the numeric ones: embeddings of fields, periodic ones of
 * numbers, then the products of the former.
 */
export interface Embeddings {
  /** Their first column; the numeric ones come before it. */
  readonly first: number;
  readonly all: readonly Embedding[];
  readonly periodic: readonly Periodic[];
  /** The number of columns of pooled products; 0: none. */
  readonly interactions: number;
  /**
   * Where the rows of tables move as a batch has them: where the gradients by all embeddings of a row are kept, and
   * whether the backward program has written there already. Null: they are added to gradients of the tables.
   */
  readonly keeping: Keeping | null;
}

export interface Keeping {
  readonly kept: Kept;
  started: boolean;
}

/** Emits what gathers and computes embeddings and pools their products. `dense`: the block's values [rows, width]. */
export function gatherEmbeddings(builder: Builder, embeddings: Embeddings, dense: Rows, width: number): void {
  const { first, all, periodic, interactions, keeping } = embeddings;
  const { forward } = builder.programs;
  for (const { field, table, width: columns, column, several } of all) {
    const to = fromColumn(dense, first + column);
    forward.push(
      several
        ? operation.gatherLists({ field, table, columns, to })
        : operation.gatherEmbedding({ field, table, columns, to, ahead: keeping !== null }),
    );
  }
  for (const each of periodic) computePeriodic(builder, each, dense);
  if (interactions > 0) {
    const e = fromColumn(dense, first);
    const y = fromColumn(dense, width - interactions);
    forward.push(operation.interact({ e, count: all.length, width: interactions, y }));
  }
}

/**
 * Emits what adds the embeddings' gradients. `dx` holds those of the dense block, which is `width` wide, from
 * the first embedding on.
 */
export function scatterEmbeddings(
  builder: Builder,
  { first, all, periodic, interactions, keeping }: Embeddings,
  dense: Rows,
  width: number,
  dx: Rows,
): void {
  const { backward } = builder.programs;
  if (interactions > 0) {
    const e = fromColumn(dense, first);
    const dy = fromColumn(dx, width - first - interactions);
    backward.push(operation.interactBackward({ e, count: all.length, width: interactions, dy, de: dx }));
  }
  if (keeping !== null) {
    const columns = all.reduce((sum, { width: own }) => sum + own, 0);
    backward.push(operation.keepRows({ from: dx, columns, to: keeping.kept, add: keeping.started }));
    keeping.started = true;
  }
  for (const { field, width: columns, column, table, several } of keeping === null ? all : []) {
    const gradient = builder.gradientRows(table);
    const own = fromColumn(dx, column);
    const scatter = several ? operation.scatterLists : operation.scatterEmbedding;
    backward.push(scatter({ field, dx: own, columns, gradient }));
  }
  for (const each of periodic) periodicBackward(builder, each, dense, fromColumn(dx, each.column - first));
}
