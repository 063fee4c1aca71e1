import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Place } from '../shared/errors.js';

/** A way into an experiment: `['tasks', 0, 'label']`. */
export type JsonPath = readonly (string | number)[];

/** Comments and trailing commas are welcome. */
export const jsoncOptions = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false };

/**
 * Where the value at a path of an experiment's text stands (`root`: the text as parsed); of a path that is
 * not there, its nearest parent that is. `key`: the property's name instead of its value.
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
    // Of a missing key, the parent's own name is a place to look at; the whole object would be a wall of red.
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

/** For people: `tasks[0].label`. */
export function formatPath(path: JsonPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}
