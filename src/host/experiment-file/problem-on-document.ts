import { basename, dirname, relative, sep } from 'node:path';
import { parseTree, type Node } from 'jsonc-parser';
import { jsoncOptions, placeOfRange } from '../../experiment/place.js';
import { formatPlace } from '../../shared/errors.js';
import type { Problem } from '../../shared/messages/reports.js';

/** The settings that name tables. */
const sources = [
  ['data', 'source'],
  ['data', 'validation', 'source'],
  ['data', 'test', 'source'],
];

/**
 * Returns a problem as the document of the experiment shows it. A problem in a table stands where the
 * experiment names that table, and tells the line of the table. A problem of the data as a whole stands at
 * its source.
 */
export function problemOnDocument(problem: Problem, text: string, document: string): Problem {
  const inTable = problem.file !== null && problem.file !== document;
  if (!inTable && !(problem.line === null && problem.code.startsWith('data.'))) return problem;
  const node = nodeNaming(inTable ? problem.file : null, text);
  const place = node === undefined ? {} : placeOfRange(text, document, node.offset, node.length);
  const { line = null, column = null, endLine = null, endColumn = null } = place;
  return {
    ...problem,
    message: inTable ? withTable(problem, document) : problem.message,
    file: document,
    line,
    column,
    endLine,
    endColumn,
  };
}

function withTable({ message, file, line }: Problem, document: string): string {
  const path = relative(dirname(document), file ?? '').replaceAll(sep, '/');
  // A message about a whole file may name the file already.
  if (line === null && message.includes(path)) return message;
  return `${formatPlace({ file: path, ...(line !== null && { line }) })}: ${message}`;
}

/** Finds where the document names a table, by its file name; else where it names the source. */
function nodeNaming(table: string | null, text: string): Node | undefined {
  const root = parseTree(text, [], jsoncOptions);
  const nodes = sources.flatMap((path) => nodeAt(root, path) ?? []);
  const texts = nodes
    .flatMap((node) => (node.type === 'array' ? (node.children ?? []) : [node]))
    .filter(({ type }) => type === 'string');
  const named =
    table === null ? undefined : texts.find(({ value }) => basename(String(value)) === basename(table));
  return named ?? nodes[0];
}

function nodeAt(root: Node | undefined, path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => {
    const properties = node?.type === 'object' ? (node.children ?? []) : [];
    // If a key is there twice, the last one counts.
    return properties.findLast(({ children }) => children?.[0]?.value === key)?.children?.[1];
  }, root);
}
