import type { Source } from '../../../experiment/schema.js';
import { InputError } from '../../../shared/errors.js';
import type { Database } from '../../duckdb/database.js';
import { literal } from '../../../shared/sql.js';
import { columnsOf } from '../table/stored-columns.js';
import { keysAbove, partitionsOf } from './partitions.js';
import { filesOf, formatOf, literalPath, type Folders } from './source-files.js';
import { sourceKind } from '../source-kind.js';
import { asNode, listOf, nodesOf, parseSelect, waits, type SyntaxNode } from '../../duckdb/syntax.js';

/** A query that reads files of the workspace, if any, and nothing else. */
export interface ReadOnlyQuery {
  readonly sql: string;
  /** The files that it names, as real paths. */
  readonly files: readonly string[];
}

/**
 * Returns a query with absolute paths of the files that it names, after checking that all of them lie in the
 * workspace: DuckDB's own wall follows symlinks, and knows no folder that relative paths start from. Throws
 * an InputError where it cannot be sure.
 */
export async function readOnlyQuery(db: Database, sql: string, folders: Folders): Promise<ReadOnlyQuery> {
  const bare = sql.trim().replace(/;\s*$/, '');
  const parsed = await parseSelect(db, bare);
  if ('error' in parsed) {
    throw badQuery(
      parsed.error + (parsed.position === null ? '; give one SELECT' : ` (character ${parsed.position + 1})`),
    );
  }
  if ([...nodesOf(parsed.node)].some(waits)) throw badQuery('it waits, and computes nothing; leave that out');
  const files: string[] = [];
  const edits: Edit[] = [];
  let listed: string[] = [];
  for (const mention of fileMentions(parsed.node)) {
    const found = await filesOf(db, mention.path, folders);
    for (const file of found) files.push(file);
    if (!mention.mayPartition)
      await refuseKeysAbove(db, mention.where === 'list' ? [...listed, ...found] : found);
    if (mention.where !== 'list') edits.push({ at: mention.at, replacement: replacementFor(mention, found) });
    else {
      if (mention.isFirst) listed = [];
      for (const file of found) listed.push(file);
      const closing = mention.isLast ? onlyColumns(mention, listed) : '';
      edits.push({ at: mention.at, replacement: found.map(literalPath).join(', '), closing });
    }
  }
  return { sql: edited(bare, edits), files };
}

/** Returns the real paths of the files that a source reads. Throws an InputError where it names none. */
export async function namedFiles(db: Database, source: Source, folders: Folders): Promise<readonly string[]> {
  const wanted = sourceKind(source);
  switch (wanted.kind) {
    case 'files':
      return (await Promise.all(wanted.patterns.map((pattern) => filesOf(db, pattern, folders)))).flat();
    case 'query':
      return (await readOnlyQuery(db, wanted.sql, folders)).files;
    case 'synthetic':
    case 'simulator':
      return [];
  }
}

interface Mention {
  readonly path: string;
  /** The offset of the path's literal in the query, in bytes of UTF-8. */
  readonly at: number;
  readonly where: 'table' | 'argument' | 'list';
  /** Whether it is the first, or the last, of a list. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Whether names of folders may become columns, as the query or DuckDB decides. */
  readonly mayPartition: boolean;
}

interface Edit {
  readonly at: number;
  readonly replacement: string;
  /** What comes after the bracket that closes a list, if this is its end; empty: nothing does. */
  readonly closing?: string;
}

function fileMentions(tree: SyntaxNode): Mention[] {
  const own = new Set(
    [...nodesOf(tree)].flatMap((node) =>
      listOf(asNode(node['cte_map'])?.['map']).map((entry) => String(asNode(entry)?.['key']).toLowerCase()),
    ),
  );
  const found: Mention[] = [];
  for (const node of nodesOf(tree)) {
    if (node['type'] === 'BASE_TABLE') {
      const path = String(node['table_name']);
      if (node['schema_name'] === undefined && !own.has(path.toLowerCase()) && /[./\\*]/.test(path)) {
        const alone = { isFirst: true, isLast: true, mayPartition: false };
        found.push({ path, at: Number(node['query_location']), where: 'table', ...alone });
      }
    } else if (node['type'] === 'TABLE_FUNCTION') found.push(...functionMentions(asNode(node['function'])));
  }
  return found;
}

/**
 * The table functions that read nothing. Others could set or write something: enable_profiling() does,
 * whatever is locked.
 */
const computing = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
]);

/** The table functions that make columns of the names of folders, unless they are told not to. */
const reading = new Set([
  'read_csv',
  'read_csv_auto',
  'read_parquet',
  'parquet_scan',
  'read_json',
  'read_json_auto',
]);

/** Whether a call says itself what names of folders are. */
const saysPartitions = (call: SyntaxNode | null): boolean =>
  [...nodesOf(call)].some((node) => listOf(node['column_names']).includes('hive_partitioning'));

