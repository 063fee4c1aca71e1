import { ExperimentError } from '../../../experiment/experiment-error.js';
import { didYouMean } from '../../../experiment/near.js';
import type { JsonPath } from '../../../experiment/place.js';
import { missedDelimiter } from '../../../shared/missed-delimiter.js';
import { quoted } from '../../../shared/sql.js';
import type { Database } from '../../duckdb/database.js';
import { saidOfSql } from '../../duckdb/refusal.js';
import { asNode, listOf, nodesOf, parseSelect, waits, type SyntaxNode } from '../../duckdb/syntax.js';
import { rowNumber, type SourceColumn, type SourceTable } from './source-table.js';

/** A column or SQL expression of the experiment, ready to select from a table's view. */
export interface Expression {
  readonly sql: string;
  /** DuckDB's type of its values. */
  readonly type: string;
  /** The table's columns that it is made of. */
  readonly columns: readonly string[];
  /** The expression as it is written. */
  readonly written: string;
}

/** An expression that is being read, for its messages. */
interface Written {
  readonly table: SourceTable;
  readonly written: string;
  readonly path: JsonPath;
  /** The name of its purpose: `condition`, `label of task "x"`. */
  readonly what: string;
}

/**
 * Reads a label, weight or condition. Throws an ExperimentError at `path` for a column that is not there and
 * for what is no SQL.
 */
export async function readExpression(
  db: Database,
  table: SourceTable,
  written: string,
  path: JsonPath,
  what: string,
): Promise<Expression> {
  const column = columnNamed(table.columns, written);
  if (column !== undefined)
    return { sql: quoted(column.name), type: column.type, columns: [column.name], written };
  // On lines of their own, so that a comment at its end closes nothing.
  const sql = `(\n${written}\n)`;
  // A task that has its label's name need not say it twice.
  const subject = what.endsWith(` "${written}"`) ? what : `${what} "${written}"`;
  const fail = (why: string): ExperimentError =>
    new ExperimentError('data.expression', `${subject} ${why}`, path);
  const parsed = await parseSelect(db, `select ${sql} as value`);
  // A column may be called as a word of SQL is: like, order, group.
  if ('error' in parsed && /^\w+$/.test(written)) throw noSuchColumn(written, table, path, what);
  if ('error' in parsed)
    throw fail(`is no column and no SQL expression: ${parsed.error}${quotingHint(table, written)}`);
  const select = asNode(parsed.node['node']);
  if (select?.['type'] !== 'SELECT_NODE' || listOf(select['select_list']).length !== 1)
    throw fail('is not one SQL expression; mind its parentheses');
  const nodes = [...nodesOf(parsed.node)];
  if (nodes.some((node) => node['type'] === 'BASE_TABLE' || node['type'] === 'TABLE_FUNCTION'))
    throw fail('reads another table; join it in data.source: {"sql": "…"}');
  const columns = columnsIn(nodes, { table, written, path, what });
  const otherRows = rowsOfItsOwn(nodes);
  if (otherRows !== null) throw fail(otherRows);
  const type = await db
    .rows(`describe select ${sql} as value from ${quoted(table.view)}`)
    .catch((error: unknown) => {
      throw fail(`cannot be computed: ${saidOfSql(error)}`);
    });
  // Beside a column of the table, DuckDB takes no aggregate.
  await db
    .rows(`describe select ${sql} as value, ${quoted(rowNumber)} as row from ${quoted(table.view)}`)
    .catch(() => {
      throw fail(
        'gives one value for the whole table, and every row needs its own; with "over ()" each has it',
      );
    });
  return { sql, type: String(type[0]?.['column_type']), columns, written };
}

