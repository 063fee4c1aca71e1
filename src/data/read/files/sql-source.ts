import type { Source } from '../../../experiment/schema.js';
import { InputError } from '../../../shared/errors.js';
import type { Database } from '../../duckdb/database.js';
import { literal } from '../../../shared/sql.js';
import { columnsOf } from '../table/stored-columns.js';
import { argumentsFor, nothingMore, type GuessedRead, type MoreArguments } from './guessed-types.js';
import { keysAbove, partitionsOf } from './partitions.js';
import { filesOf, formatOf, literalPath, type Folders } from './source-files.js';
import { sourceKind } from '../source-kind.js';
import { asNode, listOf, nodesOf, parseSelect, waits, type SyntaxNode } from '../../duckdb/syntax.js';

/** A query that reads files of the workspace, if any, and nothing else. */
export interface ReadOnlyQuery {
  /** The files that it names, as real paths. */
  readonly files: readonly string[];
  /**
   * Returns its SQL with these paths, and with types for text files that hold all of their values, and what should
   * be known of these.
   */
  readonly settled: () => Promise<{ readonly sql: string; readonly notes: readonly string[] }>;
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
  const edits: PlannedEdit[] = [];
  let listed: string[] = [];
  const bytes = Buffer.from(bare, 'utf8');
  for (const mention of fileMentions(parsed.node)) {
    const found = await filesOf(db, mention.path, folders);
    for (const file of found) files.push(file);
    if (!mention.mayPartition)
      await refuseKeysAbove(db, mention.where === 'list' ? [...listed, ...found] : found);
    const { at, where, isFirst, isLast } = mention;
    if (where !== 'list') {
      const guessed = guessedRead(bytes, mention, found);
      const typesAt = mention.said?.at ?? null;
      edits.push({
        guessed,
        typesAt,
        edit: ({ more }) => ({ at, replacement: replacementFor(mention, found, more) }),
      });
    } else {
      listed = isFirst ? [...found] : [...listed, ...found];
      const all = listed;
      const closing = (more: string): string => (isLast ? `${onlyColumns(mention, all)}${more}` : '');
      const replacement = found.map(literalPath).join(', ');
      edits.push({
        guessed: isLast ? guessedRead(bytes, mention, all) : null,
        typesAt: mention.said?.at ?? null,
        edit: ({ more }) => ({ at, replacement, closing: closing(more) }),
      });
    }
  }
  // Whether it can be edited does not depend on types.
  edited(
    bytes,
    edits.map(({ edit }) => edit(nothingMore)),
  );
  return {
    files,
    settled: async () => {
      const made: Edit[] = [];
      const notes: string[] = [];
      for (const { guessed, edit, typesAt } of edits) {
        const settled = guessed === null ? { ...nothingMore, notes: [] } : await argumentsFor(db, guessed);
        made.push(edit(settled));
        if (typesAt !== null && settled.types !== '')
          made.push({ at: typesAt, replacement: settled.types, isInsertion: true });
        notes.push(...settled.notes);
      }
      return { sql: edited(bytes, made), notes };
    },
  };
}

interface PlannedEdit {
  /** What is read in types that DuckDB guesses; null: the types are known. */
  readonly guessed: GuessedRead | null;
  /** Returns the edit with further arguments of the reader. */
  readonly edit: (more: MoreArguments) => Edit;
  /** Where the query's own list of types takes more of them; null: there is none. */
  readonly typesAt: number | null;
}

/** Returns what a mention reads in types that DuckDB guesses from a sample, if it does. */
function guessedRead(bytes: Buffer, mention: Mention, files: readonly string[]): GuessedRead | null {
  const { where, at, reader, arguments: given } = mention;
  const called = reader ?? readers[formatOf(files[0]!)];
  const format = called.includes('json') ? 'json' : called.startsWith('read_csv') ? 'csv' : null;
  if (format === null || given.some((name) => typeArguments[format].includes(name))) return null;
  const said = mention.said;
  if (said === null && given.some((name) => listsOfTypes.includes(name))) return null;
  // Other ways to write a list take no more of them in the same way.
  if (said !== null && !bytes.toString('utf8', 0, said.at).trimEnd().endsWith('{')) return null;
  const listed = `[${files.map(literalPath).join(', ')}]${onlyColumns(mention, files)}`;
  if (where === 'table') return { format, said: null, rows: ({ more }) => `${called}(${listed}${more})` };
  const from = endOfLiteral(bytes, at);
  if (from === null) return null;
  const start = where === 'list' ? endOfList(bytes, from) : from;
  const end = endOfCall(bytes, start);
  const typesAt = said?.at ?? end;
  const [rest, ofTypes] = [bytes.toString('utf8', start, typesAt), bytes.toString('utf8', typesAt, end)];
  return {
    format,
    said: said?.names ?? null,
    rows: ({ more, types }) => `${called}(${listed}${more}${rest}${types}${ofTypes})`,
  };
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
  /** The function that is called; null: the path stands for a table. */
  readonly reader: string | null;
  /** The names of the call's named arguments, in small letters. */
  readonly arguments: readonly string[];
  /** Where the call lists types of columns by name, the columns, in small letters, and where it takes more of them. */
  readonly said: { readonly names: ReadonlySet<string>; readonly at: number } | null;
}

