import { fieldWidth, inputLayout } from '../../network/widths.js';
import type { Rows } from './areas.js';
import type { Builder } from './builder.js';
import { operation } from './codes.js';

/**
 * The encoded row: what is dense (numeric columns, then embeddings) is gathered into a block of scratch; one-hot fields stay
 * indices. A first layer's weight has the dense rows first, then the one-hot fields' rows.
 */
export interface InputPlan {
  readonly dense: Rows;
  readonly denseWidth: number;
  /** Rows of a first layer's weight. */
  readonly rows: number;
  /** (field, first row of the weight) for each one-hot field. */
  readonly oneHot: readonly (readonly [number, number])[];
  readonly embeddings: readonly Embedding[];
  /** Which rows of a named first-layer weight lie where in the packed one. */
  readonly order: readonly { readonly named: number; readonly packed: number; readonly count: number }[];
}

interface Embedding {
  readonly field: number;
  readonly width: number;
  /** First column in the dense block, from the first embedding's on. */
  readonly column: number;
  readonly table: number;
  readonly stride: number;
}

export function planInput(builder: Builder): InputPlan {
  const { input } = builder.network;
  const { offsets } = inputLayout(input);
  const embeddings: Embedding[] = [];
  const order = [{ named: 0, packed: 0, count: input.numeric }];
  let width = input.numeric;
  for (const [field, { name, size, encode }] of input.fields.entries()) {
    if (encode === 'onehot') continue;
    const stride = builder.padded(encode.embedding);
    const table = builder.parameters.take(size * stride);
    builder.clearGradient(table, size * stride);
    builder.place(`embeddings.${name}.weight`, table, stride, size, encode.embedding);
    embeddings.push({ field, width: encode.embedding, column: width - input.numeric, table, stride });
    order.push({ named: offsets[field]!, packed: width, count: encode.embedding });
    width += encode.embedding;
  }
  const denseWidth = width;
  const oneHot: [number, number][] = [];
  for (const [field, description] of input.fields.entries()) {
    if (description.encode !== 'onehot') continue;
    oneHot.push([field, width]);
    order.push({ named: offsets[field]!, packed: width, count: description.size });
    width += fieldWidth(description);
  }
  const dense = builder.rows(denseWidth);
  if (input.numeric > 0) builder.forward.push([operation.GATHER_NUMERIC, dense.at, dense.stride]);
  for (const each of embeddings) {
    const to = dense.at + input.numeric + each.column;
    builder.forward.push([operation.GATHER_EMBEDDING, each.field, each.table, each.stride, each.width, to, dense.stride]);
  }
  return { dense, denseWidth, rows: width, oneHot, embeddings, order };
}

/** Adds the embeddings' gradients; `dx` holds those of the dense block from the first embedding on. */
export function planEmbeddingGradients(builder: Builder, input: InputPlan, dx: Rows): void {
  for (const { field, width, column, table, stride } of input.embeddings) {
    builder.backward.push([operation.SCATTER_EMBEDDING, field, dx.at + column, dx.stride, width, builder.gradient(table), stride]);
  }
}
