import * as v from 'valibot';
import { experimentJsonSchema } from '../../src/experiment/json-schema.js';

/** The part of a JSON schema that the lists are made of. */
interface Node {
  readonly type?: string | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly description?: string | undefined;
  readonly anyOf?: readonly Node[] | undefined;
  readonly items?: Node | readonly Node[] | undefined;
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly additionalProperties?: Node | boolean | undefined;
}

const nodeSchema: v.GenericSchema<unknown, Node> = v.object({
  type: v.optional(v.string()),
  const: v.optional(v.unknown()),
  enum: v.optional(v.array(v.unknown())),
  default: v.optional(v.unknown()),
  description: v.optional(v.string()),
  anyOf: v.optional(v.array(v.lazy(() => nodeSchema))),
  // The array comes first, because an array is an object, too.
  items: v.optional(v.union([v.array(v.lazy(() => nodeSchema)), v.lazy(() => nodeSchema)])),
  properties: v.optional(
    v.record(
      v.string(),
      v.lazy(() => nodeSchema),
    ),
  ),
  additionalProperties: v.optional(v.union([v.boolean(), v.lazy(() => nodeSchema)])),
});

/** Columns of the page. */
const width = 110;

interface SettingRow {
  readonly path: string;
  readonly takes: string;
  readonly default: string;
  readonly meaning: string;
}

/**
 * Returns a Markdown list of settings for each top-level key of the experiment file, made from its schema: an
 * item per setting with its path, the values that it takes, its default and its meaning.
 */
export function settingsLists(): string {
  const schema = v.parse(nodeSchema, experimentJsonSchema());
  return Object.entries(schema.properties ?? {})
    .map(([key, node]) => [`#### \`${key}\``, rowsOf(key, node).map(item).join('\n')].join('\n\n'))
    .join('\n\n');
}

/**
 * Lists a setting and then the settings below it, each alternative of a union in its turn. A source within a
 * split is what `data.source` is, so it is not listed again.
 */
function rowsOf(path: string, node: Node): SettingRow[] {
  const row: SettingRow = {
    path,
    takes: node.properties === undefined ? takes(node) : 'an object',
    default: defaultOf(node),
    meaning: meaning(node),
  };
  if (/\.(validation|test)\.source$/.test(path))
    return [{ ...row, takes: 'as `data.source`', meaning: node.description ?? '' }];
  return [row, ...childRows(path, node)];
}

function childRows(path: string, node: Node): SettingRow[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(`${path}.${key}`, child),
  );
  const members = (node.anyOf ?? []).flatMap((member) => childRows(path, member));
  const items = isNode(node.items) ? childRows(`${path}[]`, node.items) : [];
  const values =
    typeof node.additionalProperties === 'object' ? childRows(`${path}.NAME`, node.additionalProperties) : [];
  return withoutRepetitions([...own, ...members, ...items, ...values]);
}

/** Alternatives of a union share some keys, such as `kind`: one row says all that each of them takes. */
function withoutRepetitions(rows: readonly SettingRow[]): SettingRow[] {
  const merged = new Map<string, SettingRow>();
  for (const row of rows) {
    const before = merged.get(row.path);
    const join = (a: string, b: string, between: string): string =>
      a.includes(b) ? a : `${a}${between}${b}`;
    merged.set(
      row.path,
      before === undefined
        ? row
        : {
            ...before,
            takes: join(before.takes, row.takes, ', '),
            meaning: join(before.meaning, row.meaning, ' '),
          },
    );
  }
  return [...merged.values()];
}

function takes(node: Node): string {
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(takes))].join(', ');
  if (node.enum !== undefined) return node.enum.map(code).join(', ');
  if (node.const !== undefined) return code(node.const);
  if (node.type === 'array') return listText(node);
  if (node.type === 'object') return objectText(node);
  return (
    { integer: 'whole number', number: 'number', string: 'text', boolean: 'true, false' }[node.type ?? ''] ??
    ''
  );
}

function listText({ items }: Node): string {
  if (items === undefined) return 'a list';
  if (isNode(items)) return `a list of ${plural(takes(items))}`;
  const kinds = [...new Set(items.map((each) => plural(takes(each))))];
  return `a list of ${items.length} ${kinds.join(', ')}`;
}

function objectText({ properties }: Node): string {
  const keys = Object.keys(properties ?? {});
  return keys.length === 0 ? 'an object' : `{ ${keys.map((key) => `\`${key}\``).join(', ')} }`;
}

const plural = (text: string): string =>
  ({ 'whole number': 'whole numbers', number: 'numbers', text: 'texts' })[text] ?? text;

/** The setting's own sentence, then what each alternative means where it says so. */
function meaning({ description, anyOf }: Node): string {
  const alternatives = (anyOf ?? []).flatMap((member) => {
    const { description: said } = member;
    if (said === undefined || said === description) return [];
    return [member.const === undefined ? said : `${code(member.const)}: ${said}`];
  });
  return [...(description === undefined ? [] : [description]), ...alternatives].join(' ');
}

function defaultOf({ default: value }: Node): string {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0))
    return Array.isArray(value) ? '`[]`' : '';
  return code(value);
}

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

const isNode = (items: Node['items']): items is Node => items !== undefined && !Array.isArray(items);

/** Writes a setting as a list's item, wrapped as the rest of the page is. */
function item({ path, takes: values, default: usual, meaning: said }: SettingRow): string {
  const kind = usual === '' ? values : `${values}; default ${usual}`;
  const words = `- \`${path}\` (${kind})${said === '' ? '' : `: ${said}`}`.split(' ');
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
