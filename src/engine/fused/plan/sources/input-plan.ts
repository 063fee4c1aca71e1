import { fieldWidth, inputLayout, interactionsWidth } from '../../../../network/widths.js';
import { operation } from '../../format/operations.js';
import type { Kept, Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import { gatherEmbeddings, type Embedding } from './embeddings-plan.js';
import { placePeriodic } from './periodic-plan.js';
import type { LayerSource, OneHotField, TabledField } from './source.js';

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
  const embedded = input.fields.reduce(
    (sum, { encode }) => sum + (typeof encode === 'object' ? encode.embedding : 0),
    0,
  );
  const kept = builder.movesRows && embedded > 0 ? builder.keep(embedded) : null;
  const order = [{ named: 0, packed: 0, count: numeric }];
  let width = numeric;
  for (const [field, { name, size, encode }] of input.fields.entries()) {
    if (typeof encode === 'string') continue;
    const { embedding } = encode;
    const column = width - numeric;
    const table = kept === null ? denseTable(builder, name, size, embedding) : null;
    all.push({
      ...{ field, width: embedding, column },
      table: table ?? ownTable(builder, { name, field, size, width: embedding }, atColumn(kept!, column)),
    });
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
  const tabled: TabledField[] = [];
  let tableRows = 0;
  for (const [field, description] of input.fields.entries()) {
    const { encode, size } = description;
    if (typeof encode === 'object') continue;
    const named = offsets[field]!;
    if (builder.movesRows && encode === 'onehot') {
      oneHot.push({ field, firstRow: tableRows });
      tabled.push({ field, named, row: tableRows, size });
      tableRows += size;
      continue;
    }
    (encode === 'onehot' ? oneHot : piecewise).push({ field, firstRow: width });
    order.push({ named, packed: width, count: size });
    width += fieldWidth(description);
  }
  const dense = builder.rows(denseWidth);
  if (numeric > 0) builder.programs.forward.push(operation.gatherNumeric({ to: dense }));
  const embeddings = {
    first: numeric,
    all,
    periodic,
    interactions,
    keeping: kept && { kept, started: false },
  };
  gatherEmbeddings(builder, embeddings, dense, denseWidth);
  return {
    dense,
    denseWidth,
    oneHot,
    piecewise,
    rows: width,
    order,
    tabled,
    learner: { kind: 'embeddings', embeddings },
  };
}

/** Places an embedding among the weights that move in every step. */
function denseTable(builder: Builder, name: string, size: number, width: number): Rows {
  const stride = builder.padded(width);
  const table = { at: builder.areas.parameters.take(size * stride), stride };
  builder.clearGradient(table.at, size * stride);
  builder.place(`embeddings.${name}.weight`, table, size, width);
  return table;
}

/** Places an embedding as a table whose rows move where a batch has them. */
function ownTable(
  builder: Builder,
  {
    name,
    field,
    size,
    width,
  }: { readonly name: string; readonly field: number; readonly size: number; readonly width: number },
  kept: Kept,
): Rows {
  const accumulates = builder.limits.tables === 'rowwise-adagrad';
  const table = builder.table(size, width, kept, accumulates);
  const own = { field, table, columns: width, accumulates };
  builder.tables.push(own);
  builder.placeTable(`embeddings.${name}.weight`, own, { size });
  return table;
}

const atColumn = (kept: Kept, column: number): Kept => ({ ...kept, column: kept.column + column });
