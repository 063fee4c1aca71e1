import type { InputDescription } from '../../../network/description.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import type { Layout } from '../layout.js';

/** What a batch brings into the graph, as flat arrays (see GraphInputs). */
export interface Batch {
  readonly dense: Float32Array | null;
  readonly embedded: Float32Array | null;
  readonly base: Float32Array;
}

type Arrays = readonly Float32Array[];

/**
 * Rows as the graph takes them: one-hot fields expanded, wide ones and embeddings looked up, biases laid
 * under every row.
 */
export function readBatch(
  input: InputDescription,
  { input: plan, levels }: Layout,
  data: EncodedRows,
  indices: Uint32Array,
  weights: Arrays,
): Batch {
  const rows = indices.length;
  const { columns, bias } = levels[0]!.sources[0]!;
  const dense = plan.dense === null ? null : new Float32Array(rows * plan.dense.width);
  const embedded = plan.embedded === null ? null : new Float32Array(rows * plan.embedded.width);
  const base = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const index = indices[r]!;
    base.set(weights[bias]!, r * columns);
    if (input.numeric > 0)
      dense!.set(
        data.numeric.subarray(index * input.numeric, (index + 1) * input.numeric),
        r * plan.dense!.width,
      );
    for (let f = 0; f < plan.fields.length; f++) {
      const field = plan.fields[f]!;
      const value = data.categorical[index * plan.fields.length + f]!;
      if (field.kind === 'expanded') dense![r * plan.dense!.width + field.column + value] = 1;
      else if (field.kind === 'gathered')
        addRow(base, r * columns, weights[plan.gathered!]!, (field.row + value) * columns, columns);
      else
        addRow(
          embedded!,
          r * plan.embedded!.width + field.column,
          weights[field.table]!,
          value * field.width,
          field.width,
        );
    }
  }
  return { dense, embedded, base };
}

/** The loss's gradients by what `readBatch` gave, in; those by the arrays outside of the graph, out. */
export function unreadBatch(
  { input: plan, levels }: Layout,
  data: EncodedRows,
  indices: Uint32Array,
  by: { base: Float32Array; embedded: Float32Array | null },
  gradients: Arrays,
): void {
  const { columns, bias } = levels[0]!.sources[0]!;
  gradients[bias]!.fill(0);
  if (plan.gathered !== null) gradients[plan.gathered]!.fill(0);
  for (const field of plan.fields) if (field.kind === 'embedded') gradients[field.table]!.fill(0);
  for (let r = 0; r < indices.length; r++) {
    addRow(gradients[bias]!, 0, by.base, r * columns, columns);
    for (let f = 0; f < plan.fields.length; f++) {
      const field = plan.fields[f]!;
      const value = data.categorical[indices[r]! * plan.fields.length + f]!;
      if (field.kind === 'gathered')
        addRow(gradients[plan.gathered!]!, (field.row + value) * columns, by.base, r * columns, columns);
      else if (field.kind === 'embedded') {
        addRow(
          gradients[field.table]!,
          value * field.width,
          by.embedded!,
          r * plan.embedded!.width + field.column,
          field.width,
        );
      }
    }
  }
}

/** to[…] += from[…]. */
function addRow(
  to: Float32Array,
  toStart: number,
  from: Float32Array,
  fromStart: number,
  width: number,
): void {
  for (let c = 0; c < width; c++) to[toStart + c]! += from[fromStart + c]!;
}
