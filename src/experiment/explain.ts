import * as v from 'valibot';
import { didYouMean } from './near.js';
import { formatPath, type JsonPath } from './place.js';
import { entriesOf, keysOf, literalOf, optionsOf, schemasAt } from './schema-walk.js';

/** A flaw is one thing that is wrong with a value, told to people. */
export interface Flaw {
  readonly code: string;
  readonly message: string;
  readonly path: JsonPath;
  /** Says whether the key or its value is at fault. */
  readonly part: 'key' | 'value';
}

/**
 * Returns what is wrong with a value, from valibot's issues; an empty list if nothing is. `whole`: what the whole
 * value is called.
 */
export function explain(
  schema: v.GenericSchema,
  value: unknown,
  path: JsonPath = [],
  whole = 'an experiment',
): Flaw[] {
  const flaws: Flaw[] = [];
  // valibot reports one unknown key per object at a time, so each is dropped before the next look.
  for (let current = structuredClone(value), looks = 0; looks < 1000; looks++) {
    const found = flawsOnce(schema, current, path, whole);
    const unknown = found.filter((flaw) => flaw.code === 'schema.unknown-key');
    flaws.push(...unknown);
    const dropped = unknown.filter((flaw) => dropKey(current, flaw.path.slice(path.length)));
    if (dropped.length === 0)
      return [...flaws, ...found.filter((flaw) => flaw.code !== 'schema.unknown-key')];
  }
  return flaws;
}

function flawsOnce(schema: v.GenericSchema, value: unknown, path: JsonPath, whole: string): Flaw[] {
  const result = v.safeParse(schema, value);
  if (result.success) return [];
  return result.issues.flatMap((issue): Flaw[] => {
    const inside = (issue.path ?? []).map((item) =>
      typeof item.key === 'number' ? item.key : String(item.key),
    );
    const at = [...path, ...inside];
    const owner = issue.path?.at(-1);
    // valibot looks for an object's keys in a list, too.
    if (owner?.origin === 'key' && Array.isArray(owner.input)) {
      const message = `${formatPath(at.slice(0, -1))} must be an object, not a list`;
      return [{ code: 'schema.strict-object', message, path: at.slice(0, -1), part: 'value' }];
    }
    if (owner?.origin === 'key') return [keyFlaw(schema, issue, inside, at, whole)];
    if (issue.type === 'union') return unionFlaws(schemasAt(schema, inside), issue.input, at);
    return [
      {
        code: `schema.${issue.type.replaceAll('_', '-')}`,
        message: valueMessage(issue, at),
        path: at,
        part: 'value',
      },
    ];
  });
}

function keyFlaw(
  schema: v.GenericSchema,
  issue: v.BaseIssue<unknown>,
  inside: JsonPath,
  at: JsonPath,
  whole: string,
): Flaw {
  const parents = schemasAt(schema, inside.slice(0, -1));
  const owner = at.length === 1 ? whole : formatPath(at.slice(0, -1));
  const key = String(at.at(-1));
  if (issue.expected === 'never') {
    const known = keysOf(parents);
    const hint = didYouMean(key, known) || `; it may have: ${known.join(', ')}`;
    const message = `unknown key "${key}" in ${owner}${hint}`;
    return { code: 'schema.unknown-key', message, path: at, part: 'key' };
  }
  return {
    code: 'schema.missing-key',
    message: `${owner} has no "${key}"; it needs one`,
    path: at,
    part: 'key',
  };
}

/** Tells what is wrong by the shape that the value comes nearest to, of the several that it may have. */
function unionFlaws(schemas: readonly v.GenericSchema[], value: unknown, path: JsonPath): Flaw[] {
  const all = schemas.flatMap(optionsOf);
  const options = all.filter(
    (option) => option.type !== 'literal' || !all.some((other) => other.type === typeof literalOf(option)),
  );
  const alike = options.filter((option) => shapeOf(option) === shapeOfValue(value));
  const wrong: Flaw = {
    code: 'schema.type',
    message: `${formatPath(path)} must be ${oneOf([...new Set(options.map(describe))])}, not ${given(value)}`,
    path,
    part: 'value',
  };
  if (alike.length === 0) return [wrong];
  if (typeof value === 'string' && alike.every((option) => option.type === 'literal')) {
    const hint = nearOf(value, alike.map(describe).join(' '));
    // A text that is near none of the constants may be meant for an object. Then the message says everything
    // that may stand here.
    if (hint === '' || alike.length > 1) return [{ ...wrong, message: wrong.message + hint }];
  }
  if (alike.length === 1) return explain(alike[0]!, value, path);
  if (typeof value !== 'object' || value === null) return [wrong];
  const keys = Object.keys(value);
  const ranked = alike
    .map((option) => ({ option, score: affinity(option, value) }))
    .sort((one, other) => other.score - one.score);
  if (ranked[0]!.score > 0) return explain(ranked[0]!.option, value, path);
  const constant =
    ranked[0]!.score < 0
      ? keys.find((key) => alike.every((option) => entriesOf(option).get(key)?.type === 'literal'))
      : undefined;
  if (constant !== undefined) {
    const allowed = alike.map((option) => `"${String(literalOf(entriesOf(option).get(constant)))}"`);
    const was: unknown = Reflect.get(value, constant);
    const hint = typeof was === 'string' ? nearOf(was, allowed.join(' ')) : '';
    const at = [...path, constant];
    return [
      {
        ...wrong,
        path: at,
        message: `${formatPath(at)} must be ${oneOf(allowed)}, not ${given(was)}${hint}`,
      },
    ];
  }
  const known = [...new Set(alike.flatMap((option) => keysOf([option])))];
  const near = keys.map((key) => didYouMean(key, known)).find((hint) => hint !== '') ?? '';
  // The object has the keys of no shape: the mistake is in its keys, not in a value.
  const has = keys.length === 0 ? ' without any keys' : ` with ${keys.map((key) => `"${key}"`).join(', ')}`;
  return [{ ...wrong, code: 'schema.shape', message: `${wrong.message}${has}${near}` }];
}

