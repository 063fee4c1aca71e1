import {
  findNodeAtLocation,
  getLocation,
  getNodeValue,
  modify,
  parseTree,
  type EditResult,
  type Node,
} from 'jsonc-parser';

/** Reads an experiment file that may be half typed, for the features of the editor. Nothing is checked. */

/** Tells in which key or value the caret is. */
export type CaretPlace =
  /** The caret is in a key of `columns`; `used` are the keys that are there. */
  | { readonly kind: 'column-key'; readonly used: readonly string[] }
  /** The value is a column or an expression: a label, `data.weight` or a condition (`where`). */
  | { readonly kind: 'column-value' }
  /** The value is one of the values of a task’s label: `tasks[].positive`. */
  | { readonly kind: 'label-value'; readonly label: string }
  /** The value is that of `training.stopEarly.task`. */
  | { readonly kind: 'task-name' }
  | { readonly kind: 'elsewhere' };

export interface Caret {
  readonly place: CaretPlace;
  /** The token that a completion replaces, in characters from the start; null: a completion inserts. */
  readonly token: { readonly offset: number; readonly length: number } | null;
}

/** Returns where the caret is, at a character offset of an experiment’s text. */
export function caretAt(text: string, offset: number): Caret {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const token =
    previousNode !== undefined &&
    previousNode.offset <= offset &&
    offset <= previousNode.offset + previousNode.length
      ? { offset: previousNode.offset, length: previousNode.length }
      : null;
  return { place: placeOf(text, path, isAtPropertyKey), token };
}

function placeOf(text: string, path: readonly (string | number)[], isKey: boolean): CaretPlace {
  if (isKey)
    return path.length === 2 && path[0] === 'columns'
      ? { kind: 'column-key', used: columnKeys(text) }
      : { kind: 'elsewhere' };
  const pattern = path.map((part) => (typeof part === 'number' ? '*' : part)).join('.');
  if (
    ['tasks.*.label', 'data.weight', 'data.where', 'data.validation.where', 'data.test.where'].includes(
      pattern,
    )
  ) {
    return { kind: 'column-value' };
  }
  if (pattern === 'tasks.*.positive') {
    const label: unknown = nodeAt(text, [...path.slice(0, 2), 'label'])?.value;
    return typeof label === 'string' ? { kind: 'label-value', label } : { kind: 'elsewhere' };
  }
  return pattern === 'training.stopEarly.task' ? { kind: 'task-name' } : { kind: 'elsewhere' };
}

/** Returns the keys that `columns` has. */
function columnKeys(text: string): string[] {
  const columns = nodeAt(text, ['columns']);
  return (columns?.children ?? []).map((property) => String(property.children?.[0]?.value ?? ''));
}

/** Returns the names of the tasks as written: the name, else the label. */
export function taskNames(text: string): string[] {
  const names: string[] = [];
  for (const task of nodeAt(text, ['tasks'])?.children ?? []) {
    const value: unknown =
      findNodeAtLocation(task, ['name'])?.value ?? findNodeAtLocation(task, ['label'])?.value;
    if (typeof value === 'string') names.push(value);
  }
  return names;
}

/** Returns `data.source` and `data.read` as JSON values, unchecked; undefined where absent. */
export function dataSource(text: string): { source: unknown; read: unknown } {
  const value = (path: string[]): unknown => {
    const node = nodeAt(text, path);
    return node === undefined ? undefined : (getNodeValue(node) as unknown);
  };
  return { source: value(['data', 'source']), read: value(['data', 'read']) };
}

/** Returns the string at an offset, for hovers: its value, its extent and its place. Null: there is none. */
export function stringAt(
  text: string,
  offset: number,
): { value: string; offset: number; length: number; place: CaretPlace } | null {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  if (previousNode?.type !== 'string' && previousNode?.type !== 'property') return null;
  if (offset < previousNode.offset || offset > previousNode.offset + previousNode.length) return null;
  return {
    value: String(previousNode.value),
    offset: previousNode.offset,
    length: previousNode.length,
    place: placeOf(text, path, isAtPropertyKey),
  };
}

function nodeAt(text: string, path: (string | number)[]): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root === undefined ? undefined : findNodeAtLocation(root, path);
}

/** Returns the edits that give an experiment `"defaults": 2`; null: it says its defaults, or is no object. */
export function newerDefaultsEdits(text: string, tabSize: number, insertSpaces: boolean): EditResult | null {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== 'object' || findNodeAtLocation(root, ['defaults']) !== undefined) return null;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return modify(text, ['defaults'], 2, {
    formattingOptions: { tabSize, insertSpaces, eol },
    getInsertionIndex: () => 0,
  });
}
