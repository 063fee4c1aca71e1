import { didYouMean } from '../../experiment/near.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import { missedDelimiter } from '../../shared/missed-delimiter.js';
import { firstLineOf } from './csv.js';
import type { Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import type { SourceColumn, SourceTable } from './source-table.js';
import { asNode, listOf, nodesOf, parseSelect } from '../duckdb/syntax.js';

/** A column or SQL expression of the experiment, ready to select from a table's view. */
export interface Expression {
  readonly sql: string;
  /** DuckDB's type of its values. */
  readonly type: string;
  /** The table's columns that it is made of. */
  readonly columns: readonly string[];
  /** As it is written. */
  readonly written: string;
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
  const parsed = await parseSelect(db, `select (\n${written}\n) as value`);
  // A task that has its label's name need not say it twice.
  const subject = what.endsWith(` "${written}"`) ? what : `${what} "${written}"`;
  if ('error' in parsed) {
    const why = `${parsed.error}${quotingHint(table, written)}`;
    throw new ExperimentError(
      'data.expression',
      `${subject} is no column and no SQL expression: ${why}`,
      path,
    );
  }
  const select = asNode(parsed.node['node']);
  if (select?.['type'] !== 'SELECT_NODE' || listOf(select['select_list']).length !== 1)
    throw new ExperimentError(
      'data.expression',
      `${subject} is not one SQL expression; mind its parentheses`,
      path,
    );
  const columns = referenced(parsed.node, table, written, path, what, subject);
  const sql = `(\n${written}\n)`;
  const type = await db
    .rows(`describe select ${sql} as value from ${quoted(table.view)}`)
    .catch((error: unknown) => {
      throw new ExperimentError(
        'data.expression',
        `${subject} cannot be computed: ${firstLineOf(error)}`,
        path,
      );
    });
  return { sql, type: String(type[0]?.['column_type']), columns, written };
}

/** The column of a name: exactly, or else but for case, as SQL has it. */
export function columnNamed(columns: readonly SourceColumn[], wanted: string): SourceColumn | undefined {
  return (
    columns.find((column) => column.name === wanted) ??
    columns.find((column) => column.name.toLowerCase() === wanted.toLowerCase())
  );
}

/** Columns that SQL takes apart, as `user id` and `user-id` are, with the quotation marks that they need. */
function quotingHint(table: SourceTable, written: string): string {
  const odd = table.columns.filter(
    ({ name: column }) => /[^A-Za-z0-9_]/.test(column) && written.includes(column),
  );
  const longest = odd.sort((one, other) => other.name.length - one.name.length)[0]?.name;
  if (longest === undefined || written.includes(quoted(longest))) return '';
  return `; a name with blanks or signs needs quotation marks: ${JSON.stringify(written.replaceAll(longest, quoted(longest)))}`;
}

function referenced(
  tree: Record<string, unknown>,
  table: SourceTable,
  written: string,
  path: JsonPath,
  what: string,
  subject: string,
): string[] {
  const nodes = [...nodesOf(tree)];
  if (nodes.some((node) => node['type'] === 'BASE_TABLE' || node['type'] === 'TABLE_FUNCTION')) {
    const message = `${subject} reads another table; join it in data.source: {"sql": "…"}`;
    throw new ExperimentError('data.expression', message, path);
  }
  const parameters = new Set(
    nodes.flatMap((node) => (node['type'] === 'LAMBDA' ? namesIn(node['lhs']) : [])),
  );
  const found = new Set<string>();
  for (const node of nodes) {
    if (node['class'] !== 'COLUMN_REF') continue;
    const names = listOf(node['column_names']).map(String);
    const column = names.map((one) => columnNamed(table.columns, one)).find((one) => one !== undefined);
    if (column !== undefined) found.add(column.name);
    else if (!names.some((one) => parameters.has(one)))
      throw noSuchColumn(names.join('.'), table, path, what, quotingHint(table, written));
  }
  return [...found];
}

const namesIn = (tree: unknown): string[] =>
  [...nodesOf(tree)].flatMap((node) => listOf(asNode(node)?.['column_names']).map(String));

/** What to do about a text file all of which came to be one column; otherwise an empty text. */
export function oneColumnHint({ columns }: SourceTable): string {
  const delimiter = missedDelimiter(columns.map((column) => column.name));
  if (delimiter === null) return '';
  return `; all of a line was read as one column: say what separates the fields, "data": { "read": { "delimiter": ${JSON.stringify(delimiter)} } }`;
}

/** A column that the data does not have. */
export function noSuchColumn(
  wanted: string,
  table: SourceTable,
  path: JsonPath,
  what: string,
  better = '',
): ExperimentError {
  const names = table.columns.map((column) => column.name);
  const shown =
    names.length > 12 ? `${names.slice(0, 12).join(', ')} … (${names.length} in all)` : names.join(', ');
  const hint = better || oneColumnHint(table) || didYouMean(wanted, names) || `; the columns are ${shown}`;
  return new ExperimentError(
    'data.no-column',
    `${what}: ${table.title} has no column "${wanted}"${hint}`,
    path,
  );
}