/**
 * Returns how well an object fits an option. A constant that agrees counts most, one that does not agree
 * rules the option out, and every shared key counts a little.
 */
function affinity(option: v.GenericSchema, value: object): number {
  const entries = entriesOf(option);
  let score = 0;
  for (const [key, given] of Object.entries(value)) {
    const entry = entries.get(key);
    if (entry === undefined) continue;
    if (entry.type === 'literal') score += v.is(entry, given) ? 100 : -100;
    else score += 1;
  }
  return score;
}

function valueMessage(issue: v.BaseIssue<unknown>, path: JsonPath): string {
  const name = path.length === 0 ? 'an experiment' : formatPath(path);
  const limit = 'requirement' in issue ? issue.requirement : undefined;
  const was = given(issue.input);
  switch (issue.type) {
    case 'picklist':
    case 'literal':
      return (
        `${name} must be ${expectedTexts(issue.expected)}, not ${was}` +
        (typeof issue.input === 'string' ? nearOf(issue.input, issue.expected) : '')
      );
    case 'integer':
      return `${name} must be a whole number, not ${was}`;
    case 'min_value':
      return `${name} must be at least ${String(limit)}, not ${was}`;
    case 'max_value':
      return `${name} must be at most ${String(limit)}, not ${was}`;
    case 'gt_value':
      return `${name} must be more than ${String(limit)}, not ${was}`;
    case 'lt_value':
      return `${name} must be less than ${String(limit)}, not ${was}`;
    case 'max_length':
      return `${name} must have at most ${String(limit)} entries, not ${Array.isArray(issue.input) ? issue.input.length : was}`;
    case 'non_empty':
    case 'min_length':
      return `${name} must not be empty`;
    default:
      return `${name} must be ${typeWords[issue.type] ?? issue.expected ?? 'something else'}, not ${was}`;
  }
}

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  record: 'an object',
  strict_object: 'an object',
};

const expectedTexts = (expected: string | null): string =>
  oneOf((expected ?? '').replace(/^\(|\)$/g, '').split(' | '));

function nearOf(given: string, expected: string | null): string {
  return didYouMean(
    given,
    [...(expected ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1]!),
  );
}

/** Describes an option of a union to people. */
function describe(schema: v.GenericSchema): string {
  if ('expects' in schema && (schema.type === 'literal' || schema.type === 'picklist'))
    return expectedTexts(schema.expects);
  if (schema.type === 'strict_object') {
    const needed = [...entriesOf(schema)]
      .filter(([, entry]) => entry.type !== 'optional')
      .map(([key]) => `"${key}"`);
    return needed.length === 0 ? 'an object' : `an object with ${needed.join(' and ')}`;
  }
  return typeWords[schema.type] ?? schema.expects;
}

function given(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function oneOf(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? 'something else')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

const shapeOfValue = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;

function shapeOf(schema: v.GenericSchema): string {
  if (schema.type === 'strict_object' || schema.type === 'record') return 'object';
  if (schema.type === 'literal') return typeof literalOf(schema);
  if (schema.type === 'picklist') return 'string';
  return schema.type;
}

/** Deletes the key that a path names. Returns false if it is not there. */
function dropKey(root: unknown, path: JsonPath): boolean {
  let parent = root;
  for (const key of path.slice(0, -1))
    parent = typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
  if (typeof parent !== 'object' || parent === null) return false;
  return Reflect.has(parent, path.at(-1)!) && Reflect.deleteProperty(parent, path.at(-1)!);
}
