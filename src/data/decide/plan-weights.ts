import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import { quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { isNumber, isText } from '../duckdb/type-kind.js';
import { readExpression, type Expression } from '../read/table/expression.js';
import type { Selection } from '../read/table/selection.js';
import { rowNumber, type SourceTable } from '../read/table/source-table.js';
import { columnsOf, rowSql } from '../read/table/stored-columns.js';

interface PlannedWeights {
  /** The rows' weights by selection; null: all 1. */
  readonly weights: readonly Expression[] | null;
  /** The selections without the rows of weight 0. */
  readonly selections: readonly Selection[];
  /** How many rows are left out because their weight is 0. */
  readonly unweighted: number;
  /** The first selection's table as far as its rows count. */
  readonly counted: SourceTable;
}

const path = ['data', 'weight'];

/**
 * Decides what the rows' weights are, and leaves rows of weight 0 out of everything. Weights that are missing
 * or no weights at all are left to be found when the rows are gathered. Throws an ExperimentError for an
 * expression that is no number, and where no row is left.
 */
export async function planWeights(
  db: Database,
  selections: readonly Selection[],
  experiment: Experiment,
): Promise<PlannedWeights> {
  const written = experiment.data.weight;
  const { table } = selections[0]!;
  if (written === undefined) return { weights: null, selections, unweighted: 0, counted: table };
  const weights: Expression[] = [];
  const weighted: Selection[] = [];
  let unweighted = 0;
  let counted = table;
  for (const [index, selection] of selections.entries()) {
    const weight = await weightOf(db, selection, written);
    const without = await withoutZero(db, selection, weight);
    weights.push(weight);
    weighted.push(without.selection);
    unweighted += without.zeros;
    if (index === 0 && (without.zeros > 0 || selection.where !== null))
      counted = await countedRows(db, table, weight);
  }
  return { weights, selections: weighted, unweighted, counted };
}

async function weightOf(db: Database, { table }: Selection, written: string): Promise<Expression> {
  const expression = await readExpression(db, table, written, path, 'weight');
  const { type } = expression;
  if (isNumber(type) || type === 'BOOLEAN') return expression;
  const found = isText(type) ? 'a text' : type.toLowerCase();
  throw new ExperimentError('data.weight', `weight "${written}" is ${found}; it must be a number`, path);
}

/** Half of the least number of single precision, in which engines hold weights: smaller ones are 0 there. */
const leastWeight = 7e-46;

const isZeroSql = (sql: string): string => `coalesce((${sql})::double between 0 and ${leastWeight}, false)`;

/**
 * Returns a table without its rows of weight 0, to find out what its columns are; it has no view of its own. Rows
 * that a condition leaves out may have no weight at all.
 */
async function countedRows(db: Database, table: SourceTable, { sql }: Expression): Promise<SourceTable> {
  const raw = `${table.raw} counted`;
  const row = rowSql(await columnsOf(db, quoted(table.raw)));
  const weighty = `select ${quoted(rowNumber)} from ${quoted(table.view)} where not coalesce(try(${isZeroSql(sql)}), false)`;
  await db.run(
    `create view ${quoted(raw)} as select * from ${quoted(table.raw)} where ${row} in (${weighty})`,
  );
  const found = await db.row(`select count(*) as n from ${quoted(raw)}`);
  const rows = countOf(found['n']);
  return rows === table.rows ? table : { ...table, raw, rows };
}

async function withoutZero(
  db: Database,
  { table, where }: Selection,
  { sql, written }: Expression,
): Promise<{ selection: Selection; zeros: number }> {
  const isZero = isZeroSql(sql);
  const found = await db.row(
    `select count(*) as n, count(*) filter (where ${isZero}) as zeros
     from ${quoted(table.view)} where ${where ?? 'true'}`,
  );
  const zeros = countOf(found['zeros']);
  if (zeros === 0) return { selection: { table, where }, zeros };
  if (zeros === countOf(found['n'])) {
    const message = `weight "${written}" is 0 in every row of ${table.title}; there is nothing to learn`;
    throw new ExperimentError('data.weight', message, path);
  }
  const kept = `not ${isZero}`;
  return { selection: { table, where: where === null ? kept : `${where} and ${kept}` }, zeros };
}
