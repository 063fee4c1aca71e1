import { freeBuffer } from '../../memory/release.js';
import type { DataPlan } from '../decide/data-plan.js';
import type { PlannedTeacher } from '../decide/plan-teacher.js';
import type { Database } from '../duckdb/database.js';
import type { Items } from '../duckdb/vector.js';
import { heldOutParts } from '../read/table/selection.js';
import type { Wanted } from '../read/table/wanted.js';
import { failOnBadLabels, failOnBadNumbers, failOnBadTeachers, failOnBadWeights } from './check-values.js';
import { rawColumns, wantedFeatures } from './feature-columns.js';
import { narrowed } from './narrow.js';
import { blocksOf, joined, type ReadRows } from './read-columns.js';
import type { RawColumns, SelectionRows } from './selection-rows.js';
import type { Spool } from './spool.js';

/**
 * Brings the rows of all selections from DuckDB into memory, checked; their features into the file of a spool, if
 * there is one. Throws InputErrors.
 */
export async function gatherRows(
  db: Database,
  plan: DataPlan,
  spool: Spool | null = null,
): Promise<SelectionRows[]> {
  // Beside each other, because one alone does not keep every thread busy.
  const gathering = plan.selections.map(async (_, index) =>
    gatherSelection(index === 0 ? db : await db.beside(), plan, index, spool),
  );
  // All are awaited, so that the error of the first in order is thrown if several fail.
  await Promise.allSettled(gathering);
  return Promise.all(gathering);
}

/** Brings one selection's features, labels, weights and conditions into memory. */
async function gatherSelection(
  db: Database,
  plan: DataPlan,
  index: number,
  spool: Spool | null,
): Promise<SelectionRows> {
  const { table, where } = plan.selections[index]!;
  const { features } = plan;
  const labels = plan.labels.map((label) => label.wanted[index]!);
  const weight = plan.weights?.[index];
  // Only training rows are taught, and these are of the experiment's source.
  const teachers = plan.teachers.map((teacher) => (index === 0 ? teacher : null));
  // The splits' conditions are on the rows of the experiment's source.
  const conditions = heldOutParts.map((part) => (index === 0 ? plan.conditions[part] : null));
  await failOnBadRows(db, plan, index);
  const all: Wanted[] = [
    ...(await wantedFeatures(db, table, features, index === 0 ? plan.dictionaries : new Map())),
    ...labels.map(({ column }) => column),
    ...teachers.flatMap((one) => (one === null ? [] : [wantedTeacher(one)])),
    ...(weight === undefined ? [] : [{ kind: 'number', sql: weight.sql } as const]),
    ...conditions.flatMap((one) => (one === null ? [] : [{ kind: 'flag', sql: one.sql } as const])),
  ];
  const wanted = await narrowed(db, table, all, where);
  const raw: RawColumns[] = [];
  const blocks: ReadRows[] = [];
  for await (const block of blocksOf(db, table, wanted, where)) {
    const { rows, columns } = block;
    raw.push(
      spool === null ? rawColumns(rows, features, wanted, columns) : spool.add(block, features, wanted),
    );
    blocks.push(spool === null ? block : withoutFeatures(block, features.length));
  }
  let column = features.length;
  const next = (): Items => joined(blocks, column++);
  return {
    rows: blocks.reduce((sum, block) => sum + block.rows, 0),
    blocks: raw,
    labels: labels.map(({ classOf }) => labelValues(next(), classOf)),
    teachers: teachers.map((one) => (one === null ? null : next())),
    weights: weight === undefined ? null : next(),
    flags: {
      validation: conditions[0] === null ? null : asFlags(next()),
      test: conditions[1] === null ? null : asFlags(next()),
    },
  };
}

/** Returns a block of which only what follows the features stays in memory. */
function withoutFeatures({ rows, columns }: ReadRows, features: number): ReadRows {
  const kept = columns.map((items, i) => (i < features ? items.subarray(0, 0) : items.slice()));
  const [first] = columns;
  if (first !== undefined) freeBuffer(first.buffer);
  return { rows, columns: kept };
}

const wantedTeacher = ({ sql }: PlannedTeacher): Wanted => ({ kind: 'number', sql: `(${sql})::double` });

async function failOnBadRows(db: Database, plan: DataPlan, index: number): Promise<void> {
  const selection = plan.selections[index]!;
  await failOnBadNumbers(db, selection, plan.features);
  for (const { name, mayBeInfinite, wanted } of plan.labels) {
    const { column } = wanted[index]!;
    if (column.kind === 'number' && mayBeInfinite) await failOnBadLabels(db, selection, column.sql, name);
  }
  if (index === 0)
    for (const teacher of plan.teachers)
      if (teacher !== null) await failOnBadTeachers(db, selection, teacher);
  const weight = plan.weights?.[index];
  if (weight !== undefined) await failOnBadWeights(db, selection, weight.sql, weight.written);
}

/**
 * Returns the labels as a network reads them, before scaling [rows]: class index or value; NaN where missing.
 */
function labelValues(items: Items, classOf: Int32Array | null): Items {
  if (classOf === null) return items;
  const values = new Float32Array(items.length);
  for (let row = 0; row < values.length; row++) {
    const index = classOf[items[row]!]!;
    values[row] = index < 0 ? NaN : index;
  }
  return values;
}

function asFlags(items: Items): Uint8Array {
  if (items instanceof Uint8Array) return items;
  throw new Error('a condition was read as something else');
}
