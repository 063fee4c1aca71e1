import {
  applyEdits,
  findNodeAtLocation,
  getLocation,
  getNodeValue,
  modify,
  parseTree,
  type Edit,
  type EditResult,
  type Node,
} from 'jsonc-parser';
import { defaults } from '../../experiment/defaults.js';

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
  /** The value is that of `training.from`. */
  | { readonly kind: 'run' }
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
  if (pattern === 'training.from') return { kind: 'run' };
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

/** The run that an experiment is to start from. */
export interface StartFrom {
  readonly id: string;
  /** The variant that it was trained as, which may be another than the file's; null: the file's stays. */
  readonly variant: string | null;
  /** What it is called: a copy that has the name of its original gets another one; null: it is no copy. */
  readonly named: string | null;
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

/**
 * Returns the edit with which an experiment starts from a run; null: it is no object in which that could be said.
 */
export function startFromEdit(
  text: string,
  { id, variant, named, tabSize, insertSpaces }: StartFrom,
): Edit | null {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== 'object' || !mayHave(root, 'training')) return null;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const formattingOptions = { tabSize, insertSpaces, eol };
  const valueAt = (path: string[]): unknown => findNodeAtLocation(root, path)?.value;
  const own = valueAt(['name']);
  const written = valueAt(['model', 'variant']) ?? defaults.model.variant;
  const isOther = variant !== null && written !== variant && mayHave(root, 'model');
  const wanted: { readonly path: string[]; readonly value: string }[] = [
    ...(named !== null && typeof own === 'string'
      ? [{ path: ['name'], value: `${own}, from ${named}` }]
      : []),
    ...(isOther ? [{ path: ['model', 'variant'], value: variant }] : []),
    { path: ['training', 'from'], value: id },
  ];
  const edited = wanted.reduce(
    (before, { path, value }) => applyEdits(before, modify(before, path, value, { formattingOptions })),
    text,
  );
  return editBetween(text, edited);
}

/** Whether a key has an object, or may have one: it is not there. */
function mayHave(root: Node, key: string): boolean {
  const node = findNodeAtLocation(root, [key]);
  return node === undefined || node.type === 'object';
}

/** Returns the one edit that makes a text of another, without what they begin and end with alike. */
function editBetween(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return {
    offset: start,
    length: before.length - start - end,
    content: after.slice(start, after.length - end),
  };
}
