import { createScanner, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Problem } from '../shared/messages/reports.js';
import { placeOfRange } from './place.js';
import { problemAt } from './problem.js';

/** The parser finds no error in an empty text, and no value: this says so. */
const nothingThere: ParseError = { error: 4, offset: 0, length: 0 };

/**
 * Returns the problems of a text that is not JSON, one for each place: where something is missing at the end,
 * the parser reports it and then each brace that is still open.
 */
export function syntaxProblems(text: string, file: string, errors: readonly ParseError[]): Problem[] {
  if (errors.length === 0) return [syntaxProblem(text, file, nothingThere)];
  return errors
    .filter((error, index) => errors.findIndex(({ offset }) => offset === error.offset) === index)
    .map((error) => syntaxProblem(text, file, error));
}

/** The depth of an experiment is at most about ten; a parser's stack ends at some thousands. */
const deepest = 100;

/** Returns the problem of a text that is nested too deep for any parser; null: it is not. */
export function nestingProblem(text: string, file: string): Problem | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return null;
    // A text that holds a brace begins with a quotation mark.
    const first = text[offset]!;
    if (first === '{' || first === '[') depth++;
    if (first === '}' || first === ']') depth--;
    if (depth <= deepest) continue;
    const place = placeOfRange(text, file, offset, 1);
    return problemAt('error', 'syntax.nesting', `this is nested deeper than ${deepest} levels`, place);
  }
}

/** Returns a problem for each text with a zero byte: no name, path or SQL has one, and DuckDB ends there. */
export function zeroBytes(text: string, file: string, root: Node): Problem[] {
  if (typeof root.value === 'string' && root.value.includes('\0')) {
    const place = placeOfRange(text, file, root.offset, root.length);
    return [problemAt('error', 'syntax.zero-byte', 'this text has a zero byte; leave it out', place)];
  }
  return (root.children ?? []).flatMap((child) => zeroBytes(text, file, child));
}

function syntaxProblem(text: string, file: string, error: ParseError): Problem {
  const words = printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const offset = Math.min(error.offset, text.length);
  const place = placeOfRange(text, file, offset, Math.min(error.length, text.length - offset));
  return problemAt('error', 'syntax.json', `this is not JSON: ${words}`, place);
}

/** Returns a warning for each key that an object of the parsed text (`root`) has twice. */
export function duplicateKeys(text: string, file: string, root: Node): Problem[] {
  const keys = new Set<string>();
  const found = (root.children ?? []).flatMap((child) => duplicateKeys(text, file, child));
  if (root.type !== 'object') return found;
  for (const property of root.children ?? []) {
    const key = property.children![0]!;
    const name = String(key.value);
    if (keys.has(name)) {
      const message = `the key "${name}" is here twice; the last one counts`;
      const place = placeOfRange(text, file, key.offset, key.length);
      found.push(problemAt('warning', 'syntax.duplicate-key', message, place));
    }
    keys.add(name);
  }
  return found;
}