/** Says why an expression does not give each row one value, as far as its syntax shows; null: it does. */
function rowsOfItsOwn(nodes: readonly SyntaxNode[]): string | null {
  if (nodes.some((node) => node['class'] === 'STAR')) return 'stands for several columns; name one of them';
  if (nodes.some((node) => node['class'] === 'FUNCTION' && unnesting.has(String(node['function_name']))))
    return 'makes rows of its own, and every row needs one value; unnest in data.source: {"sql": "…"}';
  return nodes.some(waits) ? 'waits, and computes nothing; leave that out' : null;
}

const unnesting: ReadonlySet<string> = new Set(['unnest', 'unlist']);

/** Reads an expression that is true or false. Throws an ExperimentError for any other. */
export async function readCondition(
  db: Database,
  table: SourceTable,
  written: string,
  path: JsonPath,
): Promise<Expression> {
  const expression = await readExpression(db, table, written, path, 'condition');
  if (expression.type === 'BOOLEAN') return expression;
  const type = expression.type.toLowerCase();
  const message = `condition "${written}" is ${type}, not true or false; compare it with something`;
  throw new ExperimentError('data.condition', message, path);
}

/** Returns the column of a name: an exact match, or else one that ignores case, as SQL does. */
export function columnNamed(columns: readonly SourceColumn[], wanted: string): SourceColumn | undefined {
  return (
    columns.find(({ name }) => name === wanted) ??
    columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  );
}

/** Returns the names of the table's columns in a syntax tree. Throws for a name that is none. */
function columnsIn(nodes: readonly SyntaxNode[], { table, written, path, what }: Written): string[] {
  const parameters = new Set(
    nodes.flatMap((node) => (node['type'] === 'LAMBDA' ? namesIn(node['lhs']) : [])),
  );
  const found = new Set<string>();
  for (const node of nodes) {
    if (node['class'] !== 'COLUMN_REF') continue;
    const names = listOf(node['column_names']).map(String);
    const column = names.map((name) => columnNamed(table.columns, name)).find((one) => one !== undefined);
    if (column !== undefined) found.add(column.name);
    else if (!names.some((name) => parameters.has(name)))
      throw noSuchColumn(names.join('.'), table, path, what, quotingHint(table, written));
  }
  return [...found];
}

const namesIn = (tree: unknown): string[] =>
  [...nodesOf(tree)].flatMap((node) => listOf(asNode(node)?.['column_names']).map(String));

/**
 * Shows how to write a column that SQL would take apart, as `user id` and `user-id`, with the quotation marks
 * that it needs; an empty text if there is none.
 */
function quotingHint(table: SourceTable, written: string): string {
  const [longest] = table.columns
    .map(({ name }) => name)
    .filter((name) => /[^A-Za-z0-9_]/.test(name) && written.includes(name))
    .sort((one, other) => other.length - one.length);
  if (longest === undefined || written.includes(quoted(longest))) return '';
  const better = JSON.stringify(written.replaceAll(longest, quoted(longest)));
  return `; a name with blanks or signs needs quotation marks: ${better}`;
}

/** Says what to do about a text file that was read as a single column; an empty text for other tables. */
export function oneColumnHint({ columns }: SourceTable): string {
  const delimiter = missedDelimiter(columns.map(({ name }) => name));
  if (delimiter === null) return '';
  const setting = `"data": { "read": { "delimiter": ${JSON.stringify(delimiter)} } }`;
  return `; all of a line was read as one column: say what separates the fields, ${setting}`;
}

/** Makes the error for a column that the data does not have. */
export function noSuchColumn(
  wanted: string,
  table: SourceTable,
  path: JsonPath,
  what: string,
  better = '',
): ExperimentError {
  const names = table.columns.map(({ name }) => name);
  const shown =
    names.length > 12 ? `${names.slice(0, 12).join(', ')} … (${names.length} in all)` : names.join(', ');
  const hint = better || oneColumnHint(table) || didYouMean(wanted, names) || `; the columns are ${shown}`;
  return new ExperimentError(
    'data.no-column',
    `${what}: ${table.title} has no column "${wanted}"${hint}`,
    path,
  );
}
