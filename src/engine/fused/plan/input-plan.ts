import { fieldWidth, inputLayout, interactionsWidth } from '../../../network/widths.js';
import type { Rows } from '../program/areas.js';
import type { Builder } from '../program/builder.js';
import { operation } from '../program/codes.js';

/**
 * The encoded row: what is dense (numeric columns, embeddings, then their interactions) is gathered into a
 * block of scratch; one-hot fields stay indices. A first layer's weight has the dense rows first, then the
 * one-hot fields' rows.
 */
export interface InputPlan {
  readonly dense: Rows;
  readonly denseWidth: number;
  /** Columns of the fields' pooled products, the dense block's last ones. */
  readonly interactions: number;
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
  const interactions = interactionsWidth(input);
  if (interactions > 0)
    order.push({ named: inputLayout(input).width - interactions, packed: width, count: interactions });
  width += interactions;
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
    builder.forward.push([
      operation.GATHER_EMBEDDING,
      each.field,
      each.table,
      each.stride,
      each.width,
      to,
      dense.stride,
    ]);
  }
  if (interactions > 0) {
    const places = [dense.at + input.numeric, dense.stride, embeddings.length, interactions];
    builder.forward.push([operation.INTERACT, ...places, dense.at + denseWidth - interactions, dense.stride]);
  }
  return { dense, denseWidth, interactions, rows: width, oneHot, embeddings, order };
}

/** Adds the embeddings' gradients; `dx` holds those of the dense block from the first embedding on. */
export function planEmbeddingGradients(builder: Builder, input: InputPlan, dx: Rows): void {
  const { dense, denseWidth, interactions, embeddings } = input;
  if (interactions > 0) {
    const first = builder.network.input.numeric;
    const places = [dense.at + first, dense.stride, embeddings.length, interactions];
    const own = dx.at + denseWidth - first - interactions;
    builder.backward.push([operation.INTERACT_BACKWARD, ...places, own, dx.stride, dx.at, dx.stride]);
  }
  for (const { field, width, column, table, stride } of embeddings) {
    builder.backward.push([
      operation.SCATTER_EMBEDDING,
      field,
      dx.at + column,
      dx.stride,
      width,
      builder.gradient(table),
      stride,
    ]);
  }
}
