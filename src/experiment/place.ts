import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Place } from '../shared/errors.js';

/** A path to a value of an experiment: `['tasks', 0, 'label']`. */
export type JsonPath = readonly (string | number)[];

/** The options with which experiments are parsed: comments and trailing commas are allowed. */
export const jsoncOptions = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false };

/**
 * Returns the place of the value at a path in an experiment's text, or of its nearest parent if the path is
 * not there. `root` is the parsed text; the part `key` asks for the property's name instead of its value.
 */
export function placeIn(
  text: string,
  file: string,
  root: Node | undefined,
  path: JsonPath,
  part: 'key' | 'value',
): Place {
  for (let length = path.length; root !== undefined && length >= 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node === undefined) continue;
    const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    // For a missing key, the parent's name is marked: its whole object would be a wall of red.
    const shown = (part === 'key' || length < path.length) && key !== undefined ? key : node;
    return placeOfRange(text, file, shown.offset, length < path.length && shown === node ? 1 : shown.length);
  }
  return { file };
}

export function placeOfRange(text: string, file: string, offset: number, length: number): Place {
  const start = lineAndColumn(text, offset);
  const end = lineAndColumn(text, offset + length);
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Writes a path for people: `tasks[0].label`. */
export function formatPath(path: JsonPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}