function functionMentions(call: SyntaxNode | null): Mention[] {
  const called = String(call?.['function_name']).toLowerCase();
  if (/^query(_table)?$/.test(called))
    throw badQuery(`${called}() could read anything; write its query or table here instead`);
  if (computing.has(called)) return [];
  if (!/^(read_|parquet_|sniff_csv$|glob$)/.test(called))
    throw badQuery(
      `${called}() is not for tables; read files with read_csv(), read_parquet() or read_json()`,
    );
  return listOf(call?.['children']).flatMap((child, index): Mention[] => {
    const node = asNode(child);
    const isNamed = node?.['class'] === 'COMPARISON';
    if (node === null || isNamed) return [];
    const mayPartition = !reading.has(called) || saysPartitions(call);
    const paths = node['function_name'] === 'list_value' ? listOf(node['children']).map(asNode) : [node];
    return paths.map((path, at) => {
      const value = asNode(path?.['value']);
      if (path?.['class'] !== 'CONSTANT' || typeof value?.['value'] !== 'string') {
        throw badQuery(`argument ${index + 1} of ${called}() must be a path written out, or a list of them`);
      }
      return {
        path: value['value'],
        at: Number(path['query_location']),
        where: node === path ? 'argument' : 'list',
        isFirst: at === 0,
        isLast: at === paths.length - 1,
        mayPartition,
      };
    });
  });
}

const readers = { csv: 'read_csv', parquet: 'read_parquet', json: 'read_json' };

/**
 * Throws an InputError for files with folders for partitions below, and above them one whose name is that of a
 * column: DuckDB would replace the column by it, and can only be told to leave out all folders.
 */
async function refuseKeysAbove(db: Database, files: readonly string[]): Promise<void> {
  const keys = keysAbove(files).map((key) => key.toLowerCase());
  if (keys.length === 0) return;
  const format = formatOf(files[0]!);
  const reader = `${readers[format]}([${files.map(literalPath).join(', ')}], hive_partitioning = false)`;
  const replaced = (await columnsOf(db, reader)).find(({ name }) => keys.includes(name.toLowerCase()));
  if (replaced === undefined) return;
  throw badQuery(
    `the files lie below a folder ${replaced.name}=…, which would replace their column "${replaced.name}"; ` +
      'name them in data.source without a query, or say hive_partitioning = false',
  );
}

/** Returns the argument that keeps names of folders from becoming columns, after a comma. */
const onlyColumns = ({ mayPartition }: Mention, files: readonly string[]): string =>
  // Where the table lies, above its own folders, says nothing about its rows.
  mayPartition || partitionsOf(files).length > 0 ? '' : ', hive_partitioning = false';

function replacementFor(mention: Mention, files: readonly string[]): string {
  const listed = files.map(literalPath).join(', ');
  const only = onlyColumns(mention, files);
  if (mention.where === 'argument') return files.length === 1 ? `${listed}${only}` : `[${listed}]${only}`;
  return `${readers[formatOf(files[0]!)]}([${listed}]${only})`;
}

/** Puts the replacements where quoted literals begin. */
function edited(sql: string, edits: readonly Edit[]): string {
  const bytes = Buffer.from(sql, 'utf8');
  const parts: string[] = [];
  let from = 0;
  for (const { at, replacement, closing = '' } of [...edits].sort((one, other) => one.at - other.at)) {
    const end = endOfLiteral(bytes, at);
    if (end === null) {
      const rest = bytes.subarray(at, at + 120).toString('utf8');
      throw badQuery(`write the path at «${rest.slice(0, 30)}» as a plain ${literal('text')}`);
    }
    parts.push(bytes.toString('utf8', from, at), replacement);
    from = closing === '' ? end : endOfList(bytes, end);
    parts.push(bytes.toString('utf8', end, from), closing);
  }
  return parts.join('') + bytes.toString('utf8', from);
}

/** Returns the offset after a quoted literal, in which a quote stands twice; null: there is none. */
function endOfLiteral(bytes: Buffer, at: number): number | null {
  const quote = bytes[at];
  if (quote !== 0x27 && quote !== 0x22) return null;
  let end = bytes.indexOf(quote, at + 1);
  while (end >= 0 && bytes[end + 1] === quote) end = bytes.indexOf(quote, end + 2);
  return end < 0 ? null : end + 1;
}

/** Returns the offset after the bracket that closes a list. */
function endOfList(bytes: Buffer, last: number): number {
  let at = last;
  while (at < bytes.length && ' \t\r\n,'.includes(String.fromCharCode(bytes[at]!))) at++;
  if (bytes[at] === 0x5d || bytes[at] === 0x29) return at + 1;
  const rest = bytes.subarray(at, at + 120).toString('utf8');
  throw badQuery(`leave out «${rest.slice(0, 30)}» after the last path of a list`);
}

export const badQuery = (why: string): InputError =>
  new InputError('data.sql', `the query cannot be used: ${why}`);