interface Edit {
  readonly at: number;
  readonly replacement: string;
  /** What comes after the bracket that closes a list, if this is its end; empty: nothing does. */
  readonly closing?: string;
  /** Whether it stands before what is there, and replaces nothing. */
  readonly isInsertion?: boolean;
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
        const alone = {
          isFirst: true,
          isLast: true,
          mayPartition: false,
          reader: null,
          arguments: [],
          said: null,
        };
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

/** The arguments of readers that say of which types all columns are. */
const typeArguments = {
  csv: ['columns', 'all_varchar'],
  json: ['columns', 'auto_detect', 'sample_size'],
};

/** The arguments of readers that say of which types some columns are. */
const listsOfTypes = ['types', 'dtypes', 'column_types'];

/** Returns the named arguments of a call, by name in small letters: an equation, or an expression with a name. */
const namedArguments = (call: SyntaxNode | null): Map<string, SyntaxNode | null> =>
  new Map(
    listOf(call?.['children']).flatMap((child): [string, SyntaxNode | null][] => {
      const node = asNode(child);
      const name = listOf(asNode(node?.['left'])?.['column_names'])[0] ?? node?.['alias'];
      if (typeof name !== 'string' || name === '') return [];
      return [[name.toLowerCase(), node?.['class'] === 'COMPARISON' ? asNode(node['right']) : node]];
    }),
  );

/** Returns the columns of which a call says the types by name, and the offset after the brace that begins their list. */
function saidTypes(call: SyntaxNode | null): Mention['said'] {
  const named = namedArguments(call);
  const list = listsOfTypes.map((name) => named.get(name) ?? null).find((one) => one !== null) ?? null;
  if (list?.['function_name'] !== 'struct_pack') return null;
  const names = listOf(list['children']).map((child) => String(asNode(child)?.['alias']).toLowerCase());
  return { names: new Set(names), at: Number(list['query_location']) };
}

function functionMentions(call: SyntaxNode | null): Mention[] {
  const called = String(call?.['function_name']).toLowerCase();
  if (/^query(_table)?$/.test(called))
    throw badQuery(`${called}() could read anything; write its query or table here instead`);
  if (computing.has(called)) return [];
  if (!/^(read_|parquet_|sniff_csv$|glob$)/.test(called))
    throw badQuery(
      `${called}() is not for tables; read files with read_csv(), read_parquet() or read_json()`,
    );
  const named = [...namedArguments(call).keys()];
  return listOf(call?.['children']).flatMap((child, index): Mention[] => {
    const node = asNode(child);
    const isNamed = node?.['class'] === 'COMPARISON' || (node?.['alias'] ?? '') !== '';
    if (node === null || isNamed) return [];
    const mayPartition = !reading.has(called) || named.includes('hive_partitioning');
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
        reader: called,
        arguments: named,
        said: saidTypes(call),
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

function replacementFor(mention: Mention, files: readonly string[], more: string): string {
  const listed = files.map(literalPath).join(', ');
  const only = `${onlyColumns(mention, files)}${more}`;
  if (mention.where === 'argument') return files.length === 1 ? `${listed}${only}` : `[${listed}]${only}`;
  return `${readers[formatOf(files[0]!)]}([${listed}]${only})`;
}

/** Puts the replacements where quoted literals begin. */
function edited(bytes: Buffer, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { at, replacement, closing = '', isInsertion = false } of [...edits].sort(
    (one, other) => one.at - other.at,
  )) {
    const end = isInsertion ? at : endOfLiteral(bytes, at);
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

/** What a parenthesis in a query may stand in without being one: quotes, and comments. */
const passedOver =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|[()[\]{}]/g;

/** Returns the offset of the parenthesis that closes the call in which the query goes on at `from`. */
function endOfCall(bytes: Buffer, from: number): number {
  let depth = 0;
  // In latin1 each byte is a sign, so that places are offsets.
  for (const found of bytes.toString('latin1', from).matchAll(passedOver)) {
    if ('([{'.includes(found[0])) depth++;
    if (')]}'.includes(found[0]) && depth-- === 0) return from + found.index;
  }
  return bytes.length;
}

export const badQuery = (why: string): InputError =>
  new InputError('data.sql', `the query cannot be used: ${why}`);
