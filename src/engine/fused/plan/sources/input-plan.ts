import type { FieldDescription } from '../../../../network/description.js';
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
  const embedded = input.fields.flatMap(({ encode }, field) =>
    typeof encode === 'object' ? [{ field, width: encode.embedding }] : [],
  );
  const embeddedWidth = embedded.reduce((sum, { width: own }) => sum + own, 0);
  const kept = builder.movesRows && embeddedWidth > 0 ? builder.keep(embeddedWidth) : null;
  const order = [{ named: 0, packed: 0, count: numeric }];
  let width = numeric;
  const uses = embedded.map(({ field, width: own }): FieldUse => {
    const column = width - numeric;
    order.push({ named: offsets[field]!, packed: width, count: own });
    width += own;
    return { ...input.fields[field]!, field, width: own, column };
  });
  const all = planEmbeddings(builder, uses, kept);
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
  const listed: OneHotField[] = [];
  const tabled: TabledField[] = [];
  let tableRows = 0;
  for (const [field, description] of input.fields.entries()) {
    const { encode, size, several } = description;
    if (typeof encode === 'object') continue;
    const named = offsets[field]!;
    if (builder.movesRows && encode === 'onehot' && several !== true) {
      oneHot.push({ field, firstRow: tableRows });
      tabled.push({ field, named, row: tableRows, size });
      tableRows += size;
      continue;
    }
    const kind = several === true ? listed : encode === 'onehot' ? oneHot : piecewise;
    kind.push({ field, firstRow: width });
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
    listed,
    rows: width,
    order,
    tabled,
    learner: { kind: 'embeddings', embeddings },
  };
}

/** A field that is embedded, and the first of its columns, counted from the first embedding's on. */
interface FieldUse extends FieldDescription {
  readonly field: number;
  readonly width: number;
  readonly column: number;
}

/** Places the tables of embeddings, each once. `kept`: where gradients of rows are kept; null: they are added up. */
function planEmbeddings(builder: Builder, uses: readonly FieldUse[], kept: Kept | null): Embedding[] {
  const tables = new Map(
    uses
      .filter(({ table }) => table === undefined)
      .map((owner): [string, Rows] => {
        const readers = uses.filter(({ name, table }) => (table ?? name) === owner.name);
        return [
          owner.name,
          kept === null ? denseTable(builder, owner) : ownTable(builder, owner, readers, kept),
        ];
      }),
  );
  return uses.map(({ name, table, field, width, column, several = false }) => ({
    ...{ field, width, column, several },
    table: tables.get(table ?? name)!,
  }));
}

/** Places an embedding among the weights that move in every step. */
function denseTable(builder: Builder, { name, size, width }: FieldUse): Rows {
  const stride = builder.padded(width);
  const table = { at: builder.areas.parameters.take(size * stride), stride };
  builder.clearGradient(table.at, size * stride);
  builder.place(`embeddings.${name}.weight`, table, size, width);
  return table;
}

/** Places an embedding as a table whose rows move where a batch has them, in one of the fields that read it. */
function ownTable(
  builder: Builder,
  { name, field, size, width, column }: FieldUse,
  readers: readonly FieldUse[],
  kept: Kept,
): Rows {
  const accumulates = builder.limits.tables === 'rowwise-adagrad';
  const table = builder.table(size, width, atColumn(kept, column), accumulates);
  const uses = readers.map((one) => ({
    ...{ field: one.field, several: one.several === true, kept: atColumn(kept, one.column) },
  }));
  const isPlain = uses.length === 1 && !uses[0]!.several;
  const own = { field, table, columns: width, accumulates, ...(!isPlain && { uses }) };
  builder.tables.push(own);
  builder.placeTable(`embeddings.${name}.weight`, own, { size });
  return table;
}

const atColumn = (kept: Kept, column: number): Kept => ({ ...kept, column: kept.column + column });
