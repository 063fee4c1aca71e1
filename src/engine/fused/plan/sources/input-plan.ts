import { fieldWidth, inputLayout, interactionsWidth } from '../../../../network/widths.js';
import { operation } from '../../format/operations.js';
import type { Builder } from '../../program/builder.js';
import { gatherEmbeddings, type Embedding } from './embeddings-plan.js';
import { placePeriodic } from './periodic-plan.js';
import type { OneHotField, LayerSource } from './source.js';

/**
 * Plans the encoded row: what is dense (numeric columns, embeddings of fields and numbers, then interactions)
 * is gathered into a block of scratch; one-hot and piecewise fields stay indices. A first layer's weight has the dense rows first, then
 * the one-hot fields' rows, while the named parameter has them in the order of the fields.
 */
export function planEncodedInput(builder: Builder): LayerSource {
  const { input } = builder.network;
  const { numeric } = input;
  const layout = inputLayout(input);
  const { offsets } = layout;
  const all: Embedding[] = [];
  const order = [{ named: 0, packed: 0, count: numeric }];
  let width = numeric;
  for (const [field, { name, size, encode }] of input.fields.entries()) {
    if (typeof encode === 'string') continue;
    const { embedding } = encode;
    const stride = builder.padded(embedding);
    const table = { at: builder.areas.parameters.take(size * stride), stride };
    builder.clearGradient(table.at, size * stride);
    builder.place(`embeddings.${name}.weight`, table, size, embedding);
    all.push({ field, width: embedding, column: width - numeric, table });
    order.push({ named: offsets[field]!, packed: width, count: embedding });
    width += embedding;
  }
  const periodic = (input.periodic ?? []).map((description, i) => {
    const column = width;
    order.push({ named: layout.periodic[i]!, packed: column, count: description.width });
    width += description.width;
    return placePeriodic(builder, description, column);
  });
  const interactions = interactionsWidth(input);
  if (interactions > 0) order.push({ named: layout.interactions, packed: width, count: interactions });
  width += interactions;
  const denseWidth = width;
  const oneHot: OneHotField[] = [];
  const piecewise: OneHotField[] = [];
  for (const [field, description] of input.fields.entries()) {
    if (typeof description.encode === 'object') continue;
    (description.encode === 'onehot' ? oneHot : piecewise).push({ field, firstRow: width });
    order.push({ named: offsets[field]!, packed: width, count: description.size });
    width += fieldWidth(description);
  }
  const dense = builder.rows(denseWidth);
  if (numeric > 0) builder.programs.forward.push(operation.gatherNumeric({ to: dense }));
  const embeddings = { first: numeric, all, periodic, interactions };
  gatherEmbeddings(builder, embeddings, dense, denseWidth);
  return {
    dense,
    denseWidth,
    oneHot,
    piecewise,
    rows: width,
    order,
    learner: { kind: 'embeddings', embeddings },
  };
}
