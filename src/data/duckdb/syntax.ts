import type { Database } from './database.js';
import { literal } from '../../shared/sql.js';

/** A part of a query as DuckDB's parser sees it; the values are checked where they are used. */
export type SyntaxNode = Record<string, unknown>;

/** Parses one SELECT with DuckDB's own parser; returns a message for anything else. */
export async function parseSelect(
  db: Database,
  sql: string,
): Promise<{ node: SyntaxNode } | { error: string; position: number | null }> {
  // DuckDB takes a zero byte for the end of a statement.
  const zero = sql.indexOf('\0');
  if (zero >= 0) return { error: 'it has a zero byte', position: zero };
  const found = await db.row(
    `select json_serialize_sql(${literal(sql)}, skip_null := true, skip_empty := true) as tree`,
  );
  const tree = asNode(JSON.parse(String(found['tree'])));
  if (tree?.['error'] === true) {
    // DuckDB's own message would be about the function that is called here.
    if (tree['error_type'] === 'not implemented') return { error: 'it is no SELECT', position: null };
    const position = Number(tree['position']);
    return { error: String(tree['error_message']), position: Number.isFinite(position) ? position : null };
  }
  const statements = listOf(tree?.['statements']);
  const node = asNode(statements[0]);
  if (statements.length !== 1 || node === null) return { error: 'it must be one SELECT', position: null };
  return { node };
}

const waiting: ReadonlySet<unknown> = new Set(['sleep_ms', 'pg_sleep']);

/** Whether a part of a query does nothing but wait, which would keep whoever checks it waiting. */
export const waits = (node: SyntaxNode): boolean => waiting.has(node['function_name']);

/** Yields all objects of a syntax tree, outermost first. */
export function* nodesOf(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  const node = asNode(value);
  if (node === null) return;
  yield node;
  for (const child of Object.values(node)) yield* nodesOf(child);
}

export const asNode = (value: unknown): SyntaxNode | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
