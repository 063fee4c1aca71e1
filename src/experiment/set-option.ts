import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { InputError } from '../shared/errors.js';
import { formatPath, type JsonPath } from './place.js';

/** A setting is one `--set PATH=VALUE` of the command line. */
export interface Setting {
  readonly text: string;
  readonly path: JsonPath;
  readonly value: unknown;
}

/** A part of a path with blanks around it: an index, a quoted key in brackets, a quoted key, a plain key. */
const partPattern = String.raw`\s*(?:${[
  String.raw`\[(\d+)\]`,
  String.raw`\["((?:[^"\\]|\\.)*)"\]`,
  String.raw`\.?"((?:[^"\\]|\\.)*)"`,
  String.raw`\.?([^.[\]"\s](?:[^.[\]"]*[^.[\]"\s])?)`,
].join('|')})\s*`;

/**
 * Parses a setting such as `model.variant=omoe`, `tasks[0].lossWeight=2`, `columns."a.b"=ignore` or
 * `columns.user id=ignore`. The value is JSON, or else a text.
 */
export function parseSetting(text: string): Setting {
  const equals = endOfPath(text);
  if (equals < 1) throw badSetting(text, 'it must be PATH=VALUE, for instance model.variant=omoe');
  const path: (string | number)[] = [];
  const part = new RegExp(partPattern, 'y');
  while (part.lastIndex < equals) {
    const match = part.exec(text.slice(0, equals));
    if (match === null)
      throw badSetting(text, 'its path cannot be read; write it like tasks[0].label or columns."a.b"');
    const [, index, bracketed, quoted, plain] = match;
    if (index !== undefined) path.push(Number(index));
    else if (plain !== undefined) path.push(plain);
    else path.push(unquote(text, bracketed ?? quoted ?? ''));
  }
  return { text, path, value: valueOf(text.slice(equals + 1)) };
}

/**
 * Returns the last setting that gave the value at a path, or something inside it; undefined if the value
 * stands in the file (`root`).
 */
export function settingOf(
  path: JsonPath,
  settings: readonly Setting[],
  root: Node | undefined,
): Setting | undefined {
  const whole = settings.findLast((one) => startsWith(path, one.path));
  if (whole !== undefined || (root !== undefined && findNodeAtLocation(root, [...path]) !== undefined))
    return whole;
  return settings.findLast((one) => startsWith(one.path, path));
}

const startsWith = (path: JsonPath, start: JsonPath): boolean =>
  start.every((part, index) => String(part) === String(path[index]));

/** Changes an experiment's value in place as the setting says; missing objects on the way are made. */
export function applySetting(root: unknown, setting: Setting): void {
  let parent = root;
  const path = setting.path;
  for (let depth = 0; depth < path.length; depth++) {
    const here = formatPath(path.slice(0, depth));
    const key = keyIn(parent, path[depth]!, here, setting);
    if (depth === path.length - 1) {
      define(parent, key, setting.value);
      return;
    }
    const child: unknown = Object.getOwnPropertyDescriptor(parent, key)?.value;
    if (child === undefined) define(parent, key, typeof path[depth + 1] === 'number' ? [] : {});
    else if (typeof child !== 'object' || child === null) {
      const whole = formatPath(path.slice(0, depth + 1));
      throw badSetting(
        setting.text,
        `${whole} is ${JSON.stringify(child)}, which has nothing inside; set ${whole} as a whole`,
      );
    }
    parent = Reflect.get(Object(parent), key);
  }
}

/** Removes what the setting's path names, if it is there, so that the default counts. */
export function removeSetting(root: unknown, setting: Setting): void {
  let parent = root;
  for (let depth = 0; typeof parent === 'object' && parent !== null; depth++) {
    const key = keyIn(parent, setting.path[depth]!, formatPath(setting.path.slice(0, depth)), setting);
    if (depth < setting.path.length - 1) parent = Object.getOwnPropertyDescriptor(parent, key)?.value;
    else if (Array.isArray(parent)) return void parent.splice(Number(key), 1);
    else return void Reflect.deleteProperty(parent, key);
  }
}

/**
 * Defines a key of the object itself, even if it is called `__proto__` or `constructor`, as columns may be.
 */
function define(parent: unknown, key: string | number, value: unknown): void {
  Object.defineProperty(Object(parent), key, { value, writable: true, enumerable: true, configurable: true });
}

/** Returns the key to use in a parent: in a list, an index, which may be given by the name of a task. */
function keyIn(parent: unknown, part: string | number, here: string, setting: Setting): string | number {
  if (!Array.isArray(parent)) {
    if (typeof part === 'number')
      throw badSetting(setting.text, `${here === '' ? 'the experiment' : here} is not a list`);
    return part;
  }
  const index =
    typeof part === 'number' || /^\d+$/.test(part)
      ? Number(part)
      : parent.findIndex((item) => isNamed(item, part));
  if (index < 0) throw badSetting(setting.text, `${here} has nothing named "${String(part)}"`);
  if (index > parent.length)
    throw badSetting(setting.text, `${here} has only ${parent.length} entries, counted from 0`);
  return index;
}

const isNamed = (item: unknown, name: string): boolean =>
  typeof item === 'object' &&
  item !== null &&
  ('name' in item ? item.name : 'label' in item ? item.label : undefined) === name;

/** Returns the index of the `=` after the path, or −1; one inside quotes belongs to a key. */
function endOfPath(text: string): number {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && quoted) i++;
    else if (text[i] === '"') quoted = !quoted;
    else if (text[i] === '=' && !quoted) return i;
  }
  return -1;
}

function unquote(setting: string, inner: string): string {
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    throw badSetting(setting, 'a quoted key in its path cannot be read');
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const badSetting = (text: string, why: string): InputError =>
  new InputError('experiment.set', `--set ${text}: ${why}`);
